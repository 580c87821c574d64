"""Receipts on pages and in the API: read, recorded, and looked at by two people."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import Receipt
from consortium.states import ActState
from inm_portal.kernel.models import Document
from tests.factories.accounts import staff
from tests.factories.credits import at
from tests.factories.receivables import (
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    member,
    receive,
)
from tests.kernel.files import sent

from .test_costs import require_same

pytestmark = pytest.mark.django_db

URL = reverse("consortium:receipts")
NEW = reverse("consortium:record_receipt")
TYPED = {
    **{"received_on": "2026-11-20", "amount": "5,000.00", "currency": "USD"},
    **{"method": "wire", "payer_name": "Acme Treasury BV"},
}
SENT = TYPED | {"amount": "5000.00"}


@pytest.fixture
def finance(db):
    return staff("finance")


def named(response) -> list[str]:
    return [str(one) for one in response.context["page"]]


def record(client, **typed):
    key = {"idempotency_key": uuid4().hex}
    return client.post(NEW, TYPED | key | typed)


def post(client, path, data=None):
    headers = {"Idempotency-Key": uuid4().hex}
    return client.post(f"/api/v1/receipts/{path}", data, headers=headers, format="json")


def test_the_list_is_narrowed_by_what_became_of_a_receipt(finance, sign_in):
    acme = member(name="Acme")
    applied = cash(1_000, acme)
    apply(applied, invoiced(acme, 1_000), 1_000)
    unapplied = cash(1_100, acme).receipt
    nobodys = receive(1_200)
    gone = bounce(cash(1_300, acme).receipt)
    waiting = receive(1_100, acme, reason="A second wire")
    client = sign_in(finance)

    found = {
        which: named(client.get(f"{URL}?which={which}"))
        for which in [
            *["unidentified", "unapplied", "proposed", "recorded", "reversed"],
            "refused",
        ]
    }

    assert found == {
        "unidentified": [str(nobodys)],
        "unapplied": [str(unapplied)],
        "proposed": [str(waiting)],
        "recorded": [str(nobodys), str(unapplied), str(applied.receipt)],
        "reversed": [str(gone)],
        "refused": [],
    }


def test_the_list_of_a_member_has_its_part_of_a_wire_for_two(finance, sign_in):
    acme, other = member(name="Acme"), member(name="Other")
    shared, _its = receive(900), cash(800, other)
    part = services.SharePart(acme, Decimal(400))
    services.share_receipt(shared, [part], at=at(TODAY), by=finance)

    page = sign_in(finance).get(f"{URL}?organization={acme.pk}")

    assert named(page) == [str(shared)]
    assert "Acme" in page.content.decode()
    assert "$500 is nobody" in page.content.decode()


def test_the_list_is_found_by_payer_reference_number_and_member(finance, sign_in):
    receipt = receive(900, member(name="Zeta Works"), bank_reference="FED-77")
    receipt = Receipt.objects.get(pk=receipt.pk)
    receive(901)
    client = sign_in(finance)

    for text in ["fed-77", str(receipt), "zeta", receipt.payer_name]:
        assert named(client.get(URL, {"search": text})) == [str(receipt)]


def test_the_export_has_what_the_list_has(finance, sign_in):
    receive(900, member(name="Acme"), bank_reference="=1+1")

    text = sign_in(finance).get(reverse("consortium:export_receipts")).getvalue()

    assert b"Acme" in text
    assert b"900.00" in text
    assert b",=1+1" not in text


def test_the_page_says_whose_it_is_and_what_it_pays(finance, sign_in):
    acme = member(name="Acme")
    share, line = cash(1_000, acme), invoiced(acme, 700)
    apply(share, line, 600)

    page = sign_in(finance).get(share.receipt.get_absolute_url())

    text = page.content.decode()
    for words in ["Acme", line.invoice.number, "$600", "$400"]:
        assert words in text


def test_a_member_finds_neither_the_list_filled_nor_the_page(cast, sign_in):
    share = cash(1_000, cast.siemens)
    client = sign_in(cast["sponsor"])

    assert named(client.get(URL)) == []
    assert client.get(share.receipt.get_absolute_url()).status_code == 404
    assert client.get(NEW).status_code == 403


def test_money_is_recorded_and_becomes_its_members(finance, sign_in):
    acme = member()

    answer = record(sign_in(finance), organization=acme.pk)

    receipt = Receipt.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        receipt.get_absolute_url(),
    )
    assert receipt.state == ActState.RECORDED
    assert receipt.shares.get().organization == acme


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"received_on": "2126-11-20"}, "received_on"),
        ({"bank_account": "Lockbox 123456"}, "bank_account"),
        ({"foreign_amount": "10"}, "foreign_amount"),
        ({"foreign_amount": "10", "foreign_currency": "USD"}, "foreign_amount"),
        ({"amount": "1.234"}, "amount"),
        ({"amount": "0"}, "amount"),
    ],
)
def test_what_cannot_be_recorded_is_said_beside_its_field(
    finance, sign_in, typed, field
):
    answer = record(sign_in(finance), **typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Receipt.objects.exists()


def test_a_bank_line_is_recorded_once(finance, sign_in):
    line = {"bank_account": "Lockbox", "bank_reference": "FED-77"}
    client = sign_in(finance)
    record(client, **line)

    answer = record(client, **line, reason="Another one")

    assert list(answer.context["form"].errors) == ["bank_reference"]


def test_another_amount_under_a_known_reference_takes_a_reason(finance, sign_in):
    line = {"bank_account": "Lockbox", "bank_reference": "NONREF"}
    client = sign_in(finance)
    record(client, **line)

    answer = record(client, **line, amount="1.00")

    assert list(answer.context["form"].errors) == ["reason"]


def test_what_may_be_there_is_shown_and_recorded_by_two(finance, sign_in):
    client = sign_in(finance)
    record(client)
    first = Receipt.objects.get()

    shown = record(client, note="Once more")

    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == ["reason"]
    assert shown.context["alike"] == [first]
    assert "Record anyway" in shown.content.decode()

    record(client, note="Once more", reason="Two wires of one day")
    second = Receipt.objects.exclude(pk=first.pk).get()
    assert second.state == ActState.PROPOSED
    page = client.get(second.get_absolute_url())
    assert page.context["alike"] == [first]
    assert "Record it" not in page.content.decode()
    approve = reverse("consortium:approve_receipt", args=[second.pk])
    assert client.post(approve).status_code == 403

    director = sign_in(staff("director"))
    assert "Record it" in director.get(second.get_absolute_url()).content.decode()
    director.post(approve)
    second.refresh_from_db()
    assert second.state == ActState.RECORDED


def test_what_is_there_already_is_left_out(finance, sign_in):
    receive(900)
    second = receive(900, reason="Not sure")
    client = sign_in(staff("director"))

    client.post(reverse("consortium:refuse_receipt", args=[second.pk]))

    page = client.get(second.get_absolute_url())
    assert page.context["receipt"].standing_now == "refused"
    assert page.context["alike"] == []


def test_a_remittance_advice_stands_on_the_page(finance, sign_in):
    receipt, client = receive(900), sign_in(finance)

    client.post(
        reverse("consortium:attach_remittance", args=[receipt.pk]), {"file": sent()}
    )

    assert Document.objects.get().kind == "consortium.remittance"
    page = client.get(receipt.get_absolute_url())
    assert len(page.context["documents"]) == 1


def test_the_api_records_as_the_page_does(finance, api):
    client = api(finance)

    made = post(client, "", SENT)
    again = post(client, "", SENT)
    waits = post(client, "", SENT | {"reason": "Two wires"})

    assert (made.status_code, made.json()["standing"]) == (201, "5000.00")
    assert made.json()["unidentified"] == "5000.00"
    assert (again.status_code, again.json()["code"]) == (409, "may_be_recorded")
    assert (waits.status_code, waits.json()["state"]) == (201, "proposed")
    own = post(client, f"{waits.json()['id']}/approve/")
    assert own.status_code == 403
    approved = post(api(staff("director")), f"{waits.json()['id']}/approve/")
    assert (approved.status_code, approved.json()["state"]) == (200, "recorded")


def test_the_api_makes_no_receipt_without_a_key(finance, api):
    answer = api(finance).post("/api/v1/receipts/", SENT, format="json")

    assert answer.status_code == 400
    assert not Receipt.objects.exists()


def test_the_api_refuses_a_line_that_is_recorded(finance, api):
    line = SENT | {"bank_account": "Lockbox", "bank_reference": "FED-77"}
    client = api(finance)
    post(client, "", line)

    again = post(client, "", line | {"reason": "Another one"})
    other = post(client, "", line | {"amount": "1.00"})

    assert again.json()["code"] == "bank_line_recorded"
    assert other.json()["code"] == "may_be_recorded"


def test_what_was_reversed_is_recorded_anew(finance, api):
    gone = bounce(receive(5_000))

    answer = post(api(finance), "", SENT | {"replaces": gone.pk})

    assert (answer.status_code, answer.json()["replaces"]) == (201, gone.pk)


def test_a_member_reads_its_allocations_and_no_other(cast, api):
    ours = apply(cash(1_000, cast.siemens), invoiced(cast.siemens, 900), 900)
    other = member()
    apply(cash(2_000, other), invoiced(other, 1_900), 1_900)

    rows = api(cast["sponsor"]).get("/api/v1/allocations/").json()["results"]

    assert [row["id"] for row in rows] == [ours.pk]
    assert rows[0]["invoice"] == ours.line.invoice_id
    assert rows[0]["is_reversed"] is False


def grow() -> None:
    acme = member()
    share = cash(1_000, acme)
    apply(share, invoiced(acme, 900), 600)
    receive(700, payer_name=f"Payer beside {acme}")


@pytest.mark.parametrize("query", ["", "?which=unapplied"])
def test_the_list_costs_the_same_with_many(finance, sign_in, query):
    grow()
    client = sign_in(finance)

    require_same(lambda: client.get(URL + query), grow, most=8)


@pytest.mark.parametrize("query", ["", "?format=xlsx"])
def test_the_export_costs_the_same_with_many(finance, sign_in, query):
    grow()
    client, url = sign_in(finance), reverse("consortium:export_receipts") + query

    require_same(lambda: client.get(url), grow, most=12)


@pytest.mark.parametrize("resource", ["receipts", "allocations"])
def test_a_resource_costs_the_same_with_many(finance, api, resource):
    grow()
    client = api(finance)

    require_same(lambda: client.get(f"/api/v1/{resource}/"), grow, most=8)


def test_the_page_costs_the_same_with_many(finance, sign_in):
    acme = member()
    share = cash(9_000, acme)
    line = invoiced(acme, 8_000)
    apply(share, line, 100)
    client = sign_in(finance)

    require_same(
        lambda: client.get(share.receipt.get_absolute_url()),
        lambda: apply(share, line, 100),
        most=8,
    )
