"""What is spoken with members: written down, corrected, taken back, followed up."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from consortium import services
from consortium.models import FacultyMember, FollowUp, Interaction, Participant
from consortium.services.engagement import (
    DueBefore,
    FacultyKnown,
    FollowedByNobody,
    HeldAhead,
    NoLongerStands,
    NotItsContact,
    SpokeToNobody,
    StillOpen,
)
from consortium.services.two_people import SaysNoReason
from consortium.verbs import Verb
from inm_portal.accounts import roles
from inm_portal.kernel.models import JournalEntry, Task
from inm_portal.kernel.tasklist import finish_task
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import ContactFactory, OrganizationFactory
from tests.factories.credits import at
from tests.factories.engagement import (
    TODAY,
    correct,
    faculty,
    follow_up,
    interaction,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(db):
    return ContactFactory(organization=OrganizationFactory(name="Siemens"))


def test_it_names_who_took_part_and_the_journal_says_so(contact):
    mina, owner = faculty(), staff(roles.PROGRAM_STAFF)

    row = interaction(contact, faculty=[mina], people=[owner], is_shared=True)

    named = {str(one) for one in row.participants.all()}
    assert named == {contact.name, "Mina Kwon", owner.name}
    entry = JournalEntry.objects.get(verb=Verb.INTERACTION_RECORDED)
    assert entry.facts == {"interaction": row.pk, "kind": "call", "shared": True}


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, HeldAhead),
        ({"contacts": []}, SpokeToNobody),
    ],
)
def test_what_cannot_have_been_is_refused(contact, told, refusal):
    with pytest.raises(refusal):
        interaction(contact, **told)
    assert not Interaction.objects.exists()


def test_people_of_another_company_are_refused(contact):
    with pytest.raises(NotItsContact):
        interaction(contact, contacts=[contact, ContactFactory()])


def test_a_correction_stands_in_the_place_of_what_was_written(contact):
    first = interaction(contact)

    second = correct(first, contact)
    third = correct(second, contact, kind="meeting")

    assert list(Interaction.objects.standing()) == [third]
    assert (third.corrects, third.first) == (second, first)
    with pytest.raises(NoLongerStands):
        correct(first, contact)
    assert JournalEntry.objects.filter(verb=Verb.INTERACTION_CORRECTED).count() == 2


def test_a_correction_says_why(contact):
    with pytest.raises(SaysNoReason):
        correct(interaction(contact), contact, reason=" ")


def test_what_is_taken_back_stands_no_longer(contact):
    row = interaction(contact)

    services.take_back_interaction(row, reason="Twice", at=at(TODAY), by=None)

    assert not Interaction.objects.standing().exists()
    with pytest.raises(NoLongerStands):
        services.take_back_interaction(row, reason="Twice", at=at(TODAY), by=None)
    with pytest.raises(NoLongerStands):
        follow_up(row, owner=staff(roles.PROGRAM_STAFF))


def test_no_row_is_changed_and_no_correction_goes_to_another_member(contact):
    row, other = interaction(contact), OrganizationFactory()

    with pytest.raises(ProgrammingError), transaction.atomic():
        Interaction.objects.filter(pk=row.pk).update(summary="Other words")
    with pytest.raises(IntegrityError), transaction.atomic():
        Interaction.objects.create(
            **{"organization": other, "kind": "call", "held_on": TODAY, "first": row},
            **{"summary": "x", "corrects": row, "correction_reason": "x"},
            recorded_at=at(TODAY),
        )


def test_nobody_is_named_as_two_kinds_of_person(contact):
    row = interaction(contact)

    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(
            interaction=row, contact=ContactFactory(), faculty=faculty()
        )


def test_what_follows_is_a_task_of_its_owner_done_and_asked_for_again(contact):
    owner, another = staff(roles.PROGRAM_STAFF), staff(roles.DIRECTOR)
    row = follow_up(interaction(contact), owner=owner)
    again = {"owner": another, "due_on": TODAY, "today": TODAY, "by": None}

    task = Task.objects.get()
    assert (task.person, task.what, task.due_on) == (owner, row.what, TODAY)
    with pytest.raises(StillOpen):
        services.reopen_follow_up(row, **again)
    finish_task(task, outcome="Sent", at=at(TODAY), by=owner)
    services.reopen_follow_up(row, **again)

    assert Task.objects.open().get().person == another


def test_what_follows_of_a_corrected_account_is_followed_still(contact):
    first = interaction(contact)
    follow_up(first, owner=staff(roles.PROGRAM_STAFF))

    assert services.tasks_of(correct(first, contact)).count() == 1


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"due_on": TODAY - timedelta(days=1)}, DueBefore),
        ({"owner": None}, FollowedByNobody),
    ],
)
def test_what_follows_has_an_owner_at_inm_and_a_day_to_come(contact, told, refusal):
    owner = told.pop("owner", staff(roles.PROGRAM_STAFF)) or UserFactory()

    with pytest.raises(refusal):
        follow_up(interaction(contact), owner=owner, **told)
    assert not FollowUp.objects.exists()


def test_an_address_of_the_faculty_is_known_once(db):
    faculty(email="mina@mit.example")

    with pytest.raises(FacultyKnown):
        faculty("Another", email="MINA@mit.example")


def test_activity_counts_what_stands_in_the_days_asked_for(contact):
    mina, idle = faculty(), faculty("Otto Reyes")
    other = ContactFactory(organization=OrganizationFactory(name="Amgen"))
    early = date(2026, 1, 5)
    interaction(contact, faculty=[mina], held_on=early)
    interaction(contact, faculty=[mina], kind="one_to_one")
    correct(interaction(other, faculty=[mina]), other, faculty=[mina])
    gone = interaction(other, faculty=[mina])
    services.take_back_interaction(gone, reason="Twice", at=at(TODAY), by=None)

    def counts(**days) -> dict:
        rows = FacultyMember.objects.with_activity(**days)
        return {
            row.pk: (row.interactions, row.one_to_ones, row.members, row.last_on)
            for row in rows
        }

    assert counts() == {mina.pk: (3, 1, 2, TODAY), idle.pk: (0, 0, 0, None)}
    assert counts(until=early)[mina.pk] == (1, 0, 1, early)
    assert counts(since=TODAY)[mina.pk] == (2, 1, 2, TODAY)
