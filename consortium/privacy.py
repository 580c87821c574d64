"""What stands here about people at companies."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.privacy import Fate, Kind, Pseudonym, Row, register, values

from .models import (
    Agreement,
    Amendment,
    Contact,
    ContactMerge,
    FloorWaiver,
    FormerAddress,
    Organization,
    RoleAssignment,
    Screening,
)
from .states import AgreementState


def contacts(user: Any) -> Iterable[Row]:
    return values(
        Contact.objects.filter(user=user).order_by("pk"),
        *["name", "email", "job_title", "phone", "confirmed_on", "departed_on"],
        company="organization__name",
    )


def strip_contacts(user: Any, pseudonym: Pseudonym) -> None:
    Contact.objects.filter(user=user).update(
        name=pseudonym.name,
        email=pseudonym.email,
        job_title="",
        phone="",
        version=F("version") + 1,
    )


def former(user: Any) -> Iterable[Row]:
    """Yield addresses of before, and what stood in a contact before a merge."""
    addresses = FormerAddress.objects.filter(contact__user=user).order_by("pk")
    yield from values(addresses, "email", "until_on")
    merged = ContactMerge.objects.filter(_of(user)).order_by("pk")
    yield from values(merged, "name", "email", "job_title", "phone", "merged_at")


def _of(user: Any) -> Q:
    return Q(survivor__user=user) | Q(merged__user=user)


def strip_former(user: Any, pseudonym: Pseudonym) -> None:
    FormerAddress.objects.filter(contact__user=user).delete()
    ContactMerge.objects.filter(_of(user)).update(
        name=pseudonym.name, email=pseudonym.email, job_title="", phone=""
    )


def is_present(user: Any) -> str:
    present = Contact.objects.current().filter(user=user).select_related("organization")
    names = ", ".join(contact.organization.name for contact in present)
    return (
        _("Record the departure from %(names)s first.") % {"names": names}
        if names
        else ""
    )


def roles(user: Any) -> Iterable[Row]:
    held = RoleAssignment.objects.filter(contact__user=user).order_by("pk")
    return values(held, "role", "from_on", "until_on", company="organization__name")


def signatures(user: Any) -> Iterable[Row]:
    """Yield what somebody signed, for a company or for MIT, by the name they bear."""
    signed = Agreement.objects.exclude(state=AgreementState.DRAFT).filter(
        Q(signed_for_member_by=user.name, organization__contacts__user=user)
        | Q(signed_for_mit_by=user.name)
    )
    columns = {"company": "organization__name", "agreement": "pk", "on": "signed_on"}
    yield from values(signed.distinct().order_by("pk"), **columns)
    amended = Amendment.objects.signed().filter(
        Q(
            signed_for_member_by=user.name,
            agreement__organization__contacts__user=user,
        )
        | Q(signed_for_mit_by=user.name)
    )
    columns = {"company": "agreement__organization__name", "amendment": "pk"}
    yield from values(amended.distinct().order_by("pk"), **columns, on="signed_on")
    waived = FloorWaiver.objects.filter(granted_by=user).order_by("pk")
    yield from values(waived, waiver="pk", on="granted_at")


def screenings(user: Any) -> Iterable[Row]:
    recorded = Screening.objects.filter(recorded_by=user).order_by("pk")
    return values(recorded, screening="pk", on="recorded_at")


def cared_for(user: Any) -> Iterable[Row]:
    return values(
        Organization.objects.filter(owner=user).order_by("pk"), company="name"
    )


register(
    Kind(
        "contacts",
        _("Contacts at companies"),
        _("Name, address, title and phone go; that somebody was there stays."),
        Fate.PSEUDONYMISED,
        contacts,
        strip_contacts,
        is_present,
        tables=["consortium.Contact"],
    ),
    Kind(
        "former_details",
        _("Former addresses and details"),
        _("Addresses of before go, and what stood in contacts that were merged."),
        Fate.PSEUDONYMISED,
        former,
        strip_former,
        tables=["consortium.FormerAddress", "consortium.ContactMerge"],
    ),
    Kind(
        "roles",
        _("Roles at companies"),
        _("They hold no name, and show who could decide when."),
        Fate.KEPT,
        roles,
        tables=["consortium.RoleAssignment"],
    ),
    Kind(
        "signatures",
        _("Signatures and waivers"),
        _("A contract keeps the names under it for as long as the law asks for it."),
        Fate.KEPT,
        signatures,
        tables=[
            *["consortium.Agreement", "consortium.Amendment"],
            "consortium.FloorWaiver",
        ],
    ),
    Kind(
        "screenings",
        _("Screenings of companies"),
        _("Who recorded a screening or decided about a hit stays on record."),
        Fate.KEPT,
        screenings,
        tables=["consortium.Screening"],
    ),
    Kind(
        "companies_looked_after",
        _("Companies looked after"),
        _("They show the number until somebody else looks after them."),
        Fate.KEPT,
        cared_for,
        tables=["consortium.Organization"],
    ),
)
