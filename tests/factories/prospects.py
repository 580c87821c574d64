"""Companies that may join: what they ask, and talks with them."""

from decimal import Decimal

from consortium import services
from consortium.models import Inquiry, Organization, Prospect, ProspectStep

from .consortium import TODAY, OrganizationFactory
from .credits import at

NOW = at(TODAY)


def inquiry(company: str = "Northfield", **told) -> Inquiry:
    given = {"name": "Ada Field", "email": "ada@northfield.example"}
    given |= {"offer": "membership", "message": "We make pumps."}
    given |= {"page": f"{company} {Inquiry.objects.count()}", "at": NOW}
    return services.send_inquiry(company=company, **given | told)


def prospect(organization: Organization | None = None, *, owner, **told) -> Prospect:
    organization = organization or OrganizationFactory(name="Orlan")
    given = {"offer": "membership", "stage": "talks", "amount": Decimal(500_000)}
    given |= {"probability": 40, "expected_on": TODAY, "note": "They visit"}
    given |= {"today": TODAY, "at": NOW, "by": owner}
    return services.open_prospect(organization, owner=owner, **given | told)


def move(prospect: Prospect, stage: str, *, by=None, **told) -> ProspectStep:
    given = {"amount": Decimal(500_000), "probability": 60, "expected_on": TODAY}
    given |= {"note": "As they said", "at": NOW, "by": by}
    return services.move_prospect(prospect, stage=stage, **given | told)
