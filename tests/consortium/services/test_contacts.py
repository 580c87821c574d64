from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from consortium import services
from consortium.models import Contact, ContactRole, RoleAssignment
from consortium.services.contacts import (
    ContactLeft,
    EmailTaken,
    LeavesInFuture,
    RoleEndsTooEarly,
    RoleTaken,
    SharedMailbox,
)
from consortium.verbs import Verb
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    person_at,
)

pytestmark = pytest.mark.django_db


def facts_of(verb: Verb) -> dict:
    return JournalEntry.objects.get(verb=verb).facts


def test_a_contact_is_added_as_confirmed():
    organization = OrganizationFactory()

    contact = services.add_contact(
        organization, name="Ada", email="ada@x.example", on=TODAY, by=None
    )

    assert contact.is_confirmed(on=TODAY)
    assert facts_of(Verb.CONTACT_ADDED) == {"contact": contact.pk}


def test_an_address_is_used_once_in_a_company_whatever_its_case():
    contact = ContactFactory(email="ada@x.example")

    with pytest.raises(EmailTaken):
        services.add_contact(
            contact.organization, name="A", email="ADA@x.example", on=TODAY, by=None
        )


def test_the_address_of_somebody_who_left_is_free():
    contact = ContactFactory(email="desk@x.example")
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    again = services.add_contact(
        contact.organization, name="B", email="desk@x.example", on=TODAY, by=None
    )

    assert set(Contact.objects.current()) == {again}


def test_a_change_confirms_and_tells_the_journal_only_which_fields():
    contact = ContactFactory(name="Ada")

    changed = services.change_contact(contact, name="Ada Vogel", on=TODAY, by=None)

    assert (changed.name, changed.confirmed_on) == ("Ada Vogel", TODAY)
    assert facts_of(Verb.CONTACT_CHANGED) == {
        "contact": contact.pk,
        "fields": ["name"],
    }


def test_two_edits_from_the_same_version_do_not_both_win():
    contact = ContactFactory()
    services.change_contact(contact, name="First", on=TODAY, version=1, by=None)

    with pytest.raises(EditConflict):
        services.change_contact(contact, name="Second", on=TODAY, version=1, by=None)

    assert Contact.objects.get().name == "First"


def test_confirming_twice_a_day_leaves_one_entry():
    contact = ContactFactory()

    services.confirm_contact(contact, on=TODAY, by=None)
    services.confirm_contact(contact, on=TODAY, by=None)

    assert JournalEntry.objects.filter(verb=Verb.CONTACT_CONFIRMED).count() == 1


@pytest.mark.parametrize(("days", "is_confirmed"), [(179, True), (180, False)])
def test_details_are_asked_again_after_180_days(days, is_confirmed):
    contact = ContactFactory(confirmed_on=TODAY - timedelta(days=days))

    assert contact.is_confirmed(on=TODAY) is is_confirmed
    assert Contact.objects.unconfirmed(on=TODAY).exists() is not is_confirmed


def test_a_departure_ends_roles_and_access_the_same_day():
    """Case 41."""
    contact = person_at(OrganizationFactory(name="Siemens"), ContactRole.SPONSOR)
    coming = RoleFactory(
        contact=contact, role=ContactRole.MENTOR, from_on=TODAY + timedelta(days=30)
    )

    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    assert not RoleAssignment.objects.held(on=TODAY).exists()
    coming.refresh_from_db()
    assert coming.until_on == coming.from_on
    assert not contact.user.has_perm(
        "consortium.view_organization", contact.organization
    )


def test_nobody_leaves_twice():
    contact = ContactFactory()
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    with pytest.raises(ContactLeft):
        services.depart_contact(contact, on=TODAY, today=TODAY, by=None)


def test_somebody_who_left_gets_no_role():
    contact = ContactFactory()
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    with pytest.raises(ContactLeft):
        services.assign_role(contact, role=ContactRole.MENTOR, from_on=TODAY, by=None)


def test_a_move_to_another_member_takes_nothing_along():
    """Case 42."""
    user = UserFactory()
    old, new = OrganizationFactory(), OrganizationFactory()
    before = ContactFactory(organization=old, user=user)
    RoleFactory(contact=before, role=ContactRole.SPONSOR)
    services.depart_contact(before, on=TODAY, today=TODAY, by=None)

    services.add_contact(
        new, name="Same", email="same@new.example", user=user, on=TODAY, by=None
    )

    assert user.has_perm("consortium.view_organization", new)
    assert not user.has_perm("consortium.view_organization", old)


def test_one_person_at_a_time_is_executive_sponsor():
    first = ContactFactory()
    second = ContactFactory(organization=first.organization)
    role = ContactRole.SPONSOR
    services.assign_role(first, role=role, from_on=date(2026, 1, 1), by=None)

    with pytest.raises(RoleTaken, match=first.name):
        services.assign_role(second, role=role, from_on=TODAY, by=None)


