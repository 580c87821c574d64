"""Take a call from its opening to its end, and move its deadlines."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal

from ..models import Call, CallQuestion, CallStage, Extension
from ..states import CallState
from ..verbs import Verb
from .drafts import end_work_on, grace_of
from .timeline import NotPublished


class NotReady(Refusal):
    """A call lacks what it needs before anybody may answer it."""

    code = "not_ready"


class DeadlineAhead(Refusal):
    code = "deadline_ahead"


class NotLater(Refusal):
    code = "not_later"
    field = "until_at"


class RubricMissing(Refusal):
    code = "rubric_missing"


#: What finds the people who work on something for a call, by those who keep it.
Audience = Callable[[Call], Iterable[User]]
_audiences: list[Audience] = []


def tells(audience: Audience) -> Audience:
    """Tell those whom the decorated function returns when a call's deadline moves."""
    _audiences.append(audience)
    return audience


@tells
def _who_asked(call: Call) -> Iterable[User]:
    asked = CallQuestion.objects.filter(call=call).values("asked_by")
    return User.objects.filter(pk__in=asked)


def people_of(call: Call) -> list[User]:
    """Return each active person who works on something for a call, once."""
    found = {one.pk: one for audience in _audiences for one in audience(call)}
    return [found[key] for key in sorted(found) if found[key].is_active]


def lacks_of(call: Call, *, at: datetime) -> list[str]:
    """Return in words what a draft still needs before it can open."""
    stages = list(call.stages.select_related("form"))
    lacks = [] if stages else [_("a stage with a deadline")]
    for stage in stages:
        name = {"stage": stage.kind_label.lower()}
        if not stage.form.is_published:
            lacks.append(_("a published form for the %(stage)s") % name)
    if stages and max(stage.closes_at for stage in stages) <= at:
        lacks.append(_("a deadline that is ahead"))
    if stages and all(stage.is_by_invitation for stage in stages):
        lacks.append(_("a stage that is open to all"))
    if call.rubric is None or not call.rubric.is_published:
        lacks.append(_("a published rubric"))
    if not call.rules.exists():
        lacks.append(_("a rule of who may apply"))
    return lacks


@transaction.atomic
def open_call(call: Call, *, at: datetime, by: User | None) -> Call:
    """
    Publish a call; it takes proposals from the opening of its first stage.

    :raises NotReady: if something is missing; the words say what.
    """
    call = Call.objects.locked(call)
    call.move_to(CallState.OPEN)
    if lacks := lacks_of(call, at=at):
        raise NotReady(_("The call still needs %(what)s.") % {"what": ", ".join(lacks)})
    call.opened_at = at
    _save(call, "opened_at")
    journal.record(Verb.CALL_OPENED, call, by=by)
    return call


@transaction.atomic
def close_call(call: Call, *, at: datetime, by: User | None) -> Call:
    """
    Close a call whose last deadline, of anybody, is over.

    :raises DeadlineAhead: if somebody may still hand something in.
    """
    end_work_on(call.pk)
    call = Call.objects.locked(call)
    call.move_to(CallState.CLOSED)
    last = last_deadline(call)
    if last is not None and last + grace_of(call) >= at:
        words = _("Somebody may hand in until %(when)s.")
        raise DeadlineAhead(words % {"when": in_zone(last, call)})
    _save(call)
    journal.record(Verb.CALL_CLOSED, call, by=by)
    return call


def last_deadline(call: Call) -> datetime | None:
    """Return the last instant at which anybody may hand something in."""
    set_first = call.stages.values_list("closes_at", flat=True)
    longer = Extension.objects.filter(stage__call=call)
    moments = [*set_first, *longer.values_list("until_at", flat=True)]
    return max(moments, default=None)


@transaction.atomic
def reopen_call(
    call: Call,
    *,
    stage: CallStage,
    until_at: datetime,
    reason: str,
    at: datetime,
    by: User | None,
) -> Call:
    """
    Open a closed call again with a later deadline, and tell everybody at work on it.

    :raises NotLater: unless the new deadline is ahead, and after the one before.
    """
    call = Call.objects.locked(call)
    call.move_to(CallState.OPEN)
    _save(call)
    journal.record(Verb.CALL_REOPENED, call, by=by, reason=reason, stage=stage.kind)
    _extend(call, stage, None, until_at=until_at, reason=reason, at=at, by=by)
    return call


