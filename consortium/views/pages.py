"""What the page of a member and the home of its people have in common."""

from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import PreparedDetail

from .. import reports
from ..filters import read_day
from ..models import Agreement, Contact, ContributionCredit, Organization
from ..models.positions import end_of

MEMBERS = (_("Members"), reverse_lazy("consortium:members"))

#: Contacts on the page of a member; the list of contacts has the rest.
CONTACTS_SHOWN = 50
AGREEMENTS_SHOWN = 20


def as_known_on(on: date) -> str:
    """Return what keeps a page at a day, at the end of its address."""
    return "" if on == timezone.localdate() else f"?on={on:%Y-%m-%d}"


class KnownOnADay(PreparedDetail):
    """
    The page of an object as it was known by the end of a day; of today without one.

    A page of a past day is for reading: what it shows is no longer what a button
    would act on.
    """

    @cached_property
    def day(self) -> tuple[date, str]:
        """The day asked for, and what is wrong with it."""
        return read_day(self.request.GET)

    @property
    def on(self) -> date:
        return self.day[0]

    @property
    def known(self) -> dict[str, Any]:
        return {"on": self.on}

    @property
    def is_today(self) -> bool:
        return self.on == timezone.localdate()

    def history(self) -> list[JournalEntry]:
        """Return what had happened to the object by the end of the day."""
        end = None if self.is_today else end_of(self.on)
        return history_of(self.object, user=self.user, before=end)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.is_today:
            vars(self.object).update({f"may_{one}": False for one in self.buttons})
        return super().get_context_data(
            on=self.on,
            day_error=self.day[1],
            as_known=as_known_on(self.on),
            is_today=self.is_today,
            **kwargs,
        )


def member_crumbs(organization: Organization) -> list[tuple[Any, Any]]:
    """Return the way from the list of members to the page of one."""
    return [MEMBERS, (organization.name, organization.get_absolute_url())]


def agreement_crumbs(agreement: Agreement) -> list[tuple[Any, Any]]:
    """Return the way from the list of members to the page of an agreement."""
    way = member_crumbs(agreement.organization)
    return [*way, (agreement.number, agreement.get_absolute_url())]


def contact_crumbs(contact: Contact) -> list[tuple[Any, Any]]:
    """Return the way from the list of members to the page of a contact."""
    way = member_crumbs(contact.organization)
    return [*way, (contact.name, contact.get_absolute_url())]


def member_context(
    organization: Organization, user: Any, *, on: date
) -> dict[str, Any]:
    """Return everything about one member that ``user`` may see."""
    contacts = list(_contacts(organization, user, on)[:CONTACTS_SHOWN])
    agreements = list(
        organization.agreements.permitted(user, "view")
        .with_total()
        .with_terms(on=on)
        .with_successor()
        .order_by("-effective_on", "-pk")[:AGREEMENTS_SHOWN]
    )
    agreement = reports.agreement_of_today(agreements, on=on)
    commitment = reports.commitment_of(agreement, user=user, on=on)
    attention = reports.attention_of(
        *(organization, contacts, agreements),
        on=on,
        years=[line.year for line in commitment.lines],
        asked=_asked(organization, user),
    )
    return {
        "organization": organization,
        "today": on,
        "contacts": contacts,
        "unconfirmed": [c for c in contacts if not c.is_confirmed(on=on)],
        "contacts_shown": CONTACTS_SHOWN,
        "agreements": agreements,
        "agreement": agreement,
        "commitment": commitment,
        "attention": attention,
        "sites": organization.sites.all()[:CONTACTS_SHOWN],
        "interests": organization.interests.permitted(user, "view")
        .select_related("person")
        .with_permissions(user, "end")[:CONTACTS_SHOWN],
        "former_names": organization.former_names.all()[:CONTACTS_SHOWN],
        "entries": reports.told(history_of(organization, user=user)),
    }


def _contacts(organization: Organization, user: Any, on: date) -> Any:
    return (
        Contact.objects.filter(organization=organization)
        .current()
        .permitted(user, "view")
        .with_permissions(user, "confirm")
        .with_roles(on=on)
        .order_by("name", "pk")
    )


def _asked(organization: Organization, user: Any) -> Any:
    """Return the claims whose evidence ``user`` may add."""
    asked = ContributionCredit.objects.filter(organization=organization)
    return asked.permitted(user, "supply").order_by("pk")[:CONTACTS_SHOWN]
