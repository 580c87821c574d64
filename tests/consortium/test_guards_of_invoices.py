"""What the portal's own role cannot do to invoices by SQL."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium.models import (
    Instalment,
    InstalmentCancellation,
    Invoice,
    InvoiceLine,
    InvoicePdf,
    NumberCounter,
    PurchaseOrder,
    Series,
    fiscal_year_of,
    take_number,
)
from consortium.states import InvoiceState
from tests.factories.consortium import OrganizationFactory, amend, draft, sign
from tests.factories.credits import at, year_of
from tests.factories.invoices import (
    ISSUED_ON,
    PDF,
    a_draft,
    a_line,
    an_instalment,
    approve,
    credit,
    digest,
    issue,
    posted,
    settle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    return sign(draft(OrganizationFactory()))


@pytest.fixture
def instalment(agreement):
    return an_instalment(year_of(agreement))


@pytest.fixture
def issued(agreement, instalment):
    return issue(a_draft(agreement, instalment))


def refused(act, what: str):
    """Insist that the database refuses an act, at once or when it is committed."""
    with pytest.raises(DatabaseError, match=what), transaction.atomic():
        act()
        settle()


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 6, 30), 2026), (date(2026, 7, 1), 2027), (date(2027, 1, 1), 2027)],
)
def test_a_fiscal_year_begins_in_july_and_is_named_for_its_end(day, year):
    assert fiscal_year_of(day) == year


def test_numbers_follow_each_other_in_a_fiscal_year_and_series(agreement):
    year = year_of(agreement)
    first, second = [issue(a_draft(agreement, an_instalment(year))) for _two in "ab"]
    note = credit(first, 10)

    assert [first.number, second.number] == ["INM-2027-0001", "INM-2027-0002"]
    assert note.number == "INM-CN-2027-0001"
    settle()


def test_a_number_of_five_digits_is_written_out(agreement, instalment):
    numbers = []

    def issue_late():
        numbers.append(issue(a_draft(agreement, instalment), serial=12_345).number)

    refused(issue_late, "the next number")
    assert numbers == ["INM-2027-12345"]


def test_no_number_is_left_out(agreement, instalment):
    refused(lambda: issue(a_draft(agreement, instalment), serial=2), "the next number")


def test_a_counter_counts_by_one_and_never_back():
    take_number(Series.INVOICES, on=ISSUED_ON)
    counter = NumberCounter.objects.all()

    refused(lambda: counter.update(last=5), "Cannot update")
    refused(lambda: counter.update(last=0), "Cannot update")
    refused(lambda: counter._raw_delete(counter.db), "Cannot delete")
    refused(
        lambda: NumberCounter.objects.create(series="INM", fiscal_year=2030, last=7),
        "Cannot insert",
    )


@pytest.mark.parametrize(
    "changes",
    [
        *[{"bill_to_entity": "Another"}, {"order_number": "PO-2"}, {"terms_days": 60}],
        *[{"issued_on": date(2026, 1, 1)}, {"due_on": date(2027, 1, 1)}],
        *[{"serial": 9}, {"check_code": "ANOTHER"}, {"approved_at": None}],
    ],
)
def test_what_was_issued_stays(issued, changes):
    rows = Invoice.objects.filter(pk=issued.pk)

    refused(lambda: rows.update(**changes), "Cannot update")


def test_an_issued_invoice_and_its_paper_are_kept(issued):
    invoices, papers = Invoice.objects.all(), InvoicePdf.objects.all()

    refused(lambda: invoices._raw_delete(invoices.db), "Cannot delete|foreign key")
    refused(lambda: papers.update(content=b""), "Cannot update|permission denied")
    refused(lambda: papers._raw_delete(papers.db), "Cannot delete|permission denied")


def test_the_lines_of_an_approved_invoice_stay(agreement, instalment):
    invoice = approve(a_draft(agreement, instalment))
    another = an_instalment(instalment.commitment_year)
    lines = InvoiceLine.objects.all()

    refused(lambda: lines._raw_delete(lines.db), "approved invoice stay")
    refused(lambda: lines.update(description="Other"), "Cannot update")
    refused(lambda: a_line(invoice, another), "of a draft")


def test_nothing_is_issued_without_its_paper(agreement, instalment):
    issue(a_draft(agreement, instalment))
    second = approve(a_draft(agreement, an_instalment(instalment.commitment_year)))
    given = {"fiscal_year": 2027, "serial": 2, "check_code": "C", "due_on": ISSUED_ON}
    given |= {"issued_on": ISSUED_ON, "issued_at": at(ISSUED_ON), "state": "issued"}
    given |= {"entry": posted(second, Series.INVOICES, on=ISSUED_ON)}
    rows = Invoice.objects.filter(pk=second.pk)

    refused(lambda: rows.update(**given), "is posted")


def test_a_paper_has_the_digest_that_stands_beside_it(agreement, instalment):
    invoice = a_draft(agreement, instalment)

    def keep(sha256):
        return InvoicePdf.objects.create(invoice=invoice, content=PDF, sha256=sha256)

    refused(lambda: keep(digest(b"another")), "fits_its_digest")
    keep(digest(PDF))


def test_an_instalment_is_asked_for_once(agreement, instalment):
    a_draft(agreement, instalment)

    refused(lambda: a_draft(agreement, instalment), "one live invoice")


def test_what_was_voided_or_credited_in_whole_is_asked_for_again(agreement, issued):
    instalment = issued.lines.get().instalment
    credit(issued, instalment.amount)
    again = a_draft(agreement, instalment)
    settle()
    again.move_to(InvoiceState.VOIDED)
    again.voided_at, again.voided_because = at(ISSUED_ON), "Not yet"
    again.save()

    a_draft(agreement, instalment)
    settle()


def test_what_was_credited_in_part_is_not_asked_for_again(agreement, issued):
    instalment = issued.lines.get().instalment
    credit(issued, 1)

    refused(lambda: a_draft(agreement, instalment), "one live invoice")


def test_a_draft_in_place_of_an_invoice_counts_once_it_is_issued(agreement, issued):
    instalment = issued.lines.get().instalment
    anew = a_draft(agreement, instalment, replaces=issued)
    settle()

    refused(lambda: issue(anew), "one live invoice")


def test_a_line_is_an_instalment_of_its_member_for_its_amount(agreement, instalment):
    other = sign(draft(OrganizationFactory()))
    less = {"amount": Decimal(1)}

    refused(lambda: a_draft(other, instalment), "of its member")
    refused(lambda: a_line(a_draft(agreement), instalment, **less), "of its member")


def test_what_is_invoiced_is_not_cancelled(agreement, issued):
    instalment = issued.lines.get().instalment
    amendment = amend(agreement, other_terms="One more seat")

    def cancel():
        InstalmentCancellation.objects.create(
            instalment=instalment, amendment=amendment, recorded_on=ISSUED_ON
        )

    refused(cancel, "is not cancelled")
    credit(issued, instalment.amount)
    cancel()
    refused(lambda: a_draft(agreement, instalment), "in force")


def test_no_more_is_taken_back_than_was_asked_for(issued):
    credit(issued, 200_000)

    refused(lambda: credit(issued, 75_001), "more is taken back")


def test_of_an_instalment_below_zero_no_more_is_taken_back_than_it_says(issued):
    below = an_instalment(issued.lines.get().commitment_year, -40_000)
    credit(issued, 30_000, instalment=below)

    refused(lambda: credit(issued, 10_001, instalment=below), "more is taken back")
    credit(issued, 10_000, instalment=below)


def test_which_order_it_is_stays(agreement):
    PurchaseOrder.objects.create(
        organization=agreement.organization,
        number="PO-1",
        amount=Decimal(825_000),
        recorded_at=at(ISSUED_ON),
    )
    rows = PurchaseOrder.objects.all()

    refused(lambda: rows.update(number="PO-2"), "Cannot update")
    refused(lambda: rows._raw_delete(rows.db), "Cannot delete")
    rows.update(ends_on=ISSUED_ON, amount=Decimal(1))


def test_what_an_order_leaves_is_what_no_issued_invoice_took(agreement, instalment):
    order = PurchaseOrder.objects.create(
        organization=agreement.organization,
        number="PO-1",
        amount=Decimal(825_000),
        recorded_at=at(ISSUED_ON),
    )
    quoted = {"order": order, "order_number": order.number}
    credit(issue(a_draft(agreement, instalment, **quoted)), 25_000)
    a_draft(agreement, an_instalment(instalment.commitment_year), **quoted)

    found = PurchaseOrder.objects.with_left().get()

    assert (found.used, found.left) == (250_000, 575_000)


def test_an_instalment_stays_as_it_is_written(instalment):
    rows = Instalment.objects.all()

    refused(lambda: rows.update(amount=1), "Cannot update|permission denied")
