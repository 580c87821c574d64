"""Two contacts that are one person (case 45)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from consortium import services
from consortium.models import (
    Contact,
    ContactMerge,
    ContactRole,
    FormerAddress,
    Organization,
    ReminderCopy,
    RoleAssignment,
)
from consortium.services.contacts import ContactLeft
from consortium.services.merging import CannotMerge
from consortium.verbs import Verb
from inm_portal.accounts.models import InvitationState
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import TooLateToUndo
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def siemens() -> Organization:
    return OrganizationFactory(name="Siemens")


@pytest.fixture
def ada(siemens) -> Contact:
    return ContactFactory(
        organization=siemens, name="Ada Vogel", email="ada@x.example", job_title="VP"
    )


@pytest.fixture
def twin(siemens) -> Contact:
    return ContactFactory(
        organization=siemens, name="A. Vogel", email="vogel@x.example", phone="+49 1"
    )


def merge(survivor: Contact, merged: Contact, *, take=(), at=NOW) -> ContactMerge:
    return services.merge_contacts(
        survivor, merged=merged, take=take, at=at, today=TODAY, by=None
    )


def undo(done: ContactMerge, *, at=NOW) -> ContactMerge:
    return services.undo_contact_merge(done, at=at, by=None)


def state_of(*contacts: Contact) -> list:
    """Return everything that a merge may touch."""
    return [
        *Contact.objects.filter(pk__in=[c.pk for c in contacts])
        .order_by("pk")
        .values("name", "email", "job_title", "phone", "user", "departed_on"),
        *RoleAssignment.objects.order_by("pk").values(),
        *FormerAddress.objects.values(),
    ]


def test_the_chosen_values_stand_and_both_addresses_are_kept(ada, twin):
    merge(ada, twin, take=["phone", "email"])

    ada.refresh_from_db()
    assert (ada.name, ada.job_title) == ("Ada Vogel", "VP")
    assert (ada.phone, ada.email) == ("+49 1", "vogel@x.example")
    assert [a.email for a in ada.former_addresses.all()] == ["ada@x.example"]


def test_the_one_that_goes_is_gone_from_lists_and_leads_to_the_other(ada, twin):
    merge(ada, twin)

    twin.refresh_from_db()
    assert set(Contact.objects.current()) == {ada}
    assert twin.merged_into == ada
    entry = JournalEntry.objects.get(verb=Verb.CONTACTS_MERGED)
    assert entry.facts == {"contact": ada.pk, "merged": twin.pk}


def test_roles_of_the_past_and_the_present_come_along(ada, twin):
    past = RoleFactory(contact=twin, role=ContactRole.LEGAL, until_on=date(2026, 1, 1))
    present = RoleFactory(contact=twin, role=ContactRole.SPONSOR)

    merge(ada, twin)

    assert set(ada.roles.all()) == {past, present}


def test_a_role_that_both_hold_is_held_once(ada, twin):
    first = RoleFactory(contact=ada, from_on=date(2026, 1, 1))
    second = RoleFactory(contact=twin, from_on=date(2025, 6, 1))

    merge(ada, twin)

    assert list(RoleAssignment.objects.held(on=TODAY)) == [first]
    second.refresh_from_db()
    assert (second.contact, second.until_on) == (twin, TODAY)
    assert list(invariants.broken()) == []


def test_an_account_comes_along_where_there_was_none(ada, twin):
    twin.user = UserFactory()
    twin.save()

    merge(ada, twin)

    ada.refresh_from_db()
    assert ada.user == twin.user


def test_where_both_sign_in_the_one_that_goes_is_signed_out(ada, twin, sign_in):
    ada.user, twin.user = UserFactory(), UserFactory()
    ada.save()
    twin.save()
    client = sign_in(twin.user)

    merge(ada, twin)

    ada.refresh_from_db()
    assert ada.user != twin.user
    assert client.get("/").status_code == 302


def test_an_invitation_of_the_one_that_goes_is_revoked(ada, twin):
    twin = services.invite_contact(twin, at=NOW, by=None)

    merge(ada, twin)

    twin.invitation.refresh_from_db()
    assert twin.invitation.state == InvitationState.REVOKED


def test_undoing_puts_everything_back(ada, twin):
    twin.user = UserFactory()
    twin.save()
    RoleFactory(contact=ada)
    RoleFactory(contact=twin)
    RoleFactory(contact=twin, role=ContactRole.SPONSOR)
    before = state_of(ada, twin)

    undo(merge(ada, twin, take=["name", "email", "phone"]))

    assert state_of(ada, twin) == before
    assert JournalEntry.objects.filter(verb=Verb.CONTACTS_PARTED).exists()


def test_undoing_leaves_alone_what_was_changed_since(ada, twin):
    done = merge(ada, twin, take=["phone"])
    services.change_contact(ada, phone="+49 2", name="Ada V.", on=TODAY, by=None)

    undo(done)

    ada.refresh_from_db()
    assert (ada.phone, ada.name) == ("+49 2", "Ada V.")


@pytest.mark.parametrize(("days", "in_time"), [(30, True), (31, False)])
def test_a_merge_is_undone_within_30_days(ada, twin, days, in_time):
    done = merge(ada, twin)
    at = NOW + timedelta(days=days)

    if in_time:
        undo(done, at=at)
    else:
        with pytest.raises(TooLateToUndo):
            undo(done, at=at)

    assert Contact.objects.current().count() == 1 + in_time


def test_a_merge_is_undone_once(ada, twin):
    done = merge(ada, twin)
    undo(done)

    with pytest.raises(TooLateToUndo):
        undo(done)


def test_a_merge_is_not_undone_when_the_address_has_another_holder(ada, twin):
    done = merge(ada, twin)
    ContactFactory(organization=ada.organization, email=twin.email)

    with pytest.raises(CannotMerge, match="Somebody else"):
        undo(done)

    assert ContactMerge.objects.get().undone_at is None


def reads(contact: Contact) -> None:
    ReminderCopy.objects.create(organization=contact.organization, contact=contact)


def readers() -> set[int]:
    return set(ReminderCopy.objects.values_list("contact", flat=True))


def test_who_was_added_to_the_readers_of_reminders_is_so_by_the_other_contact(
    ada, twin
):
    reads(twin)

    done = merge(ada, twin)
    assert readers() == {ada.pk}

    services.undo_contact_merge(done, at=NOW, by=None)
    assert readers() == {twin.pk}


def test_what_both_read_each_reads_again_once_they_are_parted(ada, twin):
    reads(ada)
    reads(twin)

    services.undo_contact_merge(merge(ada, twin), at=NOW, by=None)

    assert readers() == {ada.pk, twin.pk}


def test_two_companies_people_are_not_merged(ada):
    """TEN-04."""
    with pytest.raises(CannotMerge):
        merge(ada, ContactFactory(name="Ada Vogel"))


def test_nobody_is_merged_with_themselves_or_with_who_left(ada, twin):
    with pytest.raises(CannotMerge):
        merge(ada, ada)
    services.depart_contact(twin, on=TODAY, today=TODAY, by=None)
    with pytest.raises(ContactLeft):
        merge(ada, twin)


def test_the_same_name_alone_merges_nobody(siemens):
    """Case 45: no automatic merge."""
    for number in range(2):
        services.add_contact(
            siemens, name="Ada", email=f"a{number}@x.example", on=TODAY, by=None
        )

    assert Contact.objects.current().count() == 2


def test_the_database_keeps_who_is_merged_out_of_the_present(ada, twin):
    with pytest.raises(IntegrityError, match="merged"), transaction.atomic():
        Contact.objects.filter(pk=twin.pk).update(merged_into=ada)


def test_the_page_shows_the_differences_side_by_side(ada, twin, sign_in):
    client = sign_in(staff("program staff"))
    url = f"{ada.get_absolute_url()}merge/"

    candidates = client.get(url)
    page = client.get(f"{url}?merged={twin.pk}")
    client.post(url, {"merged": twin.pk, "name": "keep", "email": "take"} | REST)

    assert twin.email.encode() in candidates.content
    assert list(page.context["form"].fields) == [
        *["merged", "name", "email", "job_title", "phone"]
    ]
    ada.refresh_from_db()
    assert (ada.name, ada.email) == ("Ada Vogel", "vogel@x.example")


REST = {"job_title": "keep", "phone": "take"}


def test_the_api_merges_and_parts(ada, twin, api):
    client = api(staff("program staff"))

    done = client.post(
        f"/api/v1/contacts/{ada.pk}/merge/",
        {"merged": twin.pk, "take": ["phone"]},
        format="json",
    )
    undone = client.post(f"/api/v1/contact-merges/{done.json()['id']}/undo/")

    assert (done.status_code, undone.status_code) == (201, 200)
    assert Contact.objects.current().count() == 2


def test_the_api_does_not_merge_with_a_contact_of_elsewhere(ada, api):
    elsewhere = ContactFactory()

    answer = api(staff("program staff")).post(
        f"/api/v1/contacts/{ada.pk}/merge/", {"merged": elsewhere.pk}, format="json"
    )

    assert answer.status_code == 409
