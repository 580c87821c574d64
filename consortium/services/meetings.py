"""Call meetings of bodies, and keep the record of what was said and decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.tasklist import open_task

from ..documents import MEETING_PAPER
from ..models import (
    Action,
    AgendaItem,
    Attendance,
    Body,
    ConflictDeclared,
    Decision,
    Meeting,
    MeetingPaper,
    Minutes,
    Presence,
    Sitting,
)
from ..states import MeetingState
from ..verbs import Verb
from .bodies import tell_body
from .two_people import require_reason

ACTION = "consortium.action"


class EndsBefore(Refusal):
    code = "ends_before"
    field = "ends_at"


class NoAgenda(Refusal):
    code = "no_agenda"


class NotYetHeld(Refusal):
    code = "not_yet_held"


class Adopted(Refusal):
    code = "adopted"


class DoesNotSit(Refusal):
    code = "does_not_sit"


class NotOfThisMeeting(Refusal):
    code = "not_of_this_meeting"


class ActionOverdue(Refusal):
    code = "action_overdue"
    field = "due_on"


@dataclass(frozen=True)
class Item:
    """What is put on an agenda; ``length`` is in minutes."""

    title: str
    length: int
    presenter: str = ""
    is_closed: bool = False


@transaction.atomic
def call_meeting(
    body: Body,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    agenda: Collection[Item],
    at: datetime,
    by: User | None,
) -> Meeting:
    """
    Call a meeting with a written agenda.

    :raises EndsBefore: if it does not end after it starts.
    :raises NoAgenda: without an agenda: members who compete never meet without one.
    """
    if ends_at <= starts_at:
        raise EndsBefore(_("Choose an end after the start."))
    if not agenda:
        raise NoAgenda(_("A meeting has a written agenda."))
    meeting = Meeting.objects.create(
        body=body,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        called_by=by,
        called_at=at,
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            position=position,
            title=item.title,
            length=item.length,
            presenter=item.presenter,
            is_closed=item.is_closed,
        )
        for position, item in enumerate(agenda, start=1)
    )
    journal.record(Verb.MEETING_CALLED, meeting, by=by, body=body.pk)
    tell_body(body, "meeting_called", meeting, at=at, meeting=meeting)
    return meeting


@transaction.atomic
def cancel_meeting(
    meeting: Meeting, *, reason: str, at: datetime, by: User | None
) -> Meeting:
    """
    Call a meeting off; who sits on the body is told why.

    :raises SaysNoReason: without a reason.
    :raises IllegalTransition: if it was held or cancelled.
    """
    require_reason(reason)
    meeting = lock_meeting(meeting)
    meeting.move_to(MeetingState.CANCELLED)
    meeting.cancelled_because = reason
    meeting.save(update_fields=["state", "cancelled_because"])
    journal.record(Verb.MEETING_CANCELLED, meeting, by=by)
    tell_body(meeting.body, "meeting_cancelled", meeting, at=at, meeting=meeting)
    return meeting


@transaction.atomic
def hold_meeting(
    meeting: Meeting,
    *,
    presences: Mapping[Sitting, str],
    guests: Collection[str] = (),
    at: datetime,
    by: User | None,
) -> Meeting:
    """
    Say that a meeting was held, and who came.

    :raises NotYetHeld: before it starts.
    :raises DoesNotSit: if somebody did not sit on the body that day.
    :raises IllegalTransition: if it was held or cancelled.
    """
    meeting = lock_meeting(meeting)
    if at < meeting.starts_at:
        raise NotYetHeld(_("The meeting has not started yet."))
    meeting.move_to(MeetingState.HELD)
    _require_sits(meeting, *presences)
    meeting.save(update_fields=["state"])
    told = [
        Attendance(meeting=meeting, sitting=sitting, presence=presence)
        for sitting, presence in presences.items()
    ]
    came = {"meeting": meeting, "presence": Presence.PRESENT}
    told += [Attendance(guest=guest, **came) for guest in guests]
    Attendance.objects.bulk_create(told)
    journal.record(Verb.MEETING_HELD, meeting, by=by)
    return meeting


@transaction.atomic
def correct_attendance(
    row: Attendance, *, presence: str, by: User | None
) -> Attendance:
    """
    Say otherwise of whether somebody came.

    :raises Adopted: once the minutes are adopted.
    """
    meeting = _lock_record(row.meeting)
    row = Attendance.objects.get(pk=row.pk)
    was, row.presence = row.presence, presence
    row.save(update_fields=["presence"])
    facts = {"attendance": row.pk, "was": was, "presence": presence}
    journal.record(Verb.ATTENDANCE_TOLD, meeting, by=by, **facts)
    return row


@transaction.atomic
def add_paper(
    meeting: Meeting,
    *,
    file: File,
    title: str,
    audience: str,
    at: datetime,
    by: User | None,
    item: AgendaItem | None = None,
) -> MeetingPaper:
    """
    Add a file to be read for a meeting, by its audience alone.

    :raises Adopted: once the minutes are adopted.
    :raises NotOfThisMeeting: if the item is of another meeting.
    """
    meeting = _lock_record(meeting)
    _require_own(meeting, item)
    document = documents.upload(file, kind=MEETING_PAPER, subject=meeting, at=at, by=by)
    row: MeetingPaper = MeetingPaper.objects.create(
        meeting=meeting,
        item=item,
        title=title,
        audience=audience,
        document=document,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"paper": row.pk, "audience": audience}
    journal.record(Verb.PAPER_ADDED, meeting, by=by, **facts)
    return row


@transaction.atomic
def declare_conflict(
    meeting: Meeting,
    *,
    sitting: Sitting,
    what: str,
    left_the_room: bool,
    at: datetime,
    by: User | None,
    item: AgendaItem | None = None,
) -> ConflictDeclared:
    """
    Write down a conflict that somebody who sits declared, ahead or at the meeting.

    :raises Adopted: once the minutes are adopted.
    :raises DoesNotSit: if they do not sit on the body that day.
    :raises NotOfThisMeeting: if the item is of another meeting.
    """
    meeting = _lock_record(meeting)
    _require_sits(meeting, sitting)
    _require_own(meeting, item)
    told = {"what": what, "left_the_room": left_the_room, "item": item}
    row = ConflictDeclared.objects.create(
        meeting=meeting, sitting=sitting, **told, recorded_by=by, recorded_at=at
    )
    journal.record(Verb.CONFLICT_DECLARED, meeting, by=by, conflict=row.pk)
    return row


@transaction.atomic
def write_minutes(
    meeting: Meeting, *, text: str, at: datetime, by: User | None
) -> Minutes:
    """
    Write the next version of the minutes.

    :raises NotYetHeld: if the meeting was not held.
    :raises Adopted: once a version is adopted.
    """
    meeting = _lock_held(meeting)
    number = meeting.minutes.count() + 1
    row = Minutes.objects.create(
        meeting=meeting, number=number, text=text, recorded_by=by, recorded_at=at
    )
    journal.record(Verb.MINUTES_WRITTEN, meeting, by=by, number=number)
    return row


@transaction.atomic
def adopt_minutes(minutes: Minutes, *, at: datetime, by: User | None) -> Meeting:
    """
    Adopt a version of the minutes: the record of the meeting ends, and all read it.

    :raises Adopted: if one is adopted.
    """
    meeting = _lock_held(minutes.meeting)
    meeting.adopted = minutes
    meeting.save(update_fields=["adopted"])
    journal.record(Verb.MINUTES_ADOPTED, meeting, by=by, number=minutes.number)
    tell_body(meeting.body, "minutes_adopted", meeting, at=at, meeting=meeting)
    return meeting


@transaction.atomic
def record_decision(
    meeting: Meeting,
    *,
    text: str,
    at: datetime,
    by: User | None,
    item: AgendaItem | None = None,
) -> Decision:
    """
    Write down what the body decided.

    :raises NotYetHeld: if the meeting was not held.
    :raises Adopted: once the minutes are adopted.
    :raises NotOfThisMeeting: if the item is of another meeting.
    """
    meeting = _lock_held(meeting)
    _require_own(meeting, item)
    row = Decision.objects.create(
        meeting=meeting, item=item, text=text, recorded_by=by, recorded_at=at
    )
    journal.record(Verb.DECISION_RECORDED, meeting, by=by, decision=row.pk)
    return row


@transaction.atomic
def ask_action(
    meeting: Meeting,
    *,
    what: str,
    owner: User,
    due_on: date,
    today: date,
    at: datetime,
    by: User | None,
) -> Action:
    """
    Ask somebody to do something after a meeting: a task of theirs.

    :raises NotYetHeld: if the meeting was not held.
    :raises Adopted: once the minutes are adopted.
    :raises ActionOverdue: if the day is over.
    """
    meeting = _lock_held(meeting)
    if due_on < today:
        raise ActionOverdue(_("Choose today, or a day to come."))
    row = Action.objects.create(
        meeting=meeting, what=what, recorded_by=by, recorded_at=at
    )
    open_task(
        ACTION,
        row,
        what=what,
        why=_("It follows of: %(what)s.") % {"what": meeting},
        due_on=due_on,
        person=owner,
        by=by,
    )
    journal.record(Verb.ACTION_ASKED, meeting, by=by, action=row.pk)
    return row


def lock_meeting(meeting: Meeting) -> Meeting:
    """Hold a meeting, so that its record is written by one after the other."""
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _lock_record(meeting: Meeting) -> Meeting:
    meeting = lock_meeting(meeting)
    if meeting.adopted_id is not None:
        raise Adopted(_("The minutes of this meeting were adopted."))
    return meeting


def _lock_held(meeting: Meeting) -> Meeting:
    meeting = _lock_record(meeting)
    if meeting.state != MeetingState.HELD:
        raise NotYetHeld(_("This meeting was not held."))
    return meeting


def _require_sits(meeting: Meeting, *sittings: Sitting) -> None:
    on = timezone.localdate(meeting.starts_at)
    sat = Sitting.objects.sitting(on=on).filter(body=meeting.body_id)
    known = {*sat.values_list("pk", flat=True)}
    if any(sitting.pk not in known for sitting in sittings):
        raise DoesNotSit(_("Name people who sit on this body that day."))


def _require_own(meeting: Meeting, item: AgendaItem | None) -> None:
    if item is not None and item.meeting_id != meeting.pk:
        raise NotOfThisMeeting(_("Choose an item of this meeting."), field="item")
