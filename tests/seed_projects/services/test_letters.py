"""Letters about calls: to whom, with which fields, looked at, sent once."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from inm_portal.accounts import roles
from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.models import Message
from seed_projects import services
from seed_projects.models import CallLetter
from seed_projects.services.letters import NobodyToWriteTo, UnknownField
from seed_projects.services.submission import StillSealed
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories import screening as screen
from tests.factories.accounts import UserFactory, staff
from tests.factories.calls import NOON

pytestmark = pytest.mark.django_db

TEXT = "Dear {name}, of {title} ({number}) to {call}."


@pytest.fixture
def by():
    return staff(roles.PROGRAM_STAFF)


def write(call, by, **told) -> CallLetter:
    given = {"audience": "submitted", "subject": "About {number}", "body": TEXT}
    return services.write_letter(call, **given | told, at=NOON, by=by)


def told(letter, by) -> list[str]:
    return [one.body for one in services.recipients_of(letter, by=by)]


def test_fields_are_filled_in_for_each_and_the_letter_is_sent_once(by):
    call = make.opened()
    first, second = screen.waiting(call), screen.waiting(call)
    proposals.complete(call)
    letter = write(call, by)

    texts = told(letter, by)
    name = proposals.pi_of(first).name
    assert texts[0] == f"Dear {name}, of Cold spray ({first.number}) to Seeds 2027."
    services.send_letter(letter, at=NOON, by=by)
    with pytest.raises(IllegalTransition):
        services.send_letter(letter, at=NOON, by=by)

    sent = Message.objects.filter(kind="seed_projects/mail/call_letter")
    assert {mail.to for mail in sent} == {
        proposals.pi_of(first),
        proposals.pi_of(second),
    }
    assert f"About {first.number}" in sent.get(slot=str(first.pk)).subject
    assert CallLetter.objects.get().recipients == 2


def test_a_letter_to_people_of_drafts_is_a_number_and_names_no_proposal(by):
    call = make.opened()
    one = UserFactory()
    for _each in range(2):
        proposals.draft(call, pi=one)
    screen.waiting(call)
    with pytest.raises(UnknownField):
        write(call, by, audience="drafts")
    words = {"subject": "Soon", "body": "Dear {name}"}
    letter = write(call, by, audience="drafts", **words)

    assert services.count_of_letter(letter, by=by) == 1
    services.send_letter(letter, at=NOON, by=by)
    assert Message.objects.get(kind__endswith="call_letter").to == one


def test_the_page_of_a_letter_to_people_of_drafts_names_nobody(by, sign_in):
    call = make.opened()
    pi = UserFactory(name="Secret Author")
    proposals.draft(call, pi=pi, title="Secret idea")
    words = {"subject": "Soon", "body": "Dear {name}"}
    letter = write(call, by, audience="drafts", **words)

    text = sign_in(by).get(letter.get_absolute_url()).content.decode()

    assert "1 person" in text
    assert "Secret" not in text


def test_only_chosen_ones_only_pis_and_only_unconfirmed_ones(by):
    call = make.opened()
    proposal = proposals.complete(call)
    pi, co = proposals.pi_of(proposal), UserFactory()
    part = {"name": co.name, "email": co.email, "role": "co_pi"}
    services.add_author(proposal, **part, at=NOON, by=pi)
    services.submit_proposal(proposal, at=NOON, by=pi)
    other = screen.waiting(call)

    def people(**given):
        letter = write(call, by, **given)
        return {one.person for one in services.recipients_of(letter, by=by)}

    assert people(audience="chosen", chosen=[proposal.pk]) == {pi, co}
    assert people(is_for_pis=True) == {pi, proposals.pi_of(other)}
    assert people(audience="unconfirmed") == {co}
    assert people(audience="returned") == set()


def test_a_chosen_draft_or_one_of_another_call_gets_nothing(by):
    call = make.opened()
    draft = proposals.draft(call)
    elsewhere = screen.waiting(make.opened("Elsewhere"))
    letter = write(call, by, audience="chosen", chosen=[draft.pk, elsewhere.pk])

    assert told(letter, by) == []
    with pytest.raises(NobodyToWriteTo):
        services.send_letter(letter, at=NOON, by=by)
    assert CallLetter.objects.get().state == "draft"


def test_letters_are_refused_without_a_known_field_a_choice_or_while_sealed(by):
    call = make.opened(is_sealed=True)
    proposals.submitted(call)

    with pytest.raises(UnknownField):
        write(call, by, body="Dear {reviewer}")
    with pytest.raises(NobodyToWriteTo):
        write(make.opened("Open"), by, audience="chosen")
    with pytest.raises(StillSealed):
        write(call, by)
    words = {"subject": "Soon", "body": "Dear {name}"}
    letter = write(call, by, audience="begun", **words)
    assert services.count_of_letter(letter, by=by) == 1


def test_a_letter_is_changed_until_it_is_sent_and_no_longer(by):
    call = make.opened()
    screen.waiting(call)
    letter = write(call, by)
    words = {"subject": "Anew", "body": "Dear {name}", "by": by}
    services.change_letter(letter, version=1, **words)
    with pytest.raises(EditConflict):
        services.change_letter(letter, version=1, **words)
    services.send_letter(letter, at=NOON, by=by)
    with pytest.raises(IllegalTransition):
        services.change_letter(letter, **words)
    with pytest.raises(DatabaseError), transaction.atomic():
        CallLetter.objects.update(subject="Around")


def test_a_letter_is_written_looked_at_and_sent_in_the_browser(by, sign_in):
    call = make.opened()
    proposal = screen.waiting(call)
    office = sign_in(by)
    address = reverse("seed_projects:write_letter", args=[call.pk])
    typed = {"audience": "chosen", "subject": "On {number}", "body": "Hi {name}"}

    refused = office.post(address, typed)
    assert refused.context["form"].errors.keys() == {"audience"}
    office.post(f"{address}?proposals={proposal.pk}", typed)
    letter = CallLetter.objects.get()
    text = office.get(letter.get_absolute_url()).content.decode()
    assert f"On {proposal.number}" in text
    office.post(reverse("seed_projects:send_letter", args=[letter.pk]))

    assert CallLetter.objects.get().recipients == 1
