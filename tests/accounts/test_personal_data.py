"""Personal data is handed out and erased, and records stay right (AUD-05, case 48)."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from consortium import services
from consortium.models import Contact, ContactRole
from inm_portal.accounts import personal_data, roles
from inm_portal.accounts.merging import merge_users
from inm_portal.accounts.models import AccessRequest, ApiToken, Erasure, Ground, User
from inm_portal.accounts.personal_data import (
    AlreadyErased,
    AnotherPerson,
    StillNeeded,
)
from inm_portal.kernel import seals
from inm_portal.kernel.models import JournalEntry, Message

from ..conftest import TODAY
from ..factories.accounts import UserFactory, staff
from ..factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
PASSWORD = "a password of the tests"
NAME, EMAIL = "Wilhelmine Unverwechselbar", "wilhelmine@siemens.example"


@pytest.fixture
def admin(db) -> User:
    return staff(roles.ADMIN)


@pytest.fixture
def person(db, admin) -> User:
    """Somebody of whom the portal holds something in every table."""
    siemens = OrganizationFactory(name="Siemens")
    contact = person_at(siemens, ContactRole.TECHNICAL)
    User.objects.filter(pk=contact.user_id).update(name=NAME, email=EMAIL)
    services.change_contact(
        contact, name=NAME, email=EMAIL, phone="+49 30 1234", on=TODAY, by=admin
    )
    user = User.objects.get(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    ApiToken.objects.create(user=user, expiry=timedelta(days=1))
    SocialAccount.objects.create(
        user=user, provider="mit", uid="1", extra_data={"email": EMAIL}
    )
    AccessRequest.objects.create(user=user, institution="mit", asked_at=NOW)
    Message.objects.create(
        kind="password_reset",
        recipient=EMAIL,
        slot="1",
        subject=f"Dear {NAME}",
        text=f"Dear {NAME}",
        html=f"<p>{NAME}</p>",
        not_before=NOW,
    )
    return user


@pytest.fixture
def leaver(person, admin) -> User:
    contact = person.contacts.get()
    services.depart_contact(contact, on=TODAY, today=TODAY, by=admin)
    return person


def archive(user: User, by: User | None = None) -> dict[str, str]:
    """Return the files of an archive."""
    with (
        personal_data.hand_out(user, by=by or user) as handed,
        ZipFile(handed) as files,
    ):
        return {name: files.read(name).decode() for name in files.namelist()}


def erase(user: User, by: User, **changes) -> User:
    given = {"address": user.email, "ground": Ground.ASKED, "at": NOW} | changes
    return personal_data.erase(user, by=by, **given)


# --- handed out


def test_an_archive_holds_every_kind_of_data(person):
    files = archive(person)

    data = json.loads(files["data.json"])
    assert data["account"][0]["email"] == EMAIL
    assert (
        data["contacts"][0] | {"company": "Siemens", "phone": "+49 30 1234"}
        == data["contacts"][0]
    )
    assert data["roles"][0]["role"] == "technical"
    assert [mail["subject"] for mail in data["mails"]] == [f"Dear {NAME}"]
    assert data["identities"][0]["said"] == {"email": EMAIL}
    assert len(data["api_tokens"]) == len(data["access_requests"]) == 1


def test_an_archive_holds_the_same_as_tables(person):
    files = archive(person)

    data = json.loads(files["data.json"])
    for kind, rows in data.items():
        lines = list(csv.DictReader(io.StringIO(files[f"{kind}.csv"])))
        assert [list(line) for line in lines] == [list(row) for row in rows]


def test_no_cell_of_a_table_is_a_formula(person):
    User.objects.filter(pk=person.pk).update(name="=1+1")

    table = archive(person)["account.csv"]

    assert "'=1+1" in table


def test_an_archive_holds_nothing_of_anybody_else(person):
    other = UserFactory(name="Somebody Else", email="else@siemens.example")
    person_at(OrganizationFactory(name="Amgen"), ContactRole.BILLING)
    ApiToken.objects.create(user=other, expiry=timedelta(days=1))

    files = archive(person)

    text = "".join(files.values())
    assert [w for w in ["Somebody", "else@", "Amgen"] if w in text] == []


def test_an_archive_holds_no_secret(person):
    text = archive(person)["data.json"]

    assert person.password not in text
    assert ApiToken.objects.get().digest not in text


def test_what_somebody_did_and_what_was_done_about_them_is_in_it(person, admin):
    archive(person)

    entries = json.loads(archive(person, admin)["data.json"])["journal"]

    told = {(entry["verb"], entry["by_you"]) for entry in entries}
    assert ("Personal data handed out", True) in told
    assert admin.name not in json.dumps(entries)


def test_handing_out_is_journaled_under_both(person, admin):
    archive(person, admin)

    entry = JournalEntry.objects.about(person).first()
    assert (entry.verb, entry.actor) == ("accounts.data_handed_out", admin)


def test_taking_ones_own_needs_a_fresh_sign_in(person, sign_in):
    answer = sign_in(person).get("/account/data/")

    assert answer.url.startswith("/accounts/reauthenticate/")


def test_people_take_their_own_and_staff_what_was_asked_for(person, admin, sign_in):
    browser = Client()
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    own = browser.get("/account/data/")
    asked = sign_in(admin).get(f"/people/{person.pk}/data/")

    for answer in [own, asked]:
        names = ZipFile(io.BytesIO(answer.getvalue())).namelist()
        assert {"data.json", "account.csv", "contacts.csv"} <= {*names}
        assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")


# --- erased


def everything() -> str:
    """Return all text of all tables, as PostgreSQL writes rows."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in sorted(tables):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_nothing_of_the_person_is_left_in_any_table(leaver, admin):
    before = everything()

    erased = erase(leaver, admin)

    words = [NAME, EMAIL, "Unverwechselbar", "wilhelmine", "+49 30 1234"]
    assert [word for word in words if word not in before] == []
    assert [word for word in words if word in everything()] == []
    assert erased.name == f"Former person {leaver.pk}"


