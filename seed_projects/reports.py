"""How a call is answered: counts of drafts, and of what was handed in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .models import Call, ProposalPerson, ScreenedProposal, out_for_more
from .states import CallState, ScreeningState

#: So many hours before the deadline are shown one by one.
HOURS = 48
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Slot:
    """A figure: what it counts, how many, and what narrows the queue to them."""

    label: str
    count: int
    asked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CallFigures:
    """
    The figures of a call at an instant.

    Of drafts there is a number and nothing else. Of a sealed call that is open there
    is how many were begun, handed in or not, and nothing else.
    """

    begun: int
    drafts: int | None = None
    states: Sequence[Slot] = ()
    hours: Sequence[Slot] = ()
    themes: Sequence[Slot] = ()
    tracks: Sequence[Slot] = ()
    departments: Sequence[Slot] = ()
    unconfirmed: Slot | None = None

    @property
    def is_sealed(self) -> bool:
        return self.drafts is None

    @property
    def handed_in(self) -> int:
        return sum(slot.count for slot in self.states)


@dataclass(frozen=True)
class _Row:
    state: str
    track: str | None
    theme: str | None
    department: str | None
    submitted_at: datetime | None
    waiting: int
    is_out: bool

    @property
    def is_seen(self) -> bool:
        return self.state != "draft" or self.is_out


def figures_of(call: Call, *, deadline: datetime | None) -> CallFigures:
    """Return the figures of a call; ``deadline`` is its last one for all."""
    rows = list(_rows(call))
    if call.is_sealed and call.state == CallState.OPEN:
        return CallFigures(begun=len(rows))
    seen = [row for row in rows if row.is_seen]
    states = Counter(row.state for row in seen)
    waiting = [row for row in seen if row.waiting]
    return CallFigures(
        begun=len(rows),
        drafts=len(rows) - len(seen),
        states=[
            Slot(str(state.label), states[state.value], {"state": state.value})
            for state in ScreeningState
            if states[state.value]
        ],
        hours=_by_hour((row.submitted_at for row in seen), deadline),
        themes=_slots("theme", (row.theme for row in seen), _("Not said yet")),
        tracks=_slots("track", (row.track for row in seen), _("No track")),
        departments=_slots(
            "department", (row.department for row in seen), _("Not known")
        ),
        unconfirmed=Slot(
            _("Invited, not confirmed"),
            sum(row.waiting for row in waiting),
            {"confirmed": "no"},
        ),
    )


def _rows(call: Call) -> Iterable[_Row]:
    each = ProposalPerson.objects.waiting().filter(proposal=OuterRef("pk"))
    waiting = each.order_by().values("proposal").values(found=Count("pk"))
    rows = ScreenedProposal.objects.filter(call=call).with_screening()
    found = rows.annotate(
        waiting=Coalesce(Subquery(waiting), 0), is_out=Exists(out_for_more())
    )
    names = ["state", "track__name", "theme", "department", "submitted_at"]
    told = found.order_by("pk").values_list(*names, "waiting", "is_out")
    return (_Row(*one) for one in told)


def _slots(name: str, values: Iterable[str | None], unknown: str) -> list[Slot]:
    """Return how often each value stands there, the most first; unknown ones last."""
    found = Counter(values)
    missing = found.pop(None, 0)
    slots = [Slot(one or "", count, {name: one or ""}) for one, count in found.items()]
    slots.sort(key=lambda slot: (-slot.count, slot.label))
    return slots + ([Slot(unknown, missing)] if missing else [])


def _by_hour(
    moments: Iterable[datetime | None], deadline: datetime | None
) -> list[Slot]:
    """Return how many came in each of the last hours, those before and those after."""
    if deadline is None:
        return []
    found: Counter[int] = Counter()
    for moment in moments:
        if moment is not None:
            hours = -((deadline - moment) // -HOUR)
            found[min(max(hours, 0), HOURS + 1)] += 1
    labels = {HOURS + 1: _("earlier"), 0: _("after")}
    return [
        Slot(labels.get(hour, f"-{hour} h"), found[hour])
        for hour in range(HOURS + 1, -1, -1)
    ]
