"""Set when a call takes what, who may apply, and by which forms."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    STAGE_ORDER,
    Call,
    CallDate,
    CallStage,
    EligibilityException,
    EligibilityRule,
    FormVersion,
    RubricVersion,
    RuleKind,
    StageKind,
    Track,
)
from ..states import CallState
from ..verbs import Verb


class CallNotDraft(Refusal):
    code = "call_not_draft"


class ClosesBeforeItOpens(Refusal):
    code = "closes_before_it_opens"
    field = "closes_at"


class OutOfOrder(Refusal):
    code = "out_of_order"
    field = "opens_at"


class NotPublished(Refusal):
    code = "not_published"


class TrackKnown(Refusal):
    code = "track_known"
    field = "name"


class AboveTheCall(Refusal):
    code = "above_the_call"
    field = "ceiling"


class OnlyAhead(Refusal):
    code = "only_ahead"
    field = "until_on"


class FormMissing(Refusal):
    code = "form_missing"


def drafted(call: Call) -> Call:
    """
    Return a call that is still a draft, held until the transaction ends.

    :raises CallNotDraft: if it is not.
    """
    found: Call = Call.objects.locked(call)
    if not found.is_draft:
        raise CallNotDraft(_("The call is open; what applicants rely on stays."))
    return found


@transaction.atomic
def set_stage(
    call: Call,
    *,
    kind: str,
    opens_at: datetime,
    closes_at: datetime,
    form: FormVersion,
    is_by_invitation: bool = False,
    by: User | None,
) -> CallStage:
    """
    Give a draft a stage, or change the one of this kind.

    :raises CallNotDraft: once the call is open.
    :raises ClosesBeforeItOpens: unless the deadline is after the opening.
    :raises OutOfOrder: if it closes before an earlier stage, or after a later one.
    """
    call = drafted(call)
    if closes_at <= opens_at:
        raise ClosesBeforeItOpens(_("Choose a deadline after the opening."))
    for other in call.stages.exclude(kind=kind):
        before = STAGE_ORDER[StageKind(other.kind)] < STAGE_ORDER[StageKind(kind)]
        if (other.closes_at >= closes_at) if before else (other.closes_at <= closes_at):
            words = _("Stages close one after another; see %(stage)s.")
            facts = {"stage": other.kind_label.lower()}
            raise OutOfOrder(words % facts, field="closes_at")
    told: dict[str, Any] = {"opens_at": opens_at, "closes_at": closes_at, "form": form}
    told |= {"is_by_invitation": is_by_invitation}
    stage, _new = call.stages.update_or_create(kind=kind, defaults=told)
    journal.record(Verb.STAGE_SET, call, by=by, stage=kind, closes_at=closes_at)
    return stage


@transaction.atomic
def remove_stage(stage: CallStage, *, by: User | None) -> Call:
    """
    :raises CallNotDraft: once the call is open.
    """
    call = drafted(stage.call)
    journal.record(Verb.STAGE_REMOVED, call, by=by, stage=stage.kind)
    stage.delete()
    return call


@transaction.atomic
def set_date(
    call: Call, *, kind: str, at: datetime, note: str = "", by: User | None
) -> CallDate:
    """Set an instant of a call's timeline, or move it."""
    call = Call.objects.locked(call)
    told: dict[str, Any] = {"at": at, "note": note}
    day, _new = call.dates.update_or_create(kind=kind, defaults=told)
    journal.record(Verb.DATE_SET, call, by=by, date=kind, at=at)
    return day


@transaction.atomic
def remove_date(day: CallDate, *, by: User | None) -> Call:
    """
    :raises CallNotDraft: once the call is open; from then on it only moves.
    """
    call = drafted(day.call)
    journal.record(Verb.DATE_REMOVED, call, by=by, date=day.kind)
    day.delete()
    return call