def test_contacts_that_were_merged_into_theirs_go_too(person, admin):
    contact = person.contacts.get()
    twins = [
        ContactFactory(organization=contact.organization, email=email)
        for email in ("w1@x.example", "w2@x.example")
    ]
    for survivor, merged in [(twins[1], twins[0]), (contact, twins[1])]:
        services.merge_contacts(survivor, merged=merged, at=NOW, today=TODAY, by=admin)
    services.depart_contact(contact, on=TODAY, today=TODAY, by=admin)

    erase(person, admin)

    assert "@x.example" not in everything()


def test_what_waits_to_open_something_does_not_go_out(leaver, admin):
    reset = Message.objects.get(recipient=EMAIL, kind="password_reset")
    Message.objects.filter(pk=reset.pk).update(opens_something=True)

    erase(leaver, admin)

    reset.refresh_from_db()
    assert (reset.state, reset.text) == ("cancelled", "")


def test_mails_of_one_day_to_two_addresses_of_theirs_are_no_hindrance(leaver, admin):
    for address in [EMAIL, "before@siemens.example"]:
        Message.objects.create(
            kind="reminders",
            to=leaver,
            recipient=address,
            slot="2026-11-22",
            subject="Two things wait for you",
            not_before=NOW,
        )

    erase(leaver, admin)

    assert "before@siemens.example" not in everything()


def test_a_link_that_is_on_its_way_to_them_goes_too(leaver, admin):
    link = {"text": "Choose it here", "opens_something": True}
    Message.objects.filter(recipient=EMAIL).update(**link)

    erase(leaver, admin)

    assert Message.objects.get(kind="password_reset").state == "cancelled"
    assert "Choose it here" not in everything()


def test_an_erased_person_comes_in_by_no_way(leaver, admin, sign_in):
    browser = sign_in(leaver)

    erased = erase(leaver, admin)

    assert browser.get("/").status_code == 302
    assert not erased.is_active
    assert not erased.has_usable_password()
    assert not ApiToken.objects.exists()
    assert not SocialAccount.objects.exists()


def test_nobody_lets_an_erased_person_in_again(leaver, admin):
    erase(leaver, admin)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=leaver.pk).update(is_active=True)


def test_no_button_lets_them_in_again(leaver, admin):
    erased = erase(leaver, admin)

    assert not admin.has_perm("accounts.restore_access_user", erased)


def test_accounts_that_were_merged_into_theirs_go_too(leaver, admin):
    other = UserFactory(name="Wilhelmine U.", email="w.u@siemens.example")
    merge = merge_users(leaver, merged=other, at=NOW, by=admin)

    erase(leaver, admin)

    assert "w.u@siemens.example" not in everything()
    assert Erasure.objects.count() == 2
    assert not admin.has_perm("accounts.undo_usermerge", merge)


