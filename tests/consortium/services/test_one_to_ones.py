"""Talks with one of the faculty: asked for, agreed within a cap, held, called off."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from consortium import services
from consortium.models import half_year_of
from consortium.services.engagement import NotItsContact
from consortium.services.one_to_ones import (
    ANSWER,
    WRITE_DOWN,
    AskedAlready,
    CapReached,
    DayIsOver,
    NotAMember,
    NotHeldYet,
    TakesNone,
)
from consortium.services.two_people import SaysNoReason
from consortium.verbs import Verb
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message, Task
from tests.factories.consortium import ContactFactory, OrganizationFactory
from tests.factories.credits import at
from tests.factories.engagement import TODAY, agree, agreed, faculty, one_to_one

pytestmark = pytest.mark.django_db
NOW = {"at": at(TODAY), "by": None}
JANUARY = date(2027, 1, 12)


@pytest.fixture
def contact(cast):
    return cast["sponsor"].contacts.get()


def mails() -> set[tuple[str, str]]:
    """Return the kind of each mail that waits, and to whom it goes."""
    found = Message.objects.filter(kind__contains="one_to_one")
    return {(m.kind.rpartition("/")[2], m.recipient) for m in found}


def test_the_owner_of_the_member_is_asked_to_bring_it_about(cast, contact):
    row = one_to_one(contact)

    task = Task.objects.get(kind=ANSWER)
    assert (task.subject_id, task.person) == (row.pk, cast.siemens.owner)
    assert task.due_on == TODAY + timedelta(days=7)
    assert JournalEntry.objects.get(verb=Verb.ONE_TO_ONE_ASKED).subject_id


def test_only_a_member_of_today_asks():
    stranger = ContactFactory(organization=OrganizationFactory(name="Elsewhere"))

    with pytest.raises(NotAMember):
        one_to_one(stranger)


def test_it_is_for_somebody_who_is_with_the_member(cast, contact):
    other = ContactFactory(organization=OrganizationFactory(name="Elsewhere"))

    with pytest.raises(NotItsContact):
        services.ask_one_to_one(
            cast.siemens,
            contact=other,
            faculty=faculty(),
            topic="Robots",
            suits="In May",
            today=TODAY,
            **NOW,
        )


def test_who_gives_no_talks_is_not_asked(contact):
    mina = services.cap_one_to_ones(faculty(), one_to_one_cap=0, by=None)

    with pytest.raises(TakesNone):
        one_to_one(contact, faculty=mina)


def test_a_member_waits_for_one_talk_with_the_same_at_a_time(contact):
    mina = faculty()
    first = one_to_one(contact, faculty=mina)

    with pytest.raises(AskedAlready):
        one_to_one(contact, faculty=mina)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(first).objects.create(
            organization=first.organization,
            contact=contact,
            faculty=mina,
            topic="Again",
            suits="Now",
            asked_at=NOW["at"],
        )
    services.withdraw_one_to_one(first, reason="Busy", **NOW)
    assert one_to_one(contact, faculty=mina).state == "asked"


def test_both_who_talk_are_written_to_once_it_is_agreed_and_when_it_moves(contact):
    row = agreed(contact, meets_on=TODAY + timedelta(days=5))

    to = {contact.user.email, "mina@mit.example"}
    assert mails() == {("one_to_one_agreed", one) for one in to}
    assert not Task.objects.open().filter(kind=ANSWER).exists()
    waits = Task.objects.open().get(kind=WRITE_DOWN)
    assert waits.due_on == TODAY + timedelta(days=8)

    agree(row, meets_on=TODAY + timedelta(days=9), at=at(TODAY + timedelta(days=1)))
    moved = Message.objects.filter(subject__startswith="Moved")
    assert moved.count() == 2
    assert Task.objects.open().get(kind=WRITE_DOWN).due_on == TODAY + timedelta(12)


def test_a_cap_holds_in_each_half_year_and_a_move_does_not_count_twice(cast):
    mina = services.cap_one_to_ones(faculty(), one_to_one_cap=1, by=None)
    first = agree(one_to_one(cast.contact, faculty=mina))
    other = cast["amgen sponsor"].contacts.get()
    second = one_to_one(other, faculty=mina)

    with pytest.raises(CapReached, match="1 talks from July 2026 to December 2026"):
        agree(second)
    agree(first, meets_on=TODAY + timedelta(days=1))
    assert agree(second, meets_on=JANUARY).meets_on == JANUARY

    services.withdraw_one_to_one(first, reason="Ill", **NOW)
    assert agree(second).meets_on == TODAY


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), date(2028, 1, 1), date(2028, 6, 30)),
    ],
)
def test_half_years_begin_in_january_and_july(day, first, last):
    assert half_year_of(day) == (first, last)


def test_nothing_is_agreed_for_a_day_that_is_over(contact):
    with pytest.raises(DayIsOver):
        agree(one_to_one(contact), meets_on=TODAY - timedelta(days=1))


def test_what_was_spoken_becomes_an_interaction_on_its_day(contact):
    row = agreed(contact)
    told = {"summary": "On robots", "is_shared": True, "today": TODAY, **NOW}

    held = services.hold_one_to_one(row, **told)

    spoken = held.interaction
    assert (spoken.kind, spoken.held_on, spoken.is_shared) == (
        "one_to_one",
        TODAY,
        True,
    )
    named = {str(one) for one in spoken.participants.all()}
    assert named == {contact.name, "Mina Kwon"}
    assert not Task.objects.open().filter(kind=WRITE_DOWN).exists()
    with pytest.raises(IllegalTransition):
        services.hold_one_to_one(row, **told)


def test_it_is_not_held_before_its_day(contact):
    row = agreed(contact, meets_on=TODAY + timedelta(days=1))

    with pytest.raises(NotHeldYet):
        services.hold_one_to_one(
            row, summary="On robots", is_shared=False, today=TODAY, **NOW
        )


def test_who_asked_reads_why_it_is_declined_and_the_faculty_hears_nothing(contact):
    row = one_to_one(contact)

    with pytest.raises(SaysNoReason):
        services.decline_one_to_one(row, reason=" ", **NOW)
    services.decline_one_to_one(row, reason="On leave", **NOW)

    assert mails() == {("one_to_one_declined", contact.user.email)}
    assert "On leave" in Message.objects.get(kind__endswith="declined").text
    assert Task.objects.get(kind=ANSWER).outcome == "On leave"


def test_all_who_know_of_it_hear_when_it_is_called_off(contact):
    row = agreed(contact, meets_on=TODAY + timedelta(days=1))

    services.withdraw_one_to_one(row, reason="Ill", at=NOW["at"], by=None)

    told = {to for kind, to in mails() if kind == "one_to_one_withdrawn"}
    assert told == {contact.user.email, "mina@mit.example"}


def test_what_was_asked_stays_as_it_was(contact):
    row = one_to_one(contact)

    with pytest.raises(InternalError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(topic="Other")
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()
