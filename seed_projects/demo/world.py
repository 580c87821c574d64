"""
The calls of the demo world: one decided, one in review, one open, one drafted, and
one that closed lately and is screened.

Their words are invented, as are the problems that companies state in them.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from consortium.models import Organization
from inm_portal.accounts.models import User

from .. import services
from ..models import (
    USUAL_COSTS,
    Call,
    DateKind,
    FormVersion,
    Pillar,
    RateKind,
    RubricVersion,
    StageKind,
    Theme,
)
from . import drafts, papers, screening

RULES = [
    "I hold PI status at the institute on the day when the project starts.",
    "The project is research that can be published without leave of a sponsor.",
]
TERMS = (
    "Projects report twice a year, present at the annual symposium, and name the "
    "initiative in what they publish. Unspent money returns at the end."
)

#: Company, title, text, and whether calls may say that it comes from there.
PROBLEMS = [
    (
        "Siemens",
        "Learning from few defects",
        "Our lines make one bad part in ten thousand. How does a model learn to see "
        "the next kind of defect from five examples?",
        True,
    ),
    (
        "Amgen",
        "Batches that explain themselves",
        "When a batch drifts, people read a thousand signals. Which of them caused it?",
        False,
    ),
    (
        "Flex",
        "Planning with people on the floor",
        "Schedules change four times in a shift. How do people and planning software "
        "agree on the next hour?",
        True,
    ),
]


#: Rates of the institute, invented.
RATES: list[tuple[RateKind, dict[str, Decimal]]] = [
    (RateKind.BENEFITS, {"percent": Decimal("24.6")}),
    (RateKind.INDIRECT, {"percent": Decimal(59)}),
    (RateKind.TUITION, {"amount": Decimal(64_310)}),
]


class Maker:
    """Makes calls whose dates are told in days from now, at Boston's end of a day."""

    def __init__(self, *, now: datetime, by: User) -> None:
        self.now, self.by = now, by

    def at(self, days: int, hour: int = 23, minute: int = 59) -> datetime:
        zone = Call(zone="America/New_York").time_zone
        day = (self.now.astimezone(zone) + timedelta(days=days)).date()
        second = 59 if (hour, minute) == (23, 59) else 0
        return datetime.combine(day, time(hour, minute, second), tzinfo=zone)

    def draft(
        self, title: str, slug: str, summary: str, *, themes: list[int], **told: Any
    ) -> Call:
        given: dict[str, Any] = {
            "ceiling": Decimal(150_000),
            "year_ceiling": Decimal(100_000),
            "pot": Decimal(900_000),
            "expected_awards": 6,
            "months": 18,
            "cost_categories": USUAL_COSTS,
            "most_as_pi": 1,
            "most_in_all": 2,
            "eligibility": "Everybody who may be principal investigator at MIT.",
            "terms": TERMS,
            "contact_name": self.by.name,
            "contact_email": self.by.email,
        }
        call = services.draft_call(
            title=title,
            slug=slug,
            summary=summary,
            themes=list(Theme.objects.filter(position__in=themes)),
            pillars=list(Pillar.objects.all()[:2]),
            **given | told,
            by=self.by,
        )
        for statement in RULES:
            services.add_rule(call, statement=statement, by=self.by)
        return call

    def stage(
        self, call: Call, kind: StageKind, first: int, last: int, form: FormVersion
    ) -> None:
        is_later = kind == StageKind.FULL and call.stages.exists()
        services.set_stage(
            call,
            kind=kind,
            opens_at=self.at(first, 9, 0),
            closes_at=self.at(last),
            form=form,
            is_by_invitation=is_later,
            by=self.by,
        )

    def dates(self, call: Call, **days: int) -> None:
        for name, day in days.items():
            kind = DateKind(name)
            services.set_date(call, kind=kind, at=self.at(day, 17, 0), by=self.by)


def load(*, now: datetime, by: User) -> None:
    """Make the calls, once; companies state problems, faculty asks."""
    if Call.objects.exists():
        return
    make = Maker(now=now, by=by)
    long_ago = make.at(-430, 10, 0)
    _rates(since=long_ago, by=by)
    form = papers.form("Seed proposal", at=long_ago, by=by)
    short = papers.short_form(at=long_ago, by=by)
    rubric = papers.rubric(at=long_ago, by=by)
    _decided(make, form, rubric)
    _in_review(make, form, rubric)
    _open(make, form, short, rubric)
    _drafted(make, form)
    services.begin_form_version(form.form, at=now, by=by)
    screening.load(now=now, by=by, rubric=rubric)
    drafts.load(now=now)


def _rates(*, since: datetime, by: User) -> None:
    """Record rates of two fiscal years: tuition rises."""
    for kind, told in RATES:
        day = date(since.year, 7, 1)
        services.record_rate(kind=kind, starts_on=day, **told, at=since, by=by)
    day = date(since.year + 1, 7, 1)
    tuition: dict[str, Any] = {"kind": RateKind.TUITION, "amount": Decimal(66_720)}
    services.record_rate(**tuition, starts_on=day, at=since, by=by)


