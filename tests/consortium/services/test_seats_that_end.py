"""Seats that a body has no longer, as when two members merge (case 2)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from consortium import services
from consortium.models import Seat, Sitting
from consortium.services.bodies import ChairStays, SeatEnds
from consortium.services.links import SEATS_AFTER_MERGER
from consortium.services.two_people import SaysNoReason
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Task
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import ContactFactory, OrganizationFactory
from tests.factories.credits import at
from tests.factories.governance import (
    TODAY,
    council,
    elector,
    motion,
    seat,
    sits,
    steering,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
END = TODAY + 30 * DAY
PROTECTED = (InternalError, ProgrammingError, IntegrityError)


def end(place: Seat, until_on=END, reason="They merged.") -> Seat:
    told = {"until_on": until_on, "reason": reason}
    return services.end_seat(place, **told, at=at(TODAY), by=None)


def test_who_sits_there_leaves_by_the_day():
    place = seat(steering())
    holder, alternate = sits(place), sits(place, is_alternate=True)

    end(place)

    assert {*Sitting.objects.sitting(on=END - DAY)} == {holder, alternate}
    assert not Sitting.objects.sitting(on=END).exists()
    assert [*Seat.objects.standing(on=END - DAY)] == [place]
    assert not Seat.objects.standing(on=END).exists()
    entry = JournalEntry.objects.get(verb=Verb.SEAT_ENDED)
    assert (entry.facts["seat"], entry.facts["reason"]) == (place.pk, "They merged.")


def test_who_was_to_come_later_never_sits_there():
    place = seat(steering())
    later = sits(place, from_on=END + 10 * DAY)

    end(place)

    later.refresh_from_db()
    assert later.until_on == later.from_on


def test_an_end_that_was_earlier_stays():
    place = seat(steering())
    sitting = sits(place)
    services.leave_seat(sitting, until_on=TODAY + DAY, by=None)

    end(place)

    sitting.refresh_from_db()
    assert sitting.until_on == TODAY + DAY


def test_until_then_somebody_may_sit_there_and_no_longer():
    place = end(seat(steering()))

    assert sits(place, from_on=TODAY).until_on == END
    with pytest.raises(SeatEnds) as told:
        sits(place, UserFactory(), is_alternate=True, from_on=END)
    assert told.value.field == "from_on"


def test_the_database_holds_who_sits_to_the_end_of_the_seat():
    place = end(seat(steering()))
    row = {"body": place.body, "seat": place, "person": UserFactory()}

    for until_on in (None, END + DAY):
        with pytest.raises(PROTECTED), transaction.atomic():
            Sitting.objects.create(**row, from_on=TODAY, until_on=until_on)


def test_a_seat_ends_once_not_in_the_past_and_for_a_reason():
    place = seat(steering())

    with pytest.raises(SeatEnds):
        end(place, until_on=TODAY - DAY)
    with pytest.raises(SaysNoReason):
        end(place, reason=" ")
    end(place)
    with pytest.raises(SeatEnds):
        end(place, until_on=END + DAY)
    with pytest.raises(PROTECTED), transaction.atomic():
        Seat.objects.filter(pk=place.pk).update(until_on=None)


def test_the_seat_of_the_chair_stays():
    chair = seat(steering(), "Chair", is_chair=True)

    with pytest.raises(ChairStays):
        end(chair)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=chair.pk).update(until_on=END)


def test_a_motion_that_is_open_keeps_the_electorate_it_opened_with():
    place = seat(steering())
    sitting = sits(place)
    opened = services.open_motion(
        motion(place.body), closes_at=at(END), at=at(TODAY), by=None
    )

    end(place, until_on=TODAY)

    assert elector(opened, sitting).weight == 1


def test_ending_one_seat_settles_what_the_merger_asked():
    owner = staff("program staff")
    stays, goes = OrganizationFactory(owner=owner), OrganizationFactory(owner=owner)
    body = council()
    kept = seat(body, "One", organization=stays)
    left = seat(body, "Two", organization=goes)
    sits(left, contact=ContactFactory(organization=goes))
    merged = {"from_on": TODAY, "today": TODAY, "by": None}
    services.record_merger(goes, other=stays, **merged)
    task = Task.objects.get(kind=SEATS_AFTER_MERGER)
    assert task.done_at is None

    end(left)

    task.refresh_from_db()
    assert task.outcome == "A seat was ended."
    assert [*Seat.objects.standing(on=END)] == [kept]
