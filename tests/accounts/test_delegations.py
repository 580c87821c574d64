"""An assistant acts for a VP: with scope and end, and the log shows both (case 47)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from consortium import services
from consortium.models import Contact, ContactRole
from inm_portal.accounts import delegations, roles
from inm_portal.accounts.delegations import (
    AlreadyRevoked,
    NotACompanion,
    NothingDelegated,
    WrongTerm,
)
from inm_portal.accounts.models import Delegation, User
from inm_portal.kernel import delegation as kernel
from inm_portal.kernel.models import JournalEntry, Message
from inm_portal.kernel.permissions import rule_names

from ..factories.accounts import UserFactory, staff
from ..factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    draft,
    person_at,
    sign,
)

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PASSWORD = "correct horse battery"

#: Days until the last one that a calendar has.
ALWAYS = (date.max - TODAY).days


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def siemens(db):
    return OrganizationFactory(name="Siemens")


@pytest.fixture
def vp(siemens) -> User:
    return person_at(siemens, ContactRole.SPONSOR).user


@pytest.fixture
def assistant(siemens) -> User:
    user = User.objects.create_user("assistant@siemens.example", "Ann", PASSWORD)
    ContactFactory(organization=siemens, user=user, email=user.email)
    return user


@pytest.fixture
def colleague(siemens) -> Contact:
    return ContactFactory(organization=siemens, name="Colleague")


def let(principal: User, delegate: User, **changes) -> Delegation:
    given = {
        "scopes": ["consortium.contacts"],
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=30),
        "at": NOW,
        "today": TODAY,
        "by": principal,
    }
    return delegations.delegate(principal, delegate=delegate, **given | changes)


@pytest.fixture
def leave(vp, assistant) -> Delegation:
    return let(vp, assistant)


@pytest.fixture
def acting(leave, assistant) -> Client:
    """A browser in which the assistant acts for the VP."""
    client = Client()
    client.post("/accounts/login/", {"login": assistant.email, "password": PASSWORD})
    client.post(f"/account/standing-in/{leave.pk}/act/")
    return client


def confirm(client: Client, contact: Contact) -> int:
    return client.post(f"/consortium/contacts/{contact.pk}/confirm/").status_code


# --- given


def test_both_are_told_and_the_journal_says_what_was_given(leave, vp, assistant):
    entry = JournalEntry.objects.about(vp).first()

    assert {*Message.objects.values_list("to", flat=True)} == {vp.pk, assistant.pk}
    assert (entry.verb, entry.actor) == ("accounts.delegated", vp)
    assert entry.facts["scopes"] == ["consortium.contacts"]
    assert entry.facts["delegate"] == assistant.pk


def test_only_colleagues_can_stand_in(vp, db):
    stranger = person_at(OrganizationFactory(name="Amgen"), None).user

    with pytest.raises(NotACompanion):
        let(vp, stranger)


def test_nobody_of_inm_is_part_of_it(siemens, vp, assistant):
    assistant.groups.set(staff(roles.ADMIN).groups.all())

    for pair in [(vp, assistant), (User.objects.get(pk=assistant.pk), vp)]:
        with pytest.raises(NotACompanion):
            let(*pair)


@pytest.mark.parametrize("scopes", [[], ["consortium.everything"]])
def test_something_known_is_delegated(vp, assistant, scopes):
    with pytest.raises(NothingDelegated):
        let(vp, assistant, scopes=scopes)


def test_a_delegation_may_be_for_the_last_day_of_all(vp, assistant):
    assert let(vp, assistant, starts_on=date.max, ends_on=date.max)


@pytest.mark.parametrize(
    ("starts_in", "ends_in"),
    [(0, -1), (5, 4), (0, 366), (-400, -1), (0, ALWAYS), (ALWAYS, ALWAYS - 1)],
)
def test_a_delegation_ends_within_a_year(vp, assistant, starts_in, ends_in):
    term = {"starts_on": starts_in, "ends_on": ends_in}
    with pytest.raises(WrongTerm):
        let(vp, assistant, **{k: TODAY + timedelta(days=v) for k, v in term.items()})


def test_the_last_day_of_the_calendar_is_a_day_too(vp, assistant):
    """INJ-06."""
    made = let(vp, assistant, starts_on=date.max, ends_on=date.max)

    assert made.ends_on == date.max


def test_a_scope_that_is_named_often_is_given_once(vp, assistant):
    made = let(vp, assistant, scopes=["consortium.company"] * 1000)

    assert made.scopes == ["consortium.company"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": TODAY + timedelta(days=366)},
        {"scopes": []},
        {"granted_by": "assistant"},
    ],
    ids=str,
)
def test_the_database_refuses_it_too(leave, assistant, wrong):
    if "granted_by" in wrong:
        wrong = {"granted_by": assistant}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.update(**wrong)


# --- acted by


def test_who_acts_may_do_what_was_handed_on(acting, colleague, vp, assistant):
    assert confirm(acting, colleague) == 302

    entry = JournalEntry.objects.filter(verb="consortium.contact_confirmed").get()
    assert (entry.actor, entry.acting_as) == (assistant, vp)


def test_without_acting_the_assistant_may_not(leave, assistant, colleague, sign_in):
    assert confirm(sign_in(assistant), colleague) == 403


def test_what_was_not_handed_on_stays_out_of_reach(vp, assistant, colleague, leave):
    Delegation.objects.update(scopes=["consortium.company"])
    client = Client()
    client.post("/accounts/login/", {"login": assistant.email, "password": PASSWORD})
    client.post(f"/account/standing-in/{leave.pk}/act/")

    assert confirm(client, colleague) == 403
    assert client.get("/consortium/agreements/").status_code == 200
    assert client.get(f"/consortium/contacts/{colleague.pk}/").status_code == 200


@pytest.mark.parametrize("kind", ["contacts", "members"])
def test_who_acts_sees_nothing_of_a_company_that_is_not_theirs(
    acting, leave, vp, colleague, kind
):
    """TEN-02: the principal is at another company too, the assistant is not."""
    Delegation.objects.update(scopes=[scope.key for scope in kernel.scopes()])
    amgen = OrganizationFactory(name="Amgen")
    contact = ContactFactory(organization=amgen, user=vp, email="vp@amgen.example")
    RoleFactory(contact=contact, role=ContactRole.SPONSOR)
    agreement = sign(draft(amgen))
    theirs = [contact, amgen, agreement]

    page = acting.get(f"/consortium/{kind}/").content.decode()

    assert "Siemens" in page
    assert "Amgen" not in page
    assert {acting.get(one.get_absolute_url()).status_code for one in theirs} == {404}
    assert confirm(acting, contact) == 404
    assert confirm(acting, colleague) == 302


def test_who_acts_reads_the_commitment_and_claims_nothing(acting, leave, siemens):
    Delegation.objects.update(scopes=["consortium.commitment"])
    sign(draft(siemens))
    page = f"/consortium/members/{siemens.pk}"

    answer = acting.get(f"{page}/commitment/")

    assert answer.status_code == 200
    assert "$500,000" in answer.content.decode()
    assert acting.get(f"{page}/credits/new/").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/data/",
        "/account/tokens/new/",
        "/accounts/password/change/",
        "/account/standing-in/new/",
        "/api/v1/contacts/",
    ],
)
def test_what_is_for_the_person_alone_is_closed(acting, path):
    assert acting.get(path).status_code == 403


def test_the_page_says_who_acts_for_whom(acting, vp, assistant):
    page = acting.get("/").content.decode()

    assert "Acting for somebody else" in page
    assert assistant.name in page
    assert vp.name in page


def test_who_stops_is_themselves_again(acting, colleague):
    acting.post("/acting/stop/")

    assert confirm(acting, colleague) == 403
    assert "Acting for somebody else" not in acting.get("/").content.decode()
    verbs = JournalEntry.objects.values_list("verb", flat=True)
    assert {"accounts.acting_begun", "accounts.acting_ended"} <= {*verbs}


def test_session_and_forms_get_new_keys(leave, assistant):
    client = Client()
    client.post("/accounts/login/", {"login": assistant.email, "password": PASSWORD})
    before = client.session.session_key

    client.post(f"/account/standing-in/{leave.pk}/act/")

    assert client.session.session_key != before


def test_nobody_acts_by_the_leave_of_another(leave, siemens, sign_in):
    other = person_at(siemens, ContactRole.BILLING).user

    answer = sign_in(other).post(f"/account/standing-in/{leave.pk}/act/")

    assert answer.status_code == 404


def test_a_leave_holds_for_its_delegate_alone(leave, assistant, siemens):
    other = person_at(siemens, ContactRole.BILLING).user
    people = [assistant, other]

    held = [delegations.in_force(leave.pk, one, on=TODAY) for one in people]

    assert held == [leave, None]


def test_staff_give_it_for_somebody_who_asked_and_say_why(vp, assistant, sign_in):
    admin = staff(roles.ADMIN)
    typed = {
        "delegate": assistant.pk,
        "scopes": ["consortium.company"],
        "starts_on": "2026-11-22",
        "ends_on": "2026-12-31",
    }
    path = f"/people/{vp.pk}/delegate/"

    without = sign_in(admin).post(path, typed)
    given = sign_in(admin).post(path, typed | {"reason": "Asked by phone"})

    assert (without.status_code, given.status_code) == (422, 302)
    made = Delegation.objects.get()
    assert (made.principal, made.granted_by) == (vp, admin)
    assert JournalEntry.objects.about(vp).first().actor == admin


def test_staff_see_it_on_the_page_of_either_until_they_end_it(leave, sign_in):
    browser = sign_in(staff(roles.DIRECTOR))
    pages = [leave.principal.get_absolute_url(), leave.delegate.get_absolute_url()]
    assert [b"may act for" in browser.get(page).content for page in pages] == [True] * 2

    browser.post(f"/people/standing-in/{leave.pk}/end/", {"reason": "Wrong Flores"})

    assert b"may act for" not in browser.get(pages[0]).content


def give_by_program(principal, delegate):
    """Sign in as somebody, and let a colleague act by the API."""
    principal.set_password(PASSWORD)
    principal.save()
    client = Client()
    client.post("/accounts/login/", {"login": principal.email, "password": PASSWORD})
    asked = {
        "delegate": delegate.pk,
        "scopes": ["consortium.company"],
        "starts_on": "2026-11-22",
        "ends_on": "2026-12-31",
    }
    made = client.post("/api/v1/delegations/", asked, content_type="application/json")
    return client, made


def test_programs_give_and_end_it_for_whoever_is_there_in_person(vp, assistant):
    client, made = give_by_program(vp, assistant)
    ended = client.post(f"/api/v1/delegations/{made.json()['id']}/revoke/")

    assert (made.status_code, ended.status_code) == (201, 200)
    assert ended.json()["revoked_at"]


def test_a_colleague_at_two_companies_can_stand_in_too(vp, assistant):
    flex = OrganizationFactory(name="Flex")
    for person in (vp, assistant):
        ContactFactory(organization=flex, user=person, email=person.email)

    _client, made = give_by_program(vp, assistant)

    assert made.status_code == 201


# --- ended


def test_a_revoked_leave_ends_with_the_next_request(acting, leave, colleague, vp):
    delegations.revoke(leave, at=NOW, by=vp)

    assert confirm(acting, colleague) == 403
    assert confirm(acting, colleague) == 403
    told = Message.objects.filter(kind__endswith="delegation_revoked")
    assert told.count() == 2


def test_a_leave_ends_with_its_last_day(acting, leave, colleague):
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        last_day = Delegation.objects.in_force(on=timezone.localdate()).exists()
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        after = Delegation.objects.in_force(on=timezone.localdate()).exists()

    assert (last_day, after) == (True, False)


def test_it_ends_when_either_leaves_the_company(acting, leave, colleague, assistant):
    contact = assistant.contacts.get()
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    assert confirm(acting, colleague) == 302, "who left is signed out"


def test_it_ends_when_the_principal_may_not_sign_in(acting, colleague, vp):
    User.objects.filter(pk=vp.pk).update(is_active=False)

    assert confirm(acting, colleague) == 403


def test_it_is_taken_back_once(leave, vp):
    delegations.revoke(leave, at=NOW, by=vp)

    with pytest.raises(AlreadyRevoked):
        delegations.revoke(leave, at=NOW, by=vp)


@pytest.mark.parametrize("who", ["vp", "assistant"])
def test_either_can_end_it_on_the_account_page(leave, who, sign_in, request):
    browser = sign_in(request.getfixturevalue(who))

    browser.post(f"/account/standing-in/{leave.pk}/revoke/")

    leave.refresh_from_db()
    assert leave.revoked_at is not None


# --- seen and ended by those at INM

LIST = "/people/standing-in/"


@pytest.fixture
def admin(db) -> User:
    return staff(roles.ADMIN)


def test_those_at_inm_see_who_acts_for_whom(leave, admin, sign_in):
    page = sign_in(admin).get(LIST).content.decode()

    assert leave.principal.name in page
    assert leave.delegate.name in page
    assert f"{LIST}{leave.pk}/end/" in page


def test_the_list_shows_those_that_are_open_unless_asked_for_all(
    leave, admin, vp, sign_in
):
    browser = sign_in(admin)
    delegations.revoke(leave, at=NOW, by=vp)

    shown = browser.get(LIST).content.decode()
    everything = browser.get(f"{LIST}?state=all").content.decode()

    assert leave.delegate.name not in shown
    assert leave.delegate.name in everything


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ("search=assistant", True),
        ("search=nobody", False),
        ("scope=consortium.contacts", True),
        ("scope=consortium.commitment", False),
    ],
)
def test_the_list_is_searched(asked, is_there, leave, admin, sign_in):
    User.objects.filter(pk=leave.delegate_id).update(name="Ann Assistant")

    page = sign_in(admin).get(f"{LIST}?{asked}").content.decode()

    assert ("Ann Assistant" in page) is is_there


def test_a_member_finds_there_only_what_is_their_own(leave, vp, sign_in):
    other = UserFactory()

    own = sign_in(vp).get(LIST).content.decode()
    none = sign_in(other).get(LIST).content.decode()

    assert leave.delegate.name in own
    assert leave.delegate.name not in none
    assert "/end/" not in own


def test_inm_ends_one_with_a_reason_that_both_are_told(leave, admin, sign_in):
    browser, path = sign_in(admin), f"{LIST}{leave.pk}/end/"

    without = browser.post(path, {"reason": ""})
    given = browser.post(path, {"reason": "She left for another team"})

    leave.refresh_from_db()
    told = Message.objects.filter(kind__endswith="delegation_revoked")
    assert (without.status_code, given.status_code) == (422, 302)
    assert leave.ended_because == "She left for another team"
    assert leave.revoked_at is not None
    assert {m.recipient for m in told} == {leave.principal.email, leave.delegate.email}
    assert all("She left for another team" in m.text + m.html for m in told)
    assert JournalEntry.objects.about(leave.principal).first().actor == admin
    page = browser.get(f"{LIST}?state=all").content.decode()
    assert "She left for another team" in page


def test_inm_gives_its_reason_to_programs_too(leave, admin, api):
    path = f"/api/v1/delegations/{leave.pk}/"

    without = api(admin).post(f"{path}revoke/")
    given = api(admin).post(f"{path}end/", {"reason": "Asked by phone"}, format="json")

    assert (without.status_code, given.status_code) == (403, 200)
    assert given.json()["ended_because"] == "Asked by phone"


def test_what_is_open_was_ended_by_nobody(leave):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.update(ended_because="For no reason")


# --- what no scope holds

NEVER = [
    "sign",
    "vote",
    "waive",
    "approve",
    "decide",
    "pay",
    "allocate",
    "erase",
    "token",
    "session",
    "delegat",
    "user",
    "invit",
    "view_as",
    "depart",
    "role_contact",
]


@pytest.mark.parametrize("scope", kernel.scopes(), ids=lambda scope: scope.key)
def test_a_scope_holds_permissions_that_exist_and_none_that_is_personal(scope):
    assert scope.permissions <= rule_names()
    assert [
        name
        for name in scope.permissions
        for word in NEVER
        if word in name.partition(".")[2].replace("roleassignment", "")
    ] == []
