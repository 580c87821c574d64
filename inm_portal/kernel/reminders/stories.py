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
from .planning import AHEAD, BEHIND, NOTHING
from .rules import PLAIN, Rule, Rung, rules

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
    stop: str = ""


#: What a rule says of an object that it does not concern.
NOBODY = (None, PLAIN)


def stories_of(rule: Rule, keys: Sequence[int], *, on: date) -> list[Story]:
    """Return the story of a rule about some of its objects."""
    days = business_days(first=on - BEHIND, last=on + 2 * BEHIND)
    subjects = list(rule.subjects().filter(pk__in=keys).order_by("pk"))
    return list(_Stories(rule, subjects, days, on).all()) if subjects else []


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
        made, asked = self.made(), self.asked()
        ladders = self.rule.ladders(on=self.on)
        keys = [subject.pk for subject in self.subjects]
        stops = self.rule.stops(keys, on=self.on)
        for subject in self.subjects:
            own = [asked[told] for told in asked if told[0] == subject.pk]
            ladder = ladders[own[0][1] if own else PLAIN]
            steps = []
            for rung in self.rule.rungs:
                anchor = asked.get((subject.pk, rung.audience), NOBODY)[0]
                delivery = made.get((subject.pk, rung.key))
                climbed = self.climbed(rung, ladder, anchor)
                if climbed or delivery:
                    stop = stops.get(subject.pk, "")
                    steps.append(self.step(climbed or rung, delivery, anchor, stop))
            yield Story(self.rule, subject, steps, stops.get(subject.pk, ""))

    def climbed(
        self, rung: Rung, ladder: Sequence[Rung], anchor: date | None
    ) -> Rung | None:
        """Return the rung as it is on its day; nothing where the ladder has none."""
        own = [one for one in ladder if one.key == rung.key]
        if anchor is None:
            return own[0] if own else None
        return next((one for one in own if one.counts_on(self.day(one, anchor))), None)

    def day(self, rung: Rung, anchor: date) -> date:
        return self.days.planned(
            anchor, rung.days, in_business_days=rung.in_business_days
        )

    def made(self) -> dict[tuple[int, str], ReminderDelivery]:
        """Return the latest delivery of each object and rung."""
        keys = [subject.pk for subject in self.subjects]
        rows = ReminderDelivery.objects.filter(rule=self.rule.name, subject_id__in=keys)
        latest = with_outcome(rows, on=self.on).order_by("cycle", "pk")
        return {(row.subject_id, row.rung): row for row in latest}

    def asked(self) -> dict[tuple[int, str], tuple[date, int]]:
        """Return date and variant that each object has for each audience."""
        keys = [subject.pk for subject in self.subjects]
        found: dict[tuple[int, str], tuple[date, int]] = {}
        for audience in self.rule.audiences:
            rows = self.rule.candidates(audience, on=self.on).filter(pk__in=keys)
            if "variant_key" not in rows.query.annotations:
                rows = rows.annotate(variant_key=NOTHING)
            for pk, anchor_on, variant in rows.values_list(
                "pk", "anchor_on", "variant_key"
            ):
                found[pk, audience] = (anchor_on, variant or PLAIN)
        return found

    def step(
        self,
        rung: Rung,
        delivery: ReminderDelivery | None,
        anchor: date | None,
        stop: str,
    ) -> Step:
        if delivery is not None and (anchor is None or anchor <= delivery.cycle):
            outcome = outcome_of(delivery, on=self.on)
            return Step(rung, delivery.planned_on, outcome, delivery)
        if anchor is None:
            words = stop or _("The rule does not concern this now.")
            return Step(rung, None, Outcome("none", _("Not due"), words))
        planned = self.day(rung, anchor)
        return Step(rung, planned, self.ahead(planned))

    def ahead(self, planned: date) -> Outcome:
        if planned > self.on + AHEAD:
            words = _("Falls due on %(day)s; plans are made %(count)s days ahead.")
        else:
            words = _("Falls due on %(day)s; the next sweep plans it.")
        facts = {"day": written_day(planned), "count": AHEAD.days}
        return Outcome("none", _("Not yet"), words % facts)
