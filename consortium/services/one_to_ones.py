"""Ask one of the faculty for a talk, agree on a day within the cap, and hold it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.tasklist import finish_about, open_task

from ..models import (
    Contact,
    FacultyMember,
    InteractionKind,
    OneToOneRequest,
    Organization,
    half_year_of,
)
from ..states import MembershipStatus, OneToOneState
from ..verbs import Verb
from .engagement import NotItsContact, record_interaction
from .organizations import lock_organization
from .two_people import require_reason

#: The tasks of who looks after the member: to bring about an answer, and to write
#: down what was spoken.
ANSWER = "consortium.one_to_one"
WRITE_DOWN = "consortium.one_to_one_held"
ANSWERED_WITHIN = timedelta(days=7)
WRITTEN_WITHIN = timedelta(days=3)


class NotAMember(Refusal):
    code = "not_a_member"


class TakesNone(Refusal):
    code = "takes_none"
    field = "faculty"


class AskedAlready(Refusal):
    code = "asked_already"
    field = "faculty"


class DayIsOver(Refusal):
    code = "day_is_over"
    field = "meets_on"


class CapReached(Refusal):
    code = "cap_reached"
    field = "meets_on"


class NotHeldYet(Refusal):
    code = "not_held_yet"


@transaction.atomic
def cap_one_to_ones(
    faculty: FacultyMember, *, one_to_one_cap: int, by: User | None
) -> FacultyMember:
    """
    Say how many talks one of the faculty gives members alone in a half-year.

    What is agreed already stays agreed, though it be more.
    """
    faculty = _in_turn(faculty)
    faculty.one_to_one_cap = one_to_one_cap
    faculty.save(update_fields=["one_to_one_cap"])
    journal.record(Verb.ONE_TO_ONE_CAPPED, faculty, by=by, cap=one_to_one_cap)
    return faculty


@transaction.atomic
def ask_one_to_one(
    organization: Organization,
    *,
    contact: Contact,
    faculty: FacultyMember,
    topic: str,
    suits: str,
    today: date,
    at: datetime,
    by: User | None,
) -> OneToOneRequest:
    """
    Ask one of the faculty for a talk; who looks after the member brings it about.

    :raises NotAMember: unless the company is a member today, or goodwill keeps it.
    :raises NotItsContact: if the person is of another company, or left.
    :raises TakesNone: if that one of the faculty gives no talks.
    :raises AskedAlready: while the company waits for a talk with the same.
    """
    organization = lock_organization(organization)
    _require_member(organization, today=today)
    if contact.organization_id != organization.pk or contact.departed_on:
        raise NotItsContact(_("Name somebody who is with this member."))
    faculty = _in_turn(faculty)
    if not faculty.one_to_one_cap:
        raise TakesNone(_("%(name)s gives no talks now.") % {"name": faculty.name})
    open_ones = OneToOneRequest.objects.open()
    if open_ones.filter(organization=organization, faculty=faculty).exists():
        raise AskedAlready(
            _("Your company waits for a talk with %(name)s already.")
            % {"name": faculty.name}
        )
    row: OneToOneRequest = OneToOneRequest.objects.create(
        organization=organization,
        contact=contact,
        faculty=faculty,
        topic=topic,
        suits=suits,
        asked_by=by,
        asked_at=at,
    )
    open_task(
        ANSWER,
        row,
        what=str(row),
        why=_("It was asked for. Agree on a day with both, or decline it."),
        due_on=today + ANSWERED_WITHIN,
        person=organization.owner,
        url=row.get_absolute_url(),
        by=by,
    )
    journal.record(Verb.ONE_TO_ONE_ASKED, organization, by=by, request=row.pk)
    return row


@transaction.atomic
def agree_one_to_one(
    request: OneToOneRequest,
    *,
    meets_on: date,
    place: str,
    today: date,
    at: datetime,
    by: User | None,
) -> OneToOneRequest:
    """
    Set the day and place of a talk, or move it; both who talk are written to.

    :raises IllegalTransition: if it was held, declined or withdrawn.
    :raises DayIsOver: if the day is over.
    :raises CapReached: if that half-year has as many talks as the faculty gives.
    """
    request = _locked(request)
    is_moved = request.state == OneToOneState.AGREED
    if not is_moved:
        request.move_to(OneToOneState.AGREED)
    if meets_on < today:
        raise DayIsOver(_("Choose today, or a day to come."))
    _require_room(request, meets_on)
    request.meets_on, request.place = meets_on, place
    request.save(update_fields=["state", "meets_on", "place"])
    outcome = _("Agreed for %(day)s") % {"day": meets_on}
    for kind in (ANSWER, WRITE_DOWN):
        finish_about(kind, request, outcome=outcome, at=at, by=by)
    open_task(
        WRITE_DOWN,
        request,
        what=str(request),
        why=_("Write down what was spoken, or that it was not held."),
        due_on=meets_on + WRITTEN_WITHIN,
        person=request.organization.owner,
        url=request.get_absolute_url(),
        by=by,
    )
    verb = Verb.ONE_TO_ONE_MOVED if is_moved else Verb.ONE_TO_ONE_AGREED
    _note(verb, request, by=by, day=meets_on.isoformat())
    _tell(request, "one_to_one_agreed", at=at, both=True, is_moved=is_moved)
    return request


@transaction.atomic
def decline_one_to_one(
    request: OneToOneRequest, *, reason: str, at: datetime, by: User | None
) -> OneToOneRequest:
    """
    Say that no talk comes of it; who asked is told why.

    :raises SaysNoReason: without a reason.
    :raises IllegalTransition: unless it waits for an answer.
    """
    return _end(request, OneToOneState.DECLINED, reason=reason, at=at, by=by)


@transaction.atomic
def withdraw_one_to_one(
    request: OneToOneRequest, *, reason: str, at: datetime, by: User | None
) -> OneToOneRequest:
    """
    Call a talk off, before or after it was agreed; all who know of it are told.

    :raises SaysNoReason: without a reason.
    :raises IllegalTransition: if it was held, declined or withdrawn.
    """
    return _end(request, OneToOneState.WITHDRAWN, reason=reason, at=at, by=by)


@transaction.atomic
def hold_one_to_one(
    request: OneToOneRequest,
    *,
    summary: str,
    is_shared: bool,
    today: date,
    at: datetime,
    by: User | None,
) -> OneToOneRequest:
    """
    Write down what was spoken, as an interaction with the member on that day.

    :raises IllegalTransition: unless it is agreed.
    :raises NotHeldYet: if its day lies ahead.
    """
    request = _locked(request)
    request.move_to(OneToOneState.HELD)
    if request.meets_on is None or request.meets_on > today:
        raise NotHeldYet(_("Its day lies ahead."))
    request.interaction = record_interaction(
        request.organization,
        kind=InteractionKind.ONE_TO_ONE,
        held_on=request.meets_on,
        summary=summary,
        is_shared=is_shared,
        contacts=[request.contact],
        faculty=[request.faculty],
        today=today,
        at=at,
        by=by,
    )
    request.save(update_fields=["state", "interaction"])
    finish_about(WRITE_DOWN, request, outcome=_("Written down"), at=at, by=by)
    _note(Verb.ONE_TO_ONE_HELD, request, by=by)
    return request


def _end(
    request: OneToOneRequest, state: str, *, reason: str, at: datetime, by: User | None
) -> OneToOneRequest:
    require_reason(reason)
    request = _locked(request)
    was_agreed = request.state == OneToOneState.AGREED
    request.move_to(state)
    request.reason = reason
    request.save(update_fields=["state", "reason"])
    for kind in (ANSWER, WRITE_DOWN):
        finish_about(kind, request, outcome=reason, at=at, by=by)
    is_declined = state == OneToOneState.DECLINED
    verb = Verb.ONE_TO_ONE_DECLINED if is_declined else Verb.ONE_TO_ONE_WITHDRAWN
    _note(verb, request, by=by)
    kind = "one_to_one_declined" if is_declined else "one_to_one_withdrawn"
    _tell(request, kind, at=at, both=was_agreed)
    return request


def _require_member(organization: Organization, *, today: date) -> None:
    rows: Any = Organization.objects.filter(pk=organization.pk)
    present = MembershipStatus.present()
    if not rows.with_membership(on=today).filter(status__in=present).exists():
        raise NotAMember(_("Members of today ask for talks with the faculty."))


def _in_turn(faculty: FacultyMember) -> FacultyMember:
    """Let one transaction at a time count the talks of one of the faculty."""
    take_turns(f"one-to-ones {faculty.pk}")
    found: FacultyMember = FacultyMember.objects.get(pk=faculty.pk)
    return found


def _locked(request: OneToOneRequest) -> OneToOneRequest:
    """Hold the member, then the faculty's talks, then the request."""
    lock_organization(request.organization)
    _in_turn(request.faculty)
    rows = OneToOneRequest.objects.select_related(
        *["organization__owner", "faculty", "contact__user"]
    )
    found: OneToOneRequest = rows.select_for_update(of=("self",)).get(pk=request.pk)
    return found


