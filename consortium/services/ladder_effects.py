"""What a ladder would change of the reminders of the next 60 days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from inm_portal.kernel.reminders.comparing import Difference, Effect, differences
from inm_portal.kernel.reminders.rules import Rule, rule_named

from ..models import DUES_RULE, Invoice, Organization, ReminderPolicy, with_ladder
from .ladders import RUNGS, Told, Version, ladders, version_of

#: Changes that a page shows one by one.
MOST_SHOWN = 50

LABELS = {rung.key: rung for rung in RUNGS}

TONES = {
    Effect.APPEARS: "green",
    Effect.MOVES: "azure",
    Effect.CHANGES: "blue",
    Effect.FALLS_AWAY: "orange",
}


@dataclass(frozen=True)
class Shown:
    """One change, with the line of the invoice that it is about."""

    difference: Difference
    line: Any
    rung: Any

    @property
    def tone(self) -> str:
        return TONES[self.difference.effect]


@dataclass(frozen=True)
class LadderEffect:
    """How many reminders change how, and the first of them."""

    counts: Mapping[Effect, int]
    total: int
    shown: Sequence[Shown]

    @property
    def more(self) -> int:
        return self.total - len(self.shown)

    @property
    def parts(self) -> list[tuple[str, int]]:
        return [
            (str(one.label), self.counts[one]) for one in Effect if one in self.counts
        ]


def tried_out(
    subject: Organization | Invoice | None,
    *,
    rungs: Sequence[Told],
    first_on: date,
    until_on: date | None = None,
) -> Version:
    """Return a ladder that nobody recorded: of all, of a member or of an invoice."""
    told = {one.key: one for one in rungs}
    if isinstance(subject, Invoice):
        member = subject.organization_id
        scope = {"invoice_id": subject.pk, "member_id": member}
    else:
        scope = {"organization_id": subject.pk} if subject else {}
    return Version(first_on, until_on, told, **scope)


def proposed(policy: ReminderPolicy) -> Version:
    """Return a ladder that waits for a second person."""
    return version_of(policy, list(policy.rungs.all()))


def effect_of(version: Version, *, at: datetime, on: date) -> LadderEffect:
    """Return what a ladder would change of what is planned; change nothing."""
    rule: Any = rule_named(DUES_RULE)
    found = differences(rule, _with(rule, version), at=at, on=on)
    shown = found[:MOST_SHOWN]
    lines = rule.subjects().in_bulk({one.subject_id for one in shown})
    return LadderEffect(
        counts=Counter(one.effect for one in found),
        total=len(found),
        shown=[
            Shown(one, lines[one.subject_id], LABELS.get(one.rung, one.rung))
            for one in shown
            if one.subject_id in lines
        ],
    )


def _with(rule: Rule, version: Version) -> Rule:
    """Return the rule as it would be with one more ladder."""

    def candidates(audience: str, *, on: date) -> Any:
        rows = rule.candidates(audience, on=on)
        return with_ladder(rows, on=on, beside=[version])

    def at_once(*, on: date) -> Any:
        rows = rule.at_once(on=on) if rule.at_once else None
        return with_ladder(rows, on=on, beside=[version])

    return replace(
        rule,
        candidates=candidates,
        at_once=at_once,
        variants=partial(ladders, beside=[version]),
    )