def _decided(make: Maker, form: FormVersion, rubric: RubricVersion) -> None:
    call = make.draft(
        "Artificial intelligence for manufacturing, first call",
        "ai-for-manufacturing-2025",
        "Seeds for artificial intelligence that people on a shop floor can trust.",
        themes=[1, 2],
        at=make.at(-420, 10, 0),
    )
    make.stage(call, StageKind.FULL, -400, -340, form)
    make.dates(call, reviews_due=-310, panel=-300, notice=-290, start=-240)
    services.replace_rubric(call, rubric=rubric, by=make.by)
    services.open_call(call, at=make.at(-405, 10, 0), by=make.by)
    services.close_call(call, at=make.at(-339, 9, 0), by=make.by)
    services.begin_review(call, by=make.by)
    services.decide_call(call, by=make.by)


def _in_review(make: Maker, form: FormVersion, rubric: RubricVersion) -> None:
    call = make.draft(
        "Resilient supply chains",
        "resilient-supply-chains-2026",
        "Seeds for production that keeps going when a supplier does not.",
        themes=[3, 4],
        is_sealed=True,
        blind_mode="double",
        at=make.at(-110, 10, 0),
    )
    make.stage(call, StageKind.FULL, -95, -30, form)
    make.dates(call, conflicts_due=-20, reviews_due=14, panel=28, notice=45, start=90)
    services.replace_rubric(call, rubric=rubric, by=make.by)
    services.open_call(call, at=make.at(-100, 10, 0), by=make.by)
    stage = call.stages.get()
    services.extend_deadline(
        stage,
        until_at=make.at(-27),
        reason="The network of the campus was away on the last evening.",
        at=make.at(-30, 20, 0),
        by=make.by,
    )
    services.close_call(call, at=make.at(-26, 9, 0), by=make.by)
    services.begin_review(call, by=make.by)


def _open(
    make: Maker, form: FormVersion, short: FormVersion, rubric: RubricVersion
) -> None:
    call = make.draft(
        "Artificial intelligence for manufacturing, second call",
        "ai-for-manufacturing-2027",
        "Seeds for models and machines that learn from few examples, explain what "
        "they do, and work beside people.",
        themes=[1, 2, 3],
        narrative="We look for early ideas that a sponsor would not fund yet. Work "
        "with a company is welcome and never required.",
        is_previewed=True,
        at=make.at(-40, 10, 0),
    )
    make.stage(call, StageKind.PRE_PROPOSAL, -25, 21, short)
    make.stage(call, StageKind.FULL, 35, 80, form)
    make.dates(call, announced=-25, info_session=5, invitations=34, notice=150)
    junior: dict[str, Any] = {"name": "Junior faculty", "ceiling": Decimal(75_000)}
    services.add_track(
        call, **junior, description="Within five years of the appointment.", by=make.by
    )
    services.replace_rubric(call, rubric=rubric, by=make.by)
    services.open_call(call, at=make.at(-26, 10, 0), by=make.by)
    _said(make, call)


def _said(make: Maker, call: Call) -> None:
    """State problems, ask two questions, and answer one."""
    for company, title, text, is_named in PROBLEMS:
        member = Organization.objects.get(name=company)
        told: dict[str, Any] = {"title": title, "text": text, "is_named": is_named}
        row = services.state_problem(member, **told, at=make.at(-20, 11, 0), by=None)
        if company != "Flex":
            services.use_problem(call, statement=row, at=make.now, by=make.by)
    pi, copi = (
        User.objects.get(email=f"{local}@inm.example") for local in ["pi", "copi"]
    )
    first = services.ask_question(
        call,
        text="May a postdoc of my group be the PI?",
        at=make.at(-12, 11, 0),
        by=pi,
    )
    services.answer_question(
        first,
        text="May a postdoc be the PI?",
        answer="No; somebody with PI status is, and a postdoc can be named beside.",
        at=make.at(-11, 9, 0),
        by=make.by,
    )
    services.ask_question(
        call, text="Is tuition paid from the seed?", at=make.at(-2, 15, 0), by=copi
    )
    services.extend_deadline(
        call.stages.get(kind=StageKind.PRE_PROPOSAL),
        person=copi,
        until_at=make.at(24),
        reason="On parental leave until the week of the deadline.",
        at=make.now,
        by=make.by,
    )
    services.grant_exception(
        call.rules.all()[0],
        person=copi,
        reason="PI status begins on the first of the next month.",
        until_on=make.at(80).date(),
        today=make.now.date(),
        at=make.now,
        by=make.by,
    )


def _drafted(make: Maker, form: FormVersion) -> None:
    call = make.draft(
        "Skills for new manufacturing",
        "skills-2027",
        "Seeds for how people learn the work that is coming.",
        themes=[2],
        pot=None,
        at=make.now,
    )
    make.stage(call, StageKind.FULL, 60, 120, form)