@transaction.atomic
def add_track(
    call: Call,
    *,
    name: str,
    description: str = "",
    ceiling: Decimal | None = None,
    by: User | None,
) -> Track:
    """
    :raises CallNotDraft: once the call is open.
    :raises TrackKnown: if the call has a track of this name.
    :raises AboveTheCall: if a project of it might cost more than the call allows.
    """
    call = drafted(call)
    if call.tracks.filter(name__iexact=name).exists():
        raise TrackKnown(_("There is a track of this name."))
    if ceiling is not None and ceiling > call.ceiling:
        raise AboveTheCall(_("That is more than the call allows for one project."))
    track = call.tracks.create(name=name, description=description, ceiling=ceiling)
    journal.record(Verb.TRACK_ADDED, call, by=by, track=track.pk)
    return track


@transaction.atomic
def remove_track(track: Track, *, by: User | None) -> Call:
    """
    :raises CallNotDraft: once the call is open.
    """
    call = drafted(track.call)
    journal.record(Verb.TRACK_REMOVED, call, by=by, track=track.pk)
    track.delete()
    return call


@transaction.atomic
def add_rule(
    call: Call,
    *,
    statement: str,
    kind: str = RuleKind.DECLARED,
    by: User | None,
) -> EligibilityRule:
    """
    :raises CallNotDraft: once the call is open.
    """
    call = drafted(call)
    last = call.rules.aggregate(last=Max("position"))["last"] or 0
    rule = call.rules.create(kind=kind, statement=statement, position=last + 1)
    journal.record(Verb.RULE_ADDED, call, by=by, rule=rule.pk)
    return rule


@transaction.atomic
def remove_rule(rule: EligibilityRule, *, by: User | None) -> Call:
    """
    :raises CallNotDraft: once the call is open.
    """
    call = drafted(rule.call)
    if rule.exceptions.exists():
        raise CallNotDraft(_("Somebody has leave to apply without it; it stays."))
    journal.record(Verb.RULE_REMOVED, call, by=by, rule=rule.pk)
    rule.delete()
    return call


@transaction.atomic
def grant_exception(
    rule: EligibilityRule,
    *,
    person: User,
    reason: str,
    until_on: date,
    today: date,
    at: datetime,
    by: User | None,
) -> EligibilityException:
    """
    Let one person apply until a day though they do not meet a rule.

    :raises OnlyAhead: if that day is over.
    """
    if until_on < today:
        raise OnlyAhead(_("Choose today or a later day."))
    row = rule.exceptions.create(
        person=person, reason=reason, until_on=until_on, granted_by=by, granted_at=at
    )
    facts = {"rule": rule.pk, "person": person.pk, "until": until_on}
    journal.record(Verb.EXCEPTION_GRANTED, rule.call, by=by, **facts)
    return row


@transaction.atomic
def replace_form(stage: CallStage, *, form: FormVersion, by: User | None) -> Call:
    """
    Let drafts begun from now on answer another version; others keep theirs.

    :raises NotPublished: if that version is a draft.
    """
    call: Call = Call.objects.locked(stage.call)
    if call.state not in [CallState.DRAFT, CallState.OPEN]:
        raise CallNotDraft(_("The call no longer takes proposals."))
    if not form.is_published:
        raise NotPublished(_("Publish that version of the form first."), field="form")
    facts = {"stage": stage.kind, "before": stage.form_id, "form": form.pk}
    stage.form = form
    stage.save(update_fields=["form"])
    journal.record(Verb.FORM_CHANGED, call, by=by, **facts)
    return call


@transaction.atomic
def replace_rubric(call: Call, *, rubric: RubricVersion, by: User | None) -> Call:
    """
    Score by another version; what was scored keeps the one that it was scored by.

    :raises NotPublished: if that version is a draft.
    """
    call = Call.objects.locked(call)
    if not rubric.is_published:
        words = _("Publish that version of the rubric first.")
        raise NotPublished(words, field="rubric")
    facts = {"before": call.rubric_id, "rubric": rubric.pk}
    if call.edit(None, rubric=rubric):
        journal.record(Verb.RUBRIC_CHANGED, call, by=by, **facts)
    return call
