"""A shared mailbox used as login: each action asks for the person's name (case 44)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortium.models import Contact, ContactRole
from inm_portal.accounts import delegations, personal_data, roles
from inm_portal.accounts.delegations import NotACompanion
from inm_portal.accounts.mailboxes import NameNeeded, named
from inm_portal.accounts.models import Delegation, Ground, User
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel import context, jobs, journal, seals
from inm_portal.kernel.models import GivenName, Job, JournalEntry
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory, staff
from ..factories.consortium import ContactFactory, RoleFactory
from .conftest import PASSWORD

AP = "ap@siemens.example"
MEI, OTTO = "Mei Lin", "Otto Kranz"
NEEDED = "Several people use this account: enter your name."
NEW_PASSWORD = "another one of the tests"
PHONE = "+49 89 555 0142"


@pytest.fixture
def contact(cast) -> Contact:
    user = User.objects.create_user(AP, "Accounts payable", PASSWORD)
    contact = ContactFactory(
        organization=cast.siemens,
        name=user.name,
        email=AP,
        user=user,
        is_shared_mailbox=True,
    )
    RoleFactory(contact=contact, role=ContactRole.BILLING)
    return contact


@pytest.fixture
def mailbox(contact, door) -> Client:
    """A browser in which somebody signed in as ap@… just now."""
    client, answer = door(AP)
    assert answer.status_code == 302
    return client


def typed(contact: Contact) -> dict:
    return {"name": contact.name, "email": AP, "phone": PHONE, "version": 1} | {
        "is_shared_mailbox": "on"
    }


def change(client: Client, contact: Contact, name: dict):
    url = reverse("consortium:change_contact", args=[contact.pk])
    return client.post(url, typed(contact) | name)


def confirm(client: Client, contact: Contact, name: dict):
    return client.post(reverse("consortium:confirm_contact", args=[contact.pk]), name)


def prepare(client: Client, contact: Contact, name: dict):
    return client.post(
        reverse("consortium:export_contacts") + "?format=xlsx&search=a", name
    )


def set_zone(client: Client, contact: Contact, name: dict):
    url = reverse("accounts:preferences")
    return client.post(url, {"time_zone": "Europe/Berlin"} | name)


def add_token(client: Client, contact: Contact, name: dict):
    url = reverse("accounts:add_token")
    return client.post(url, {"name": "SAP", "scope": "read", "days": "30"} | name)


def change_password(client: Client, contact: Contact, name: dict):
    passwords = dict.fromkeys(("password1", "password2"), NEW_PASSWORD)
    url = reverse("account_change_password")
    return client.post(url, {"oldpassword": PASSWORD} | passwords | name)


def end_sessions(client: Client, contact: Contact, name: dict):
    return client.post(reverse("accounts:sign_out_everywhere"), name)


ACTIONS = [
    *[change, confirm, prepare, set_zone, add_token, change_password, end_sessions]
]


def entries() -> list[tuple[str, str]]:
    """Return what the mailbox did and who did it, since it signed in."""
    rows = JournalEntry.objects.latest_first().filter(actor__email=AP)
    done = rows.exclude(verb="accounts.signed_in")
    return [(entry.verb, entry.actor_name) for entry in done]


@pytest.mark.parametrize("act", ACTIONS)
def test_without_a_name_nothing_is_done(mailbox, contact, act):
    answer = act(mailbox, contact, {})

    assert answer.status_code == 422
    assert NEEDED in answer.content.decode()
    assert entries() == []
    assert not Job.objects.exists()
    assert User.objects.get(email=AP).check_password(PASSWORD)


@pytest.mark.parametrize("act", ACTIONS)
def test_what_is_done_stands_in_the_journal_with_the_name(mailbox, contact, act):
    answer = act(mailbox, contact, {"acting_name": f"  {MEI} "})

    assert answer.status_code in {200, 302}
    done = entries()
    assert done
    assert {who for _verb, who in done} == {f"Accounts payable ({MEI})"}


def test_a_form_keeps_what_was_typed_and_asks_beside_the_field(mailbox, contact):
    page = change(mailbox, contact, {}).content.decode()

    assert PHONE in page
    assert page.count(NEEDED) == 2  # above the form, and at the field
    assert 'name="acting_name"' in page
    assert 'aria-describedby="acting-name-error"' in page


def test_a_button_without_a_name_leads_back(mailbox, contact):
    url = reverse("consortium:confirm_contact", args=[contact.pk])
    came_from = f"http://testserver{contact.get_absolute_url()}"

    answer = mailbox.post(url, headers={"referer": came_from})
    elsewhere = mailbox.post(url, headers={"referer": "https://evil.example/"})

    assert f'href="{came_from}"' in answer.content.decode()
    assert "evil.example" not in elsewhere.content.decode()


def test_a_button_that_redraws_says_so_in_a_line(mailbox, contact):
    url = reverse("consortium:confirm_contact", args=[contact.pk])

    answer = mailbox.post(url, headers={"hx-request": "true"})
    done = mailbox.post(url, {"acting_name": MEI}, headers={"hx-request": "true"})

    assert (answer.status_code, answer.content.decode()) == (422, NEEDED)
    assert answer["Content-Type"].startswith("text/plain")
    assert done.status_code == 302
    assert entries() == [("consortium.contact_confirmed", f"Accounts payable ({MEI})")]


@pytest.mark.parametrize("page", ["accounts:preferences", "account_change_password"])
def test_forms_show_the_field_to_a_shared_mailbox_alone(mailbox, cast, sign_in, page):
    url = reverse(page)

    assert 'name="acting_name"' in mailbox.get(url).content.decode()
    ordinary = sign_in(cast["billing"]).get(url, follow=True).content.decode()
    assert "acting_name" not in ordinary


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_a_form_that_is_not_posted_does_nothing(mailbox, contact, method):
    url = reverse("consortium:change_contact", args=[contact.pk])

    assert getattr(mailbox, method)(url).status_code in {405, 422}
    assert entries() == []


# --- what is read, and leaves an entry

TAKEN = ["consortium:export_contacts", "consortium:export_contacts excel", "own_data"]


def address_of(taken: str) -> str:
    name, _, excel = taken.partition(" ")
    return reverse(name) + ("?format=xlsx" if excel else "")


@pytest.mark.parametrize("taken", TAKEN)
def test_what_leaves_an_entry_is_not_handed_out_without_a_name(mailbox, taken):
    answer = mailbox.get(address_of(taken))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'action="{address_of(taken)}"' in page
    assert 'name="acting_name"' in page
    assert entries() == []


@pytest.mark.parametrize("taken", TAKEN)
def test_with_a_name_it_is_handed_out_and_the_address_is_silent(mailbox, taken):
    named = {"reads": "1", "acting_name": MEI}

    answer = mailbox.post(address_of(taken), named)

    assert answer.status_code == 200
    assert answer.getvalue()
    assert answer["Content-Disposition"].startswith("attachment")
    assert [who for _verb, who in entries()] == [f"Accounts payable ({MEI})"]


def test_who_is_not_named_is_asked_again(mailbox):
    url = reverse("own_data")

    answer = mailbox.post(url, {"reads": "1", "acting_name": "007"})

    assert answer.status_code == 422
    assert 'value="007"' in answer.content.decode()
    assert entries() == []


def test_a_form_that_reads_changes_nothing(mailbox, contact):
    named = {"reads": "1", "acting_name": MEI}

    shown = change(mailbox, contact, named)
    button = confirm(mailbox, contact, named)

    assert (shown.status_code, button.status_code) == (200, 405)
    assert entries() == []


def test_a_job_is_done_in_the_name_of_who_asked(mailbox, contact):
    prepare(mailbox, contact, {"acting_name": MEI})

    jobs.run_due()

    assert {verb for verb, _who in entries()} >= {"kernel.job_asked", "kernel.job_done"}
    assert {who for _verb, who in entries()} == {f"Accounts payable ({MEI})"}


def test_two_people_are_two_names_in_the_journal(mailbox, contact):
    confirm(mailbox, contact, {"acting_name": MEI})
    change(mailbox, contact, {"acting_name": OTTO, "version": 2})

    assert entries() == [
        ("consortium.contact_changed", f"Accounts payable ({OTTO})"),
        ("consortium.contact_confirmed", f"Accounts payable ({MEI})"),
    ]


def test_a_name_is_of_its_request_alone(mailbox, contact):
    confirm(mailbox, contact, {"acting_name": MEI})

    journal.record(Verb.LIST_EXPORTED, contact, by=contact.user)

    assert context.given_name.get() is None
    assert JournalEntry.objects.latest_first()[0].actor_name == "Accounts payable"


def test_a_name_stands_beside_what_its_account_did_alone(db):
    account, other = UserFactory.create_batch(2)

    with context.of_one_name(context.Given(account.pk, MEI)):
        journal.record(Verb.LIST_EXPORTED, account, by=None)
        journal.record(Verb.LIST_EXPORTED, account, by=other)

    assert not GivenName.objects.exists()


def test_the_same_form_sent_twice_is_done_once(mailbox, contact):
    sent = {"acting_name": MEI, "idempotency_key": "a-key-of-the-form"}

    first, second = (change(mailbox, contact, sent) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 303)
    assert entries() == [("consortium.contact_changed", f"Accounts payable ({MEI})")]


def test_what_a_colleague_sent_before_is_asked_about_whatever_their_name(
    mailbox, contact
):
    change(mailbox, contact, {"acting_name": MEI, "idempotency_key": "one-key"})

    again = {"acting_name": OTTO, "idempotency_key": "another-key"}
    answer = change(mailbox, contact, again)

    assert answer.status_code == 422
    assert "You sent exactly this a while ago" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (" Mei  Lin ", MEI),
        ("Zoe\u0308 D'Arcy-\u00d8ster", "Zo\u00eb D'Arcy-\u00d8ster"),
        ("\u6797\u7f8e", "\u6797\u7f8e"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_name_is_kept_as_people_write_it(name, kept):
    assert named(name, account=User(name="Accounts payable", email=AP)) == kept


@pytest.mark.parametrize(
    "name",
    [
        *["", "  ", "x" * 201, "Mei\x00Lin", "Mei\x1bLin", "Mei\u202eLin", "007", "-"],
        *["accounts  PAYABLE", "AP@Siemens.example", "Accounts payable."],
        *["\uff21ccounts payable", "A\u034fccounts payable"],
        *["\u3164", "\u115f", "\uffa0 \u1160"],
    ],
)
def test_what_names_nobody_is_refused(name):
    with pytest.raises(NameNeeded):
        named(name, account=User(name="Accounts payable", email=AP))


# --- the API


@pytest.fixture
def token(contact) -> dict:
    clear = issue_token(contact.user, scope="write", lifetime=timedelta(days=1))
    return {"authorization": f"Bearer {clear}"}


def patch(client: Client, contact: Contact, **headers: str):
    headers |= {"if-match": '"1"'}
    url = reverse("contact-detail", args=[contact.pk])
    data = {"phone": PHONE}
    return client.patch(url, data, content_type="application/json", headers=headers)


@pytest.mark.parametrize("way", ["token", "session"])
def test_the_api_asks_for_the_name_in_a_header(request, contact, way):
    client = request.getfixturevalue("mailbox") if way == "session" else Client()
    sent = request.getfixturevalue("token") if way == "token" else {}

    without = patch(client, contact, **sent)
    before = entries()
    done = patch(client, contact, **sent, **{"acting-name": MEI})

    assert without.status_code == 400
    assert without.json() == {"code": "name_needed", "detail": NEEDED}
    assert before == []
    assert done.status_code == 200
    assert entries() == [("consortium.contact_changed", f"Accounts payable ({MEI})")]


@pytest.mark.parametrize("written", ["Zo%C3%AB", "Zo\u00eb".encode().decode("latin-1")])
def test_a_header_holds_any_name(contact, token, written):
    assert patch(
        Client(), contact, **token, **{"acting-name": written}
    ).status_code == (200)
    assert GivenName.objects.get().name == "Zo\u00eb"


def test_a_header_that_is_no_text_names_nobody(contact, token):
    assert (
        patch(Client(), contact, **token, **{"acting-name": "%ff"}).status_code == 400
    )


def test_reading_asks_nobody(contact, token, mailbox):
    url = reverse("contact-detail", args=[contact.pk])

    assert Client().get(url, headers=token).status_code == 200
    assert mailbox.get(url).status_code == 200


def test_another_persons_token_in_the_mailboxs_browser_is_of_that_person(
    mailbox, cast, contact
):
    clear = issue_token(cast["sponsor"], scope="write", lifetime=timedelta(days=1))
    headers = {"authorization": f"Bearer {clear}", "acting-name": MEI}

    assert patch(mailbox, contact, **headers).status_code == 200
    assert not GivenName.objects.exists()


def test_the_description_names_the_header_for_each_write(sign_in, cast):
    schema = sign_in(cast["billing"]).get("/api/schema/?format=json").json()

    missing = [
        (path, method)
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if method not in {"get", "parameters"}
        and "Acting-Name" not in {p["name"] for p in operation.get("parameters", [])}
    ]
    assert missing == []


# --- what staff see


@pytest.fixture
def used(mailbox, contact) -> Contact:
    """The mailbox after Mei Lin confirmed it."""
    confirm(mailbox, contact, {"acting_name": MEI})
    return contact


def test_the_journal_shows_and_finds_the_name(used, sign_in, cast):
    client = sign_in(cast["director"])

    for text in ("mei lin", "accounts pay"):
        page = client.get(reverse("journal"), {"search": text}).content.decode()
        assert f"Accounts payable ({MEI})" in page
    assert (
        MEI not in client.get(reverse("journal"), {"search": "otto"}).content.decode()
    )


def test_the_timeline_of_the_member_shows_the_name(used, sign_in, cast):
    page = sign_in(cast["staff"]).get(cast.siemens.get_absolute_url())

    assert f"Accounts payable ({MEI})" in page.content.decode()


def test_export_and_api_tell_the_name(used, sign_in, cast):
    client = sign_in(cast["director"])

    lines = client.get(reverse("export_journal")).getvalue().decode()
    rows = client.get("/api/v1/journal/", {"search": MEI}).json()["results"]

    assert f"{AP},{MEI}," in lines
    assert [row["given_name"] for row in rows] == [MEI]


def statements(client: Client, page: str) -> int:
    """Return how many statements a page costs that was visited before."""
    client.get(page)
    with CaptureQueriesContext(connection) as made:
        assert client.get(page).status_code == 200
    return len(made)


def test_names_cost_the_journal_no_further_statement(used, sign_in, cast):
    client = sign_in(cast["director"])
    pages = [reverse("journal"), "/api/v1/journal/", cast.siemens.get_absolute_url()]
    before = [statements(client, page) for page in pages]

    with context.of_one_name(context.Given(used.user_id, OTTO)):
        for _number in range(3):
            journal.record(Verb.LIST_EXPORTED, cast.siemens, by=used.user)

    assert [statements(client, page) for page in pages] == before


def test_a_page_of_a_mailbox_costs_what_it_costs_others(mailbox, sign_in, cast):
    page = cast.siemens.get_absolute_url()

    assert statements(mailbox, page) == statements(sign_in(cast["billing"]), page)


# --- nobody's stand-in


def delegate_to(cast, contact) -> Delegation:
    today = timezone.localdate()
    return delegations.delegate(
        cast["sponsor"],
        delegate=contact.user,
        scopes=["consortium.commitment"],
        starts_on=today,
        ends_on=today,
        at=timezone.now(),
        today=today,
        by=cast["sponsor"],
    )


def test_a_shared_mailbox_stands_in_for_nobody(cast, contact):
    with pytest.raises(NotACompanion):
        delegate_to(cast, contact)

    assert contact.user not in delegations.stand_ins(cast["sponsor"])
    assert cast["colleague"] in delegations.stand_ins(cast["sponsor"])


def test_a_leave_is_over_once_the_delegate_is_a_shared_mailbox(cast, contact):
    Contact.objects.filter(pk=contact.pk).update(is_shared_mailbox=False)
    made = delegate_to(cast, contact)
    today = timezone.localdate()
    assert delegations.in_force(made.pk, contact.user, on=today)

    Contact.objects.filter(pk=contact.pk).update(is_shared_mailbox=True)

    assert delegations.in_force(made.pk, contact.user, on=today) is None


def test_who_acts_for_a_mailbox_is_known_by_their_own_name(cast, contact, sign_in):
    today = timezone.localdate()
    made = delegations.delegate(
        contact.user,
        delegate=cast["colleague"],
        scopes=["consortium.contacts"],
        starts_on=today,
        ends_on=today,
        at=timezone.now(),
        today=today,
        by=contact.user,
    )
    client = sign_in(cast["colleague"])
    client.post(reverse("accounts:act", args=[made.pk]))

    page = client.get(reverse("consortium:change_contact", args=[contact.pk]))
    answer = confirm(client, contact, {})

    assert "acting_name" not in page.content.decode()
    assert answer.status_code == 302
    entry = JournalEntry.objects.latest_first()[0]
    assert (entry.actor, entry.acting_as) == (cast["colleague"], contact.user)


def test_an_account_is_asked_no_more_once_the_contact_is_no_shared_mailbox(
    mailbox, contact
):
    Contact.objects.filter(pk=contact.pk).update(is_shared_mailbox=False)

    assert confirm(mailbox, contact, {}).status_code == 302


def test_an_account_that_is_a_mailbox_somewhere_is_asked_everywhere(
    cast, contact, mailbox
):
    other = ContactFactory(organization=cast.amgen, user=contact.user)

    assert confirm(mailbox, other, {}).status_code == 422


# --- personal data


@pytest.fixture
def admin(cast) -> User:
    return cast["admin"]


def test_names_of_colleagues_are_not_handed_out_and_go_with_the_account(used, admin):
    seals.seal(at=timezone.now())
    (kind,) = [k for k in personal_data.kinds_of(used.user) if k.key == "given_names"]
    assert [list(row) for row in kind.rows(used.user)] == [["given_at"]]
    Contact.objects.filter(pk=used.pk).update(departed_on=timezone.localdate())

    personal_data.erase(
        used.user, address=AP, ground=Ground.ASKED, at=timezone.now(), by=admin
    )

    assert [given.name for given in GivenName.objects.all()] == [
        f"Former person {used.user_id}"
    ]
    assert list(seals.faults(at=timezone.now())) == []


def erased(user: User, admin: User) -> None:
    personal_data.erase(
        user, address=user.email, ground=Ground.ASKED, at=timezone.now(), by=admin
    )


def test_who_is_erased_is_named_at_no_mailbox_of_their_company(
    mailbox, contact, cast, admin
):
    today = timezone.localdate()
    mei, namesake = UserFactory.create_batch(2, name=MEI)
    ContactFactory(organization=cast.siemens, user=mei, departed_on=today)
    ContactFactory(organization=cast.amgen, user=namesake, departed_on=today)
    confirm(mailbox, contact, {"acting_name": MEI.upper()})
    change(mailbox, contact, {"acting_name": OTTO, "version": 2})

    erased(namesake, admin)
    assert MEI.upper() in set(GivenName.objects.values_list("name", flat=True))

    (kind,) = [k for k in personal_data.kinds_of(mei) if k.key == "names_at_mailboxes"]
    assert [row["name"] for row in kind.rows(mei)] == [MEI.upper()]
    erased(mei, admin)
    names = set(GivenName.objects.values_list("name", flat=True))
    assert names == {f"Former person {mei.pk}", OTTO}


def test_without_a_name_an_entry_is_one_bare_insert(db, django_assert_num_queries):
    person = staff(roles.FINANCE)

    with django_assert_num_queries(1) as made:
        journal.record(Verb.LIST_EXPORTED, person, by=person)

    assert "givenname" not in made.captured_queries[0]["sql"]
    assert connection.in_atomic_block


def test_a_mailbox_is_known_in_the_statement_that_reads_who_is_signed_in(
    contact, django_assert_num_queries
):
    with django_assert_num_queries(1):
        read = User.objects.with_rights().get(pk=contact.user_id)
        assert read.is_asked_for_name
    assert contact.user.is_shared_mailbox
    assert not UserFactory().is_shared_mailbox