def test_the_api_erases_too(leaver, admin, api):
    url = f"/api/v1/people/{leaver.pk}/erase/"

    wrong = api(admin).post(
        url, {"ground": "asked", "address": "a@b.example"}, format="json"
    )
    right = api(admin).post(url, {"ground": "asked", "address": EMAIL}, format="json")

    assert (wrong.status_code, wrong.json()["code"]) == (409, "another_person")
    assert (right.status_code, right.json()["email"].partition("@")[2]) == (
        200,
        "erased.invalid",
    )


def test_records_keep_their_number_and_the_journal_its_seals(leaver, admin):
    seals.seal(at=NOW)

    erase(leaver, admin, reference="2026-17")

    seals.seal(at=NOW)
    assert list(seals.faults(at=NOW)) == []
    contact = Contact.objects.get(user=leaver)
    assert (contact.name, contact.job_title) == (f"Former person {leaver.pk}", "")
    assert contact.roles.exists()
    assert JournalEntry.objects.about(leaver).first().facts == {"ground": "asked"}
    erasure = Erasure.objects.get()
    assert (erasure.user, erasure.reference) == (leaver, "2026-17")


def test_a_signature_stays_under_its_contract_and_the_preview_says_so(leaver, admin):
    agreement = draft(leaver.contacts.get().organization)
    sign(agreement)
    preview = {one.kind.key: one for one in personal_data.preview(leaver)}

    assert preview["contacts"].count == 1
    assert preview["roles"].kind.fate == "kept"
    assert "signatures" not in preview

    signed = UserFactory(name="A Director")
    (line,) = [o for o in personal_data.preview(signed) if o.kind.key == "signatures"]
    assert (line.count, line.kind.fate) == (1, "kept")


def test_who_is_at_a_company_is_not_erased(person, admin):
    with pytest.raises(StillNeeded, match="departure from Siemens"):
        erase(person, admin)

    assert User.objects.filter(name=NAME).exists()


def test_who_has_a_role_at_inm_is_not_erased(admin):
    with pytest.raises(StillNeeded, match="role at INM"):
        erase(staff(roles.FINANCE), admin)


def test_nobody_erases_themselves(admin):
    admin.groups.clear()

    with pytest.raises(StillNeeded, match="ask a colleague"):
        erase(admin, admin)


def test_nobody_is_erased_by_a_wrong_address(leaver, admin):
    with pytest.raises(AnotherPerson):
        erase(leaver, admin, address="other@siemens.example")


def test_nobody_is_erased_twice(leaver, admin):
    erase(leaver, admin)

    with pytest.raises(AlreadyErased):
        erase(User.objects.get(pk=leaver.pk), admin)


def test_an_address_that_was_erased_can_come_again_as_somebody_new(leaver, admin):
    erase(leaver, admin)

    assert User.objects.create_user(EMAIL, NAME).pk != leaver.pk


def test_two_steps_lead_to_it(leaver, admin, sign_in):
    browser = sign_in(admin)

    first = browser.get(f"/people/{leaver.pk}/erase/")
    second = browser.get(f"/people/{leaver.pk}/erase/confirm/?ground=asked&reference=7")
    typed = {"ground": "asked", "reference": "7", "address": EMAIL}
    wrong = browser.post(
        f"/people/{leaver.pk}/erase/confirm/", typed | {"address": "a@b.example"}
    )
    right = browser.post(f"/people/{leaver.pk}/erase/confirm/", typed)

    assert "Contacts at companies" in first.content.decode()
    assert 'name="reference" value="7"' in second.content.decode()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert browser.get(f"/people/{leaver.pk}/erase/").status_code == 403


def test_the_first_step_says_what_has_to_happen_before(person, admin, sign_in):
    page = sign_in(admin).get(f"/people/{person.pk}/erase/").content.decode()

    assert "Record the departure from Siemens first." in page
    assert "/erase/confirm/" not in page


def test_after_a_restored_backup_people_are_erased_again(leaver, admin, capsys):
    erase(leaver, admin)
    call_command("erase_again")
    numbers = capsys.readouterr().out.split()
    User.objects.filter(pk=leaver.pk).update(name=NAME, email=EMAIL)
    ApiToken.objects.create(user=leaver, expiry=timedelta(days=1))

    call_command("erase_again", *numbers)

    assert numbers == [str(leaver.pk)]
    assert NAME not in everything()
    assert not ApiToken.objects.exists()