def test_a_role_passes_on_the_day_it_ends():
    first = ContactFactory()
    second = ContactFactory(organization=first.organization)
    role = ContactRole.SPONSOR
    held = services.assign_role(first, role=role, from_on=date(2026, 1, 1), by=None)
    services.end_role(held, until_on=TODAY, by=None)

    services.assign_role(second, role=role, from_on=TODAY, by=None)

    holders = RoleAssignment.objects.held(on=TODAY)
    assert [assignment.contact for assignment in holders] == [second]


def test_several_people_may_be_technical_leads():
    first = ContactFactory()
    second = ContactFactory(organization=first.organization)

    for contact in (first, second):
        services.assign_role(
            contact, role=ContactRole.TECHNICAL, from_on=TODAY, by=None
        )

    assert RoleAssignment.objects.held(on=TODAY).count() == 2


def test_a_role_is_not_held_twice_by_one_person():
    contact = ContactFactory()
    role = ContactRole.TECHNICAL
    services.assign_role(contact, role=role, from_on=TODAY, by=None)

    with pytest.raises(RoleTaken):
        services.assign_role(contact, role=role, from_on=TODAY, by=None)


def test_a_role_does_not_end_before_it_began():
    held = RoleFactory(from_on=TODAY)

    with pytest.raises(RoleEndsTooEarly):
        services.end_role(held, until_on=TODAY - timedelta(days=1), by=None)


def test_a_role_that_ended_does_not_end_again():
    held = RoleFactory(from_on=date(2026, 1, 1), until_on=date(2026, 6, 1))

    with pytest.raises(RoleEndsTooEarly):
        services.end_role(held, until_on=TODAY, by=None)


def test_the_database_refuses_two_sponsors():
    first = RoleFactory(role=ContactRole.SPONSOR)
    second = ContactFactory(organization=first.organization)

    with (
        pytest.raises(IntegrityError, match="role_has_one_holder"),
        transaction.atomic(),
    ):
        RoleFactory(contact=second, role=ContactRole.SPONSOR)


def test_the_database_refuses_a_role_at_a_company_that_is_not_the_contacts():
    """TEN-04."""
    contact, other = ContactFactory(), OrganizationFactory()

    with (
        pytest.raises(IntegrityError, match="role_is_of_its_contacts_organization"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        RoleFactory(contact=contact, organization=other)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_role_that_was_never_held_blocks_nobody():
    first = ContactFactory()
    second = ContactFactory(organization=first.organization)
    role = ContactRole.COUNCIL
    services.assign_role(first, role=role, from_on=date(2027, 1, 1), by=None)
    services.depart_contact(first, on=TODAY, today=TODAY, by=None)

    services.assign_role(second, role=role, from_on=TODAY, by=None)

    assert [r.contact for r in RoleAssignment.objects.held(on=TODAY)] == [second]


def test_nobody_leaves_tomorrow():
    with pytest.raises(LeavesInFuture):
        services.depart_contact(
            ContactFactory(), on=TODAY + timedelta(days=1), today=TODAY, by=None
        )


def test_a_change_of_nothing_confirms_and_says_so():
    contact = ContactFactory(name="Ada")

    services.change_contact(contact, name="Ada", on=TODAY, by=None)

    assert facts_of(Verb.CONTACT_CONFIRMED) == {"contact": contact.pk}


def test_a_shared_mailbox_holds_the_billing_role_only():
    """Case 44."""
    mailbox = ContactFactory(is_shared_mailbox=True)

    services.assign_role(mailbox, role=ContactRole.BILLING, from_on=TODAY, by=None)

    with pytest.raises(SharedMailbox):
        services.assign_role(mailbox, role=ContactRole.COUNCIL, from_on=TODAY, by=None)


def test_who_holds_more_than_billing_does_not_become_a_shared_mailbox():
    """Case 44."""
    contact = RoleFactory(role=ContactRole.COUNCIL).contact

    with pytest.raises(SharedMailbox):
        services.change_contact(contact, is_shared_mailbox=True, on=TODAY, by=None)


def test_a_shared_mailbox_does_not_say_of_itself_that_it_is_none():
    user = UserFactory()
    mailbox = ContactFactory(user=user, is_shared_mailbox=True)
    not_shared = {"is_shared_mailbox": False, "on": TODAY}

    with pytest.raises(SharedMailbox, match="Your sponsor or INM"):
        services.change_contact(mailbox, by=user, **not_shared)
    services.change_contact(mailbox, by=UserFactory(), **not_shared)

    assert not mailbox.refreshed().is_shared_mailbox


@pytest.mark.parametrize("way", ["role", "mailbox"])
def test_the_database_refuses_a_shared_mailbox_with_another_role(way):
    """Case 44."""
    contact = ContactFactory(is_shared_mailbox=way == "role")

    with pytest.raises(IntegrityError, match="billing role only"), transaction.atomic():
        RoleFactory(contact=contact, role=ContactRole.COUNCIL)
        Contact.objects.filter(pk=contact.pk).update(is_shared_mailbox=True)


def test_mail_addresses_of_before_are_kept():
    contact = ContactFactory(email="before@x.example")

    services.change_contact(contact, email="now@x.example", on=TODAY, by=None)

    assert [a.email for a in contact.former_addresses.all()] == ["before@x.example"]
