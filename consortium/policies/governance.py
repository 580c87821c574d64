"""Who sees bodies, their meetings and motions; who votes, and who keeps them."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import Proxy
from ..states import MeetingState, MotionState
from ..ties import seats_of

permission("consortium.seat_body")(staff("consortium.change_body"))
permission("consortium.call_meeting_body")(staff("consortium.add_meeting"))
permission("consortium.draft_motion_body")(staff("consortium.add_motion"))


@permission("consortium.view_body")
def view_body(user: Any) -> Q:
    """INM sees all; everybody else the bodies on which they sit today."""
    return staff_or(user, "consortium.view_body", lambda: Q(seats__in=seats_of(user)))


@permission("consortium.view_sitting")
def view_sitting(user: Any) -> Q:
    return _of_their_bodies(user, "consortium.view_body")


@permission("consortium.view_meeting")
def view_meeting(user: Any) -> Q:
    return _of_their_bodies(user, "consortium.view_meeting")


@permission("consortium.record_meeting")
def record_meeting(user: Any) -> Q:
    return staff("consortium.change_meeting")(user) & Q(adopted=None)


@permission("consortium.cancel_meeting")
def cancel_meeting(user: Any) -> Q:
    return record_meeting(user) & Q(state=MeetingState.CALLED)


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


def _of_their_bodies(user: Any, name: str) -> Q:
    return staff_or(user, name, lambda: Q(body__seats__in=seats_of(user)))
