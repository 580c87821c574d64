"""Money is matched in the API: shared, applied, given up, paid back, taken back."""

from decimal import Decimal
from uuid import uuid4

import pytest

from consortium.models import Allocation, Receipt, Refund, WriteOff
from tests.consortium.views.test_costs import require_same
from tests.consortium.views.test_matching import grow
from tests.factories.accounts import staff
from tests.factories.receivables import (
    apply,
    cash,
    invoiced,
    left_of,
    member,
    open_of,
    receive,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def client(finance, api):
    return api(finance)


def post(client, path, data=None, *, key="", **more):
    headers = {"Idempotency-Key": key or uuid4().hex}
    more = {"format": "json"} | more
    return client.post(f"/api/v1/{path}/", data, headers=headers, **more)


def part(line, amount):
    return {"line": line.pk, "amount": str(amount)}


def test_the_queue_is_read_with_the_filter_of_the_page(client):
    acme, wire = member(), receive(900, payer_name="Zeta Treasury")
    share = cash(700, acme)

    rows = client.get("/api/v1/to-match/").json()["results"]
    found = client.get("/api/v1/to-match/?search=zeta").json()["results"]

    assert {(row["kind"], row["amount"]) for row in rows} == {
        ("member", "900.00"),
        ("invoice", "700.00"),
    }
    assert [row["receipt"] for row in found] == [wire.pk]
    assert {row["share"] for row in rows} == {None, share.pk}


def test_suggestions_say_why(client):
    acme = member()
    line, wire = invoiced(acme, 900), receive(900)

    found = client.get(f"/api/v1/receipts/{wire.pk}/suggestions/").json()
    own = client.get(f"/api/v1/receipt-shares/{cash(9, acme).pk}/suggestions/").json()

    assert [(one["line"], one["why"]) for one in found] == [
        (line.pk, "Exactly $900 is open.")
    ]
    assert [(one["amount"], one["why"]) for one in own] == [
        ("9.00", "Due Nov 1, 2026.")
    ]


def test_one_wire_is_shared_by_two_members(client):
    acme, other, wire = member(), member(), receive(900)
    parts = [
        {"organization": acme.pk, "amount": "500.00"},
        {"organization": other.pk, "amount": "400.00"},
    ]

    answer = post(client, f"receipts/{wire.pk}/share", {"parts": parts})
    again = post(client, f"receipts/{wire.pk}/share", {"parts": parts[:1]})

    assert [one["amount"] for one in answer.json()["shares"]] == ["500.00", "400.00"]
    assert (again.status_code, again.json()["code"]) == (409, "above_receipt")


def test_many_lines_are_paid_at_once_or_none(client):
    acme = member()
    share, first, second = cash(900, acme), invoiced(acme, 300), invoiced(acme, 700)
    path, key = f"receipt-shares/{share.pk}/allocate", uuid4().hex
    too_much = {"parts": [part(first, 300), part(second, 601)]}
    right = {"parts": [part(first, 300), part(second, 500)], "reason": "As they wrote"}

    refused = post(client, path, too_much)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_enough_cash")
    assert not Allocation.objects.exists()
    made = post(client, path, right, key=key)
    again = post(client, path, right, key=key)

    assert (made.status_code, [one["amount"] for one in made.json()]) == (
        201,
        ["300.00", "500.00"],
    )
    assert again.json() == made.json()
    assert (open_of(first), open_of(second), left_of(share)) == (0, 200, 100)


def test_one_line_named_twice_is_not_paid_beyond_what_is_open(client):
    acme = member()
    share, line = cash(900, acme), invoiced(acme, 500)
    parts = [part(line, 300), part(line, 300)]

    answer = post(client, f"receipt-shares/{share.pk}/allocate", {"parts": parts})

    assert answer.json()["code"] == "above_open"
    assert not Allocation.objects.exists()


def test_a_line_that_is_not_there_is_said(client):
    share = cash(900, member())
    parts = [{"line": 987_654_321, "amount": "1.00"}]

    answer = post(client, f"receipt-shares/{share.pk}/allocate", {"parts": parts})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("path", ["allocate", "refund", "reverse"])
def test_nothing_about_money_is_done_without_a_key(client, path):
    share = cash(900, member())

    answer = client.post(f"/api/v1/receipt-shares/{share.pk}/{path}/", format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key_required"


def test_cash_is_applied_to_another_line_instead(client):
    acme = member()
    share, wrong, right = cash(900, acme), invoiced(acme, 900), invoiced(acme, 800)
    allocation = apply(share, wrong, 900)
    body = {"parts": [part(right, 800)], "reason": "The other one"}

    made = post(client, f"allocations/{allocation.pk}/reallocate", body)

    assert made.status_code == 201
    assert (open_of(wrong), open_of(right), left_of(share)) == (900, 0, 100)


def test_an_allocation_and_a_share_are_taken_back(client):
    share = cash(900, acme := member())
    allocation = apply(share, invoiced(acme, 900), 900)
    reason = {"reason": "Not theirs"}

    back = post(client, f"allocations/{allocation.pk}/reverse", reason)
    twice = post(client, f"allocations/{allocation.pk}/reverse", reason)
    post(client, f"receipt-shares/{share.pk}/reverse", reason)

    assert (back.status_code, back.json()["is_reversed"]) == (200, True)
    assert twice.status_code == 403
    assert Receipt.objects.with_left().get().unidentified == 900


def test_a_payment_bounces(client):
    share = cash(900, acme := member())
    line = invoiced(acme, 900)
    apply(share, line, 900)
    body = {"returned_on": "2026-11-20", "reason": "No cover"}

    answer = post(client, f"receipts/{share.receipt_id}/bounce", body)

    assert (answer.status_code, answer.json()["standing"]) == (200, "0.00")
    assert open_of(line) == 900


def test_a_rest_is_written_off_by_one_and_more_by_two(client, api):
    line = invoiced(member(), 900)
    fee = {"line": line.pk, "kind": "bank_charge", "amount": "25.00"}
    debt = {"line": line.pk, "kind": "bad_debt", "amount": "875.00", "reason": "Gone"}

    small, large = post(client, "write-offs", fee), post(client, "write-offs", debt)
    own = post(client, f"write-offs/{large.json()['id']}/approve")
    director = api(staff("director"))
    approved = post(director, f"write-offs/{large.json()['id']}/approve")

    assert (small.status_code, small.json()["state"]) == (201, "recorded")
    assert (large.status_code, large.json()["state"]) == (201, "proposed")
    assert own.status_code == 403
    assert approved.json()["state"] == "recorded"
    assert open_of(line) == 0


def test_tax_is_written_off_with_its_certificate(client):
    line = invoiced(member(), 40)
    body = {"line": line.pk, "kind": "tax_withheld", "amount": "6.00"}

    without = post(client, "write-offs", body)
    shown = post(
        client, "write-offs", body | {"certificate": sent()}, format="multipart"
    )

    assert without.json()["code"] == "certificate_missing"
    assert shown.status_code == 201, shown.content
    assert WriteOff.objects.get().certificate is not None


def test_who_issued_an_invoice_does_not_write_it_off(finance, client):
    line = invoiced(member(), 900, by=finance)
    fee = {"line": line.pk, "kind": "bank_charge", "amount": "25.00"}

    assert post(client, "write-offs", fee).status_code == 403
    assert not WriteOff.objects.exists()


def test_a_refund_takes_two(client, api):
    share = cash(900, member())
    body = {"amount": "300.00", "reason": "Paid twice"}

    made = post(client, f"receipt-shares/{share.pk}/refund", body)
    path, paid = f"refunds/{made.json()['id']}", {"paid_on": "2026-11-20"}
    own = post(client, f"{path}/approve", paid)
    recorded = post(api(staff("director")), f"{path}/approve", paid)
    returned = {"returned_on": "2026-11-21", "reason": "Came back"}
    back = post(client, f"{path}/reverse", returned)

    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    assert own.status_code == 403
    assert recorded.json()["paid_on"] == "2026-11-20"
    assert back.json()["is_reversed"] is True
    assert left_of(share) == 900


def test_what_was_proposed_is_refused(client, api):
    share = cash(900, member())
    body = {"amount": "300.00", "reason": "Paid twice"}
    made = post(client, f"receipt-shares/{share.pk}/refund", body)

    answer = post(api(staff("director")), f"refunds/{made.json()['id']}/refuse")

    assert answer.json()["state"] == "refused"
    assert Refund.objects.get().entry is None


def test_a_member_reads_its_shares_and_moves_nothing(cast, api):
    share, line = cash(900, cast.siemens), invoiced(cast.siemens, 900)
    cash(800, member())
    client = api(cast["billing"])

    rows = client.get("/api/v1/receipt-shares/").json()["results"]
    body = {"parts": [part(line, 900)]}
    answer = post(client, f"receipt-shares/{share.pk}/allocate", body)

    assert [row["id"] for row in rows] == [share.pk]
    assert answer.status_code == 403
    assert left_of(share) == Decimal(900)


@pytest.mark.parametrize(
    "resource", ["to-match", "receipt-shares", "allocations", "write-offs", "refunds"]
)
def test_a_resource_costs_the_same_with_many(client, resource):
    grow()

    require_same(lambda: client.get(f"/api/v1/{resource}/"), grow, most=8)
