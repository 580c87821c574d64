"""Ask another person to decide on what somebody proposed, and tell what they did."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import mails
from inm_portal.kernel.money import written
from inm_portal.kernel.permissions import name_for
from inm_portal.kernel.tasklist import finish_about, open_task
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    Interest,
    Invoice,
    Receipt,
    Refund,
    ReminderPolicy,
    TwoPeople,
    WriteOff,
)
from ..policies import SECOND_PERSON
from ..states import ActState

#: Where each kind of thing stands that takes two people.
PAGES = {
    Receipt: "consortium:receipt",
    Invoice: "consortium:invoice",
    ReminderPolicy: "consortium:reminder_policy",
}


def ask_another(act: TwoPeople, *, at: datetime, by: User) -> None:
    """Ask those who may record it, other than who proposed it."""
    what = words_of(act)
    open_task(
        SECOND_PERSON,
        act,
        what=_("Decide on %(what)s") % {"what": what},
        why=_("%(name)s proposed it: %(reason)s")
        % {"name": by.name, "reason": act.reason},
        due_on=timezone.localdate(at),
        url=_about(act).get_absolute_url(),
        by=by,
    )
    codename = name_for(type(act), "approve").partition(".")[2]
    barred = Interest.objects.standing(on=timezone.localdate(at)).filter(
        organization=_barring(act)
    )
    kept_from = set(barred.values_list("person", flat=True))
    for person in those_who_may(codename, besides=by):
        if person.pk not in kept_from:
            _write("second_person_asked", act, to=person, at=at, name=by.name)


def those_who_may(codename: str, *, besides: User) -> Iterator[User]:
    """Yield those whose group holds a permission, but for one person."""
    able = Q(groups__permissions__codename=codename, is_active=True)
    for person in User.objects.filter(able).distinct().order_by("pk"):
        if not person.is_same_person(besides):
            yield person


def tell_proposer(act: TwoPeople, *, at: datetime, by: User) -> None:
    """Tell who proposed it what somebody else decided, and ask nobody any more."""
    if not act.takes_two:
        return
    outcome = act.get_state_display()
    finish_about(SECOND_PERSON, act, outcome=outcome, at=at, by=by)
    proposer = act.proposed_by.survivor
    if proposer.is_active and not by.is_same_person(proposer):
        is_recorded = act.state == ActState.RECORDED
        told = {"name": by.name, "is_recorded": is_recorded}
        _write("second_person_decided", act, to=proposer, at=at, **told)


def words_of(act: TwoPeople) -> str:
    """Return what is proposed, as it stands in a line."""
    match act:
        case WriteOff():
            invoice = act.line.invoice
            facts = {"kind": act.get_kind_display().lower(), "invoice": invoice}
            facts["amount"] = written(act.amount, invoice.currency)
            return _("the write-off of %(amount)s of %(invoice)s (%(kind)s)") % facts
        case Refund():
            share = act.share
            facts = {"member": share.organization, "receipt": share.receipt}
            facts["amount"] = written(act.amount, share.receipt.currency)
            return _("the refund of %(amount)s of %(receipt)s to %(member)s") % facts
        case Receipt():
            facts = {"receipt": act, "payer": act.payer_name}
            facts["amount"] = written(act.amount, act.currency)
            return _("%(receipt)s of %(amount)s from %(payer)s") % facts
        case ReminderPolicy():
            facts = {"day": written_day(act.first_on)}
            return _("the ladder of reminders that begins on %(day)s") % facts
    raise TypeError(type(act))


def _about(act: TwoPeople) -> Any:
    """Return the receipt or the invoice on whose page it is decided."""
    match act:
        case WriteOff():
            return act.line.invoice
        case Refund():
            return act.share.receipt
    return act


def _barring(act: TwoPeople) -> int | None:
    """Return the key of the member, an interest in which keeps from deciding."""
    match act:
        case WriteOff():
            return act.line.invoice.organization_id
        case Refund():
            return act.share.organization_id
    return None


def _write(kind: str, act: TwoPeople, *, to: User, at: datetime, **more: Any) -> None:
    about = _about(act)
    context = {"what": words_of(act), "reason": act.reason, "page": PAGES[type(about)]}
    mails.write(
        f"consortium/mail/{kind}",
        to=to,
        about=act,
        slot=kind,
        at=at,
        context=context | {"key": about.pk} | more,
    )
