"""Cash to come: as late as each member pays, on promised days, apart where it must."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from consortium import services
from consortium.states import ForecastKind
from tests.factories.accounts import staff
from tests.factories.credits import at
from tests.factories.receivables import TODAY, apply, cash, invoiced, member
from tests.kernel.workbooks import rows_of

from .views.test_costs import require_same

pytestmark = pytest.mark.django_db


@pytest.fixture
def flex(db):
    return member(name="Flex")


def lines(kind):
    found = services.forecast(on=TODAY).lines
    return [line for line in found if line.kind == kind]


def test_a_member_is_expected_as_late_as_it_paid_by_the_amounts(flex):
    for amount, late in [(900, 10), (300, 50)]:
        due_on = date(2026, 11, 12) - timedelta(days=late)
        apply(cash(amount, flex), invoiced(flex, amount, due_on=due_on), amount)
    invoiced(flex, 500, due_on=date(2026, 12, 1))

    (line,) = lines(ForecastKind.ISSUED)

    assert (line.amount, line.expected_on) == (500, date(2026, 12, 21))
    assert line.why == "as it paid on average: 20 days late"


def test_a_member_that_paid_nothing_is_as_late_as_all_others(flex):
    due_on = date(2026, 11, 2)
    apply(cash(300, flex), invoiced(flex, 300, due_on=due_on), 300)
    invoiced(member(name="New"), 500, due_on=date(2026, 12, 1))

    (line,) = lines(ForecastKind.ISSUED)

    assert (line.expected_on, line.why) == (
        date(2026, 12, 11),
        "as all members pay on average: 10 days late",
    )


def test_a_promised_day_wins_and_what_should_have_come_is_expected_now(flex):
    promised, late = invoiced(flex, 500), invoiced(flex, 700)
    services.promise_payment(
        promised.invoice,
        **{"pay_on": date(2027, 1, 15), "amount": Decimal(500), "today": TODAY},
        **{"at": at(TODAY), "by": staff("finance")},
    )

    found = {line.what: line.expected_on for line in lines(ForecastKind.ISSUED)}

    assert found == {
        str(promised.invoice): date(2027, 1, 15),
        str(late.invoice): TODAY,
    }


def test_what_is_disputed_and_what_may_renew_is_in_no_total(flex):
    line = invoiced(flex, 500)
    services.dispute_invoice(
        line.invoice,
        **{"amount": Decimal(200), "reason": "Hours"},
        **{"at": at(TODAY), "by": staff("finance")},
    )

    found = services.forecast(on=TODAY)

    assert [one.amount for one in lines(ForecastKind.ISSUED)] == [300]
    assert [one.amount for one in lines(ForecastKind.DISPUTED)] == [200]
    totals = dict(found.totals)
    assert found.cash == totals[ForecastKind.ISSUED] + totals[ForecastKind.PLANNED]


def test_cash_on_account_pays_what_is_due_first_and_arrives_no_second_time(flex):
    first = invoiced(flex, 500, due_on=date(2026, 12, 1))
    second = invoiced(flex, 500, due_on=date(2026, 12, 2))
    cash(600, flex)

    (left,) = lines(ForecastKind.ISSUED)

    assert (left.what, left.amount, left.covered) == (str(second.invoice), 400, 100)
    assert left.what != str(first.invoice)


def test_each_total_is_the_sum_of_its_lines(flex):
    invoiced(flex, 500)
    invoiced(member(name="Amgen"), 700)

    found = services.forecast(on=TODAY)

    for kind, total in found.totals:
        of_kind = [one.amount for one in found.lines if one.kind == kind]
        assert sum(of_kind, Decimal()) == total
    assert len(found.months) == 24


def test_the_page_opens_each_figure_to_its_lines_and_costs_the_same(flex, sign_in):
    client, url = sign_in(staff("finance")), reverse("consortium:forecast")
    invoiced(flex, 500)
    require_same(lambda: client.get(url), lambda: invoiced(member(), 500), most=16)

    page = client.get(f"{url}?month=2026-11&kind=issued").content.decode()

    assert "Lines of" in page
    rows = client.get(reverse("consortium:forecast_csv")).getvalue().decode()
    assert rows.splitlines()[0].startswith("month,kind,organization")
    excel = client.get(f"{reverse('consortium:forecast_csv')}?format=xlsx")
    sheet = rows_of(excel.getvalue())
    assert [len(sheet), sheet[0]] == [
        len(rows.splitlines()),
        rows.split("\n")[0].split(","),
    ]
    assert client.get(f"{url}?month=x&kind=y").status_code == 200


def test_programs_read_the_same_and_others_nothing(flex, program):
    invoiced(flex, 500)
    url = reverse("open-invoice-forecast")

    told = program(staff("finance")).get(url).data

    issued = [line for line in told["lines"] if line["kind"] == "issued"]
    assert [(line["amount"], line["member"]) for line in issued] == [("500.00", "Flex")]
    assert program(staff("program staff")).get(url).status_code == 403
