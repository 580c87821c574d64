"""What finance sees to today: each figure is the count and sum of its list."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from consortium import services
from consortium.services.credit_notes import Taken
from tests.factories import invoices
from tests.factories.accounts import staff
from tests.factories.credits import at, year_of
from tests.factories.receivables import TODAY, apply, cash, invoiced, member, receive

from .views.test_costs import require_same

pytestmark = pytest.mark.django_db

COCKPIT = reverse("consortium:cockpit")
FIGURES = {"disputed": "disputed"}
AMOUNTS = ["amount", "open"]
EXPORTS = {
    "to_draft": "export_to_draft",
    "credit_notes": "export_credit_notes",
    "to_match": "export_to_match",
    "open_invoices": "export_open_invoices",
    "ledger": "export_ledger",
}


@pytest.fixture
def flex(db):
    return member(name="Flex")


@pytest.fixture
def client(sign_in):
    return sign_in(staff("finance"))


@pytest.fixture
def busy(flex):
    """A day on which something of almost everything waits."""
    line = invoiced(flex, 1_000)
    invoiced(flex, 700, due_on=date(2031, 1, 1))
    services.dispute_invoice(
        line.invoice,
        **{"amount": Decimal(200), "reason": "Hours"},
        **{"at": at(TODAY), "by": staff("finance")},
    )
    apply(cash(450, flex), line, 300)
    receive(80)
    year = year_of(flex.agreements.signed().get(), 1)
    agreement = year.agreement
    invoices.a_draft(agreement, invoices.an_instalment(year, 333))
    approved = invoices.a_draft(agreement, invoices.an_instalment(year, 444))
    invoices.approve(approved)
    invoices.an_instalment(year, 55)
    services.draft_credit_note(
        line.invoice,
        **{"taken": [Taken(line, Decimal(20))], "reason": "Wrong"},
        **{"at": at(TODAY), "by": staff("finance")},
    )
    return flex


def figures():
    found = services.cockpit(on=timezone.localdate())
    return {row.name: row for part in found.parts for row in part.rows}


def listed(client, row):
    """Return the count and the sum of the file of the list of a figure."""
    path, _mark, query = row.url.partition("?")
    name = resolve(path).url_name
    if name not in EXPORTS:
        rows = client.get(row.url).context["page"].object_list
        return len(rows), sum(one.total for one in rows)
    url = reverse(f"consortium:{EXPORTS[name]}")
    text = client.get(f"{url}?{query}").getvalue().decode()
    rows = list(csv.DictReader(text.splitlines()))
    names = [FIGURES.get(row.name), *AMOUNTS]
    return len(rows), sum(
        (Decimal(next(one[n] for n in names if n in one)) for one in rows), Decimal()
    )


def test_each_figure_is_the_count_and_the_sum_of_its_list(client, busy):
    told = figures()

    assert {row.name for row in told.values() if row.count} >= {
        *["to_draft", "to_approve", "to_issue", "credit_notes", "overdue"],
        *["match_member", "match_invoice", "disputed", "month_2026-10"],
    }
    for row in told.values():
        assert listed(client, row) == (row.count, row.amount), row.name


def test_the_page_leads_to_each_list_that_has_something(client, busy):
    page = client.get(COCKPIT).content.decode()

    for row in figures().values():
        is_shown = row.url.replace("&", "&amp;") + '"' in page
        assert is_shown is bool(row.count), row.name


def test_open_disputed_and_unapplied_stand_apart(busy):
    found = services.cockpit(on=timezone.localdate())

    assert (found.receivable, found.disputed) == (1_400, 200)
    assert found.forecast.on_account == 150
    opened, disputed, held = found.aging_plot["datasets"]
    assert (sum(opened["data"]), sum(disputed["data"])) == (1_200, 200)
    assert (sum(held["data"]), held["data"][-1]) == (150, 150)


def test_a_closed_month_is_not_to_be_closed(busy):
    services.close_period(
        date(2026, 10, 1),
        **{"today": timezone.localdate(), "at": timezone.now(), "by": staff("finance")},
    )

    assert "month_2026-10" not in figures()


def test_an_empty_portal_says_so_in_whole_sentences(client, db):
    page = client.get(COCKPIT).content.decode()

    assert "Nobody owes anything" in page
    assert "Nothing is expected" in page
    assert "All months that are over are closed." in page
    assert "None" not in page


def test_it_costs_the_same_with_one_row_and_with_many(client, flex):
    invoiced(flex, 500)

    require_same(lambda: client.get(COCKPIT), lambda: invoiced(member(), 500), most=16)


def test_programs_read_the_same_and_others_nothing(busy, program):
    url = reverse("open-invoice-cockpit")

    told = program(staff("finance")).get(url).data

    rows = {row["name"]: row for part in told["parts"] for row in part["rows"]}
    assert {name: row["count"] for name, row in rows.items()} == {
        name: row.count for name, row in figures().items()
    }
    assert (told["receivable"], told["on_account"]) == ("1400.00", "150.00")
    assert program(staff("program staff")).get(url).status_code == 403
