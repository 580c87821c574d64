"""Close months of the ledger, and open them again."""

import json
from datetime import date, datetime
from hashlib import sha256

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import invariants, journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.tasklist import finish_about, open_task

from ..models import BOOKS, TRIAL_BALANCE, LedgerEntry, PeriodClose, PeriodReopening
from ..policies import REOPENING
from ..states import ActState
from ..verbs import Verb
from .month_mails import ask_to_agree, tell_who_asked
from .two_people import decide, keep, refuse, require_reason


class MonthNotOver(Refusal):
    code = "month_not_over"
    field = "month"


class ClosedAlready(Refusal):
    code = "closed_already"
    field = "month"


class BooksDoNotTie(Refusal):
    code = "books_do_not_tie"


class NotClosedLast(Refusal):
    code = "not_closed_last"


class ReopeningProposed(Refusal):
    code = "reopening_proposed"


def trial_balance(month: date) -> list[list[str]]:
    """Return currency, account, debits and credits up to the end of a month."""
    with connection.cursor() as cursor:
        cursor.execute(TRIAL_BALANCE.format(month="%s::date"), [month])
        return json.loads(cursor.fetchone()[0])


@transaction.atomic
def close_period(
    month: date, *, today: date, at: datetime, by: User, reason: str = ""
) -> PeriodClose:
    """
    Close a month, and all before it: what is found later is posted after it.

    It is closed once what was being posted is there, and not before.

    :raises MonthNotOver: before its last day is over.
    :raises ClosedAlready: if it, or a later one, is closed.
    :raises BooksDoNotTie: while something does not hold that always does.
    """
    take_turns(BOOKS)
    month = month.replace(day=1)
    if today < month + relativedelta(months=1):
        raise MonthNotOver(_("Close a month once it is over."))
    closed_until = PeriodClose.objects.closed_until()
    if closed_until is not None and month < closed_until:
        raise ClosedAlready(_("That month is closed."))
    if found := books_that_do_not_tie():
        raise BooksDoNotTie(" ".join(found))
    posted = LedgerEntry.objects.filter(posted_on__lt=month + relativedelta(months=1))
    last = posted.aggregate(last=Max("recorded_at"))["last"]
    balance = trial_balance(month)
    close = PeriodClose.objects.create(
        month=month,
        trial_balance=balance,
        sha256=sha256(json.dumps(balance).encode()).hexdigest(),
        reason=reason,
        closed_by=by,
        closed_at=max(at, last or at),
    )
    journal.record(Verb.PERIOD_CLOSED, close, by=by, month=month, sha256=close.sha256)
    return close


def books_that_do_not_tie() -> list[str]:
    """Return a sentence for each thing that always holds of the books, and does not."""
    return list(invariants.broken(about=BOOKS))


@transaction.atomic
def propose_reopening(
    close: PeriodClose, *, reason: str, at: datetime, by: User
) -> PeriodReopening:
    """
    Ask that the month that was closed last be opened again.

    :raises SaysNoReason: without a reason.
    :raises NotClosedLast: if it is open, or a later one is closed.
    :raises ReopeningProposed: if somebody asked already.
    """
    take_turns(BOOKS)
    require_reason(reason)
    _require_last(close)
    if close.reopenings.filter(state=ActState.PROPOSED).exists():
        raise ReopeningProposed(_("Somebody proposed that already."))
    reopening = PeriodReopening.objects.create(
        close=close, reason=reason, proposed_by=by, proposed_at=at
    )
    journal.record(Verb.REOPENING_PROPOSED, close, by=by, month=close.month)
    open_task(
        REOPENING,
        reopening,
        what=_("Decide whether %(month)s is opened again") % {"month": close},
        why=_("%(name)s proposed it: %(reason)s") % {"name": by.name, "reason": reason},
        due_on=timezone.localdate(at),
        url=close.get_absolute_url(),
        by=by,
    )
    ask_to_agree(reopening, at=at, by=by)
    return reopening


@transaction.atomic
def approve_reopening(
    reopening: PeriodReopening, *, at: datetime, by: User
) -> PeriodReopening:
    """
    Open a month again, as somebody else proposed.

    :raises TakesTwo: if ``by`` proposed it.
    :raises NotClosedLast: if a later month was closed meanwhile.
    """
    take_turns(BOOKS)
    reopening = PeriodReopening.objects.locked(reopening)
    decide(reopening, ActState.RECORDED, by=by)
    _require_last(reopening.close)
    keep(reopening, at=at, by=by)
    month = reopening.close.month
    journal.record(Verb.PERIOD_REOPENED, reopening.close, by=by, month=month)
    finish_about(REOPENING, reopening, outcome=_("Opened again"), at=at, by=by)
    tell_who_asked(reopening, at=at, by=by)
    return reopening


@transaction.atomic
def refuse_reopening(
    reopening: PeriodReopening, *, at: datetime, by: User
) -> PeriodReopening:
    """Leave a month closed; whoever proposed it takes it back so."""
    reopening = PeriodReopening.objects.locked(reopening)
    refuse(reopening, at=at, by=by)
    journal.record(Verb.REOPENING_REFUSED, reopening.close, by=by)
    finish_about(REOPENING, reopening, outcome=_("It stays closed"), at=at, by=by)
    tell_who_asked(reopening, at=at, by=by)
    return reopening


def _require_last(close: PeriodClose) -> None:
    if PeriodClose.objects.standing().order_by("-month").first() != close:
        raise NotClosedLast(_("Only the month that was closed last is opened."))
