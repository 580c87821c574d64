"""Who sees bodies, their meetings and motions; who votes, and who keeps them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from inm_portal.kernel.permissions import (
    ANYONE,
    NOBODY,
    permission,
    staff,
    staff_or,
)

from ..models import (
    ConflictDeclared,
    Meeting,
    PaperAudience,
    Proxy,
    Seat,
    Sitting,
)
from ..states import MeetingState, MotionState
from ..ties import seats_of
from .library import is_member

for _action in ["add_seat", "change"]:
    permission(f"consortium.{_action}_body")(staff("consortium.change_body"))
permission("consortium.draft_motion_body")(staff("consortium.add_motion"))


def chaired_by(user: Any) -> Any:
    """Return the keys of the bodies whose chair ``user`` holds, or stands in for."""
    return Seat.objects.filter(pk__in=seats_of(user), is_chair=True).values("body")


@permission("consortium.call_meeting_body")
def call_meeting_body(user: Any) -> Q:
    """Staff, and the chair."""
    return staff_or(user, "consortium.add_meeting", lambda: Q(pk__in=chaired_by(user)))


@permission("consortium.view_body")
def view_body(user: Any) -> Q:
    """INM sees all; everybody else the bodies on which they sit today."""
    return staff_or(user, "consortium.view_body", lambda: Q(seats__in=seats_of(user)))


@permission("consortium.sit_seat")
def sit_seat(user: Any) -> Q:
    """On seats that the body has, for now at least."""
    is_there = Q(until_on=None) | Q(until_on__gt=timezone.localdate())
    return staff("consortium.change_body")(user) & is_there


@permission("consortium.end_seat")
def end_seat(user: Any) -> Q:
    return staff("consortium.change_body")(user) & Q(until_on=None, is_chair=False)


@permission("consortium.view_seat")
def view_seat(user: Any) -> Q:
    return _of_their_bodies(user, "consortium.view_body")


@permission("consortium.leave_sitting")
def leave_sitting(user: Any) -> Q:
    return staff("consortium.change_body")(user) & Q(until_on=None)


@permission("consortium.view_sitting")
def view_sitting(user: Any) -> Q:
    return _of_their_bodies(user, "consortium.view_body")


@permission("consortium.view_meeting")
def view_meeting(user: Any) -> Q:
    return _of_their_bodies(user, "consortium.view_meeting")


@permission("consortium.record_meeting")
def record_meeting(user: Any) -> Q:
    return Q(adopted=None) & staff_or(
        user, "consortium.change_meeting", lambda: Q(body__in=chaired_by(user))
    )


@permission("consortium.cancel_meeting")
def cancel_meeting(user: Any) -> Q:
    return record_meeting(user) & Q(state=MeetingState.CALLED)


@permission("consortium.hold_meeting")
def hold_meeting(user: Any) -> Q:
    return cancel_meeting(user)


@permission("consortium.tell_meeting")
def tell_meeting(user: Any) -> Q:
    """Minutes, decisions and actions are told of what was held."""
    return record_meeting(user) & Q(state=MeetingState.HELD)


for _act in ["decide", "ask", "write_minutes"]:
    permission(f"consortium.{_act}_meeting")(tell_meeting)


def sittings_to_declare(user: Any, meeting: Meeting) -> Any:
    """Return those of whom ``user`` declares conflicts: of all, or of themselves."""
    day = timezone.localdate(meeting.starts_at)
    sat = Sitting.objects.filter(body=meeting.body_id).sitting(on=day)
    if user.has_perm("consortium.record_meeting", meeting):
        return sat
    return sat.filter(seat__in=seats_of(user)).of_person(user)


@permission("consortium.declare_conflict_meeting")
def declare_conflict_meeting(user: Any) -> Q:
    """Whoever sits there says so of themselves; who keeps the record, of each."""
    theirs = Q(adopted=None, body__seats__in=seats_of(user))
    return theirs | record_meeting(user)


@permission("consortium.view_minutes")
def view_minutes(user: Any) -> Q:
    """Those of a meeting that one reads."""
    return _of_meetings(user)


@permission("consortium.adopt_minutes")
def adopt_minutes(user: Any) -> Q:
    keepers = staff_or(
        user,
        "consortium.change_meeting",
        lambda: Q(meeting__body__in=chaired_by(user)),
    )
    return Q(meeting__adopted=None) & keepers


for _record in ["attendance", "decision", "action", "conflictdeclared"]:
    permission(f"consortium.view_{_record}")(lambda user: _of_meetings(user))


@permission("consortium.view_agendaitem")
def view_agendaitem(user: Any) -> Q:
    """Items of a closed session are of those alone who sit on the body."""
    sits = Q(meeting__body__seats__in=seats_of(user))
    return sits | Q(is_closed=False) & staff("consortium.view_meeting")(user)


@permission("consortium.view_meetingpaper")
def view_meetingpaper(user: Any) -> Q:
    """
    By its audience; who declared a conflict on an item does not read its papers.
    """
    told = [PaperAudience.SITTING, PaperAudience.CLOSED, PaperAudience.MEMBERS]
    sits = Q(meeting__body__seats__in=seats_of(user), audience__in=told)
    seen = sits
    if is_member(user):
        seen |= Q(audience=PaperAudience.MEMBERS)
    if user.has_perm("consortium.view_meeting"):
        seen |= ~Q(audience=PaperAudience.CLOSED)
    mine = Sitting.objects.of_person(user).values("pk")
    barred = ConflictDeclared.objects.filter(sitting__in=mine, item__isnull=False)
    return seen & ~Q(item__in=barred.values("item"))


@permission("consortium.view_motion")
def view_motion(user: Any) -> Q:
    """INM sees all; who sits on the body what was put to the vote."""
    return staff_or(
        user,
        "consortium.view_motion",
        lambda: Q(body__seats__in=seats_of(user)) & ~Q(state=MotionState.DRAFT),
    )


@permission("consortium.open_motion")
def open_motion(user: Any) -> Q:
    return staff("consortium.change_motion")(user) & Q(state=MotionState.DRAFT)


@permission("consortium.close_motion")
def close_motion(user: Any) -> Q:
    return staff("consortium.change_motion")(user) & Q(state=MotionState.OPEN)


@permission("consortium.certify_motion")
def certify_motion(user: Any) -> Q:
    return staff("consortium.certify_motion")(user) & Q(state=MotionState.CLOSED)


@permission("consortium.vote_elector")
def vote_elector(user: Any) -> Q:
    """Who sits on the seat today, or on one that has its proxy."""
    seats = seats_of(user)
    given = Proxy.objects.in_force().filter(to__seat__in=seats).values("elector")
    by_proxy = Q(motion__allows_proxy=True, pk__in=given)
    return Q(motion__state=MotionState.OPEN) & (Q(seat__in=seats) | by_proxy)


@permission("consortium.give_proxy_elector")
def give_proxy_elector(user: Any) -> Q:
    is_open = Q(motion__state=MotionState.OPEN, motion__allows_proxy=True)
    return is_open & Q(seat__in=seats_of(user))


@permission("consortium.view_cast")
def view_cast(user: Any) -> Q:
    """What a seat voted is its own; where it is not secret, INM's once closed."""
    told = Q(
        elector__motion__is_secret=False,
        elector__motion__state__in=[MotionState.CLOSED, MotionState.CERTIFIED],
    )
    of_inm = staff("consortium.view_motion")(user) & told
    return of_inm | Q(elector__seat__in=seats_of(user))


@permission("consortium.view_elector")
def view_elector(user: Any) -> Q:
    """Who may vote on a motion, and with what weight; not how."""
    return staff_or(
        user,
        "consortium.view_motion",
        lambda: (
            Q(motion__body__seats__in=seats_of(user))
            & ~Q(motion__state=MotionState.DRAFT)
        ),
    )


@permission("consortium.view_antitruststatement")
def view_antitruststatement(user: Any) -> Q:
    """INM, and whoever sits on some body."""
    return staff_or(
        user, "consortium.view_body", lambda: ANYONE if seats_of(user) else NOBODY
    )


permission("consortium.acknowledge_antitruststatement")(view_antitruststatement)
permission("consortium.view_acknowledgment")(
    lambda user: staff_or(user, "consortium.view_body", lambda: Q(person=user))
)


def _of_meetings(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_meeting",
        lambda: Q(meeting__body__seats__in=seats_of(user)),
    )


def _of_their_bodies(user: Any, name: str) -> Q:
    return staff_or(user, name, lambda: Q(body__seats__in=seats_of(user)))
