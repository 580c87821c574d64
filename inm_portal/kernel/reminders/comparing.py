"""What another ladder would change of what is planned, before it is in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import PENDING, ReminderDelivery

from .delivery import TURN
from .planning import AHEAD, plan
from .rules import Rule


class Effect(TextChoices):
    APPEARS = "appears", _("Appears")
    MOVES = "moves", _("Moves")
    CHANGES = "changes", _("Reads otherwise")
    FALLS_AWAY = "falls_away", _("Falls away")


@dataclass(frozen=True)
class Planned:
    """When a reminder is planned, and what of it a ladder decides."""

    on: date
    copies: tuple[str, ...]
    wording: str


@dataclass(frozen=True)
class Difference:
    """What becomes of one reminder: of an object, on a rung of its ladder."""

    subject_id: int
    rung: str
    before: Planned | None
    after: Planned | None

    @property
    def effect(self) -> Effect:
        if self.before is None:
            return Effect.APPEARS
        if self.after is None:
            return Effect.FALLS_AWAY
        moves = self.before.on != self.after.on
        return Effect.MOVES if moves else Effect.CHANGES

    @property
    def day(self) -> date:
        """Return the first day on which it is seen."""
        days = [planned.on for planned in (self.before, self.after) if planned]
        return min(days)


def differences(rule: Rule, other: Rule, *, at: datetime, on: date) -> list[Difference]:
    """
    Return what would be planned otherwise by a rule as it would be; change nothing.

    Both are planned in a transaction that is taken back.
    """
    with transaction.atomic():
        take_turns(TURN)
        plan(rule, at=at, on=on)
        before = _planned(rule, on)
        plan(other, at=at, on=on)
        after = _planned(rule, on)
        transaction.set_rollback(True)
    return sorted(_between(before, after), key=lambda one: (one.day, one.subject_id))


def _planned(rule: Rule, on: date) -> dict[tuple[int, str, Any], Planned]:
    rows = ReminderDelivery.objects.filter(
        rule=rule.name, state__in=PENDING, planned_on__lte=on + AHEAD
    )
    told = rows.values_list(
        "subject_id", "rung", "cycle", "planned_on", "copies", "wording"
    )
    return {
        (subject, rung, cycle): Planned(day, tuple(copies), wording)
        for subject, rung, cycle, day, copies, wording in told
    }


def _between(
    before: dict[tuple[int, str, Any], Planned],
    after: dict[tuple[int, str, Any], Planned],
) -> Iterator[Difference]:
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            subject, rung, _cycle = key
            yield Difference(subject, rung, before.get(key), after.get(key))
