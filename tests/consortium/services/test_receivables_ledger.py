"""Double entry that balances at commit, is reversed once, and stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from consortium.models import LedgerAccount, LedgerEntry, LedgerLine, PostingKind
from consortium.services.ledger import (
    AlreadyReversed,
    NotAnAmount,
    credit,
    debit,
    post,
    reverse,
)
from consortium.services.organizations import lock_organization
from inm_portal.kernel import invariants
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at
from tests.factories.ledger import MARCH, issue, refused
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db):
    return OrganizationFactory()


def undo(entry, on=TODAY):
    return reverse(entry, value_on=on, reason="Wrong", by=None, at=at(TODAY))


def entry_of(amount="10.00", **more) -> LedgerEntry:
    """Write an entry around the service, without lines."""
    given = {"kind": PostingKind.WRITE_OFF, "amount": Decimal(amount)}
    given |= {"currency": "USD", "value_on": TODAY, "posted_on": TODAY}
    return LedgerEntry.objects.create(recorded_at=at(TODAY), **given | more)


def line(entry, account, member, **sides) -> LedgerLine:
    return LedgerLine.objects.create(
        entry=entry, account=account, organization=member, **sides
    )


def test_an_entry_says_what_it_moves_when_and_by_whom(member):
    finance = staff("finance")

    entry = issue(member, by=finance)

    assert (entry.amount, entry.value_on, entry.posted_on) == (275_000, MARCH, MARCH)
    assert entry.recorded_by == finance
    sides = entry.lines.values_list("account", "organization", "debit", "credit")
    assert list(sides) == [
        ("receivable", member.pk, 275_000, 0),
        ("deferred_dues", member.pk, 0, 275_000),
    ]


@pytest.mark.parametrize("amount", ["0", "-1", "10.005"])
def test_an_amount_is_above_nothing_and_in_whole_cents(member, amount):
    with pytest.raises(NotAnAmount):
        issue(member, amount)

    assert not LedgerEntry.objects.exists()


def test_a_reversal_is_the_mirror_on_a_day_of_its_own(member):
    entry = issue(member)

    reversal = undo(entry)

    assert (reversal.reverses, reversal.value_on) == (entry, TODAY)
    sides = reversal.lines.values_list("account", "debit", "credit")
    assert list(sides) == [("receivable", 0, 275_000), ("deferred_dues", 275_000, 0)]
    assert list(invariants.broken()) == []


def test_a_reversal_is_never_of_a_day_before_what_it_reverses(member):
    assert undo(issue(member), on=date(2026, 1, 1)).value_on == MARCH


def test_an_entry_is_reversed_once(member):
    entry = issue(member)
    undo(entry)

    with pytest.raises(AlreadyReversed):
        undo(entry)
    with refused("unique"):
        entry_of("275000", kind="reversal", reverses=entry, reason="Again")


@pytest.mark.parametrize(
    ("debited", "credited"), [("10.00", "9.99"), ("9.99", "10.00"), ("9.00", "9.00")]
)
def test_lines_that_do_not_balance_at_the_amount_are_not_committed(
    member, debited, credited
):
    with refused("balances"):
        entry = entry_of()
        line(entry, "receivable", member, debit=Decimal(debited))
        line(entry, "deferred_dues", member, credit=Decimal(credited))


def test_an_entry_without_lines_is_not_committed(db):
    with refused("balances"):
        entry_of()


def test_a_pair_of_lines_is_not_slipped_into_an_entry_later(member):
    entry = issue(member)

    with refused("balances"):
        line(entry, "receivable", member, debit=1)
        line(entry, "deferred_dues", member, credit=1)


@pytest.mark.parametrize(
    "sides", [{}, {"debit": 1, "credit": 1}, {"debit": -1}, {"credit": -1}]
)
def test_a_line_is_a_debit_or_a_credit(member, sides):
    with refused("ledger_line_is_a_debit_or_a_credit"):
        line(entry_of(), "receivable", member, **sides)


def test_only_cash_may_be_without_a_member(member):
    entry_without_owner = post(
        PostingKind.CASH_RECORDED,
        [
            debit(LedgerAccount.CASH_CLEARING, Decimal(10)),
            credit(LedgerAccount.UNAPPLIED_CASH, Decimal(10)),
        ],
        **{"value_on": TODAY, "currency": "USD", "by": None, "at": at(TODAY)},
    )

    assert {one.organization for one in entry_without_owner.lines.all()} == {None}
    with refused("ledger_line_names_a_member_but_for_cash"):
        line(entry_of(), "receivable", None, debit=10)


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "bad_debt"},
        {"debit": Decimal(275_001)},
        {"organization": "another"},
    ],
)
def test_what_mirrors_no_entry_is_no_reversal_of_it(member, changes):
    entry = issue(member)
    changed = {"account": "deferred_dues", "debit": 275_000, "organization": member}
    if "organization" in changes:
        changes = {"organization": OrganizationFactory()}
    told = changed | changes

    with refused("mirrors"):
        reversal = entry_of(
            told["debit"], kind="reversal", reverses=entry, reason="Wrong"
        )
        LedgerLine.objects.create(entry=reversal, **told)
        line(reversal, "receivable", member, credit=told["debit"])


def test_a_reversal_is_not_reversed(member):
    reversal = undo(issue(member))

    with refused("mirrors"):
        undo(reversal)


def test_a_reversal_reverses_and_says_why(member):
    entry = issue(member)

    with refused("ledger_entry_is_a_reversal_iff_it_reverses"):
        entry_of(kind="reversal", reason="Wrong")
    with refused("ledger_entry_is_a_reversal_iff_it_reverses"):
        entry_of(reverses=entry)
    with refused("ledger_reversal_says_why"):
        entry_of(kind="reversal", reverses=entry)


@pytest.mark.parametrize("model", [LedgerEntry, LedgerLine])
def test_what_is_posted_stays_as_it_is(member, model):
    """V18: rows of money only grow."""
    issue(member)

    with refused("permission denied|Cannot update"):
        model.objects.update(id=1)
    with refused("permission denied|Cannot delete"):
        model.objects.all()._raw_delete(model.objects.db)


def test_what_is_told_of_a_day_is_what_was_known_then_or_is_known_now(member):
    late = issue(member, at=at(date(2026, 4, 9)))
    early = issue(member, at=at(MARCH))
    end_of_march = date(2026, 3, 31)

    told = LedgerEntry.objects.told(end_of_march)
    restated = LedgerEntry.objects.told(end_of_march, restated=True)

    assert set(told) == {early}
    assert set(restated) == {early, late}
    assert not LedgerEntry.objects.told(date(2026, 3, 19), restated=True).exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        *[("director", True), ("finance", True), ("auditor", True), ("admin", True)],
        *[("staff", False), ("sponsor", False), ("billing", False)],
    ],
)
def test_who_reads_the_ledger(cast, who, sees):
    issue(cast.siemens)

    assert LedgerEntry.objects.permitted(cast[who], "view").exists() == sees


@pytest.mark.django_db(transaction=True)
def test_one_entry_is_reversed_once_by_two_at_once():
    member = OrganizationFactory()
    entry = issue(member)

    def act():
        with transaction.atomic():
            lock_organization(member)
            return undo(entry)

    outcomes = at_once(act, act)

    assert refusals(outcomes) == [AlreadyReversed]
