"""What is held about contacts, with and without an account (AUD-05)."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from consortium import privacy, services
from consortium.models import Contact, ContactErasure
from consortium.verbs import Verb
from inm_portal.accounts import personal_data, roles
from inm_portal.accounts.models import Ground, Invitation, User
from inm_portal.accounts.personal_data import (
    AlreadyErased,
    AnotherPerson,
    StillNeeded,
)
from inm_portal.kernel import bounces, outbox, seals
from inm_portal.kernel.models import (
    JournalEntry,
    Letter,
    Message,
    ReminderDelivery,
    Task,
)

from ...accounts.test_personal_data import NOW, everything
from ...conftest import TODAY
from ...factories.accounts import UserFactory, staff
from ...factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    sign,
)
from ...factories.credits import claim, year_of

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Wilhelmine O'Hara", "w.ohara@siemens.example"
BEFORE = "wilhelmine@siemens.example"
WORDS = ["Wilhelmine", "O'Hara", "O&#x27;Hara", "ohara", "wilhelmine@", "+49 30 1234"]


@pytest.fixture
def admin() -> User:
    return staff(roles.ADMIN)


@pytest.fixture
def contact(admin) -> Contact:
    """Somebody without an account of whom much was written."""
    siemens = OrganizationFactory(name="Siemens", owner=UserFactory())
    made = ContactFactory(organization=siemens, name=NAME, email=BEFORE)
    services.invite_contact(made, at=NOW, by=admin)
    services.change_contact(made, email=EMAIL, phone="+49 30 1234", on=TODAY, by=admin)
    bounces.mark(EMAIL, at=NOW, codes="550")
    mention(made, "sponsor@siemens.example")
    return made.refreshed()


def mention(contact: Contact, to: str) -> Message:
    """Return a mail to somebody else that is about a contact."""
    text = f"Confirm the details of {contact.name}, {contact.email}."
    letter = Letter(f"About {contact.name}", text, "<p>Wilhelmine O&#x27;Hara</p>")
    return outbox.queue(
        letter, kind="test/about", to=to, about=contact, slot="1", at=NOW
    )


@pytest.fixture
def leaver(contact, admin) -> Contact:
    return services.depart_contact(contact, on=TODAY, today=TODAY, by=admin)


def erase(contact: Contact, by: User, **changes) -> Contact:
    given = {"address": contact.email, "ground": Ground.ASKED, "at": NOW} | changes
    return services.erase_contact(contact, by=by, **given)


def handed_out(contact: Contact, by: User) -> dict:
    with (
        services.hand_out_contact(contact, by=by) as archive,
        ZipFile(archive) as files,
    ):
        return json.loads(files.read("data.json"))


def test_what_is_held_about_a_contact_is_handed_out(contact, admin):
    data = handed_out(contact, admin)

    assert [row["email"] for row in data["contacts"]] == [EMAIL]
    assert [row["email"] for row in data["former_details"]] == [BEFORE]
    assert [row["kind"] for row in data["mails_about_contacts"]] == ["test/about"]
    assert len(data["tasks"]) == len(data["bounces"]) == 1
    assert "sessions" not in data


def test_handing_out_is_journaled_at_the_company(contact, admin):
    handed_out(contact, admin)

    entry = JournalEntry.objects.get(verb=Verb.CONTACT_HANDED_OUT)
    assert (entry.actor, entry.facts) == (admin, {"contact": contact.pk})


def test_nothing_of_a_contact_is_left_but_the_mark_of_the_address(leaver, admin):
    before = everything()

    erased = erase(leaver, admin)

    left = everything().replace(f",{EMAIL},hard", "")
    assert [word for word in WORDS[:2] if word not in before] == []
    assert [word for word in WORDS if word in left] == []
    assert erased.name == f"Former contact {leaver.pk}"


def test_no_account_comes_of_it(leaver, admin):
    people = User.objects.count()

    erase(leaver, admin)

    assert User.objects.count() == people
    assert not User.objects.filter(pk=0).exists()


def test_what_went_to_a_former_address_goes_while_it_was_theirs(leaver, admin):
    later = NOW + timedelta(days=30)
    kept = outbox.queue(
        Letter("Welcome", "Dear Newcomer", ""),
        **{"kind": "test/came", "to": BEFORE, "slot": "4", "at": later},
    )

    erase(leaver, admin)

    assert Message.objects.get(pk=kept.pk).text == "Dear Newcomer"


def test_a_mail_to_others_keeps_what_it_says(leaver, admin):
    erase(leaver, admin)

    told = Message.objects.get(kind="test/about")
    stands = services.pseudonym_of_contact(leaver)
    assert told.subject == f"About {stands.name}"
    assert told.text == f"Confirm the details of {stands.name}, {stands.email}."
    assert told.html == f"<p>{stands.name}</p>"
    assert told.recipient == "sponsor@siemens.example"


def test_the_preview_says_so(leaver):
    preview = {one.kind.key: one for one in services.preview_contact(leaver)}

    assert preview["mails_about_contacts"].count == 1
    assert "account" not in preview


def test_a_contact_who_is_there_is_not_erased(contact, admin):
    with pytest.raises(StillNeeded, match="departure from Siemens"):
        erase(contact, admin)


def test_a_contact_with_an_account_is_erased_as_a_person(leaver, admin):
    Contact.objects.filter(pk=leaver.pk).update(user=UserFactory())

    with pytest.raises(StillNeeded, match="account"):
        erase(leaver, admin)
    assert not admin.has_perm("consortium.erase_contact", leaver.refreshed())


def test_nobody_is_erased_by_a_wrong_address(leaver, admin):
    with pytest.raises(AnotherPerson):
        erase(leaver, admin, address="other@siemens.example")


def test_nobody_is_erased_twice(leaver, admin):
    erase(leaver, admin)

    with pytest.raises(AlreadyErased):
        erase(leaver.refreshed(), admin)


def test_it_is_written_down_without_a_name(leaver, admin):
    seals.seal(at=NOW)

    erase(leaver, admin, reference="2026-18")

    seals.seal(at=NOW)
    assert list(seals.faults(at=NOW)) == []
    erasure = ContactErasure.objects.get()
    assert (erasure.contact, erasure.reference) == (leaver, "2026-18")
    entry = JournalEntry.objects.get(verb=Verb.CONTACT_ERASED)
    assert entry.facts == {"contact": leaver.pk, "ground": "asked"}


def test_after_a_restored_backup_contacts_are_erased_again(leaver, admin, capsys):
    erase(leaver, admin)
    call_command("erase_again")
    numbers = capsys.readouterr().out.split()
    Contact.objects.filter(pk=leaver.pk).update(name=NAME, email=EMAIL)

    call_command("erase_again", *numbers)

    assert numbers == [f"contact-{leaver.pk}"]
    assert not Contact.objects.filter(name=NAME).exists()


def test_two_steps_lead_to_it(leaver, admin, sign_in):
    browser, page = sign_in(admin), f"/consortium/contacts/{leaver.pk}/"

    detail = browser.get(page).content.decode()
    data = browser.get(f"{page}data/")
    first = browser.get(f"{page}erase/").content.decode()
    typed = {"ground": "asked", "reference": "7"}
    wrong = browser.post(f"{page}erase/confirm/", typed | {"address": "a@b.example"})
    right = browser.post(f"{page}erase/confirm/", typed | {"address": EMAIL})

    assert f"{page}data/" in detail
    assert "contacts.csv" in ZipFile(io.BytesIO(data.getvalue())).namelist()
    assert "Mails to others about the contact" in first
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert browser.get(f"{page}erase/").status_code == 403
    assert f"{page}erase/" not in browser.get(page).content.decode()


def test_the_api_erases_too(leaver, admin, api):
    url = f"/api/v1/contacts/{leaver.pk}/erase/"

    right = api(admin).post(url, {"ground": "asked", "address": EMAIL}, format="json")

    assert (right.status_code, right.json()["name"]) == (
        200,
        f"Former contact {leaver.pk}",
    )


def test_a_person_with_an_account_is_taken_out_of_mails_to_others_too(leaver, admin):
    user = UserFactory(name=NAME, email="w@private.example")
    Contact.objects.filter(pk=leaver.pk).update(user=user)
    digest = outbox.queue(
        Letter("Digest", f"Confirm {NAME}; call w@private.example", ""),
        **{"kind": "kernel/mail/reminders", "to": "s@siemens.example", "slot": "2"},
        at=NOW,
    )
    ReminderDelivery.objects.create(
        **{"rule": "x.y", "rung": "due", "days": 0, "message": digest},
        **{"subject_type": "consortium.contact", "subject_id": leaver.pk},
        **{"cycle": TODAY, "anchor_on": TODAY, "planned_on": TODAY},
        address="s@siemens.example",
    )
    ReminderDelivery.objects.update(state="written", settled_at=NOW)
    welcome = outbox.queue(
        Letter("Hello", f"{NAME} came in", ""),
        **{"kind": "test/came", "to": "o@inm.example", "slot": "3"},
        about=user,
        at=NOW,
    )

    personal_data.erase(user, address=user.email, ground=Ground.ASKED, at=NOW, by=admin)

    told = Message.objects.filter(pk__in=[digest.pk, welcome.pk]).order_by("pk")
    texts = [message.text for message in told]
    assert [word for word in [NAME, "w@private"] if word in "".join(texts)] == []
    assert texts[1] == f"Former person {user.pk} came in"
    assert not Task.objects.filter(what__contains="Wilhelmine").exists()
    assert not Invitation.objects.filter(name=NAME).exists()


def test_what_somebody_did_in_the_ledger_is_handed_out():
    sponsor = UserFactory()
    credit = claim(year_of(sign(draft(OrganizationFactory()))), 100, by=sponsor)

    rows = [(row["act"], row["number"]) for row in privacy.in_the_ledger(sponsor)]

    assert rows == [
        ("claimed", credit.pk),
        ("recorded a document", credit.evidence_id),
    ]


def test_no_act_in_the_ledger_is_left_out():
    told = {(model, who) for _act, model, who, _when in privacy.IN_THE_LEDGER}

    assert told == {
        (model, field.name)
        for model in {model for model, _who in told}
        for field in model._meta.fields
        if field.related_model is User
    }
