"""Take credits back, in part or whole."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal

from ..models import (
    CommitmentYear,
    ContributionCredit,
    DisputeOutcome,
    EntryKind,
    ValuationDispute,
)
from ..verbs import Verb
from . import credit_mails
from .claims import lock_credit
from .entries import ZERO, carry_excess, enter, fill_cap
from .interests import require_no_interest


class NothingStands(Refusal):
    code = "nothing_stands"


class AboveStanding(Refusal):
    code = "above_standing"
    field = "amount"


class CountsByPayment(Refusal):
    """What is paid counts; it is taken back with the payment."""

    code = "counts_by_payment"


class ReducesAll(Refusal):
    code = "reduces_all"
    field = "amount"


@transaction.atomic
def reverse_credit(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Take back all that stands of a credit; its own year may open again.

    The company hears of it, and may appeal (cases 30 and 33).

    :raises NothingStands: if nothing is left of it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    return reverse_and_tell(credit, reason=reason, at=at, today=today, by=by)


def reverse_and_tell(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """Reverse a credit whose member the caller holds; its company hears of it."""
    credit = reverse_locked(credit, reason=reason, at=at, today=today, by=by)
    _tell(credit, "credit_reversed", credit.standing, reason, at=at, today=today)
    return credit


def reverse_locked(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Reverse a credit whose member the caller holds; the caller tells of it.

    Each year stands at zero then: what a cut took from another year than its own
    comes back there (case 32). A dispute that is open ends with it.
    """
    credit = _standing(credit, today=today, by=by)
    take_back(credit, value_on=today, reason=reason, at=at, today=today, by=by)
    end_dispute(credit, reason=reason, at=at, by=by)
    return credit


def take_back(
    credit: ContributionCredit,
    *,
    value_on: date,
    reason: str,
    at: datetime,
    today: date,
    by: User | None,
) -> None:
    """Bring a credit, read with what stands of it, to zero in each year."""
    sums = credit.entries.values("commitment_year").annotate(
        credited=Sum("amount"), given=Sum("recognized")
    )
    # What comes back first: the whole is below zero at no moment.
    for row in sums.order_by("credited", "given"):
        if row["credited"] or row["given"]:
            enter(
                credit,
                EntryKind.REVERSED,
                year=CommitmentYear(pk=row["commitment_year"]),
                amount=-row["credited"],
                recognized=-row["given"],
                value_on=value_on,
                at=at,
                by=by,
                reason=reason,
            )
    facts = {"amount": credit.standing, "organization": credit.organization}
    journal.record(Verb.CREDIT_REVERSED, credit, by=by, **facts)
    _settle(credit, at=at, today=today, by=by)


def end_dispute(
    credit: ContributionCredit, *, reason: str, at: datetime, by: User
) -> None:
    """Settle at nothing a dispute about what is taken back, if one is open."""
    of_credit = ValuationDispute.objects.filter(item__credit=credit)
    for dispute in of_credit.filter(outcome=None):
        DisputeOutcome.objects.create(
            dispute=dispute, value=ZERO, reason=reason, settled_by=by, settled_at=at
        )
        journal.record(Verb.DISPUTE_SETTLED, credit, by=by, value=ZERO)


@transaction.atomic
def reduce_credit(
    credit: ContributionCredit,
    *,
    amount: Decimal,
    reason: str,
    at: datetime,
    today: date,
    by: User,
) -> ContributionCredit:
    """
    Take back part of a credit by an entry of today (case 32).

    What was only recognized goes first, in its own year. Once that is closed, which
    it is when its cure period is over, what counted is taken from the year that is
    open.

    :raises NothingStands: if nothing is left of it.
    :raises AboveStanding: if less than the amount stands.
    :raises ReducesAll: if no more than the amount stands; that is a reversal.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = reduce_locked(
        lock_credit(credit), amount=amount, reason=reason, at=at, today=today, by=by
    )
    _tell(credit, "credit_reduced", amount, reason, at=at, today=today)
    return credit


def reduce_locked(
    credit: ContributionCredit,
    *,
    amount: Decimal,
    reason: str,
    at: datetime,
    today: date,
    by: User,
) -> ContributionCredit:
    """Reduce a credit whose member the caller holds; the caller tells of it."""
    credit = _standing(credit, today=today, by=by)
    if not ZERO < amount <= credit.standing:
        left = money.written(credit.standing, credit.currency)
        raise AboveStanding(_("%(left)s of it stands.") % {"left": left})
    if amount == credit.standing:
        raise ReducesAll(_("That is all of it; reverse it instead."))
    recognized = min(amount, credit.recognized)
    facts: dict[str, Any] = {"value_on": today, "at": at, "by": by, "reason": reason}
    if recognized:
        enter(credit, EntryKind.REDUCED, amount=ZERO, recognized=-recognized, **facts)
    if amount > recognized:
        year = _year_of_adjustment(credit, on=today)
        enter(credit, EntryKind.REDUCED, year=year, amount=recognized - amount, **facts)
    journal.record(Verb.CREDIT_REDUCED, credit, by=by, amount=amount)
    _settle(credit, at=at, today=today, by=by)
    return credit


def _standing(
    credit: ContributionCredit, *, today: date, by: User
) -> ContributionCredit:
    """Return a credit with what stands of it."""
    require_no_interest(credit.organization, on=today, by=by)
    related = ["organization", "commitment_year__agreement", "claimed_by"]
    rows = ContributionCredit.objects.with_outcome().select_related(*related)
    credit = rows.get(pk=credit.pk)
    if not credit.standing:
        raise NothingStands(_("Nothing of this credit stands any more."))
    if credit.posting_id is not None:
        raise CountsByPayment(_("It counts by a payment, and is reversed with it."))
    return credit


def _year_of_adjustment(credit: ContributionCredit, *, on: date) -> CommitmentYear:
    own = CommitmentYear.objects.filter(pk=credit.commitment_year_id)
    if own.not_closed(on=on).exists():
        return credit.commitment_year
    asking = CommitmentYear.objects.asking()
    of_member = asking.filter(agreement__organization=credit.organization)
    return of_member.open(on=on).first() or credit.commitment_year


def _tell(
    credit: ContributionCredit,
    kind: str,
    amount: Decimal,
    reason: str,
    *,
    at: datetime,
    today: date,
) -> None:
    credit_mails.tell_company(
        credit,
        kind,
        at=at,
        taken=money.written(amount, credit.currency),
        why=reason,
        appeal_until=credit_mails.appeal_until(today),
    )


def _settle(
    credit: ContributionCredit, *, at: datetime, today: date, by: User | None
) -> None:
    """Let others of the year have the room under the cap that came free."""
    if credit.rule.is_in_kind:
        fill_cap(credit.commitment_year, at=at, today=today, by=by)
    carry_excess(credit.commitment_year.agreement, at=at, today=today, by=by)
