"""Lists that are compiled once a day say what the same lists say when asked anew."""

from datetime import date

import pytest
import time_machine

from consortium.models import Invoice
from consortium.states import InvoiceState
from inm_portal.api import router
from tests.factories.billing import drafted, instalment, issued, payer
from tests.factories.credits import claim, year_of

pytestmark = pytest.mark.django_db

ALIKE = [prefix for prefix, view, _name in router.registry if view.is_alike]
READERS = ["auditor", "director", "sponsor", "stranger"]


@pytest.fixture
def invoice(cast):
    payer(cast.siemens)
    claim(year_of(cast.signed), 1_000)
    return issued(drafted(cast.signed))


def results(client, path: str):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


@pytest.mark.parametrize("prefix", ALIKE)
def test_each_reads_what_they_read_of_a_list_that_is_asked_for(
    cast, api, invoice, prefix
):
    for who in READERS * 2:
        anew = results(api(cast[who]), f"{prefix}/?page_size=50")

        assert results(api(cast[who]), f"{prefix}/") == anew


def test_a_member_reads_its_own_after_staff_read_all(cast, api, invoice):
    assert results(api(cast["auditor"]), "invoices/")
    assert results(api(cast["stranger"]), "invoices/") == []


def test_what_comes_later_is_told(cast, api, invoice):
    assert len(results(api(cast["auditor"]), "invoices/")) == 1

    drafted(cast.signed, instalment(cast.signed, 1))

    told = results(api(cast["auditor"]), "invoices/")
    assert len(told) == Invoice.objects.count() == 2
    assert told[-1]["state"] == InvoiceState.DRAFT


def test_another_day_is_another_list(cast, api, invoice):
    today = results(api(cast["auditor"]), "commitment-positions/")

    with time_machine.travel(date(2028, 11, 22)):
        later = results(api(cast["auditor"]), "commitment-positions/")
        anew = results(api(cast["auditor"]), "commitment-positions/?page_size=50")

    assert later == anew != today
