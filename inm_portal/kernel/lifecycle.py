"""State machines as data: a table of which states may follow each state."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext as _

from .errors import IllegalTransition

Steps = Mapping[Any, Iterable[Any]]


class LifecycleModel(models.Model):
    """
    A model whose ``state`` changes only along its ``steps``.

    The table holds no conditions and no effects: who may take a step is a
    permission, what follows from it is the service's business. Its ``Meta``
    takes the same table as ``triggers = lifecycle_triggers(...)``, so that
    SQL cannot jump either.
    """

    State: ClassVar[type[models.TextChoices]]
    steps: ClassVar[Steps]
    state: Any

    class Meta:
        abstract = True

    @property
    def next_states(self) -> Iterable[str]:
        return self.steps[self.state]

    def move_to(self, state: str) -> None:
        """
        Take one step; the caller saves.

        :raises IllegalTransition: if the table has no such step.
        """
        if state not in self.next_states:
            raise IllegalTransition(
                _("This %(thing)s is %(present)s; it cannot become %(asked)s.")
                % {
                    "thing": self._meta.verbose_name,
                    "present": self.State(self.state).label.lower(),
                    "asked": self.State(state).label.lower(),
                }
            )
        self.state = state


def lifecycle_triggers(steps: Steps, *, initial: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that hold ``steps`` in the database: start and each step."""
    pairs = [(str(a), str(b)) for a, following in steps.items() for b in following]
    return [
        pgtrigger.FSM(name="state_steps", field="state", transitions=pairs),
        pgtrigger.Protect(
            name="state_start",
            operation=pgtrigger.Insert,
            condition=~pgtrigger.Q(new__state=initial),
        ),
    ]


class ChangedAfter(pgtrigger.AnyChange):
    """The condition that any of ``fields`` changes once a row has left ``states``."""

    def __init__(self, states: str | Sequence[str], *fields: str) -> None:
        super().__init__(*fields)
        self.states = [states] if isinstance(states, str) else states

    def resolve(self, model: type[models.Model]) -> str:
        has_left = " AND ".join(f"OLD.state <> '{state!s}'" for state in self.states)
        return f"{has_left} AND ({super().resolve(model)})"
