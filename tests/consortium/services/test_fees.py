"""What is paid of a fee counts toward its year, as long as the payment stands."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from consortium import reports, services
from consortium.models import (
    Category,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    Evidence,
    WriteOffKind,
)
from consortium.services import fees
from consortium.services.claims import AboveFee, InvoicedByInm
from consortium.services.reversals import CountsByPayment
from consortium.services.sweeping import NOT_CREDITED
from consortium.states import Outcome, YearStatus
from inm_portal.accounts import roles
from inm_portal.kernel import invariants
from inm_portal.kernel.models import JournalEntry, Task
from tests.factories.accounts import UserFactory, staff
from tests.factories.credits import at, claim, decide, paper, year_of
from tests.factories.receivables import (
    RECEIVED,
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    member,
    receive,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_tie(db):
    yield
    assert list(invariants.broken()) == []


@pytest.fixture
def flex(db):
    return member(name="Flex")


@pytest.fixture
def line(flex):
    return invoiced(flex)


def credits():
    return ContributionCredit.objects.with_outcome().order_by("pk")


def position(year, on=TODAY) -> CommitmentYear:
    return CommitmentYear.objects.with_position(on=on).get(pk=year.pk)


def test_a_paid_fee_is_an_accepted_credit_of_its_year(flex, line):
    clerk = UserFactory()
    allocation = apply(cash(275_000, flex), line, 275_000, by=clerk)

    credit = credits().get()
    assert (credit.category, credit.outcome) == (Category.FEE, Outcome.ACCEPTED)
    assert (credit.credited, credit.posting) == (275_000, allocation.entry)
    assert credit.contributed_on == RECEIVED
    assert credit.what_for == f"{line.invoice.number}, {line.description}"
    assert position(line.commitment_year).credited == 275_000
    entry = JournalEntry.objects.about(credit).get(verb="consortium.fee_credited")
    assert entry.actor == clerk


def test_the_invoice_is_the_evidence_of_all_that_is_paid_of_it(flex, line):
    share = cash(275_000, flex)
    for amount in (100_000, 175_000):
        apply(share, line, amount)

    evidence = Evidence.objects.with_used().get()
    assert (evidence.invoice, evidence.number) == (line.invoice, line.invoice.number)
    assert (evidence.amount, evidence.used) == (275_000, 275_000)
    assert [credit.credited for credit in credits()] == [100_000, 175_000]


def test_what_is_taken_back_counts_no_more_from_the_day_on_which_it_did(flex, line):
    allocation = apply(cash(275_000, flex), line, 275_000)

    services.reverse_allocation(
        allocation, reason="Another invoice", at=at(TODAY), by=UserFactory()
    )

    assert credits().get().outcome == Outcome.REVERSED
    reversal = CreditEntry.objects.get(kind="reversed")
    assert (reversal.amount, reversal.value_on) == (-275_000, allocation.entry.value_on)
    assert position(line.commitment_year).credited == 0


def test_what_goes_to_another_line_counts_there(flex, line):
    other = invoiced(flex, 100_000)
    allocation = apply(cash(100_000, flex), line, 100_000)

    services.reallocate(
        allocation,
        [services.LinePart(other, Decimal(100_000))],
        **{"reason": "Meant for the other", "at": at(TODAY), "by": UserFactory()},
    )

    assert [credit.credited for credit in credits()] == [0, 100_000]
    assert position(line.commitment_year).credited == 100_000


def test_case_23_what_bounced_counts_no_more(flex, line):
    receipt = receive(275_000, flex, method="cheque")
    apply(receipt.shares.get(), line, 275_000)

    bounce(receipt)

    assert credits().get().outcome == Outcome.REVERSED
    year = position(line.commitment_year)
    assert (year.credited, year.short) == (0, year.required_now)


@pytest.mark.parametrize(
    ("kind", "counted"),
    [(WriteOffKind.BANK_CHARGE, 25), (WriteOffKind.BAD_DEBT, 0)],
)
def test_case_17_what_the_bank_took_counts_and_what_was_never_paid_does_not(
    flex, line, kind, counted
):
    apply(cash("274975.00", flex), line, "274975.00")
    row = services.write_off(
        line,
        **{"kind": kind, "amount": Decimal(25), "reason": "Too small to ask for"},
        **{"today": TODAY, "at": at(TODAY), "by": UserFactory()},
    )
    if kind == WriteOffKind.BAD_DEBT:
        row = services.approve_write_off(
            row, today=TODAY, at=at(TODAY), by=UserFactory()
        )

    assert position(line.commitment_year).credited == 274_975 + counted
    services.reverse_write_off(
        row, reason="Paid after all", at=at(TODAY), by=UserFactory()
    )
    assert position(line.commitment_year).credited == 274_975


def ahead(flex):
    """Return a line of the year that opens in 2027, and its first day."""
    line = invoiced(flex, 275_000, year=3, issued_on=TODAY)
    return line, line.commitment_year.starts_on


def test_w2_a_year_paid_ahead_is_credited_on_the_day_on_which_it_opens(flex, line):
    share = cash(825_000, flex)
    later, opens_on = ahead(flex)
    apply(share, line, 275_000)
    apply(share, later, 275_000)
    assert [credit.commitment_year for credit in credits()] == [line.commitment_year]

    for day in (opens_on - timedelta(days=1), opens_on, opens_on):
        services.credit_opened_years(at=at(day))
        found = credits().filter(commitment_year=later.commitment_year)
        assert found.count() == (day == opens_on)

    entry = CreditEntry.objects.get(commitment_year=later.commitment_year)
    assert (entry.amount, entry.value_on) == (275_000, opens_on)
    assert position(later.commitment_year, on=opens_on).status == YearStatus.OPEN


def test_a_payment_that_cannot_be_credited_holds_up_no_other(flex, line, monkeypatch):
    later, opens_on = ahead(flex)
    first, second = (
        apply(cash(amount, flex), later, amount) for amount in (100_000, 175_000)
    )
    count = fees.count_fee

    def fails_for_first(row, **told):
        count(row, **told)
        if row.pk == first.pk:
            raise ZeroDivisionError

    monkeypatch.setattr(fees, "count_fee", fails_for_first)
    for _time in range(2):
        services.credit_opened_years(at=at(opens_on))

    entry = CreditEntry.objects.get(commitment_year=later.commitment_year)
    assert entry.credit.posting == second.entry
    task = Task.objects.open().get(kind=NOT_CREDITED)
    assert task.subject_id == later.commitment_year.pk
    assert "ZeroDivisionError" in task.why

    monkeypatch.undo()
    services.credit_opened_years(at=at(opens_on))
    assert credits().filter(posting=first.entry).exists()


def test_what_was_paid_ahead_and_bounced_is_never_credited(flex, line):
    receipt = receive(275_000, flex)
    later, opens_on = ahead(flex)
    apply(receipt.shares.get(), later, 275_000)

    bounce(receipt)
    services.credit_opened_years(at=at(opens_on))

    assert not credits().exists()


def test_what_counts_by_a_payment_is_reversed_with_it_alone(flex, line):
    apply(cash(275_000, flex), line, 275_000)
    how = {"reason": "-", "at": at(TODAY), "today": TODAY, "by": UserFactory()}

    with pytest.raises(CountsByPayment):
        services.reverse_credit(credits().get(), **how)
    with pytest.raises(CountsByPayment):
        services.reduce_credit(credits().get(), amount=Decimal(1), **how)


def test_an_invoice_of_inm_is_not_claimed(flex, line):
    year = line.commitment_year
    with pytest.raises(InvoicedByInm):
        claim(year, 1, document=paper(1, number=line.invoice.number.lower()))


def test_a_fee_that_inm_invoices_is_not_claimed_or_accepted_beside(flex):
    year = year_of(flex.agreements.signed().get())
    before = claim(year, 275_000, category=Category.FEE)
    invoiced(flex)

    with pytest.raises(AboveFee):
        claim(year, 1, category=Category.FEE)
    with pytest.raises(AboveFee):
        decide(before, 275_000, by=UserFactory())


def test_the_database_lets_nothing_else_count_on_an_invoice(flex, line):
    apply(cash(100_000, flex), line, 100_000)
    counted, evidence = credits().get(), Evidence.objects.get()
    fields = {
        name: getattr(counted, name)
        for name in ("organization", "commitment_year", "category", "currency")
    }
    fields |= {"contributed_on": RECEIVED, "what_for": "-", "claimed_at": at(TODAY)}

    paid_alone = pytest.raises(DatabaseError, match="paid of it for its year")
    with paid_alone, transaction.atomic():
        ContributionCredit.objects.create(**fields, evidence=evidence, amount=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(amount=300_000)


def test_w2_years_to_come_say_what_is_prepaid_of_them(flex, line):
    share = cash(825_000, flex)
    apply(share, invoiced(flex, 275_000, year=2), 275_000)
    apply(share, line, 275_000)
    (term,) = reports.terms_of(flex, user=staff(roles.FINANCE), on=TODAY)

    reports.mark_prepaid(flex, term.years, on=TODAY)

    assert [year.prepaid for year in term.years] == [0, 0, 275_000]