def _require_room(request: OneToOneRequest, day: date) -> None:
    taken = OneToOneRequest.objects.taking(on=day).filter(faculty=request.faculty)
    if taken.exclude(pk=request.pk).count() >= request.faculty.one_to_one_cap:
        first, last = half_year_of(day)
        raise CapReached(
            _(
                "%(name)s gives %(cap)s talks from %(first)s to %(last)s, and all are "
                "agreed. Choose a later day, or raise the cap with their consent."
            )
            % {
                "name": request.faculty.name,
                "cap": request.faculty.one_to_one_cap,
                "first": f"{first:%B %Y}",
                "last": f"{last:%B %Y}",
            }
        )


def _note(
    verb: Verb, request: OneToOneRequest, *, by: User | None, **facts: Any
) -> None:
    about = {"request": request.pk, "faculty": request.faculty_id}
    journal.record(verb, request.organization, by=by, **about, **facts)


def _tell(
    request: OneToOneRequest, kind: str, *, at: datetime, both: bool, **more: Any
) -> None:
    """Write to who asked, and to the faculty where they know of it already."""
    contact, faculty = request.contact, request.faculty
    told = [contact.user or contact.email] if not contact.departed_on else []
    told += [faculty.email] if both else []
    for to in told:
        mails.write(
            f"consortium/mail/{kind}",
            to=to,
            about=request,
            slot=f"{kind} {request.pk} {at.isoformat()}",
            at=at,
            context={
                "request": request,
                "company": request.organization.name,
                "faculty": faculty.name,
                "person": contact.name,
                "is_faculty": to == faculty.email,
                **more,
            },
        )
