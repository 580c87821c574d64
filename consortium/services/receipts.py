"""Record money that arrived, say whose it is, and take back what bounced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import share_turn, take_turns
from inm_portal.kernel.tasklist import open_task

from ..models import (
    ACCOUNT_NUMBER,
    EARLIEST,
    Allocation,
    LedgerAccount,
    LedgerEntry,
    Organization,
    PostingKind,
    Receipt,
    ReceiptShare,
    Refund,
)
from ..states import ActState
from ..verbs import Verb
from .fees import reverse_payment
from .ledger import credit, debit, post, require_amount, reverse
from .organizations import lock_organizations
from .second_person import ask_another, tell_proposer
from .two_people import decide, keep, refuse, require_reason

#: Whoever records one receipt shares this turn; who takes in a file has it alone.
RECEIVING = "consortium.receiving"

#: Within how many days an equal amount of one payer may be the same money.
ALIKE_DAYS = 5


class ReceivedInFuture(Refusal):
    code = "received_in_future"
    field = "received_on"


class ReceivedTooEarly(Refusal):
    code = "received_too_early"
    field = "received_on"


class BankLineRecorded(Refusal):
    code = "bank_line_recorded"
    field = "bank_reference"


class MayBeRecorded(Refusal):
    """It looks like receipts that are there; a reason asks a second person."""

    code = "may_be_recorded"
    field = "reason"

    def __init__(self, message: str, *, receipts: QuerySet[Receipt]) -> None:
        super().__init__(message)
        self.receipts = receipts


class NamesAccountNumber(Refusal):
    code = "names_account_number"
    field = "bank_account"


class NotSentInAnother(Refusal):
    code = "not_sent_in_another"
    field = "foreign_amount"


class NotReversed(Refusal):
    code = "not_reversed"


class NotLive(Refusal):
    code = "not_live"


class AboveReceipt(Refusal):
    code = "above_receipt"
    field = "amount"


class InUse(Refusal):
    code = "in_use"


class MayBeTheSame(Refusal):
    """The member has a receipt like it, and nobody else looked at both."""

    code = "may_be_the_same"


class SharedMeanwhile(Refusal):
    code = "shared_meanwhile"


class ReturnedTooEarly(Refusal):
    code = "returned_too_early"
    field = "returned_on"


@dataclass(frozen=True)
class SharePart:
    organization: Organization
    amount: Decimal


def lock_receipt(receipt: Receipt) -> Receipt:
    """
    Hold a receipt, with the members that it is of, until the transaction ends.

    :raises SharedMeanwhile: if it became another member's while this one waited.
    """
    held = _members_of(receipt)
    lock_organizations(*[Organization(pk=key) for key in held])
    receipt = Receipt.objects.locked(receipt)
    if not _members_of(receipt) <= held:
        raise SharedMeanwhile(_("Somebody shared it meanwhile; look again."))
    return receipt


def _members_of(receipt: Receipt) -> set[int]:
    keys = set(receipt.shares.live().values_list("organization", flat=True))
    own = receipt.organization_id
    return keys if own is None else keys | {own}


def require_live(receipt: Receipt) -> None:
    """
    :raises NotLive: unless it is recorded and was not reversed.
    """
    if not Receipt.objects.live().filter(pk=receipt.pk).exists():
        raise NotLive(_("This receipt does not stand in the books."))


def alike(
    *,
    amount: Decimal,
    received_on: date,
    payer_name: str,
    organization: Organization | None = None,
    bank_reference: str = "",
) -> QuerySet[Receipt]:
    """
    Return receipts that may be the same money.

    Those of the member or payer of the same amount within five days, and those with
    the same reference, whenever that was; equal amounts a year apart are normal.
    """
    near = timedelta(days=ALIKE_DAYS)
    of_payer = Q(payer_name__iexact=payer_name)
    if organization is not None:
        shared = ReceiptShare.objects.live().filter(organization=organization)
        of_payer |= Q(organization=organization) | Q(pk__in=shared.values("receipt"))
    days = (received_on - near, received_on + near)
    found = of_payer & Q(amount=amount, received_on__range=days)
    if bank_reference:
        found |= Q(bank_reference__iexact=bank_reference)
    return Receipt.objects.kept().filter(found)


@transaction.atomic
def record_receipt(
    *,
    amount: Decimal,
    received_on: date,
    method: str,
    payer_name: str,
    today: date,
    at: datetime,
    by: User,
    organization: Organization | None = None,
    currency: str = "USD",
    bank_reference: str = "",
    bank_account: str = "",
    replaces: Receipt | None = None,
    reason: str = "",
    **details: Any,
) -> Receipt:
    """
    Record money that arrived; all of it is the member's, if that is known.

    What may be there already waits for a second person, once there is a reason for
    it. A receipt that was reversed is recorded anew by naming it.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises ReceivedInFuture: if it would arrive after today.
    :raises ReceivedTooEarly: if its day lies too far back to be meant.
    :raises NamesAccountNumber: if the account is told by its number.
    :raises NotSentInAnother: if the foreign amount lacks its own currency, or the
        currency its amount.
    :raises BankLineRecorded: if this line of the bank account is recorded.
    :raises NotReversed: if what it replaces still stands, or was replaced.
    :raises MayBeRecorded: if it looks like another one, and no reason is given.
    """
    require_amount(amount)
    if received_on > today:
        raise ReceivedInFuture(_("Record money once it arrived."))
    if received_on < EARLIEST:
        raise ReceivedTooEarly(_("This day lies too far back."))
    if re.search(ACCOUNT_NUMBER, bank_account):
        raise NamesAccountNumber(_("Say what the account is called, not its number."))
    _require_foreign(currency, **details)
    if organization is not None:
        lock_organizations(organization)
    # Whoever records the same money waits here, whatever else they say of it.
    share_turn(RECEIVING)
    take_turns(f"consortium.receipt of {amount}")
    if bank_reference:
        take_turns(f"consortium.receipt {bank_reference.lower()}")
    if replaces is None:
        _require_new_line(bank_account, bank_reference, received_on, amount)
    else:
        _require_reversed(replaces)
    told: dict[str, Any] = {"amount": amount, "received_on": received_on}
    told |= {"payer_name": payer_name, "organization": organization}
    told |= {"bank_reference": bank_reference}
    found = alike(**told)
    first = found.first()
    if first is not None and not reason.strip():
        facts = {"receipt": first, "day": first.received_on}
        raise MayBeRecorded(
            _("%(receipt)s of %(day)s may be the same. Say why it is not.") % facts,
            receipts=found,
        )
    facts = details | told | {"method": method, "currency": currency}
    facts |= {"bank_account": bank_account, "replaces": replaces, "reason": reason}
    return record_held(may_be=first, at=at, by=by, **facts)


def record_held(
    *, may_be: Receipt | None, at: datetime, by: User, **facts: Any
) -> Receipt:
    """
    Record money of which the caller checked the facts, and holds member and turn.

    What may be another receipt waits for a second person.
    """
    receipt = Receipt.objects.create(
        **facts,
        takes_two=may_be is not None,
        proposed_by=by,
        proposed_at=at,
    )
    if receipt.takes_two:
        told = {"amount": receipt.amount, "may_be": may_be}
        journal.record(Verb.RECEIPT_PROPOSED, receipt, by=by, **told)
        ask_another(receipt, at=at, by=by)
        return receipt
    return _enter(receipt, at=at, by=by)


def _require_foreign(
    currency: str,
    *,
    foreign_amount: Decimal | None = None,
    foreign_currency: str = "",
    **_other: Any,
) -> None:
    if bool(foreign_amount) != bool(foreign_currency):
        raise NotSentInAnother(_("Say the amount that was sent with its currency."))
    if foreign_currency == currency:
        raise NotSentInAnother(_("It arrived in that currency; one amount is enough."))


def _require_new_line(account: str, reference: str, on: date, amount: Decimal) -> None:
    # Some banks use a word for a reference: another day or amount is another line.
    lines = Receipt.objects.exclude(state=ActState.REFUSED).filter(replaces=None)
    of_line = lines.filter(
        bank_account=account, bank_reference=reference, received_on=on, amount=amount
    )
    if reference and (first := of_line.first()):
        raise BankLineRecorded(
            _("This line of the bank is recorded as %(receipt)s.") % {"receipt": first}
        )


def _require_reversed(receipt: Receipt) -> None:
    is_reversed = LedgerEntry.objects.filter(reverses__receipt=receipt).exists()
    if not is_reversed or Receipt.objects.filter(replaces=receipt).exists():
        raise NotReversed(_("Only what was reversed is recorded anew, and once."))


def _enter(receipt: Receipt, *, at: datetime, by: User) -> Receipt:
    """Post a receipt that the caller holds, and give its member all of it."""
    decide(receipt, ActState.RECORDED, by=by)
    entry = post(
        PostingKind.CASH_RECORDED,
        [
            debit(LedgerAccount.CASH_CLEARING, receipt.amount),
            credit(LedgerAccount.UNAPPLIED_CASH, receipt.amount),
        ],
        value_on=receipt.received_on,
        currency=receipt.currency,
        by=by,
        at=at,
    )
    keep(receipt, at=at, by=by, entry=entry)
    journal.record(Verb.RECEIPT_RECORDED, receipt, by=by, amount=receipt.amount)
    tell_proposer(receipt, at=at, by=by)
    if receipt.organization is not None:
        _share(receipt, SharePart(receipt.organization, receipt.amount), at=at, by=by)
    return receipt


@transaction.atomic
def approve_receipt(receipt: Receipt, *, at: datetime, by: User) -> Receipt:
    """
    Record a receipt that may be there already, as somebody else proposed.

    :raises IllegalTransition: if it was decided.
    :raises TakesTwo: if ``by`` proposed it.
    """
    return _enter(lock_receipt(receipt), at=at, by=by)


@transaction.atomic
def refuse_receipt(receipt: Receipt, *, at: datetime, by: User) -> Receipt:
    """
    Leave out a receipt that is there already.

    :raises IllegalTransition: if it was decided.
    """
    receipt = lock_receipt(receipt)
    refuse(receipt, at=at, by=by)
    journal.record(Verb.RECEIPT_REFUSED, receipt, by=by, amount=receipt.amount)
    tell_proposer(receipt, at=at, by=by)
    return receipt


@transaction.atomic
def share_receipt(
    receipt: Receipt, parts: Sequence[SharePart], *, at: datetime, by: User
) -> list[ReceiptShare]:
    """
    Say whose money it is: one member's, or several members' (cases 20 and 21).

    :raises NotLive: if the receipt does not stand.
    :raises AboveReceipt: if that is more than is nobody's yet.
    :raises MayBeTheSame: if it would be a second one of the member, within five days
        and of the same amount, at which no second person looked.
    """
    named = [part.organization for part in parts]
    present = [Organization(pk=key) for key in _members_of(receipt)]
    lock_organizations(*named, *present)
    receipt = Receipt.objects.locked(receipt)
    require_live(receipt)
    for part in parts:
        require_amount(part.amount)
    left = Receipt.objects.with_left().get(pk=receipt.pk).unidentified
    if sum(part.amount for part in parts) > left:
        words = money.written(left, receipt.currency)
        raise AboveReceipt(_("%(left)s of it is nobody's yet.") % {"left": words})
    for organization in named:
        _require_no_twin(receipt, organization)
    return [_share(receipt, part, at=at, by=by) for part in parts]


def _require_no_twin(receipt: Receipt, organization: Organization) -> None:
    if receipt.takes_two:
        return
    told: dict[str, Any] = {"amount": receipt.amount, "organization": organization}
    told |= {"received_on": receipt.received_on, "payer_name": receipt.payer_name}
    others = alike(**told).exclude(pk=receipt.pk).filter(takes_two=False)
    if twin := others.first():
        facts = {"receipt": twin, "day": twin.received_on, "member": organization}
        raise MayBeTheSame(
            _(
                "%(receipt)s of %(day)s may be the same. If it is not, take this one "
                "back and record it anew for %(member)s: somebody else looks at both."
            )
            % facts
        )


def _share(
    receipt: Receipt, part: SharePart, *, at: datetime, by: User
) -> ReceiptShare:
    entry = post(
        PostingKind.CASH_SHARED,
        [
            debit(LedgerAccount.UNAPPLIED_CASH, part.amount),
            credit(LedgerAccount.UNAPPLIED_CASH, part.amount, part.organization),
        ],
        value_on=receipt.received_on,
        currency=receipt.currency,
        by=by,
        at=at,
    )
    share = ReceiptShare.objects.create(receipt=receipt, entry=entry, **vars(part))
    facts = {"amount": part.amount, "organization": part.organization}
    journal.record(Verb.RECEIPT_SHARED, receipt, by=by, **facts)
    return share


@transaction.atomic
def reverse_share(
    share: ReceiptShare, *, reason: str, at: datetime, by: User
) -> ReceiptShare:
    """
    Take back that money is a member's; it is nobody's again, from its first day.

    :raises SaysNoReason: without a reason.
    :raises InUse: while some of it is applied or was paid back.
    :raises AlreadyReversed: if it was taken back.
    """
    require_reason(reason)
    receipt = lock_receipt(share.receipt)
    uses: list[QuerySet] = [Allocation.objects.live(), Refund.objects.live()]
    if any(rows.filter(share=share).exists() for rows in uses):
        raise InUse(_("Take back what it was applied to first."))
    reverse(share.entry, value_on=receipt.received_on, reason=reason, by=by, at=at)
    facts = {"amount": share.amount, "organization": share.organization}
    journal.record(Verb.SHARE_REVERSED, receipt, by=by, **facts)
    return share


@transaction.atomic
def bounce_receipt(
    receipt: Receipt,
    *,
    returned_on: date,
    reason: str,
    today: date,
    at: datetime,
    by: User,
) -> Receipt:
    """
    Reverse a receipt with all that was made of it: its invoices are open again.

    What it paid counts toward no commitment year any more.

    Each keeps its own due date, and whoever looks after the member is asked to tell
    it (case 23). What was recorded by mistake goes the same way, on the day on which
    it was recorded to have arrived.

    :raises SaysNoReason: without a reason.
    :raises ReturnedTooEarly: before it arrived, or after today.
    :raises NotLive: if it does not stand, or was reversed already.
    :raises InUse: if some of it was paid back.
    """
    require_reason(reason)
    receipt = lock_receipt(receipt)
    require_live(receipt)
    if not receipt.received_on <= returned_on <= today:
        raise ReturnedTooEarly(_("It came back after it arrived, and by today."))
    if refund := Refund.objects.live().filter(share__receipt=receipt).first():
        paid = money.written(refund.amount, receipt.currency)
        raise InUse(
            _(
                "%(amount)s of it was paid back by %(refund)s. Have that money back "
                "first, and take back the refund."
            )
            % {"amount": paid, "refund": refund}
        )
    allocations = Allocation.objects.live().filter(share__receipt=receipt)
    shares = receipt.shares.live().select_related("entry", "organization__owner")
    for share in shares.filter(allocations__in=allocations).distinct():
        _ask_to_tell(share, due_on=today, by=by)
    how: Any = {"value_on": returned_on, "reason": reason, "by": by, "at": at}
    for allocation in allocations.select_related("entry"):
        reverse_payment(allocation.entry, **how)
    made: list[Any] = [*shares, receipt]
    for one in made:
        reverse(one.entry, **how)
    facts = {"amount": receipt.amount, "returned_on": returned_on}
    journal.record(Verb.RECEIPT_BOUNCED, receipt, by=by, **facts)
    return receipt


def _ask_to_tell(share: ReceiptShare, *, due_on: date, by: User) -> None:
    """Ask for a word with a member whose invoices are open again: no mail says it."""
    member = share.organization
    amount = money.written(share.amount, share.receipt.currency)
    open_task(
        "consortium.tell_of_bounce",
        share,
        what=_("Tell %(member)s that a payment came back") % {"member": member},
        why=_("%(amount)s was returned; what it paid is open again, with its due date.")
        % {"amount": amount},
        due_on=due_on,
        url=member.get_absolute_url(),
        person=member.owner,
        by=by,
    )
