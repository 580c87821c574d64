"""The whole ladder of an object: each rung with its day, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.templatetags.portal import on as written_day

from .business_days import BusinessDays, business_days
from .outcomes import Outcome, outcome_of, with_outcome
from .planning import AHEAD, BEHIND
from .rules import Rule, Rung, rules

#: Objects that one search tells of, for each rule.
MOST = 20


@dataclass(frozen=True)
class Step:
    """One rung of the ladder of an object."""

    rung: Rung
    planned_on: date | None
    outcome: Outcome
    delivery: ReminderDelivery | None = None


@dataclass(frozen=True)
class Story:
    """What a rule did, and will do, about one object."""

    rule: Rule
    subject: Any
    steps: Sequence[Step]


def stories_about(text: str, *, on: date) -> Iterator[Story]:
    """Yield the story of each rule about each object that matches ``text``."""
    days = business_days(first=on - BEHIND, last=on + 2 * BEHIND)
    for rule in rules():
        found = rule.matching(text).order_by("pk").values("pk")[:MOST]
        subjects = list(rule.subjects().filter(pk__in=found).order_by("pk"))
        if subjects:
            yield from _Stories(rule, subjects, days, on).all()


@dataclass
class _Stories:
    rule: Rule
    subjects: Sequence[Any]
    days: BusinessDays
    on: date

    def all(self) -> Iterator[Story]:
        made, anchors = self.made(), self.anchors()
        for subject in self.subjects:
            steps = [
                self.step(rung, made.get((subject.pk, rung.key)), anchors, subject.pk)
                for rung in self.rule.rungs
            ]
            yield Story(self.rule, subject, steps)

    def made(self) -> dict[tuple[int, str], ReminderDelivery]:
        """Return the latest delivery of each object and rung."""
        keys = [subject.pk for subject in self.subjects]
        rows = ReminderDelivery.objects.filter(rule=self.rule.name, subject_id__in=keys)
        latest = with_outcome(rows, on=self.on).order_by("cycle", "pk")
        return {(row.subject_id, row.rung): row for row in latest}

    def anchors(self) -> dict[tuple[int, str], date]:
        """Return the date that each object has for each audience."""
        keys = [subject.pk for subject in self.subjects]
        return {
            (pk, audience): anchor_on
            for audience in self.rule.audiences
            for pk, anchor_on in self.rule.candidates(audience, on=self.on)
            .filter(pk__in=keys)
            .values_list("pk", "anchor_on")
        }

    def step(
        self,
        rung: Rung,
        delivery: ReminderDelivery | None,
        anchors: dict[tuple[int, str], date],
        key: int,
    ) -> Step:
        anchor = anchors.get((key, rung.audience))
        if delivery is not None and (anchor is None or anchor <= delivery.cycle):
            outcome = outcome_of(delivery, on=self.on)
            return Step(rung, delivery.planned_on, outcome, delivery)
        if anchor is None:
            words = _("The rule does not concern this now.")
            return Step(rung, None, Outcome("none", _("Not due"), words))
        planned = self.days.planned(
            anchor, rung.days, in_business_days=rung.in_business_days
        )
        return Step(rung, planned, self.ahead(planned))

    def ahead(self, planned: date) -> Outcome:
        if planned > self.on + AHEAD:
            words = _("Falls due on %(day)s; plans are made %(count)s days ahead.")
        else:
            words = _("Falls due on %(day)s; the next sweep plans it.")
        facts = {"day": written_day(planned), "count": AHEAD.days}
        return Outcome("none", _("Not yet"), words % facts)
