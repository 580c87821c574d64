"""How likely terms of the demo are renewed: told, told again, and not told."""

from datetime import date

from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Agreement

#: Who, in percent, and why; of each the last one counts.
ESTIMATES = [
    ("Siemens", 80, "Their lab in Cambridge was opened for the next five years."),
    ("PTC", 50, "New chief technology officer; not met yet."),
    ("PTC", 70, "Met in October: the roadmap fits their plans."),
    ("Autodesk", 30, "Half of the year's seats are disputed."),
    ("Flex", 90, "The sponsor said so at the steering committee."),
]


def load(*, today: date, by: User) -> None:
    """Let staff estimate some renewals; of others nobody said anything yet."""
    for company, probability, reason in ESTIMATES:
        terms = Agreement.objects.in_force(on=today).without_successor()
        services.estimate_renewal(
            terms.get(organization__name=company),
            probability=probability,
            reason=reason,
            today=today,
            at=timezone.now(),
            by=by,
        )
