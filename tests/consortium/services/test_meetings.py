"""Meetings: called with an agenda, held, recorded, and closed by their minutes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from consortium import services
from consortium.models import AgendaItem, Attendance, Decision, Meeting, Minutes
from consortium.services.meetings import (
    ActionOverdue,
    Adopted,
    DoesNotSit,
    EndsBefore,
    NoAgenda,
    NotOfThisMeeting,
    NotYetHeld,
)
from consortium.services.two_people import SaysNoReason
from consortium.states import MeetingState
from consortium.verbs import Verb
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Task
from tests.factories.accounts import UserFactory
from tests.factories.credits import at
from tests.factories.governance import (
    TODAY,
    council,
    held,
    meeting,
    seat,
    sits,
    steering,
)

pytestmark = pytest.mark.django_db

WROTE = {"at": at(TODAY), "by": None}
PROTECTED = (InternalError, ProgrammingError, IntegrityError)


def minutes(of: Meeting, text="We met."):
    return services.write_minutes(of, text=text, **WROTE)


def adopted(body) -> Meeting:
    return services.adopt_minutes(minutes(held(body)), at=at(TODAY), by=None)


def test_a_meeting_is_called_with_its_agenda_in_order():
    items = [services.Item("Center report", 30), services.Item("Priorities", 45)]

    row = meeting(council(), agenda=items)

    assert [str(item) for item in row.agenda.all()] == [
        "1. Center report",
        "2. Priorities",
    ]
    assert JournalEntry.objects.filter(verb=Verb.MEETING_CALLED).count() == 1


@pytest.mark.parametrize(
    ("told", "refusal"),
    [({"agenda": []}, NoAgenda), ({"ends_at": at(TODAY)}, EndsBefore)],
)
def test_what_cannot_be_called_is_refused(told, refusal):
    with pytest.raises(refusal):
        meeting(council(), **told)
    assert not Meeting.objects.exists()


def test_a_meeting_is_called_off_with_a_reason_and_not_held_then():
    row = meeting(council())

    with pytest.raises(SaysNoReason):
        services.cancel_meeting(row, reason=" ", at=at(TODAY), by=None)
    row = services.cancel_meeting(row, reason="Snow", at=at(TODAY), by=None)
    assert row.state == MeetingState.CANCELLED
    with pytest.raises(IllegalTransition):
        services.hold_meeting(row, presences={}, **WROTE)


def test_who_came_is_told_of_those_who_sat_that_day():
    body = council()
    there, away = sits(seat(body, "Chair")), sits(seat(body, "Second"))
    left = sits(seat(body, "Third"))
    services.leave_seat(left, until_on=TODAY, by=None)

    with pytest.raises(DoesNotSit):
        held(body, presences={left: "present"})
    row = held(
        body, presences={there: "present", away: "excused"}, guests=["Ada Lovelace"]
    )

    told = {str(one): one.presence for one in row.attendance.all()}
    assert told == {
        str(there): "present",
        str(away): "excused",
        "Ada Lovelace": "present",
    }


def test_a_meeting_is_not_held_before_it_starts():
    row = meeting(council())

    early = row.starts_at - timedelta(minutes=1)
    with pytest.raises(NotYetHeld):
        services.hold_meeting(row, presences={}, at=early, by=None)
    with pytest.raises(NotYetHeld):
        minutes(row)
    with pytest.raises(NotYetHeld):
        services.record_decision(row, text="Yes", **WROTE)


def test_a_conflict_is_declared_by_who_sits_on_an_item_of_the_meeting():
    body = council()
    sitting, stranger = sits(seat(body)), sits(seat(steering()))
    row, other = meeting(body), meeting(body, title="Another")
    told = {"what": "A supplier of ours", "left_the_room": True, **WROTE}

    with pytest.raises(DoesNotSit):
        services.declare_conflict(row, sitting=stranger, **told)
    with pytest.raises(NotOfThisMeeting):
        services.declare_conflict(row, sitting=sitting, item=other.agenda.get(), **told)
    services.declare_conflict(row, sitting=sitting, item=row.agenda.get(), **told)

    assert row.conflicts.get().sitting == sitting


def test_minutes_have_versions_and_one_is_adopted_for_good():
    row = held(council())
    minutes(row)
    second = minutes(row, "We met, all of us.")

    row = services.adopt_minutes(second, at=at(TODAY), by=None)

    assert (row.adopted, second.number) == (second, 2)
    with pytest.raises(Adopted):
        minutes(row)
    with pytest.raises(Adopted):
        services.adopt_minutes(row.minutes.get(number=1), at=at(TODAY), by=None)


def test_nothing_of_the_record_changes_once_minutes_are_adopted():
    body = council()
    sitting = sits(seat(body))
    row = held(body, presences={sitting: "absent"})
    services.adopt_minutes(minutes(row), at=at(TODAY), by=None)
    came = row.attendance.get()
    owner = UserFactory()
    ahead = {"due_on": TODAY, "today": TODAY, "owner": owner}

    for late in (
        lambda: services.correct_attendance(came, presence="present", by=None),
        lambda: services.record_decision(row, text="Yes", **WROTE),
        lambda: services.ask_action(row, what="Send it", **ahead, **WROTE),
        lambda: services.declare_conflict(
            row, sitting=sitting, what="Late", left_the_room=False, **WROTE
        ),
    ):
        with pytest.raises(Adopted):
            late()
    assert not Task.objects.exists()


def test_the_database_keeps_an_adopted_record():
    row = adopted(council())
    other = held(steering())
    of_other = minutes(other)

    for around in (
        lambda: Decision.objects.create(meeting=row, text="Yes", recorded_at=at(TODAY)),
        lambda: Attendance.objects.create(meeting=row, guest="X", presence="present"),
        lambda: AgendaItem.objects.filter(meeting=row).update(title="Other"),
        lambda: Meeting.objects.filter(pk=row.pk).update(title="Other"),
        lambda: Minutes.objects.filter(meeting=row).update(text="Other"),
        lambda: Meeting.objects.filter(pk=other.pk).update(adopted=row.adopted),
    ):
        with pytest.raises(PROTECTED), transaction.atomic():
            around()
    services.adopt_minutes(of_other, at=at(TODAY), by=None)


def test_attendance_is_corrected_before_that():
    body = council()
    row = held(body, presences={sits(seat(body)): "absent"})

    services.correct_attendance(row.attendance.get(), presence="remote", by=None)

    entry = JournalEntry.objects.get(verb=Verb.ATTENDANCE_TOLD)
    assert row.attendance.get().presence == "remote"
    assert (entry.facts["was"], entry.facts["presence"]) == ("absent", "remote")


def test_an_action_is_a_task_of_its_owner():
    row, owner = held(council()), UserFactory()
    told = {"what": "Send the themes", "owner": owner, "today": TODAY, **WROTE}

    with pytest.raises(ActionOverdue):
        services.ask_action(row, due_on=TODAY - timedelta(days=1), **told)
    services.ask_action(row, due_on=TODAY, **told)

    task = Task.objects.get()
    assert (task.person, task.what, task.due_on) == (owner, "Send the themes", TODAY)
    assert row.actions.count() == 1
