"""Sources and uses, recognized against committed: pages, files and the API."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import CommitmentYear
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.verbs import Verb
from tests.factories.accounts import staff
from tests.factories.receivables import apply, bounce, cash, invoiced, member, receive
from tests.kernel.workbooks import rows_of

from .views.test_costs import require_same

pytestmark = pytest.mark.django_db

SOURCES = reverse("consortium:sources_and_uses")
RECOGNIZED = reverse("consortium:recognized_against_committed")
FILES = [reverse(f"consortium:{one}_file") for one in ("sources", "recognized")]
PAGES = [SOURCES, RECOGNIZED]


@pytest.fixture
def flex(db):
    return member(name="Flex")


@pytest.fixture
def client(sign_in):
    return sign_in(staff("finance"))


def amounts(lines):
    return {line.name: line.total for line in lines}


def test_cash_is_told_by_where_it_came_from_and_where_it_stands(flex):
    apply(cash(900, flex), invoiced(flex, 700), 700)
    receive(50)
    bounce(receive(30))

    found = services.sources_and_uses(on=timezone.localdate())

    assert found.years == [2027]
    assert amounts(found.sources) == {"received": 950, "refunded": 0}
    told = {"applied": 700, "on_account": 200, "unidentified": 50}
    assert amounts(found.uses) == told
    assert found.net.amounts == found.used.amounts == [950]


def test_a_fiscal_year_begins_in_july(flex):
    receive(10, on=date(2026, 6, 30))
    receive(20, on=date(2026, 7, 1))

    found = services.sources_and_uses(on=timezone.localdate())

    assert found.years == [2026, 2027]
    assert found.net.amounts == [10, 20]


def test_what_was_recorded_later_is_not_known_on_a_day_before(flex):
    day = date(2026, 11, 12)
    receive(10, on=day, recorded_on=day + timedelta(days=3))

    before, after = (
        services.sources_and_uses(on=day + timedelta(days=n)) for n in (2, 3)
    )

    assert (before.years, after.net.total) == ([], 10)


def test_money_words_are_told_apart(flex):
    line = invoiced(flex, 700)
    apply(cash(300, flex), line, 200)

    found = services.recognized_against_committed(on=timezone.localdate())
    (year,) = [one for one in found if one.invoiced]

    assert (year.member, year.year) == ("Flex", 2027)
    assert (year.invoiced, year.received, year.recognized) == (700, 300, 0)
    assert year.deferred == 700
    fees = sum(one.committed for one in found)
    years = CommitmentYear.objects.filter(agreement__organization=flex).with_terms()
    assert fees == sum(one.fee_now for one in years) > 0
    totals = dict(services.totals_by_year(found))
    assert dict(totals[2027])["Invoiced"] == 700


@pytest.mark.parametrize("url", PAGES)
def test_pages_cost_the_same_and_say_what_is_wrong_with_a_day(client, flex, url):
    invoiced(flex, 500)
    cash(20, flex)

    def more():
        other = member()
        invoiced(other, 500)
        cash(20, other)

    require_same(lambda: client.get(url), more, most=16)
    page = client.get(f"{url}?on=2031-02-30").content.decode()
    assert "2025-12-31" in page
    assert "2031-02-30" in page


@pytest.mark.parametrize("url", PAGES)
def test_an_empty_portal_says_so(client, db, url):
    page = client.get(url).content.decode()

    assert "yet" in page
    assert "None" not in page


def test_what_the_portal_does_not_know_is_said(client, flex):
    page = client.get(SOURCES).content.decode()

    assert "pools and awards are not kept in the portal yet" in page


@pytest.mark.parametrize("url", FILES)
def test_files_say_the_same_and_are_journaled(client, flex, url):
    invoiced(flex, 500)
    cash(20, flex)

    told = list(csv.reader(io.StringIO(client.get(url).getvalue().decode())))
    sheet = rows_of(client.get(f"{url}?format=xlsx").getvalue())

    assert told[0] == sheet[0]
    assert len(told) == len(sheet) > 1
    place = next(n for n, one in enumerate(told[0]) if one in ("amount", "invoiced"))
    in_csv = [Decimal(row[place]) for row in told[1:]]
    assert in_csv == [Decimal(str(row[place])) for row in sheet[1:]]
    assert sum(in_csv) in (40, 500)
    assert JournalEntry.objects.filter(verb=Verb.LIST_EXPORTED).count() == 2


def test_programs_read_the_same_and_others_nothing(flex, program):
    invoiced(flex, 500)
    cash(20, flex)
    names = ["sources-and-uses", "recognized-against-committed"]
    urls = [reverse(f"ledgerentry-{name}") for name in names]

    cash_told, words = (program(staff("finance")).get(url).data for url in urls)

    assert cash_told["sources"][0]["amounts"] == ["20.00"]
    (year,) = [one for one in words if Decimal(one["invoiced"])]
    assert (year["invoiced"], year["received"]) == ("500.00", "20.00")
    for url in urls:
        assert program(staff("program staff")).get(url).status_code == 403
