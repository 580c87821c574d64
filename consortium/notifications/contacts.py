"""Contact details that people at members confirm, and whose address is one."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.bounces import Holder, tells_whose
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Agreement, Contact, ContactRole, RoleAssignment
from .audiences import CONTACT, OWNER, STAFF, the_owner


@tells_whose
def whose_contact(address: str) -> Holder | None:
    """Return the contact of an address; the owner of the relation finds another."""
    theirs = Q(email__iexact=address) | Q(user__email=address, user__is_active=True)
    people = Contact.objects.current().select_related("organization__owner")
    contact = people.filter(theirs).order_by("pk").first()
    if contact is None:
        return None
    owner = contact.organization.owner
    finder = owner if owner and owner.is_active else None
    return Holder(contact.name, contact.get_absolute_url(), finder)


#: After so many days without an answer, the owner of the relation has a task.
GIVEN_UP = timedelta(days=28)


def contacts() -> QuerySet[Contact]:
    return Contact.objects.select_related("organization")


def contacts_to_confirm(audience: str, *, on: date) -> QuerySet[Contact]:
    """
    Return the people at members, with the day on which their details are due.

    Asked is the person; without an account, the sponsor of the company; at last
    its owner at INM. One that was never confirmed has no day to count from.
    """
    in_force = Agreement.objects.signed().filter(
        organization=OuterRef("organization"), ends_on__gte=on
    )
    due_on = F("confirmed_on") + Value(Contact.CONFIRM_EVERY.days)
    rows = (
        Contact.objects.current()
        .filter(Exists(in_force), confirmed_on__isnull=False)
        .annotate(
            anchor_on=ExpressionWrapper(due_on, output_field=DateField()),
            organization_key=F("organization"),
        )
    )
    if audience == OWNER:
        return rows.annotate(**the_owner("organization"))
    return _with_person(rows, on)


def _with_person(rows: QuerySet[Contact], on: date) -> QuerySet[Contact]:
    sponsor = RoleAssignment.objects.held(on=on).filter(
        organization=OuterRef("organization"),
        role=ContactRole.SPONSOR,
        contact__departed_on=None,
        contact__user__is_active=True,
    )
    signs_in = {"user__is_active": True}
    return rows.annotate(
        person_key=Case(
            When(**signs_in, then="user"),
            default=Subquery(sponsor.values("contact__user")[:1]),
            output_field=BigIntegerField(),
        ),
        address=Case(
            When(**signs_in, then="user__email"),
            default=Coalesce(
                Subquery(sponsor.values("contact__user__email")[:1]), Value("")
            ),
        ),
    )


def describe_contact(delivery: ReminderDelivery, contact: Contact) -> Item:
    """Say what is asked: of the person, of the sponsor, or of the owner at INM."""
    facts: dict[str, Any] = {
        "name": contact.name,
        "company": contact.organization.name,
        "days": Contact.CONFIRM_EVERY.days,
        "due": written_day(delivery.anchor_on),
    }
    what, why = _words(delivery, contact)
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=delivery.anchor_on + GIVEN_UP,
        url=contact.get_absolute_url(),
    )


def _words(delivery: ReminderDelivery, contact: Contact) -> tuple[str, str]:
    if delivery.rung == STAFF:
        return (
            _("Find out whether %(name)s is still at %(company)s"),
            _("The details fell due on %(due)s, and nobody confirmed them."),
        )
    if delivery.person_id == contact.user_id:
        return (
            _("Confirm your contact details at %(company)s"),
            _("You are asked every %(days)s days, so that mail to you finds you."),
        )
    return (
        _("Confirm the contact details of %(name)s"),
        _("You are the sponsor of %(company)s, and %(name)s does not sign in."),
    )


declare(
    Rule(
        name="consortium.contact_confirmation",
        title=_("Contact details to confirm"),
        sentence=_(
            "People at members confirm their details every 180 days; for those who do "
            "not sign in, the executive sponsor does. After four weeks without an "
            "answer, the owner of the relation at INM has a task."
        ),
        subjects=contacts,
        candidates=contacts_to_confirm,
        rungs=[
            Rung("due", 0, CONTACT, _("first mail")),
            Rung("again", 14, CONTACT, _("second mail")),
            Rung(STAFF, GIVEN_UP.days, OWNER, _("task for the owner"), is_task=True),
        ],
        describe=describe_contact,
        matching=lambda text: Contact.objects.matching(text),
    )
)
