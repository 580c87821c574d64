"""Two clerks at once, each with a connection of their own: the books tie."""

from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from consortium import services
from consortium.models import (
    Allocation,
    LedgerEntry,
    Receipt,
    Refund,
    WriteOff,
    WriteOffKind,
)
from consortium.services.allocations import AboveOpen, NotEnoughCash
from consortium.services.ledger import AlreadyReversed
from consortium.services.receipts import (
    AboveReceipt,
    BankLineRecorded,
    MayBeRecorded,
    NotLive,
)
from consortium.states import ActState
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import IllegalTransition
from tests.factories.accounts import UserFactory
from tests.factories.credits import at
from tests.factories.receivables import (
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    left_of,
    member,
    open_of,
    receive,
)
from tests.races import at_once, refusals, while_held

pytestmark = pytest.mark.django_db(transaction=True)


#: Rows without an entry of their own, which an invariant finds.
AROUND = "test_around_the_services_the_database_holds_at_commit"


@pytest.fixture(autouse=True)
def _books_tie(transactional_db, request):
    yield
    assert request.node.name == AROUND or list(invariants.broken()) == []


@pytest.fixture
def flex(transactional_db):
    return member(name="Flex")


def clerks(number: int = 2):
    return [UserFactory() for _one in range(number)]


def test_two_clerks_do_not_both_record_one_wire(flex):
    outcomes = at_once(*[partial(receive, 100, flex, by=one) for one in clerks(4)])

    assert refusals(outcomes) == [MayBeRecorded] * 3
    assert Receipt.objects.live().count() == 1


def test_one_line_of_the_bank_is_recorded_once_whatever_is_said_of_it(flex):
    first, second = clerks()
    line = {"bank_account": "Lockbox", "bank_reference": "FT-1"}

    outcomes = at_once(
        lambda: receive(100, flex, by=first, **line),
        lambda: receive(100, by=second, payer_name="Flex Ltd.", **line),
    )

    assert refusals(outcomes) == [BankLineRecorded]


def test_one_share_is_not_used_twice(flex):
    share, line, by = cash(100, flex), invoiced(flex), UserFactory()

    outcomes = at_once(*[lambda: apply(share, line, 80, by=by)] * 4)

    assert refusals(outcomes) == [NotEnoughCash] * 3
    assert left_of(share) == 20


def test_one_line_is_not_paid_twice(flex):
    line, by = invoiced(flex, 100), UserFactory()
    shares = [cash(100, flex), cash(101, flex)]

    outcomes = at_once(*[partial(apply, one, line, 100, by=by) for one in shares])

    assert refusals(outcomes) == [AboveOpen]
    assert open_of(line) == 0


def test_who_applies_what_just_bounced_is_told(flex):
    share, line, by = cash(100, flex), invoiced(flex), UserFactory()

    def use():
        with pytest.raises(NotEnoughCash):
            apply(share, line, 100, by=by)

    while_held(lambda: bounce(share.receipt, by=by), use)

    assert not Allocation.objects.exists()


def test_what_is_applied_as_it_bounces_is_taken_back_with_it(flex):
    share, line, by = cash(100, flex), invoiced(flex), UserFactory()

    while_held(
        lambda: apply(share, line, 100, by=by), lambda: bounce(share.receipt, by=by)
    )

    assert not Allocation.objects.live().exists()
    assert open_of(line) == 275_000


def test_a_receipt_bounces_once(flex):
    share, by = cash(100, flex), UserFactory()

    outcomes = at_once(*[lambda: bounce(share.receipt, by=by)] * 3)

    assert refusals(outcomes) == [NotLive] * 2


def test_an_allocation_is_reversed_once(flex):
    allocation, by = apply(cash(100, flex), invoiced(flex), 100), UserFactory()

    def reverse():
        return services.reverse_allocation(
            allocation, reason="Wrong", at=at(TODAY), by=by
        )

    assert refusals(at_once(reverse, reverse)) == [AlreadyReversed]
    assert LedgerEntry.objects.filter(reverses=allocation.entry).count() == 1


def test_one_wire_is_not_shared_beyond_its_amount(flex):
    other, receipt, by = member(), receive(100), UserFactory()

    def share(organization):
        part = services.SharePart(organization, Decimal(60))
        return services.share_receipt(receipt, [part], at=at(TODAY), by=by)

    outcomes = at_once(partial(share, flex), partial(share, other))

    assert refusals(outcomes) == [AboveReceipt]


def test_one_refund_is_paid_once(flex):
    refund = services.propose_refund(
        cash(100, flex),
        **{"amount": Decimal(60), "reason": "Paid twice"},
        **{"at": at(TODAY), "by": UserFactory()},
    )

    def pay(by):
        return services.approve_refund(
            refund, paid_on=TODAY, today=TODAY, at=at(TODAY), by=by
        )

    outcomes = at_once(*[partial(pay, one) for one in clerks()])

    assert refusals(outcomes) == [IllegalTransition]
    assert Refund.objects.get().state == ActState.RECORDED


def test_what_is_refunded_is_not_applied(flex):
    share, line, by = cash(100, flex), invoiced(flex), UserFactory()
    refund = services.propose_refund(
        share,
        **{"amount": Decimal(100), "reason": "Paid twice"},
        **{"at": at(TODAY), "by": UserFactory()},
    )

    def pay():
        return services.approve_refund(
            refund, paid_on=TODAY, today=TODAY, at=at(TODAY), by=by
        )

    outcomes = at_once(pay, lambda: apply(share, line, 100, by=by))

    assert refusals(outcomes) == [NotEnoughCash]


