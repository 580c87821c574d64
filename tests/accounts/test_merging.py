"""Two accounts that are one person: either address leads to the one that stays."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from inm_portal.accounts import invitations, roles
from inm_portal.accounts.access import AccessNotEnded, OwnAccess, restore_access
from inm_portal.accounts.merging import (
    CannotMerge,
    merge_users,
    undo_merge,
)
from inm_portal.accounts.models import ApiToken, User, UserMerge
from inm_portal.accounts.tokens import issue_token
from inm_portal.accounts.verbs import Verb
from inm_portal.kernel.errors import TooLateToUndo
from inm_portal.kernel.models import JournalEntry, Session
from tests.entries import recorded
from tests.factories.accounts import UserFactory, invitation_to_inm, staff
from tests.factories.consortium import ContactFactory, OrganizationFactory

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(person) -> User:
    return User.objects.create_user("old@x.example", "D. Kim", "an older password")


def merge(survivor: User, merged: User, **how) -> UserMerge:
    how = {"at": timezone.now(), "by": None} | how
    return merge_users(survivor, merged=merged, **how)


def undo(done: UserMerge, **how) -> UserMerge:
    return undo_merge(done, **{"at": timezone.now(), "by": None} | how)


def test_either_address_signs_in_to_the_account_that_stays(person, twin, door, is_in):
    merge(person, twin)

    client, _answer = door("OLD@x.example", PASSWORD)

    assert is_in(client)
    entry = JournalEntry.objects.get(verb=Verb.SIGNED_IN)
    assert entry.actor == person


def test_the_password_of_the_account_that_goes_opens_nothing(person, twin, door, is_in):
    merge(person, twin)

    client, _answer = door("old@x.example", "an older password")

    assert not is_in(client)


def test_sessions_of_the_account_that_goes_end_at_the_next_request(
    person, twin, sign_in
):
    client = sign_in(twin)
    issue_token(twin, scope="read", lifetime=timedelta(days=1))
    key = client.session.session_key

    merge(person, twin)

    assert client.get("/").status_code == 302
    assert not Session.objects.filter(pk=key).exists()
    assert not ApiToken.objects.exists()


def test_companies_and_roles_come_along(person, twin):
    contact = ContactFactory(user=twin)
    company = OrganizationFactory(owner=twin)
    twin.groups.add(Group.objects.get(name=roles.FINANCE))

    merge(person, twin)

    contact.refresh_from_db()
    company.refresh_from_db()
    assert contact.user == company.owner == person
    assert [group.name for group in person.groups.all()] == [roles.FINANCE]


def test_what_was_done_stays_under_the_account_with_which_it_was_done(person, twin):
    company = OrganizationFactory()

    entry = recorded("consortium.site_added", company, by=twin)

    merge(person, twin)

    entry.refresh_from_db()
    assert entry.actor == twin


def test_the_history_of_both_shows_on_the_page_of_the_one(person, twin, sign_in):
    from inm_portal.kernel import journal

    journal.record(Verb.PASSWORD_SET, twin, by=twin)
    merge(person, twin)

    page = sign_in(staff(roles.ADMIN)).get(person.get_absolute_url())

    assert [entry.verb for entry in page.context["entries"]] == [
        Verb.PEOPLE_MERGED,
        Verb.PASSWORD_SET,
    ]


def test_undoing_puts_everything_back(person, twin):
    finance = Group.objects.get(name=roles.FINANCE)
    auditor = Group.objects.get(name=roles.AUDITOR)
    contact = ContactFactory(user=twin)
    twin.groups.add(finance, auditor)
    person.groups.add(auditor)

    undo(merge(person, twin))

    contact.refresh_from_db()
    twin.refresh_from_db()
    assert contact.user == twin
    assert (twin.is_active, twin.merged_into) == (True, None)
    assert set(twin.groups.all()) == {finance, auditor}
    assert set(person.groups.all()) == {auditor}


def test_undoing_leaves_alone_what_was_changed_since(person, twin):
    company = OrganizationFactory(owner=twin)
    done = merge(person, twin)
    company.owner = staff(roles.DIRECTOR)
    company.save()

    undo(done)

    company.refresh_from_db()
    assert company.owner.name == "Director"


def test_who_was_shut_out_before_stays_so_after_undoing(person):
    ended = UserFactory(is_active=False)

    undo(merge(person, ended))

    ended.refresh_from_db()
    assert not ended.is_active


@pytest.mark.parametrize(("days", "in_time"), [(29, True), (31, False)])
def test_a_merge_is_undone_within_30_days(person, twin, days, in_time):
    done = merge(person, twin)
    at = done.merged_at + timedelta(days=days)

    if in_time:
        undo(done, at=at)
    else:
        with pytest.raises(TooLateToUndo):
            undo(done, at=at)

    twin.refresh_from_db()
    assert twin.is_active is in_time


def test_merges_are_undone_from_the_last_to_the_first(person, twin, door, is_in):
    last = User.objects.create_user("last@x.example", "Dana", "the last password")
    first = merge(person, twin)
    merge(last, person)

    client, _answer = door("old@x.example", "the last password")

    assert is_in(client)
    with pytest.raises(CannotMerge, match="later"):
        undo(first)


def test_nobody_merges_their_own_account(person, twin):
    """TEN-07: a way to another's companies and roles."""
    with pytest.raises(OwnAccess):
        merge(person, twin, by=person)
    with pytest.raises(OwnAccess):
        merge(person, twin, by=twin)


