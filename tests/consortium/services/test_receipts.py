"""Money that arrives, whose it is, to what it is applied, and what comes back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from consortium import services
from consortium.models import (
    Allocation,
    LedgerEntry,
    LedgerLine,
    Receipt,
    ReceiptShare,
    Refund,
    WriteOff,
)
from consortium.services.allocations import AboveOpen, NotEnoughCash, NotPayable
from consortium.services.interests import HasInterest
from consortium.services.ledger import AlreadyReversed, NotAnAmount, reverse
from consortium.services.receipts import (
    AboveReceipt,
    BankLineRecorded,
    InUse,
    MayBeRecorded,
    MayBeTheSame,
    NamesAccountNumber,
    NotLive,
    NotReversed,
    ReceivedInFuture,
    ReceivedTooEarly,
    ReturnedTooEarly,
)
from consortium.services.refunds import PaidInFuture
from consortium.services.two_people import SaysNoReason, TakesTwo
from consortium.states import ActState, Standing
from inm_portal.accounts.merging import merge_users
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message, Task
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at
from tests.factories.ledger import as_committed, refused
from tests.factories.receivables import (
    RECEIVED,
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    left_of,
    member,
    open_of,
    receive,
    standing_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_tie(db):
    """After each test all that must hold across rows does."""
    yield
    assert list(invariants.broken()) == []


@pytest.fixture
def flex(db):
    return member(name="Flex")


@pytest.fixture
def line(flex):
    return invoiced(flex)


def balance(account, organization=None) -> Decimal:
    lines = LedgerLine.objects.filter(account=account, organization=organization)
    return sum((one.debit - one.credit for one in lines), Decimal())


def share_with(receipt, *parts):
    told = [services.SharePart(one, Decimal(amount)) for one, amount in parts]
    return services.share_receipt(receipt, told, at=at(TODAY), by=UserFactory())


# --- recording


def test_a_receipt_of_a_known_payer_is_at_once_on_its_account(flex):
    finance = staff("finance")

    receipt = receive(100, flex, by=finance)

    share = receipt.shares.get()
    assert (share.organization, left_of(share)) == (flex, 100)
    assert balance("cash_clearing") == 100
    assert (balance("unapplied_cash"), balance("unapplied_cash", flex)) == (0, -100)
    verbs = JournalEntry.objects.about(receipt).values_list("verb", flat=True)
    assert set(verbs) == {"consortium.receipt_recorded", "consortium.receipt_shared"}


@pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
def test_what_is_no_amount_is_not_recorded(flex, amount):
    with pytest.raises(NotAnAmount):
        receive(amount, flex)


def test_money_is_recorded_once_it_arrived(flex):
    with pytest.raises(ReceivedInFuture):
        services.record_receipt(
            **{"amount": Decimal(1), "received_on": TODAY + timedelta(1)},
            **{"method": "wire", "payer_name": "Flex", "organization": flex},
            **{"today": TODAY, "at": at(TODAY), "by": UserFactory()},
        )


@pytest.mark.parametrize("day", [date.min, date(226, 11, 3)])
def test_a_day_that_cannot_be_meant_is_refused(flex, day):
    with pytest.raises(ReceivedTooEarly):
        receive(1, flex, on=day)


@pytest.mark.parametrize("number", ["Acct 12345678", "DE89 3704 0044 0532 01"])
def test_no_number_of_a_bank_account_is_kept(flex, number):
    named = {"bank_account": number}

    with pytest.raises(NamesAccountNumber):
        receive(1, flex, **named)
    with refused("receipt_names_no_account_number"):
        Receipt.objects.create(
            **{"received_on": TODAY, "amount": 1, "method": "wire", **named},
            **{"payer_name": "Flex", "reason": "Another one"},
            **{"proposed_by": UserFactory(), "proposed_at": at(TODAY)},
        )


@pytest.mark.parametrize(
    ("days", "amount", "is_alike"),
    [(5, 100, True), (-5, 100, True), (6, 100, False), (0, 101, False)],
)
def test_case_22_an_equal_amount_within_five_days_may_be_a_duplicate(
    flex, days, amount, is_alike
):
    receive(100, flex)

    def again():
        return receive(amount, flex, on=RECEIVED + timedelta(days))

    if is_alike:
        with pytest.raises(MayBeRecorded):
            again()
    else:
        assert again().state == ActState.RECORDED


def test_case_22_both_are_kept_once_a_second_person_says_so(flex):
    first, second = UserFactory(), UserFactory()
    receive(100, flex, by=first)

    receipt = receive(100, flex, by=first, reason="A second wire of that day")

    assert (receipt.state, receipt.entry) == (ActState.PROPOSED, None)
    with pytest.raises(TakesTwo):
        services.approve_receipt(receipt, at=at(TODAY), by=first)
    services.approve_receipt(receipt, at=at(TODAY), by=second)
    assert balance("unapplied_cash", flex) == -200


def test_an_account_that_was_merged_is_no_second_person(flex):
    first, survivor = UserFactory(), UserFactory()
    receive(100, flex)
    receipt = receive(100, flex, by=first, reason="Another wire")
    merge_users(survivor, merged=first, at=at(TODAY), by=None)

    with pytest.raises(TakesTwo):
        services.approve_receipt(receipt, at=at(TODAY), by=survivor)


def test_what_waits_for_a_second_person_is_a_duplicate_too(flex):
    receive(100, flex)
    receive(100, flex, reason="Another wire")

    assert (
        services.alike(
            amount=Decimal(100), received_on=RECEIVED, payer_name="x", organization=flex
        ).count()
        == 2
    )


def test_a_refused_duplicate_never_counts_and_is_decided_once(flex):
    receive(100, flex)
    receipt = receive(100, flex, reason="Another wire")
    services.refuse_receipt(receipt, at=at(TODAY), by=UserFactory())

    with pytest.raises(IllegalTransition):
        services.approve_receipt(receipt, at=at(TODAY), by=UserFactory())
    assert balance("unapplied_cash", flex) == -100


def test_a_reference_is_looked_for_whenever_and_wherever_it_was(flex):
    receive(100, flex, on=date(2025, 1, 9), bank_reference="FT-1")

    with pytest.raises(MayBeRecorded):
        receive(999, bank_reference="ft-1", bank_account="Lockbox")


def test_a_line_of_the_bank_is_recorded_once_even_with_a_reason(flex):
    told = {"bank_account": "Lockbox", "bank_reference": "FT-1"}
    receive(100, flex, **told)

    with pytest.raises(BankLineRecorded):
        receive(100, flex, **told, reason="Again")
    with refused("receipt_of_a_bank_line_is_one"):
        Receipt.objects.create(
            **told,
            **{"amount": 100, "received_on": RECEIVED, "method": "ach"},
            **{"payer_name": "F"},
            **{"proposed_by": UserFactory(), "proposed_at": at(TODAY), "reason": "x"},
        )


def test_money_of_an_unknown_payer_is_compared_by_the_payers_name(flex):
    receive(100, payer_name="Flex Holding")

    with pytest.raises(MayBeRecorded):
        receive(100, payer_name="FLEX holding")
    receive(100, payer_name="Somebody else")


def test_what_was_recorded_wrongly_is_reversed_and_recorded_anew_once(flex):
    told = {"bank_account": "Lockbox", "bank_reference": "FT-1"}
    wrong = receive(10, flex, **told)
    with pytest.raises(NotReversed):
        receive(100, flex, **told, replaces=wrong)
    bounce(wrong, on=RECEIVED)

    right = receive(100, flex, **told, replaces=wrong)

    assert right.state == ActState.RECORDED
    with pytest.raises(NotReversed):
        receive(100, flex, **told, replaces=wrong)


def test_only_what_was_reversed_is_recorded_anew_by_sql(flex):
    standing = receive(10, flex)

    with refused("only a receipt that was reversed"):
        Receipt.objects.create(
            **{"replaces": standing, "amount": 1, "received_on": TODAY},
            **{"method": "ach", "payer_name": "Flex", "reason": "x"},
            **{"proposed_by": UserFactory(), "proposed_at": at(TODAY)},
        )


# --- whose it is


def test_money_that_a_member_may_have_already_is_not_given_to_it(flex):
    there = receive(275_000, flex)
    found = receive(275_000, payer_name="FLEXTRONICS ZN 4")

    with pytest.raises(MayBeTheSame, match=str(there)):
        share_with(found, (flex, 275_000))
    share_with(found, (OrganizationFactory(), 275_000))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_money_at_which_a_second_person_looked_is_given_to_its_member(flex, order):
    wires = [receive(275_000), receive(275_000, reason="A wire of its own")]
    services.approve_receipt(wires[1], at=at(TODAY), by=UserFactory())

    shares = [share_with(wires[place], (flex, 275_000)) for place in order]

    assert [left_of(share) for (share,) in shares] == [275_000, 275_000]


def test_names_without_a_letter_of_ours_say_nothing_of_each_other(line, flex):
    flex.legal_name = "伟创力"
    flex.save()

    assert services.suggest_for_receipt(receive(7, payer_name="山田")) == []


def test_case_20_money_of_the_parent_is_matched_by_a_person(line, flex):
    parent = OrganizationFactory(name="Flextronics")
    services.link_parent(
        flex, other=parent, from_on=date(2020, 1, 1), today=TODAY, by=None
    )
    receipt = receive("275000.00", payer_name="Flextronics International")

    first, *_others = services.suggest_for_receipt(receipt)
    (share,) = share_with(receipt, (flex, 275_000))

    assert (first.line, first.amount) == (line, 275_000)
    assert (share.organization, share.receipt.payer_name) == (
        flex,
        "Flextronics International",
    )
    assert Receipt.objects.with_left().get().unidentified == 0


def test_case_21_one_wire_covers_two_members_and_each_sees_its_part(cast):
    siemens, amgen = cast.siemens, cast.amgen
    receipt = receive(500)

    share_with(receipt, (siemens, 300), (amgen, 200))

    seen = ReceiptShare.objects.permitted(cast["billing"], "view")
    assert [(one.organization, one.amount) for one in seen] == [(siemens, 300)]
    assert not Receipt.objects.permitted(cast["billing"], "view").exists()


def test_no_more_is_shared_than_arrived(flex):
    receipt = receive(500)
    share_with(receipt, (flex, 300))

    with pytest.raises(AboveReceipt):
        share_with(receipt, (flex, "200.01"))
    with refused("no more is shared than arrived"):
        ReceiptShare.objects.create(
            receipt=receipt,
            organization=flex,
            amount=Decimal("200.01"),
            entry=LedgerEntry.objects.filter(share=None).latest("pk"),
        )


def test_a_share_of_the_wrong_member_goes_back_while_it_is_unused(line, flex):
    receipt = receive(500)
    (share,) = share_with(receipt, (flex, 500))
    allocation = apply(share, line, 100)

    def take_back():
        return services.reverse_share(
            share, reason="Of another", at=at(TODAY), by=UserFactory()
        )

    with pytest.raises(InUse):
        take_back()
    services.reverse_allocation(
        allocation, reason="Wrong", at=at(TODAY), by=UserFactory()
    )
    take_back()
    assert Receipt.objects.with_left().get().unidentified == 500
    assert left_of(share) == 0
    with pytest.raises(NotEnoughCash):
        apply(share, line, 1)


# --- applying


def test_case_16_a_part_payment_leaves_the_rest_open_with_its_due_date(line, flex):
    apply(cash(100_000, flex), line, 100_000)

    assert (open_of(line), standing_of(line)) == (175_000, Standing.PART_PAID)
    assert line.invoice.due_on == date(2026, 11, 1)
    assert balance("receivable", flex) == 175_000


def test_case_18_what_is_paid_too_much_stays_on_account(line, flex):
    share = cash(275_500, flex)

    apply(share, line, 275_000)

    assert (standing_of(line), left_of(share)) == (Standing.PAID, 500)
    assert not Refund.objects.exists()
    with pytest.raises(AboveOpen):
        apply(share, line, 500)


def test_no_more_is_applied_than_is_left(line, flex):
    share = cash(100, flex)

    with pytest.raises(NotEnoughCash):
        apply(share, line, "100.01")


def test_all_parts_are_applied_or_none(line, flex):
    second = invoiced(flex, 1_000)
    parts = [
        services.LinePart(line, Decimal(90)),
        services.LinePart(second, Decimal(20)),
    ]

    with pytest.raises(NotEnoughCash):
        services.allocate(cash(100, flex), parts, at=at(TODAY), by=UserFactory())

    assert not Allocation.objects.exists()


def test_cash_is_applied_to_invoices_of_its_member(line):
    with pytest.raises(NotPayable):
        apply(cash(100, member()), line, 100)


def test_the_database_refuses_what_no_service_would_do(line, flex):
    share, other = cash(100, flex), cash(100, member())
    spare = receive(900, flex).entry

    def allocation(of, amount):
        return Allocation.objects.create(
            share=of, line=line, amount=Decimal(amount), entry=spare
        )

    with refused("of its member and currency"):
        allocation(other, 100)
    with refused("no more of a share is used"):
        allocation(share, 101)
    big = cash(300_000, flex)
    with refused("no more of a line is settled"):
        allocation(big, 275_001)


@pytest.mark.parametrize("model", [Receipt, ReceiptShare, Allocation])
def test_rows_of_money_stay(line, flex, model):
    apply(cash(100, flex), line, 100)

    with refused("Cannot update|permission denied"):
        model.objects.update(amount=1)
    with refused("Cannot delete|permission denied|foreign key"):
        model.objects.all()._raw_delete(model.objects.db)


def test_an_allocation_is_taken_back_once_and_for_a_reason(line, flex):
    share = cash(100, flex)
    allocation = apply(share, line, 100)
    given = {"at": at(TODAY), "by": UserFactory()}

    with pytest.raises(SaysNoReason):
        services.reverse_allocation(allocation, reason="", **given)
    services.reverse_allocation(allocation, reason="Wrong line", **given)

    assert (open_of(line), left_of(share)) == (275_000, 100)
    with pytest.raises(AlreadyReversed):
        services.reverse_allocation(allocation, reason="Again", **given)


def test_cash_goes_to_another_line_in_one_act_and_is_untouched(line, flex):
    second = invoiced(flex, 1_000)
    share = cash(100, flex)
    allocation = apply(share, line, 100)

    services.reallocate(
        allocation,
        [services.LinePart(second, Decimal(100))],
        **{"reason": "The advice says so", "at": at(TODAY), "by": UserFactory()},
    )

    assert (open_of(line), open_of(second)) == (275_000, 900)
    assert balance("cash_clearing") == 100


# --- coming back


def test_case_23_a_check_that_bounces_opens_its_invoice_again(line, flex):
    receipt = receive(275_000, flex, method="cheque")
    share = receipt.shares.get()
    apply(share, line, 275_000)
    assert standing_of(line) == Standing.PAID

    bounce(receipt)

    line.invoice.refresh_from_db()
    assert (open_of(line), line.invoice.due_on) == (275_000, date(2026, 11, 1))
    assert standing_of(line) == Standing.OPEN
    assert (left_of(share), balance("cash_clearing")) == (0, 0)
    with pytest.raises(NotLive):
        bounce(receipt)
    with pytest.raises(NotEnoughCash):
        apply(share, line, 1)


def test_case_23_a_person_tells_the_member_and_no_mail(line, flex):
    flex.owner = UserFactory()
    flex.save()
    applied, unused = receive(100, flex), receive(200, flex)
    apply(applied.shares.get(), line, 60)
    apply(applied.shares.get(), line, 40)

    for receipt in (applied, unused):
        bounce(receipt)

    task = Task.objects.get()
    assert task.what == "Tell Flex that a payment came back"
    assert (task.person, task.due_on) == (flex.owner, TODAY)
    assert not Message.objects.filter(kind__contains="bounce").exists()


def test_case_23_what_was_paid_until_it_bounced_was_paid_on_those_days(line, flex):
    receipt = receive(275_000, flex)
    apply(receipt.shares.get(), line, 275_000, on=RECEIVED)
    bounce(receipt, on=TODAY)

    assert open_of(line, date(2026, 11, 13)) == 0
    assert open_of(line, date(2026, 11, 13), restated=True) == 0
    assert open_of(line, TODAY) == 275_000


def test_what_bounced_held_its_line_until_it_came_back(line, flex):
    earlier = cash(275_000, flex, on=date(2026, 10, 20))
    receipt = receive(275_000, flex)
    apply(receipt.shares.get(), line, 275_000)
    bounce(receipt, on=TODAY)

    allocation = apply(earlier, line, 275_000)

    assert allocation.entry.value_on == TODAY
    assert open_of(line, date(2026, 11, 13), restated=True) == 0


@pytest.mark.parametrize("on", [RECEIVED - timedelta(1), TODAY + timedelta(1)])
def test_money_comes_back_after_it_arrived_and_by_today(flex, on):
    receipt = receive(100, flex)

    with pytest.raises(ReturnedTooEarly):
        services.bounce_receipt(
            receipt,
            **{"returned_on": on, "reason": "Returned", "today": TODAY},
            **{"at": at(TODAY), "by": UserFactory()},
        )


def test_a_reversal_by_sql_takes_along_what_was_made_of_it(line, flex):
    receipt = receive(100, flex)
    share = receipt.shares.get()
    apply(share, line, 100)

    as_committed()

    for entry in (receipt.entry, share.entry):
        with refused("is reversed with it"):
            reverse(entry, value_on=TODAY, reason="Alone", by=None, at=at(TODAY))


# --- paying back


def propose(share, amount, *, by=None):
    return services.propose_refund(
        share,
        **{"amount": Decimal(amount), "reason": "The agreement ended"},
        **{"at": at(TODAY), "by": by or UserFactory()},
    )


def pay(refund, *, by=None, paid_on=TODAY):
    return services.approve_refund(
        refund,
        **{"paid_on": paid_on, "today": TODAY, "at": at(TODAY)},
        by=by or UserFactory(),
    )


def test_case_39_a_refund_takes_two_and_is_tied_to_its_receipt(line, flex):
    first = UserFactory()
    share = cash(500, flex)
    apply(share, line, 100)
    refund = propose(share, 400, by=first)
    assert left_of(share) == 400

    with pytest.raises(TakesTwo):
        pay(refund, by=first)
    pay(refund)

    assert left_of(share) == 0
    assert refund.share.receipt == share.receipt
    assert (balance("unapplied_cash", flex), balance("cash_clearing", flex)) == (
        0,
        -400,
    )
    with refused("recorded_by_another|Cannot update"):
        Refund.objects.update(decided_by=first)


def test_case_15_an_interest_in_the_member_bars_from_paying_back(flex):
    barred = staff("director")
    services.disclose_interest(
        flex,
        **{"person": barred, "reason": "Consults for it", "from_on": TODAY},
        **{"at": at(TODAY), "by": None},
    )
    refund = propose(cash(500, flex), 400)

    assert not barred.has_perm("consortium.approve_refund", refund)
    assert staff("director").has_perm("consortium.approve_refund", refund)
    with pytest.raises(HasInterest):
        pay(refund, by=barred)
    assert not Message.objects.filter(recipient=barred.email).exists()


def test_two_refunds_do_not_pay_back_more_than_is_left(flex):
    share = cash(500, flex)
    first, second = propose(share, 400), propose(share, 400)
    pay(first)

    with pytest.raises(NotEnoughCash):
        pay(second)
    services.refuse_refund(second, at=at(TODAY), by=UserFactory())


def come_back(refund, *, on=TODAY):
    return services.reverse_refund(
        refund,
        **{"returned_on": on, "reason": "Never cashed", "today": TODAY},
        **{"at": at(TODAY), "by": UserFactory()},
    )


def test_what_was_paid_back_and_returned_is_used_from_then_on(line, flex):
    share = cash(500, flex)
    paid_on, returned_on = RECEIVED + timedelta(days=1), TODAY - timedelta(days=1)
    come_back(pay(propose(share, 500), paid_on=paid_on), on=returned_on)

    with pytest.raises(PaidInFuture):
        pay(propose(share, 100), paid_on=paid_on)
    apply(share, line, 500)

    assert left_of(share, paid_on, restated=True) == 0
    assert open_of(line, paid_on, restated=True) == line.amount
    assert (left_of(share), open_of(line)) == (0, line.amount - 500)


def test_what_was_paid_back_does_not_bounce(flex):
    share = cash(500, flex)
    pay(propose(share, 100))

    with pytest.raises(InUse):
        bounce(share.receipt)


@pytest.mark.parametrize(
    ("model", "action", "who"),
    [
        (Receipt, "view", {"director", "finance", "admin", "auditor"}),
        (Receipt, "share", {"finance"}),
        (Receipt, "bounce", {"finance"}),
        (ReceiptShare, "allocate", {"finance"}),
        (ReceiptShare, "refund", {"director", "finance"}),
        (Allocation, "reverse", {"finance"}),
        (Refund, "approve", {"director"}),
    ],
)
def test_who_may_do_what_with_money(cast, model, action, who):
    siemens = cast.siemens
    share = cash(500, siemens)
    apply(share, invoiced(siemens, 1_000), 100)
    propose(share, 100, by=cast["finance"])
    row = model.objects.get()
    name = f"consortium.{action}_{model._meta.model_name}"

    may = {one for one, user in cast.people.items() if user.has_perm(name, row)}

    assert may == who


def test_nothing_is_written_off_by_paying(line, flex):
    apply(cash("274975.00", flex), line, "274975.00")

    assert not WriteOff.objects.exists()
