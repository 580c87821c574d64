"""Renewals of the demo: estimates, answers, a late notice, a farewell, and health."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Agreement, Contact, Organization

#: Who, in percent, and why; of each the last one counts.
ESTIMATES = [
    ("Siemens", 80, "Their lab in Cambridge was opened for the next five years."),
    ("PTC", 50, "New chief technology officer; not met yet."),
    ("PTC", 70, "Met in October: the roadmap fits their plans."),
    ("Autodesk", 30, "Half of the year's seats are disputed."),
    ("Flex", 90, "The sponsor said so at the steering committee."),
]

#: Who, what it says, how many days ago, and in which words.
ANSWERS = [
    ("Flex", "renews", 20, "The board agreed to three more years."),
    ("Autodesk", "undecided", 41, "To be decided with next year's budget."),
]

#: Who, how it is, how many days ago, and why.
HEALTH = [
    ("Siemens", "good", 60, "Twelve people at the symposium, two joint proposals."),
    ("Autodesk", "watch", 45, "Their technical lead changed."),
    ("Autodesk", "at_risk", 12, "Half of the year's seats are disputed."),
    ("PTC", "watch", 30, "New chief technology officer; not met yet."),
]


def load(*, today: date, by: User) -> None:
    """Let staff say of some members how it stands; of others nobody did yet."""
    told: dict[str, Any] = {"today": today, "at": timezone.now(), "by": by}
    terms = Agreement.objects.in_force(on=today).without_successor()
    for company, probability, reason in ESTIMATES:
        services.estimate_renewal(
            terms.get(organization__name=company),
            probability=probability,
            reason=reason,
            **told,
        )
    for company, said, days, words in ANSWERS:
        services.answer_renewal(
            terms.get(organization__name=company),
            answer=said,
            received_on=today - timedelta(days=days),
            words=words,
            **told,
        )
    for company, health, days, reason in HEALTH:
        services.note_health(
            Organization.objects.get(name=company),
            health=health,
            noted_on=today - timedelta(days=days),
            reason=reason,
            **told,
        )


def bid_farewell(*, company: str, today: date, by: User) -> None:
    """Let a member that left say why."""
    left = Agreement.objects.signed().get(organization__name=company)
    services.record_exit_interview(
        left,
        held_on=left.ends_on,
        contact=Contact.objects.filter(organization__name=company).earliest("pk"),
        reasons=["budget", "people"],
        words=(
            "The grippers went into a product. With the founder of the robotics "
            "group gone, nobody would have used the seats of another year."
        ),
        may_return=True,
        today=today,
        at=timezone.now(),
        by=by,
    )
