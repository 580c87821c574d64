"""Two who settle the same money at once, each with a connection of their own."""

from functools import partial

import pytest

from consortium.models import Allocation, WriteOff
from inm_portal.kernel import invariants
from tests.consortium.api.test_matching import part, post
from tests.factories.accounts import staff
from tests.factories.receivables import (
    cash,
    invoiced,
    left_of,
    member,
    open_of,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

FEE = {"kind": "bank_charge", "amount": "25.00"}


@pytest.fixture
def acme(transactional_db):
    return member()


@pytest.fixture
def clients(acme, api):
    return [api(staff("finance")) for _one in range(2)]


@pytest.fixture(autouse=True)
def _books_tie(acme):
    yield
    assert list(invariants.broken()) == []


def together(clients, path, data, **more):
    """Post the same for each client at once; return the answers."""
    return at_once(*[partial(post, one, path, data, **more) for one in clients])


def told(answers):
    """Return the status of each answer, and the code of what was refused."""
    return sorted(
        (one.status_code, one.json()["code"] if one.status_code == 409 else "")
        for one in answers
    )


def test_two_clerks_who_settle_one_share_do_it_once(acme, clients):
    line, share = invoiced(acme, 900), cash(875, acme)
    body = {"parts": [part(line, 875)], "given_up": [{"line": line.pk, **FEE}]}

    answers = together(clients, f"receipt-shares/{share.pk}/settle", body)

    assert told(answers) == [(201, ""), (409, "not_enough_cash")]
    assert Allocation.objects.count() == WriteOff.objects.count() == 1
    assert open_of(line) == left_of(share) == 0


def test_one_program_that_settles_twice_with_one_key_does_it_once(acme, clients):
    line, share = invoiced(acme, 900), cash(1_800, acme)
    body = {"parts": [part(line, 875)], "given_up": [{"line": line.pk, **FEE}]}

    answers = together(
        clients[:1] * 2, f"receipt-shares/{share.pk}/settle", body, key="once"
    )

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert (open_of(line), left_of(share)) == (0, 925)


def test_two_clerks_who_apply_one_offer_do_it_once(acme, clients):
    share, line = cash(500, acme), invoiced(acme, 900)
    chosen = {"share": share.pk, "amount": "500.00"}

    answers = together(clients, f"invoices/{line.invoice_id}/apply-offer", chosen)

    assert told(answers) == [(201, ""), (409, "offer_gone")]
    assert Allocation.objects.count() == 1
    assert (open_of(line), left_of(share)) == (400, 0)


def test_who_settles_what_another_applies_as_an_offer_is_told(acme, clients):
    share, line = cash(500, acme), invoiced(acme, 525)
    chosen = {"share": share.pk, "amount": "500.00"}
    body = {"parts": [part(line, 500)], "given_up": [{"line": line.pk, **FEE}]}

    answers = at_once(
        partial(post, clients[0], f"invoices/{line.invoice_id}/apply-offer", chosen),
        partial(post, clients[1], f"receipt-shares/{share.pk}/settle", body),
    )

    (made, refused) = told(answers)
    assert made == (201, "")
    assert refused in [(409, "offer_gone"), (409, "not_enough_cash")]
    assert left_of(share) == 0
    assert open_of(line) in (0, 25)
