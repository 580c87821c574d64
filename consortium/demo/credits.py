"""Contributions of the demo world: claims in every state, and years in every one."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.files.base import ContentFile

from inm_portal.accounts.models import User

from .. import services
from ..models import (
    ApprovingOffice,
    Category,
    CommitmentYear,
    ContributionCredit,
    Method,
    Organization,
)
from ..services import Paper, Part
from . import papers
from .papers import pdf

#: Days in year 1 of the founders, in its cure period, and in year 2.
IN_YEAR_1, IN_CURE, IN_YEAR_2 = date(2025, 11, 3), date(2026, 7, 6), date(2026, 9, 14)

#: A cure period of 90 days from then on ends within 60 days, and its reminders too.
REVERSED_AGO = timedelta(days=50)


class Claim(NamedTuple):
    """A claim of a founder, in thousands of dollars."""

    company: str
    year: int
    category: Category
    claimed: int
    what_for: str
    #: What is accepted of it; None leaves it as it is.
    accepted: int | None = None
    reason: str = ""
    contributed_on: date = IN_YEAR_1


RESEARCH, FELLOWSHIP = Category.RESEARCH, Category.FELLOWSHIP
RELEVANT = "It is about manufacturing."

DECIDED = [
    Claim("Siemens", 1, RESEARCH, 265, "Digital twins of lines", 265, RELEVANT),
    Claim("Amgen", 1, RESEARCH, 200, "Continuous processing", 200, RELEVANT),
    Claim("Autodesk", 1, FELLOWSHIP, 200, "Two fellows", 200),
    Claim("Autodesk", 1, FELLOWSHIP, 25, "Part of a fellow", 25, "", IN_CURE),
    Claim("PTC", 1, RESEARCH, 260, "Design of fixtures", 260, RELEVANT),
    Claim("GE Vernova", 1, Category.FACILITY, 50, "A part of the test cell", 50),
    Claim("Flex", 1, Category.HOSTING, 20, "Plant visit in Austin", 20, "Thanks"),
    Claim("Flex", 1, Category.DUES, 75, "Dues elsewhere at MIT", 0, "Not part of INM."),
    Claim(
        *("Flex", 1, RESEARCH, 120, "Test of boards", 80),
        "A third of the work is not about manufacturing.",
    ),
]

WAITING = [
    Claim("Siemens", 2, FELLOWSHIP, 40, "A fellow in metrology", None, "", IN_YEAR_2),
    Claim("Siemens", 2, RESEARCH, 150, "Self-tuning machines", None, "", IN_YEAR_2),
    Claim(
        *("Siemens", 2, Category.EDUCATION, 25, "A course for planners"),
        *(None, "", IN_YEAR_2),
    ),
    Claim("Siemens", 2, Category.GIFT, 10, "For student teams", None, "", IN_YEAR_2),
    Claim("PTC", 2, FELLOWSHIP, 30, "A fellow in design", None, "", IN_YEAR_2),
]


def load(*, today: date, by: User) -> None:
    """Claim, decide and take back, as the people of the demo world would."""
    director = User.objects.get(email="director@inm.example")
    finance = User.objects.get(email="finance@inm.example")
    for claim in DECIDED:
        decide(enter_claim(claim), claim, director)
    _in_kind(director, finance)
    _fellow, research, course, gift, withdrawn = [enter_claim(one) for one in WAITING]
    services.review_claim(research, by=finance)
    services.change_evidence(
        research.evidence,
        foreign_amount=Decimal(138_000),
        foreign_currency="EUR",
        by=finance,
    )
    services.ask_for_evidence(
        course,
        asked_for="The invoice of the course",
        at=moment_of(IN_YEAR_2),
        by=finance,
    )
    services.give_opinion(
        gift,
        text="Booked as a gift; nothing is owed.",
        at=moment_of(IN_YEAR_2),
        today=IN_YEAR_2,
        by=finance,
    )
    services.withdraw_claim(withdrawn, at=moment_of(IN_YEAR_2), by=by)
    _take_back(director)
    _open_again(today, director)
    services.carry_excess(
        _year("PTC", 1).agreement, at=moment_of(today), today=today, by=None
    )
    services.waive_shortfall(
        _year("Amgen", 1),
        reason="The project began late; the partner made up for it in kind elsewhere.",
        at=moment_of(today),
        today=today,
        by=director,
    )
    services.disclose_interest(
        Organization.objects.get(name="GE Vernova"),
        person=by,
        reason="Consults for a subsidiary",
        from_on=IN_YEAR_1,
        at=moment_of(IN_YEAR_1),
        by=director,
    )


def _year(company: str, number: int) -> CommitmentYear:
    years = CommitmentYear.objects.select_related("agreement__organization")
    return years.get(
        agreement__organization__name=company,
        agreement__state="signed",
        number=number,
    )


def moment_of(day: date) -> datetime:
    return datetime.combine(day, time(15), UTC)


def _paper(claim: Claim, number: str) -> Paper:
    amount = Decimal(claim.claimed * 1000)
    return Paper(claim.company, number, amount, claim.contributed_on)


def _sponsor(company: str) -> User:
    organization = Organization.objects.get(name=company)
    contact = organization.contacts.get(email__startswith="sponsor@")
    assert contact.user is not None  # noqa: S101 - every sponsor of the demo signs in
    return contact.user


def enter_claim(claim: Claim) -> ContributionCredit:
    year = _year(claim.company, claim.year)
    number = f"{claim.category[:3].upper()}-{claim.year}-{claim.claimed}"
    lines = [claim.what_for, "This paper belongs to a demonstration."]
    (credit,) = services.claim_credits(
        year.agreement.organization,
        paper=_paper(claim, number),
        parts=[Part(year, claim.category, Decimal(claim.claimed * 1000))],
        contributed_on=claim.contributed_on,
        what_for=claim.what_for,
        at=moment_of(claim.contributed_on),
        today=claim.contributed_on,
        by=_sponsor(claim.company),
        file=ContentFile(pdf(number, lines), f"{number}.pdf"),
    )
    return credit


def decide(credit: ContributionCredit, claim: Claim, by: User) -> None:
    on = claim.contributed_on
    services.decide_credit(
        services.review_claim(credit, by=by),
        accepted=Decimal((claim.accepted or 0) * 1000),
        reason=claim.reason,
        at=moment_of(on),
        today=on,
        by=by,
    )


def _take_back(by: User) -> None:
    """Reduce one credit of GE Vernova, and reverse another."""
    claims = [
        Claim("GE Vernova", 1, RESEARCH, 300, "Casting of blades", 300, RELEVANT),
        Claim("GE Vernova", 1, RESEARCH, 60, "A study of markets", 60, RELEVANT),
    ]
    cut, wrong = [enter_claim(one) for one in claims]
    for credit, claim in zip([cut, wrong], claims, strict=True):
        decide(credit, claim, by)
    act: dict[str, Any] = {"at": moment_of(IN_CURE), "today": IN_CURE, "by": by}
    services.reduce_credit(
        cut, amount=Decimal(50_000), reason="The contract was cut by amendment.", **act
    )
    services.reverse_credit(wrong, reason="It turned out to be about markets.", **act)


def _open_again(today: date, by: User) -> None:
    """Reverse a credit of Flex lately, so that its year 1 can be cured for a while."""
    claim = Claim("Flex", 1, RESEARCH, 45, "A pilot of robots", 45, RELEVANT)
    credit = enter_claim(claim)
    decide(credit, claim, by)
    on = max(IN_CURE, today - REVERSED_AGO)
    services.reverse_credit(
        credit,
        reason="The project went to another program.",
        at=moment_of(on),
        today=on,
        by=by,
    )


def _in_kind(director: User, finance: User) -> None:
    """Offer things in kind, and bring each to another state."""
    software = offer("Siemens", 72, 120, "Licenses of a simulator", Category.SOFTWARE)
    deliver(software, 120, 40, director=director, finance=finance)
    accept(software, 72, director)
    robot = offer("Sanofi", 40, 60, "A used robot cell", Category.EQUIPMENT)
    deliver(robot, 40, 0, director=director, finance=finance)
    accept(robot, 30, director)
    services.dispute_value(
        robot,
        figure=Decimal(40_000),
        method=Method.APPRAISAL,
        reason="Our appraiser says forty.",
        at=moment_of(IN_CURE),
        by=_sponsor("Sanofi"),
    )
    printer = offer("PTC", 20, 30, "A metal printer", Category.EQUIPMENT)
    deliver(printer, 20, 0, director=director, finance=finance)
    accept(printer, 20, director)
    services.return_item(
        printer,
        reason="Arrived broken, and was never installed.",
        at=moment_of(IN_CURE),
        today=IN_CURE,
        by=director,
    )
    services.add_appraisal(
        robot,
        appraiser="Bay State Machinery Appraisers",
        appraised_on=IN_CURE,
        value=Decimal(36_000),
        cost=Decimal(1_200),
        file=papers.signed("A used robot cell", "Appraisal"),
        at=moment_of(IN_CURE),
        today=IN_CURE,
        by=finance,
    )
    _settle(director, finance)
    arm = offer("Sanofi", 22, 22, "A robot arm", Category.EQUIPMENT)
    _agree(arm, director)
    services.deliver_item(arm, on=IN_YEAR_1, today=IN_YEAR_1, by=finance)
    mill = offer("Sanofi", 14, 20, "A bench mill", Category.EQUIPMENT)
    deliver(mill, 20, 30, director=director, finance=finance)
    _agree(offer("PTC", 15, 15, "A measuring arm on loan", Category.LOAN), director)
    _assess(offer("PTC", 25, 25, "A laser cutter", Category.EQUIPMENT), finance)
    services.decline_item(
        offer("PTC", 12, 12, "An old furnace", Category.EQUIPMENT),
        reason="There is no room with the power that it needs.",
        at=moment_of(IN_YEAR_1),
        today=IN_YEAR_1,
        by=director,
    )
    offer("Sanofi", 18, 18, "Sensors for a line", Category.EQUIPMENT)


def _settle(director: User, finance: User) -> None:
    """Let another director raise what was accepted of data."""
    logs = offer("GE Vernova", 25, 40, "Records of a casting line", Category.DATA)
    deliver(logs, 25, 0, director=director, finance=finance)
    accept(logs, 15, director)
    services.dispute_value(
        logs,
        figure=Decimal(25_000),
        method=Method.COMPARABLES,
        reason="Others were offered more for less.",
        at=moment_of(IN_CURE),
        by=_sponsor("GE Vernova"),
    )
    services.settle_dispute(
        logs,
        value=Decimal(20_000),
        reason="Between both, by what similar records cost.",
        at=moment_of(IN_CURE),
        today=IN_CURE,
        by=User.objects.get(email="codirector@inm.example"),
    )


def offer(
    company: str, claimed: int, listed: int, name: str, category: Category
) -> ContributionCredit:
    year = _year(company, 1)
    return services.offer_in_kind(
        year.agreement.organization,
        part=Part(year, category, Decimal(claimed * 1000)),
        paper=Paper(company, f"OFFER-{listed}", Decimal(listed * 1000), IN_YEAR_1),
        contributed_on=IN_YEAR_1,
        at=moment_of(IN_YEAR_1),
        today=IN_YEAR_1,
        by=_sponsor(company),
        name=name,
    )


def _agree(credit: ContributionCredit, by: User) -> None:
    services.assess_item(credit, today=IN_YEAR_1, by=by)
    services.agree_to_item(credit, at=moment_of(IN_YEAR_1), today=IN_YEAR_1, by=by)


def _assess(credit: ContributionCredit, by: User) -> None:
    """Leave a thing with one approval given and one missing."""
    services.assess_item(
        credit,
        needs_ehs_approval=True,
        needs_space_approval=True,
        condition="Used for two years",
        restrictions="Not to be sold within three years",
        running_cost=Decimal(3_500),
        export_classification="EAR99",
        today=IN_YEAR_1,
        by=by,
    )
    services.approve_item(
        credit,
        office=ApprovingOffice.EHS,
        approved_by="Office of Environment, Health and Safety",
        approved_on=IN_YEAR_1,
        note="With its own exhaust",
        at=moment_of(IN_YEAR_1),
        today=IN_YEAR_1,
        by=by,
    )


def deliver(
    credit: ContributionCredit,
    basis: int,
    discount: int,
    *,
    director: User,
    finance: User,
) -> None:
    _agree(credit, director)
    services.deliver_item(credit, on=IN_YEAR_1, today=IN_YEAR_1, by=finance)
    services.value_item(
        credit,
        method=Method.LIST,
        basis=Decimal(basis * 1000),
        discount_percent=Decimal(discount),
        at=moment_of(IN_YEAR_1),
        today=IN_YEAR_1,
        by=finance,
    )
    services.book_item(credit, booked_value=Decimal(basis * 1000), by=finance)


def accept(credit: ContributionCredit, accepted: int, by: User) -> None:
    services.decide_credit(
        services.review_claim(credit, by=by),
        accepted=Decimal(accepted * 1000),
        reason="As valued.",
        at=moment_of(IN_YEAR_1),
        today=IN_YEAR_1,
        by=by,
    )
