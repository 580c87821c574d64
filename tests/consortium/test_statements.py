"""What a member owes, by age and as a statement: the worked examples of the field."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from consortium import services
from consortium.models import Organization
from consortium.models.aging import bucket_of, by_member, name_of, owed, with_care
from consortium.states import Bucket
from inm_portal.kernel.models import JournalEntry, ReminderDelivery
from inm_portal.kernel.tasklist import open_task
from tests.factories.accounts import UserFactory
from tests.factories.credits import at
from tests.factories.invoices import credit
from tests.factories.receivables import (
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    member,
    receive,
)

pytestmark = pytest.mark.django_db

START = date(2025, 7, 1)
DAY = timedelta(days=1)


@pytest.fixture
def flex(db):
    return member(name="Flex")


def statement(organization, *, since=START, until=TODAY, known_on=TODAY):
    return services.statement_of(
        organization, services.Period(since, until, known_on, "USD")
    )


def told(found):
    return [(line.what, line.effect, line.balance) for line in found.lines()]


def aging(organization, on, *, restated=False):
    """Return what is told of a member: buckets that hold something, and its cash."""
    rows = by_member(
        Organization.objects.all(), on, restated=restated, currency="USD"
    ).filter(pk=organization.pk)
    row = rows.first()
    if row is None:
        return {}, 0
    buckets = {one: getattr(row, name_of(one)) for one in Bucket}
    return {one: amount for one, amount in buckets.items() if amount}, row.on_account


def test_w2_a_prepayment_is_no_debt_and_stands_on_its_own_line(flex):
    share = cash(825_000, flex)
    apply(share, invoiced(flex, 275_000), 275_000)

    assert aging(flex, TODAY) == ({}, 550_000)
    found = statement(flex)
    assert told(found) == [
        ("Invoice", 275_000, 275_000),
        ("Payment", -825_000, -550_000),
    ]
    assert (found.receivable, found.on_account, found.closing) == (
        *(0, 550_000),
        -550_000,
    )


def test_w3_a_part_payment_leaves_the_rest_as_old_as_it_was(flex):
    a = invoiced(flex, 137_500, due_on=date(2025, 11, 1), issued_on=date(2025, 10, 1))
    in_november = date(2025, 11, 12)
    first = cash(100_000, flex, on=in_november, recorded_on=in_november)
    apply(first, a, 100_000, on=in_november)

    end_of_january = date(2026, 1, 31)
    assert aging(flex, end_of_january) == ({Bucket.DAYS_120: 37_500}, 0)
    in_february = date(2026, 2, 20)
    second = cash(175_000, flex, on=in_february)
    apply(second, a, 37_500, on=in_february)
    assert aging(flex, in_february) == ({}, 137_500)

    b = invoiced(flex, 137_500, due_on=date(2026, 5, 1), issued_on=date(2026, 4, 1))
    apply(second, b, 137_500, on=date(2026, 4, 1))
    assert aging(flex, date(2026, 4, 2)) == ({}, 0)
    found = statement(flex, since=date(2026, 1, 1))
    assert (found.opening, found.closing) == (37_500, 0)
    assert told(found) == [
        ("Payment", -175_000, -137_500),
        ("Invoice", 137_500, 0),
    ]
    assert aging(flex, end_of_january) == ({Bucket.DAYS_120: 37_500}, 0)


def test_w4_what_a_bank_took_is_open_until_it_is_written_off(flex):
    line = invoiced(flex, 275_000)
    apply(cash(274_975, flex), line, 274_975)
    assert aging(flex, TODAY) == ({Bucket.DAYS_30: 25}, 0)

    services.write_off(
        line,
        **{"kind": "bank_charge", "amount": Decimal(25), "reason": "A fee"},
        **{"today": TODAY, "at": at(TODAY), "by": UserFactory()},
    )

    assert aging(flex, TODAY) == ({}, 0)
    assert told(statement(flex))[-1] == ("Bank charge written off", -25, 0)


def test_case_21_of_a_shared_wire_each_statement_shows_its_part(flex):
    amgen = member(name="Amgen")
    wire = receive(1_000, bank_reference="INM-1 of Flex, INM-2 of Amgen")
    parts = [services.SharePart(flex, Decimal(600))]
    parts += [services.SharePart(amgen, Decimal(400))]
    services.share_receipt(wire, parts, at=at(TODAY), by=UserFactory())

    (line,) = statement(flex).lines()

    assert (line.effect, line.detail) == (-600, "Wire, in part")
    assert told(statement(amgen)) == [("Payment", -400, -400)]


def test_case_23_a_bounced_payment_is_told_and_the_invoice_is_as_old_as_before(flex):
    line = invoiced(flex, 1_000, due_on=date(2026, 11, 1))
    share = cash(1_000, flex)
    apply(share, line, 1_000, on=date(2026, 11, 13))

    bounce(share.receipt, on=TODAY)

    assert told(statement(flex)) == [
        ("Invoice", 1_000, 1_000),
        ("Payment", -1_000, 0),
        ("Payment came back", 1_000, 1_000),
    ]
    assert aging(flex, TODAY) == ({Bucket.DAYS_30: 1_000}, 0)


def test_case_35_aging_of_march_is_told_as_then_and_restated(flex):
    invoiced(flex, 1_000, due_on=date(2026, 3, 1), issued_on=date(2026, 2, 1))
    april, march = date(2026, 4, 9), date(2026, 3, 31)
    cash(400, flex, on=date(2026, 3, 20), recorded_on=april)

    assert aging(flex, march) == ({Bucket.DAYS_30: 1_000}, 0)
    assert aging(flex, march, restated=True) == ({Bucket.DAYS_30: 1_000}, 400)
    then = statement(flex, until=march, known_on=march)
    assert (then.closing, then.on_account) == (1_000, 0)
    assert statement(flex, until=march, known_on=april).closing == 600


def test_case_39_a_refund_is_on_the_statement(flex):
    share = cash(1_000, flex)
    refund = services.propose_refund(
        share,
        **{"amount": Decimal(400), "reason": "Terminated"},
        **{"at": at(TODAY), "by": UserFactory()},
    )
    services.approve_refund(
        refund, paid_on=TODAY, today=TODAY, at=at(TODAY), by=UserFactory()
    )

    assert told(statement(flex)) == [
        ("Payment", -1_000, -1_000),
        ("Refund paid", 400, -600),
    ]


def test_what_never_was_so_is_on_no_statement_once_that_is_known(flex):
    share = cash(1_000, flex)
    services.reverse_share(
        share, reason="It was Amgen's", at=at(TODAY), by=UserFactory()
    )

    assert told(statement(flex)) == []
    before = statement(flex, until=date(2026, 11, 20), known_on=date(2026, 11, 20))
    assert told(before) == [("Payment", -1_000, -1_000)]


def test_a_credit_note_is_credited_and_a_dispute_is_a_part_of_what_is_open(flex):
    line = invoiced(flex, 1_000)
    credit(line.invoice, 100, on=TODAY)
    services.dispute_invoice(
        line.invoice,
        **{"amount": Decimal(300), "reason": "Agreed otherwise"},
        **{"at": at(TODAY), "by": UserFactory()},
    )

    found = statement(flex)

    assert told(found)[-1] == ("Credit note", -100, 900)
    assert (found.receivable, found.disputed) == (900, 300)
    (row,) = owed(date(2026, 11, 21))
    assert row.disputed == 0  # it was disputed a day later


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        (-1, Bucket.CURRENT),
        (0, Bucket.CURRENT),
        (1, Bucket.DAYS_30),
        (30, Bucket.DAYS_30),
        (31, Bucket.DAYS_60),
        (60, Bucket.DAYS_60),
        (61, Bucket.DAYS_90),
        (90, Bucket.DAYS_90),
        (91, Bucket.DAYS_120),
        (120, Bucket.DAYS_120),
        (121, Bucket.OLDER),
    ],
)
def test_nothing_is_overdue_on_its_day_and_buckets_have_no_gap(flex, late, bucket):
    due_on = date.fromordinal(TODAY.toordinal() - late)
    invoiced(flex, 1_000, due_on=due_on, issued_on=date(2026, 6, 1))

    (row,) = with_care(owed(TODAY), on=TODAY)

    assert (row.age, bucket_of(due_on, on=TODAY)) == (bucket, bucket)


def test_of_an_invoice_the_last_contact_and_what_comes_next_are_told(flex):
    line = invoiced(flex, 1_000, due_on=TODAY - timedelta(days=14))
    about = {"rule": "consortium.dues", "subject_type": "consortium.invoiceline"}
    about |= {"subject_id": line.pk, "cycle": TODAY, "anchor_on": TODAY}
    for rung, on in [("+3", TODAY - DAY), ("+15", TODAY)]:
        ReminderDelivery.objects.create(**about, rung=rung, days=3, planned_on=on)
    done = ReminderDelivery.objects.filter(rung="+3")
    done.update(state="filled", settled_at=at(TODAY - DAY))
    open_task("call", line, what="Call them", why="-", due_on=TODAY, by=None)

    (row,) = with_care(owed(TODAY), on=TODAY)

    assert (row.last_contact_on, row.next_rung) == (TODAY - DAY, "+15")
    assert (row.next_on, row.task, row.task_on) == (TODAY, "Call them", TODAY)


def test_a_statement_can_be_told_again_to_the_byte_and_who_took_it_is_known(flex):
    apply(cash(400, flex), invoiced(flex, 1_000), 400)
    found, clerk = statement(flex), UserFactory()

    taken = [services.take_statement(found, form="pdf", by=clerk) for _ in range(2)]

    assert taken[0].content == taken[1].content
    assert taken[0].content.startswith(b"%PDF")
    first, second = JournalEntry.objects.about(flex).filter(
        verb="consortium.statement_taken"
    )
    assert first.facts["sha256"] == second.facts["sha256"]
    assert (first.actor, first.facts["closing"]) == (clerk, "600.00")


def test_the_csv_leads_from_the_opening_to_the_closing(flex):
    invoiced(flex, 1_000, due_on=date(2026, 11, 1))
    found = statement(flex, since=date(2026, 9, 1))

    taken = services.take_statement(found, form="csv", by=UserFactory())

    rows = taken.content.decode().splitlines()
    assert rows[1] == "2026-09-01,opening,,,,,,0.00,USD"
    assert rows[2].startswith("2026-10-01,invoice_issued,Invoice,INM-2027-0001,")
    assert rows[-1] == "2026-11-22,closing,,,,,,1000.00,USD"
