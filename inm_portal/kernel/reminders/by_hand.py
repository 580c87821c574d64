"""What people do with reminders: hold them, send one themselves, close the office."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import (
    Closure,
    ReminderDelivery,
    ReminderHold,
    ReminderState,
)
from inm_portal.kernel.verbs import Verb

from .rules import rule_named, rules


class HoldEndsTooEarly(Refusal):
    code = "hold_ends_too_early"
    field = "until_on"


class HoldsNothing(Refusal):
    code = "holds_nothing"


class NoSuchRule(Refusal):
    code = "no_such_rule"
    field = "rule"


class NoSuchRung(Refusal):
    code = "no_such_rung"
    field = "rung"


class NoSuchObject(Refusal):
    code = "no_such_object"


class HoldOver(Refusal):
    code = "hold_over"


class AlreadySettled(Refusal):
    code = "already_settled"


class ClosedAlready(Refusal):
    code = "closed_already"
    field = "on"


class NotClosed(Refusal):
    code = "not_closed"


@transaction.atomic
def hold_reminders(
    *,
    reason: str,
    until_on: date,
    today: date,
    by: Any,
    rule: str = "",
    rung: str = "",
    subject_type: str = "",
    subject_id: int | None = None,
    organization_key: int | None = None,
) -> ReminderHold:
    """
    Hold back reminders up to and with a day: of a rule, a rung, an object, a company.

    :raises HoldEndsTooEarly: if that day is over.
    :raises HoldsNothing: if none of them is named.
    :raises NoSuchRule: if no rule bears the name.
    :raises NoSuchRung: if the rule has no such rung.
    :raises NoSuchObject: if no rule, or not this one, reminds of the object.
    """
    if until_on < today:
        raise HoldEndsTooEarly(_("A hold lasts until today at least."))
    is_half = bool(subject_type) != bool(subject_id)
    if is_half or not (rule or subject_id or organization_key):
        raise HoldsNothing(_("Say what is held: a rule, an object or a company."))
    _require_rung(rule, rung)
    if subject_type:
        _require_object(rule, subject_type, subject_id)
    hold = ReminderHold.objects.create(
        rule=rule,
        rung=rung,
        subject_type=subject_type,
        subject_id=subject_id,
        organization_key=organization_key,
        reason=reason,
        until_on=until_on,
        held_by=by,
    )
    journal.record(Verb.REMINDERS_HELD, hold, by=by, rule=rule, until_on=until_on)
    return hold


def _require_rung(name: str, rung: str) -> None:
    rule = rule_named(name)
    if name and rule is None:
        raise NoSuchRule(_("There is no such rule."))
    if rung and (rule is None or rule.rung(rung) is None):
        raise NoSuchRung(_("This rule has no such rung."))


def _require_object(name: str, subject_type: str, subject_id: int | None) -> None:
    of_type = [rule for rule in rules() if rule.subject_type == subject_type]
    asked = [rule for rule in of_type if name in ("", rule.name)]
    if not any(rule.subjects().filter(pk=subject_id).exists() for rule in asked):
        raise NoSuchObject(_("No rule reminds of such an object."))


@transaction.atomic
def lift_hold(hold: ReminderHold, *, at: datetime, by: Any) -> ReminderHold:
    """
    Let what was held go out again.

    :raises HoldOver: if somebody lifted it before.
    """
    hold = ReminderHold.objects.locked(hold)
    if hold.lifted_at is not None:
        raise HoldOver(_("This hold was lifted before."))
    hold.lifted_at, hold.lifted_by = at, by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    journal.record(Verb.HOLD_LIFTED, hold, by=by)
    return hold


@transaction.atomic
def fill_reminder(
    delivery: ReminderDelivery, *, note: str, at: datetime, by: Any
) -> ReminderDelivery:
    """
    Record that a person saw to a reminder; the portal does not send it any more.

    :raises AlreadySettled: if something came of it before.
    """
    delivery = ReminderDelivery.objects.locked(delivery)
    if not delivery.is_pending:
        raise AlreadySettled(_("Something came of this reminder already."))
    delivery.move_to(ReminderState.FILLED)
    delivery.note, delivery.settled_at, delivery.acted_by = note, at, by
    delivery.save(update_fields=["state", "note", "settled_at", "acted_by"])
    journal.record(Verb.REMINDER_FILLED, delivery, by=by, rule=delivery.rule)
    return delivery


@transaction.atomic
def add_closure(*, on: date, name: str, by: Any) -> Closure:
    """
    Close the office for a day: reminders go out on the next open one.

    :raises ClosedAlready: if it is closed that day.
    """
    take_turns("closures")
    if Closure.objects.filter(on=on, withdrawn_at=None).exists():
        raise ClosedAlready(_("The office is closed on this day already."))
    closure = Closure.objects.create(on=on, name=name, added_by=by)
    journal.record(Verb.CLOSURE_ADDED, closure, by=by, on=on)
    return closure


@transaction.atomic
def withdraw_closure(closure: Closure, *, at: datetime, by: Any) -> Closure:
    """
    Open the office on a day after all.

    :raises NotClosed: if that was done before.
    """
    closure = Closure.objects.locked(closure)
    if closure.withdrawn_at is not None:
        raise NotClosed(_("This closure was withdrawn before."))
    closure.withdrawn_at, closure.withdrawn_by = at, by
    closure.save(update_fields=["withdrawn_at", "withdrawn_by"])
    journal.record(Verb.CLOSURE_WITHDRAWN, closure, by=by, on=closure.on)
    return closure