def test_what_cannot_be_one_is_refused(person, twin):
    company = OrganizationFactory()
    for user in (person, twin):
        ContactFactory(organization=company, user=user)

    with pytest.raises(CannotMerge, match="one company"):
        merge(person, twin)
    with pytest.raises(CannotMerge, match="another"):
        merge(person, person)
    with pytest.raises(CannotMerge, match="come in"):
        merge(UserFactory(is_active=False), person)

    assert not UserMerge.objects.exists()
    twin.refresh_from_db()
    assert twin.is_active


def test_a_merged_account_is_not_merged_again_nor_restored(person, twin):
    merge(person, twin)

    with pytest.raises(CannotMerge):
        merge(UserFactory(), twin)
    with pytest.raises(AccessNotEnded):
        restore_access(twin, by=None)


def test_an_invitation_to_the_old_address_leads_to_the_one_account(person, twin):
    merge(person, twin)
    invitation = invitation_to_inm(twin.email)

    user = invitations.accept(
        invitation,
        digest=invitation.digest,
        at=timezone.now(),
        password=None,
        by=person,
    )

    assert user == person


def test_the_page_compares_two_accounts_and_merges_them(person, twin, sign_in):
    client = sign_in(staff(roles.ADMIN))
    url = f"{person.get_absolute_url()}merge/"

    candidates = client.get(f"{url}?search=old@x")
    page = client.get(f"{url}?merged={twin.pk}")
    client.post(url, {"merged": twin.pk})
    undone = client.post(f"/people/merges/{UserMerge.objects.get().pk}/undo/")

    assert b"D. Kim" in candidates.content
    assert [p.email for p in page.context["compared"]] == [person.email, twin.email]
    assert undone.url == person.get_absolute_url()


def test_the_list_says_who_is_merged(person, twin, sign_in):
    merge(person, twin)

    page = sign_in(staff(roles.ADMIN)).get("/people/?standing=merged")

    assert [p.email for p in page.context["page"]] == [twin.email]


def test_a_search_that_no_name_can_hold_is_answered(person, sign_in):
    """INJ-06."""
    answer = sign_in(staff(roles.ADMIN)).get(
        f"/people/{person.pk}/merge/", {"search": "a\0b"}
    )

    assert answer.status_code == 200
