"""Check by a call who asks to pay, or to be paid, elsewhere (case 28)."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, tasklist
from inm_portal.kernel.errors import Refusal

from ..models import ACCOUNT_NUMBER, CallBack, Contact, Organization
from ..states import ActState
from ..verbs import Verb
from .organizations import lock_organization
from .two_people import decide, keep, require_reason

#: The kind of the task to call.
CALL_BACK = "consortium.call_back"


class NamesAccount(Refusal):
    code = "names_account"
    field = "reason"


class NoKnownNumber(Refusal):
    code = "no_known_number"
    field = "contact"


class ReceivedInFuture(Refusal):
    code = "received_in_future"
    field = "received_on"


class NothingSaid(Refusal):
    code = "nothing_said"
    field = "answer"


@transaction.atomic
def ask_for_call_back(
    organization: Organization,
    *,
    contact: Contact,
    asked_by: str,
    reason: str,
    received_on: date,
    today: date,
    at: datetime,
    by: User,
) -> CallBack:
    """
    Write down who asked to change where money goes, and ask somebody else to call.

    ``reason`` says what is asked for, in words without any account number.

    :raises SaysNoReason: without it.
    :raises NamesAccount: if a number of an account stands in it.
    :raises NoKnownNumber: if the contact is of another company, left, or has no phone.
    :raises ReceivedInFuture: if the day lies ahead.
    """
    organization = lock_organization(organization)
    require_reason(reason)
    _require_no_account(reason, field="reason")
    if received_on > today:
        raise ReceivedInFuture(_("This day lies ahead."))
    contact = Contact.objects.get(pk=contact.pk)
    is_here = contact.organization_id == organization.pk
    if not (is_here and contact.phone and contact.departed_on is None):
        raise NoKnownNumber(_("Choose a contact of the member whose phone is known."))
    row = CallBack.objects.create(
        organization=organization,
        contact=contact,
        phone=contact.phone,
        asked_by=asked_by,
        reason=reason,
        received_on=received_on,
        proposed_by=by,
        proposed_at=at,
    )
    facts = {"company": organization.name, "name": contact.name}
    tasklist.open_task(
        CALL_BACK,
        row,
        what=_("Call %(name)s of %(company)s back") % facts,
        why=_("Somebody asks to change where money goes; nothing changes before."),
        due_on=today,
        url=row.get_absolute_url(),
        by=by,
    )
    journal.record(Verb.CALL_BACK_ASKED, row, by=by, organization=organization)
    return row


def _require_no_account(text: str, *, field: str) -> None:
    if re.search(ACCOUNT_NUMBER, text):
        words = _("Leave numbers of accounts out; the portal keeps none.")
        raise NamesAccount(words, field=field)


@transaction.atomic
def confirm_call_back(
    row: CallBack, *, answer: str, at: datetime, by: User
) -> CallBack:
    """
    Write down that the contact, called at the known number, asked for it indeed.

    :raises IllegalTransition: if it was decided.
    :raises TakesTwo: if ``by`` wrote the request down.
    :raises NothingSaid: without what the contact said.
    :raises NamesAccount: if a number of an account stands in it.
    """
    return _decide(row, ActState.RECORDED, answer=answer, at=at, by=by)


@transaction.atomic
def refuse_call_back(row: CallBack, *, answer: str, at: datetime, by: User) -> CallBack:
    """
    Write down that the contact did not ask for it, or cannot be reached.

    :raises IllegalTransition: if it was decided.
    :raises NothingSaid: without a word on it.
    :raises NamesAccount: if a number of an account stands in it.
    """
    return _decide(row, ActState.REFUSED, answer=answer, at=at, by=by)


def _decide(
    row: CallBack, state: ActState, *, answer: str, at: datetime, by: User
) -> CallBack:
    row = CallBack.objects.locked(row)
    if not answer.strip():
        raise NothingSaid(_("Say what came of the call."))
    _require_no_account(answer, field="answer")
    decide(row, state, by=by)
    keep(row, at=at, by=by, answer=answer)
    outcome = row.standing.label
    tasklist.finish_about(CALL_BACK, row, outcome=str(outcome), at=at, by=by)
    is_confirmed = state == ActState.RECORDED
    verb = Verb.CALL_BACK_CONFIRMED if is_confirmed else Verb.CALL_BACK_REFUSED
    journal.record(verb, row, by=by, organization=row.organization)
    return row
