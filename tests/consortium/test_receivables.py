"""What is open and what is left: today, as known on a day, and restated."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from consortium import services
from consortium.models import ContactRole, Invoice, InvoiceLine, ReceiptShare
from consortium.models.receivables import is_overdue
from consortium.states import Standing
from inm_portal.kernel import invariants
from tests.factories.accounts import UserFactory
from tests.factories.consortium import person_at
from tests.factories.credits import at
from tests.factories.invoices import credit
from tests.factories.receivables import (
    TODAY,
    apply,
    cash,
    invoiced,
    left_of,
    member,
    open_of,
    standing_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def flex(db):
    return member(name="Flex")


def test_w2_a_prepayment_pays_what_is_issued_and_waits_for_the_rest(flex):
    share = cash(825_000, flex)
    first = invoiced(flex, 275_000)

    apply(share, first, 275_000)

    assert (open_of(first), left_of(share)) == (0, 550_000)
    second = invoiced(flex, 275_000, issued_on=TODAY, due_on=date(2027, 5, 27))
    (offered,) = services.suggest_for_share(share)
    assert (offered.line, offered.amount) == (second, 275_000)
    apply(share, second, offered.amount)
    assert left_of(share) == 275_000
    assert list(invariants.broken()) == []


def test_w3_part_payments_age_by_the_due_date_of_their_invoice(flex):
    a = invoiced(flex, 137_500, due_on=date(2025, 11, 1), issued_on=date(2025, 10, 1))
    in_november = date(2025, 11, 12)
    first = cash(
        100_000, flex, on=in_november, recorded_on=in_november, note=a.invoice.number
    )
    apply(first, a, 100_000, on=in_november)
    assert open_of(a) == 37_500

    end_of_january = date(2026, 1, 31)
    assert open_of(a, end_of_january) == 37_500
    assert (end_of_january - a.invoice.due_on).days == 91

    in_february = date(2026, 2, 20)
    second = cash(175_000, flex, on=in_february)
    apply(second, a, 37_500, on=in_february)
    assert (standing_of(a), left_of(second)) == (Standing.PAID, 137_500)
    assert open_of(a, end_of_january) == 37_500

    b = invoiced(flex, 137_500, due_on=date(2026, 5, 1), issued_on=date(2026, 4, 1))
    (offered,) = services.suggest_for_share(second)
    assert (offered.line, offered.amount) == (b, 137_500)
    allocation = apply(second, b, 137_500, on=date(2026, 4, 1))
    assert allocation.entry.value_on == date(2026, 4, 1)
    assert (standing_of(b), left_of(second)) == (Standing.PAID, 0)


def test_case_35_a_march_payment_found_in_april_restates_march(flex):
    line = invoiced(flex, 1_000, due_on=date(2026, 3, 1), issued_on=date(2026, 2, 1))
    services.close_period(
        date(2026, 3, 1),
        today=date(2026, 4, 2),
        at=at(date(2026, 4, 2)),
        by=UserFactory(),
    )
    found = date(2026, 4, 9)
    share = cash(1_000, flex, on=date(2026, 3, 20), recorded_on=found)
    allocation = apply(share, line, 1_000, on=found)

    march = date(2026, 3, 31)
    assert allocation.entry.posted_on == date(2026, 4, 1)
    assert open_of(line, march) == 1_000
    assert open_of(line, march, restated=True) == 0
    assert left_of(share, march) == 0
    assert list(invariants.broken()) == []


def test_what_was_misapplied_was_never_so_but_was_known_so(flex):
    a, b = invoiced(flex, 1_000), invoiced(flex, 1_000)
    share = cash(1_000, flex)
    wrong = apply(share, a, 1_000, on=date(2026, 11, 13))
    services.reallocate(
        wrong,
        [services.LinePart(b, Decimal(1_000))],
        **{"reason": "The advice names B", "at": at(TODAY), "by": UserFactory()},
    )

    then = date(2026, 11, 14)
    assert (open_of(a, then), open_of(b, then)) == (0, 1_000)
    assert open_of(a, then, restated=True) == 1_000
    assert open_of(b, then, restated=True) == 0
    assert left_of(share, then) == left_of(share, then, restated=True) == 0


def test_before_an_invoice_is_issued_nothing_of_it_is_open(flex):
    line = invoiced(flex, 1_000, issued_on=date(2026, 10, 1))

    assert open_of(line, date(2026, 9, 30)) == 0
    assert open_of(line, date(2026, 10, 1)) == 1_000


def test_what_is_credited_is_open_no_more(flex):
    line = invoiced(flex, 1_000)

    credit(line.invoice, 1_000)

    assert (open_of(line), standing_of(line)) == (0, Standing.CREDITED)


def test_an_invoice_is_the_sum_of_its_lines_and_overdue_after_its_day(flex):
    line = invoiced(flex, 1_000, due_on=date(2026, 11, 1))
    apply(cash(400, flex), line, 400)

    def late(on):
        rows = Invoice.objects.with_open().annotate(late=is_overdue(on))
        return rows.get(pk=line.invoice_id)

    found = late(date(2026, 11, 2))
    assert (found.asked, found.allocated, found.open_amount) == (1_000, 400, 600)
    assert (late(date(2026, 11, 1)).late, found.late) == (False, True)


def test_amounts_are_written_with_their_cents_where_nothing_is_left(flex):
    line = invoiced(flex, 1_000)
    share = cash(1_000, flex)
    apply(share, line, 1_000)

    assert str(open_of(line)) == str(left_of(share)) == "0.00"


def test_lists_with_sums_cost_one_statement(flex, django_assert_num_queries):
    for amount in (100, 200, 300):
        apply(cash(amount, flex), invoiced(flex, amount), amount)

    with django_assert_num_queries(3):
        assert len(InvoiceLine.objects.with_open()) == 3
        assert len(ReceiptShare.objects.with_unapplied()) == 3
        assert len(Invoice.objects.with_open()) == 3


def test_sums_of_past_days_can_be_filtered_by(flex):
    line = invoiced(flex, 1_000)
    on = date(2026, 10, 15)

    rows = InvoiceLine.objects.with_open(on).filter(open_amount__gt=0)

    assert list(rows) == [line]


def test_case_38_what_is_not_paid_for_months_takes_nothing_away_by_itself(flex):
    """Directors decide; the member's mentors and its roles stay as they are."""
    mentor = person_at(flex, ContactRole.MENTOR)
    line = invoiced(flex, due_on=TODAY - timedelta(days=120))
    invoices = Invoice.objects.with_open(TODAY).annotate(late=is_overdue(TODAY))
    assert invoices.get().late

    services.credit_opened_years(at=at(TODAY))
    services.carry_excess(
        line.commitment_year.agreement, at=at(TODAY), today=TODAY, by=None
    )

    role = mentor.roles.get()
    assert (role.role, role.until_on) == (ContactRole.MENTOR, None)
    assert mentor.user.has_perm("consortium.view_organization", flex)