@transaction.atomic
def cancel_call(call: Call, *, reason: str, at: datetime, by: User | None) -> Call:
    """Cancel a call, and tell everybody at work on it why (case 78)."""
    end_work_on(call.pk)
    call = Call.objects.locked(call)
    was_known = not call.is_draft
    call.move_to(CallState.CANCELLED)
    call.cancel_reason = reason
    _save(call, "cancel_reason")
    journal.record(Verb.CALL_CANCELLED, call, by=by)
    for person in people_of(call) if was_known else []:
        context = {"call": call, "reason": reason}
        kind = "seed_projects/mail/call_cancelled"
        mails.write(kind, to=person, slot="", at=at, about=call, context=context)
    return call


@transaction.atomic
def begin_review(call: Call, *, by: User | None) -> Call:
    """
    :raises RubricMissing: if nothing says by what proposals are scored.
    """
    call = Call.objects.locked(call)
    call.move_to(CallState.IN_REVIEW)
    if call.rubric is None:
        raise RubricMissing(_("Choose the rubric first."))
    if not call.rubric.is_published:
        raise NotPublished(_("Publish its rubric first."))
    _save(call)
    journal.record(Verb.CALL_REVIEWED, call, by=by)
    return call


@transaction.atomic
def decide_call(call: Call, *, by: User | None) -> Call:
    """Say that every proposal of a call is decided."""
    return _step(call, CallState.DECIDED, Verb.CALL_DECIDED, by)


@transaction.atomic
def archive_call(call: Call, *, by: User | None) -> Call:
    """Put a decided call away; everybody still reads it."""
    return _step(call, CallState.ARCHIVED, Verb.CALL_ARCHIVED, by)


def _step(call: Call, state: CallState, verb: Verb, by: User | None) -> Call:
    found: Call = Call.objects.locked(call)
    found.move_to(state)
    _save(found)
    journal.record(verb, found, by=by)
    return found


@transaction.atomic
def extend_deadline(
    stage: CallStage,
    *,
    until_at: datetime,
    reason: str,
    person: User | None = None,
    at: datetime,
    by: User | None,
) -> Extension:
    """
    Move a deadline to a later instant, for all or for one person, and tell them.

    :raises NotLater: unless the call is open, and that is after what holds now.
    """
    call: Call = Call.objects.locked(stage.call)
    if call.state != CallState.OPEN:
        raise NotLater(_("The call is not open."))
    told: dict[str, Any] = {"until_at": until_at, "reason": reason, "at": at}
    return _extend(call, stage, person, **told, by=by)


def _extend(
    call: Call,
    stage: CallStage,
    person: User | None,
    *,
    until_at: datetime,
    reason: str,
    at: datetime,
    by: User | None,
) -> Extension:
    stage = CallStage.objects.with_deadlines(person=person).get(pk=stage.pk)
    if until_at <= max(stage.deadline_at, at):
        words = _("Choose an instant after %(when)s.")
        known = in_zone(max(stage.deadline_at, at), call)
        raise NotLater(words % {"when": known})
    row = stage.extensions.create(
        person=person, until_at=until_at, reason=reason, granted_by=by, granted_at=at
    )
    facts = {"stage": stage.kind, "until": until_at, "person": person and person.pk}
    journal.record(Verb.DEADLINE_EXTENDED, call, by=by, **facts)
    for one in people_of(call) if person is None else [person]:
        _notify(one, row, stage, call, at)
    return row


def _notify(
    person: User, row: Extension, stage: CallStage, call: Call, at: datetime
) -> None:
    mails.write(
        "seed_projects/mail/deadline_extended",
        to=person,
        slot=str(row.pk),
        at=at,
        about=call,
        context={
            "call": call,
            "stage": stage.kind_label,
            "until": in_zone(row.until_at, call),
            "reason": row.reason,
        },
    )


def in_zone(instant: datetime, call: Call) -> str:
    """Return an instant as the call's zone tells it, with the name of the zone."""
    there = instant.astimezone(call.time_zone)
    return f"{there:%B} {there.day}, {there:%Y, %H:%M %Z}"


def _save(call: Call, *more: str) -> None:
    call.version += 1
    fields: list[Any] = ["state", "version", *more]
    call.save(update_fields=fields)
