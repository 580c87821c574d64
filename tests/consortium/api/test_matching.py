"""Money is matched in the API: shared, applied, given up, paid back, taken back."""

from decimal import Decimal
from itertools import count
from uuid import uuid4

import pytest

from consortium.models import Allocation, Receipt, Refund, WriteOff
from tests.consortium.views.test_costs import require_same
from tests.consortium.views.test_matching import grow
from tests.factories.accounts import staff
from tests.factories.receivables import (
    TODAY,
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


def given_up(line, amount, kind="bank_charge"):
    return part(line, amount) | {"kind": kind}


def test_cash_is_applied_and_its_fee_given_up_in_one_act(client):
    acme = member()
    line = invoiced(acme, 900)
    share = cash(875, acme)
    body = {"parts": [part(line, 875)], "given_up": [given_up(line, 25)]}

    answer = post(client, f"receipt-shares/{share.pk}/settle", body, key="once")
    again = post(client, f"receipt-shares/{share.pk}/settle", body, key="once")

    assert answer.status_code == again.status_code == 201
    assert answer.content == again.content
    told = answer.json()
    assert [one["amount"] for one in told["allocations"]] == ["875.00"]
    assert [(one["kind"], one["state"]) for one in told["write_offs"]] == [
        ("bank_charge", "recorded")
    ]
    assert open_of(line) == left_of(share) == 0
    assert Allocation.objects.count() == WriteOff.objects.count() == 1


def test_it_takes_a_key_to_settle(client):
    acme = member()
    line, share = invoiced(acme, 900), cash(875, acme)
    body = {"parts": [part(line, 875)], "given_up": [given_up(line, 25)]}

    answer = client.post(
        f"/api/v1/receipt-shares/{share.pk}/settle/", body, format="json"
    )

    assert answer.status_code == 400
    assert not Allocation.objects.exists()


def test_tax_that_was_withheld_is_settled_with_its_certificate(client):
    acme = member()
    line = invoiced(acme, 900)
    share = cash(810, acme)
    body = {
        **{"parts[0]line": line.pk, "parts[0]amount": "810"},
        **{"given_up[0]line": line.pk, "given_up[0]amount": "90"},
        **{"given_up[0]kind": "tax_withheld", "certificate": sent()},
        "reason": "Withheld in France",
    }

    answer = post(client, f"receipt-shares/{share.pk}/settle", body, format="multipart")

    assert answer.status_code == 201, answer.json()
    told = answer.json()["write_offs"][0]
    assert (told["state"], told["amount"]) == ("proposed", "90.00")
    assert told["certificate"]
    assert open_of(line) == 90


def test_what_two_decide_on_waits_while_the_cash_is_applied(client):
    acme = member()
    line, share = invoiced(acme, 900), cash(600, acme)
    lost = given_up(line, 300, "bad_debt")
    body = {"parts": [part(line, 600)], "given_up": [lost], "reason": "Insolvent"}

    answer = post(client, f"receipt-shares/{share.pk}/settle", body)

    assert answer.json()["write_offs"][0]["state"] == "proposed"
    assert (open_of(line), left_of(share)) == (300, 0)


@pytest.mark.parametrize(
    ("applied", "lost", "kind", "status"),
    [
        (875, 26, "bank_charge", 409),
        (876, 24, "bank_charge", 409),
        (800, 90, "tax_withheld", 409),
        (875, "25.005", "bank_charge", 400),
        (875, 0, "bank_charge", 400),
        (875, 25, "kindness", 400),
    ],
)
def test_it_is_all_or_nothing(client, applied, lost, kind, status):
    acme = member()
    line, share = invoiced(acme, 900), cash(875, acme)
    body = {"parts": [part(line, applied)], "given_up": [given_up(line, lost, kind)]}

    answer = post(client, f"receipt-shares/{share.pk}/settle", body)

    assert answer.status_code == status, answer.json()
    assert (open_of(line), left_of(share)) == (900, 875)


def test_nothing_is_given_up_by_who_issued_it_nor_of_another_member(client, finance):
    acme = member()
    share = cash(875, acme)
    own, others = invoiced(acme, 900, by=finance), invoiced(member(), 900)

    answers = [
        post(client, f"receipt-shares/{share.pk}/settle", {"given_up": [one]})
        for one in (given_up(own, 25), given_up(others, 25))
    ]

    assert [one.status_code for one in answers] == [403, 409]
    assert answers[1].json()["code"] == "not_payable"
    assert not WriteOff.objects.exists()


def test_what_is_on_account_is_offered_for_an_invoice_and_applied(client):
    acme = member()
    share, later = cash(500, acme), cash(700, acme, on=TODAY)
    line = invoiced(acme, 900)
    url = f"invoices/{line.invoice_id}"

    offered = client.get(f"/api/v1/{url}/offers/").json()
    chosen = {name: offered[0][name] for name in ("share", "amount")}
    made = post(client, f"{url}/apply-offer", chosen, key="once")
    again = post(client, f"{url}/apply-offer", chosen, key="once")
    stale = post(client, f"{url}/apply-offer", chosen)

    assert [(one["share"], one["amount"]) for one in offered] == [
        (share.pk, "500.00"),
        (later.pk, "400.00"),
    ]
    assert [one["amount"] for one in made.json()] == ["500.00"]
    assert made.content == again.content
    assert (stale.status_code, stale.json()["code"]) == (409, "offer_gone")
    assert open_of(line) == 400


def test_offers_cost_the_same_with_many(client):
    acme = member()
    line = invoiced(acme, 9_000)
    amounts = count(100)
    cash(next(amounts), acme)
    url = f"/api/v1/invoices/{line.invoice_id}/offers/"

    require_same(lambda: client.get(url), lambda: cash(next(amounts), acme), most=12)