def test_a_rest_is_paid_or_given_up_and_not_both(flex):
    line, share, by = invoiced(flex, 25), cash(25, flex), UserFactory()

    def give_up():
        return services.write_off(
            line,
            **{"kind": "bank_charge", "amount": Decimal(25), "today": TODAY},
            **{"at": at(TODAY), "by": by},
        )

    outcomes = at_once(give_up, lambda: apply(share, line, 25, by=by))

    assert refusals(outcomes) == [AboveOpen]


def test_small_amounts_of_two_clerks_add_up(flex):
    line = invoiced(flex)

    def give_up(by):
        return services.write_off(
            line,
            **{"kind": "bank_charge", "amount": Decimal(30), "today": TODAY},
            **{"at": at(TODAY), "by": by, "reason": "A fee"},
        )

    at_once(*[partial(give_up, one) for one in clerks()])

    states = WriteOff.objects.values_list("state", flat=True)
    assert sorted(states) == [ActState.PROPOSED, ActState.RECORDED]


def test_around_the_services_the_database_holds_at_commit(flex):
    share, line = cash(100, flex), invoiced(flex)
    spare = [receive(amount).entry for amount in (1, 2)]

    def insert(entry):
        try:
            with transaction.atomic():
                Allocation.objects.create(
                    share=share, line=line, amount=Decimal(100), entry=entry
                )
        except DatabaseError as error:
            return str(error)
        return ""

    outcomes = at_once(*[partial(insert, entry) for entry in spare])

    assert Allocation.objects.count() == 1
    assert sum("no more of a share is used" in one for one in outcomes) == 1


def test_many_at_two_members_leave_no_lock_behind(flex):
    other, by = member(), UserFactory()
    receipts = [receive(amount) for amount in (10, 20, 30, 40)]

    def share(receipt, members):
        parts = [services.SharePart(one, Decimal(5)) for one in members]
        return services.share_receipt(receipt, parts, at=at(TODAY), by=by)

    outcomes = at_once(
        *[partial(share, one, [flex, other]) for one in receipts[:2]],
        *[partial(share, one, [other, flex]) for one in receipts[2:]],
    )

    assert refusals(outcomes) == []


def settle(share, parts, by, given_up=()):
    return services.settle(
        share,
        [services.LinePart(line, Decimal(amount)) for line, amount in parts],
        given_up,
        **{"today": TODAY, "at": at(TODAY), "by": by, "reason": "As they wrote"},
    )


def test_two_clerks_who_apply_one_share_to_other_lines_do_not_both(flex):
    share, lines = cash(100, flex), [invoiced(flex, 80), invoiced(flex, 90)]

    outcomes = at_once(
        *[
            partial(settle, share, [(line, 80)], by)
            for line, by in zip(lines, clerks(), strict=True)
        ]
    )

    assert refusals(outcomes) == [NotEnoughCash]
    assert left_of(share) == 20


def test_two_clerks_who_settle_one_line_do_it_once_with_its_rest(flex):
    line, shares = invoiced(flex, 100), [cash(75, flex), cash(76, flex)]
    fee = services.GivenUp(line, WriteOffKind.BANK_CHARGE, Decimal(24))

    outcomes = at_once(
        *[
            partial(settle, share, [(line, 75)], by, [fee])
            for share, by in zip(shares, clerks(), strict=True)
        ]
    )

    assert refusals(outcomes) == [AboveOpen]
    assert open_of(line) == 1
    assert sorted(left_of(share) for share in shares) in ([0, 76], [1, 75])


def cut(pid: int) -> None:
    """End a connection from another one, as when a server dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_connection_that_dies_before_the_end_leaves_nothing_behind(flex):
    share, line, by = cash(75, flex), invoiced(flex, 100), UserFactory()
    fee = services.GivenUp(line, WriteOffKind.BANK_CHARGE, Decimal(25))
    before = LedgerEntry.objects.count()

    with pytest.raises(DatabaseError), transaction.atomic():
        settle(share, [(line, 75)], by, [fee])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            at_once(partial(cut, cursor.fetchone()[0]))
            cursor.execute("SELECT 1")
    connection.close()

    assert LedgerEntry.objects.count() == before
    assert not Allocation.objects.exists()
    assert not WriteOff.objects.exists()
    assert (open_of(line), left_of(share)) == (100, 75)


def test_a_rest_that_is_not_there_takes_the_cash_back_with_it(flex):
    share, line, by = cash(75, flex), invoiced(flex, 100), UserFactory()
    fee = services.GivenUp(line, WriteOffKind.BANK_CHARGE, Decimal(26))

    with pytest.raises(AboveOpen):
        settle(share, [(line, 75)], by, [fee])

    assert (open_of(line), left_of(share)) == (100, 75)


def test_what_is_given_away_as_it_bounces_is_nobodys(flex):
    receipt, by = receive(100), UserFactory()

    def share():
        part = services.SharePart(flex, Decimal(60))
        return services.share_receipt(receipt, [part], at=at(TODAY), by=by)

    def late():
        with pytest.raises(NotLive):
            share()

    while_held(lambda: bounce(receipt, by=by), late)

    assert not receipt.shares.exists()


def test_a_refund_comes_back_once(flex):
    refund = services.propose_refund(
        cash(100, flex),
        **{"amount": Decimal(60), "reason": "Paid twice"},
        **{"at": at(TODAY), "by": UserFactory()},
    )
    told = {"today": TODAY, "at": at(TODAY)}
    services.approve_refund(refund, paid_on=TODAY, by=UserFactory(), **told)

    def take_back(by):
        return services.reverse_refund(
            refund, returned_on=TODAY, reason="Not cashed", by=by, **told
        )

    outcomes = at_once(*[partial(take_back, one) for one in clerks()])

    assert refusals(outcomes) == [AlreadyReversed]
    assert left_of(refund.share) == 100
