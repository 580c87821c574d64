"""Hand out what is held about a contact who has no account, and erase it (AUD-05)."""

from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts import personal_data
from inm_portal.accounts.models import Ground, User
from inm_portal.accounts.personal_data import (
    AlreadyErased,
    AnotherPerson,
    Preview,
    StillNeeded,
)
from inm_portal.kernel import journal
from inm_portal.kernel.privacy import ERASED, Pseudonym

from ..models import Contact, ContactErasure
from ..verbs import Verb
from .organizations import lock_organization


def pseudonym_of_contact(contact: Contact) -> Pseudonym:
    """Return what stands for a contact once they are erased."""
    name = f"Former contact {contact.pk}"
    return Pseudonym(name, f"former-contact-{contact.pk}{ERASED}")


def preview_contact(contact: Contact) -> list[Preview]:
    """Return what erasing a contact does, for each kind that there is something of."""
    return personal_data.preview(person_of(contact))


def objections_to_erasing(contact: Contact) -> list[str]:
    """Return, in words, what has to happen before a contact can be erased."""
    return personal_data.objections(person_of(contact))


def person_of(contact: Contact) -> User:
    """
    Return a contact as whoever knows people looks for one: an account of nobody.

    It is never saved; what points to accounts points to none of this number.
    """
    email = contact.email.lower()
    person = User(pk=personal_data.NOBODY, name=contact.name, email=email)
    person.contact = contact  # type: ignore[attr-defined]
    return person


@transaction.atomic
def hand_out_contact(contact: Contact, *, by: User) -> IO[bytes]:
    """Return an archive of all that is held about a contact, and note who took it."""
    facts: dict[str, Any] = {"contact": contact.pk}
    journal.record(Verb.CONTACT_HANDED_OUT, contact.organization, by=by, **facts)
    return personal_data.archive_of(person_of(contact))


@transaction.atomic
def erase_contact(
    contact: Contact,
    *,
    address: str,
    ground: Ground,
    at: datetime,
    by: User,
    reference: str = "",
) -> Contact:
    """
    Take away who a contact without an account was, for good.

    Contacts that were merged into this one go with it.

    :raises AlreadyErased: if they were erased before.
    :raises AnotherPerson: if the address is not theirs.
    :raises StillNeeded: while they are at the company, or if they have an account.
    """
    lock_organization(contact.organization)
    contact = Contact.objects.select_related("organization").get(pk=contact.pk)
    if ContactErasure.objects.filter(contact=contact).exists():
        raise AlreadyErased(_("This person was erased before."))
    if contact.user_id is not None:
        raise StillNeeded(_("This contact has an account; erase the person there."))
    if address.strip().lower() != contact.email.lower():
        raise AnotherPerson(_("That is not the address of this person."))
    if found := objections_to_erasing(contact):
        raise StillNeeded(" ".join(found))
    _strip(contact)
    given = {"ground": ground, "reference": reference}
    ContactErasure.objects.create(contact=contact, erased_at=at, erased_by=by, **given)
    facts: dict[str, Any] = {"contact": contact.pk, "ground": ground}
    journal.record(Verb.CONTACT_ERASED, contact.organization, by=by, **facts)
    return Contact.objects.get(pk=contact.pk)


@transaction.atomic
def erase_contact_again(contact: Contact) -> None:
    """Repeat an erasure on a database that was restored from before it."""
    _strip(contact)
    facts: dict[str, Any] = {"contact": contact.pk, "again": True}
    journal.record(Verb.CONTACT_ERASED, contact.organization, by=None, **facts)


def _strip(contact: Contact) -> None:
    personal_data.strip(person_of(contact), pseudonym_of_contact(contact))
