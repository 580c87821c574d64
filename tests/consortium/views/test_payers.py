"""How a member pays, on pages and in the API: for finance, and for its own people."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import PayerProfile, PurchaseOrder, RemittanceAdvice
from inm_portal.kernel.models import Document
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.billing import acting, drafted, issued, order, payer
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at
from tests.kernel.files import PNG, sent

from .test_costs import require_same

pytestmark = pytest.mark.django_db

BILLED = {
    **{"bill_to_entity": "Siemens Industry, Inc.", "bill_to_address": "1 Main Street"},
    **{"channel": "portal", "supplier_portal": "Ariba", "needs_order": "on"},
}
BY_FINANCE = BILLED | {"terms_days": "60"}
LISTS = ["purchase_orders", "remittance_advices"]


def address(name: str, thing) -> str:
    return reverse(f"consortium:{name}", args=[thing.pk])


def send(client, url: str, **typed):
    return client.post(url, typed | {"idempotency_key": uuid4().hex})


def words(client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def post(client, path: str, data=None, **more):
    headers = {"Idempotency-Key": uuid4().hex}
    return client.post(f"/api/v1/{path}", data, headers=headers, format="json", **more)


def advise(organization, amount=5, **more) -> RemittanceAdvice:
    given = {"paid_on": TODAY, "method": "wire", "reference": "FED-77"}
    return services.advise_payment(
        organization, amount=Decimal(amount), **given | more, **acting()
    )


def test_the_page_tells_a_member_what_is_missing_and_whose_turn_it_is(cast, sign_in):
    payer(cast.siemens, needs_order=True, tax_form_on=TODAY)

    page = words(sign_in(cast["billing"]), address("payer", cast.siemens))

    for told in [
        *["Cannot be invoiced yet", "A purchase order is missing.", "Yours to do"],
        *["INM does it", "The vendor form was not sent.", "$275,000"],
        *["Record a purchase order", "Announce a payment", "Net 30 days"],
    ]:
        assert told in page, told


def test_who_finds_the_page_and_who_writes(cast, sign_in):
    url = address("payer", cast.siemens)

    found = {
        who: sign_in(cast[who]).get(url).status_code
        for who in ["finance", "auditor", "billing", "colleague", "amgen sponsor"]
    }

    assert found == {
        **dict.fromkeys(["finance", "auditor", "billing"], 200),
        **{"colleague": 403, "amgen sponsor": 404},
    }
    assert "Record a purchase order" not in words(sign_in(cast["auditor"]), url)


def test_finance_writes_all_of_it_and_a_member_what_is_its_to_say(cast, sign_in):
    finance, billing = sign_in(cast["finance"]), sign_in(cast["billing"])
    new = address("describe_payer", cast.siemens)
    change = address("change_payer", cast.siemens)
    assert 'name="terms_days"' in words(finance, new)

    send(finance, new, **BY_FINANCE)
    profile = PayerProfile.objects.get()
    assert (profile.terms_days, profile.supplier_portal) == (60, "Ariba")
    assert finance.get(new)["Location"] == change
    assert 'name="terms_days"' not in words(billing, change)
    send(billing, change, **BILLED | {"terms_days": "30", "version": 1})

    profile.refresh_from_db()
    assert (profile.terms_days, profile.entity_confirmed_on) == (60, TODAY)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"supplier_portal": ""}, "supplier_portal"),
        ({"bill_to_entity": " "}, "bill_to_entity"),
        ({"budget_year_starts_in": "13"}, "budget_year_starts_in"),
        ({"terms_days": "31"}, "terms_days"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_stays_typed(
    cast, sign_in, typed, field
):
    answer = send(
        sign_in(cast["finance"]),
        address("describe_payer", cast.siemens),
        **BY_FINANCE | {"attention": "Payables"} | typed,
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Payables" in answer.content.decode()
    assert not PayerProfile.objects.exists()


def test_a_change_of_what_somebody_else_changed_shows_what_is_there(cast, sign_in):
    payer(cast.siemens)
    payer(cast.siemens, attention="Treasury")

    answer = send(
        sign_in(cast["finance"]),
        address("change_payer", cast.siemens),
        **BY_FINANCE | {"attention": "Payables", "version": 1},
    )

    assert answer.status_code == 422
    assert "Now there is: Treasury." in answer.content.decode()


def test_a_member_enters_its_order_straight_from_the_instalment(cast, sign_in):
    payer(cast.siemens, needs_order=True)
    client, page = sign_in(cast["billing"]), address("payer", cast.siemens)
    upcoming = client.get(page).context["upcoming"][0]
    url = address("record_order", cast.siemens)
    asked = f"{url}?instalment={upcoming.instalment.pk}"
    assert asked in words(client, page)
    assert 'value="275,000"' in words(client, asked)

    answer = send(
        client, url, number="4500", amount="275,000", ends_on="2027-01-31", file=sent()
    )

    assert answer["Location"] == page
    recorded = PurchaseOrder.objects.get()
    assert (recorded.recorded_by, recorded.document.kind) == (
        cast["billing"],
        "consortium.purchase_order",
    )
    told = words(client, page)
    assert "quotes 4500" in told
    assert "Ends soon" in told
    assert sent().name in words(client, recorded.get_absolute_url())


def test_an_order_of_another_member_is_not_offered_nor_shown(cast, sign_in):
    theirs = order(cast.amgen, number="AMGEN-1")
    client = sign_in(cast["sponsor"])

    assert "AMGEN-1" not in words(client, address("record_order", cast.siemens))
    assert client.get(theirs.get_absolute_url()).status_code == 404
    answer = send(
        client,
        address("record_order", cast.siemens),
        **{"number": "4500", "amount": "5", "replaces": theirs.pk},
    )
    assert list(answer.context["form"].errors) == ["replaces"]


def test_what_is_typed_of_an_order_stays_beside_what_is_wrong(cast, sign_in):
    order(cast.siemens, number="4500")

    answer = send(
        sign_in(cast["billing"]),
        address("record_order", cast.siemens),
        **{"number": "4500", "amount": "12,345.678"},
    )

    assert list(answer.context["form"].errors) == ["amount"]
    assert "12,345.678" in answer.content.decode()
    again = send(
        sign_in(cast["billing"]),
        address("record_order", cast.siemens),
        **{"number": "4500", "amount": "5"},
    )
    assert list(again.context["form"].errors) == ["number"]


def test_a_form_that_is_sent_twice_records_one_order(cast, sign_in):
    client, url = sign_in(cast["billing"]), address("record_order", cast.siemens)
    typed = {"number": "4500", "amount": "5", "idempotency_key": uuid4().hex}

    first, second = client.post(url, typed), client.post(url, typed)

    assert first["Location"] == second["Location"]
    assert PurchaseOrder.objects.count() == 1


def test_finance_changes_and_ends_an_order(cast, sign_in):
    client, recorded = sign_in(cast["finance"]), order(cast.siemens)

    send(client, address("change_order", recorded), amount="9,000", version=1)
    send(client, address("end_order", recorded), last_on="2026-11-30", version=2)

    recorded.refresh_from_db()
    assert (recorded.amount, str(recorded.ends_on)) == (9_000, "2026-11-30")
    late = send(client, address("end_order", recorded), last_on="2027-01-01", version=3)
    assert list(late.context["form"].errors) == ["last_on"]


def test_the_list_of_orders_begins_with_those_that_end(cast, sign_in):
    order(cast.siemens, number="ENDED", ends_on=TODAY - timedelta(days=1))
    order(cast.siemens, number="LASTING")
    order(cast.amgen, number="ENDING", ends_on=TODAY + timedelta(days=75))
    client, url = sign_in(cast["finance"]), reverse("consortium:purchase_orders")

    def numbers(query: str = "") -> list[str]:
        return [one.number for one in client.get(url + query).context["page"]]

    assert numbers() == ["ENDING", "LASTING", "ENDED"]
    assert numbers("?standing=ended") == ["ENDED"]
    assert numbers("?search=amgen") == ["ENDING"]
    rows = client.get(reverse("consortium:export_purchase_orders")).getvalue()
    assert rows.decode().splitlines()[1].split(",")[1:4] == [
        *["ENDING", "Amgen", "ending"]
    ]


def test_a_member_announces_what_it_paid_for_an_invoice(cast, sign_in):
    payer(cast.siemens)
    invoice = issued(drafted(cast.signed))
    client, url = sign_in(cast["billing"]), address("advise_payment", cast.siemens)
    form = words(client, f"{url}?invoice={invoice.pk}")
    assert f"{invoice.number}, $275,000 open" in form

    send(
        client,
        url,
        **{"paid_on": "2026-11-22", "amount": "250,000", "method": "wire"},
        **{"reference": "Y", "invoices": [invoice.pk], "file": sent()},
    )

    advice = RemittanceAdvice.objects.get()
    page = words(sign_in(cast["finance"]), advice.get_absolute_url())
    for told in [invoice.number, "$250,000", "Wire", sent().name, "Announced"]:
        assert told in page
    send(client, address("withdraw_advice", advice))
    assert not RemittanceAdvice.objects.announced().exists()


def test_a_document_joins_an_announced_payment_later(cast, sign_in, api):
    advice = advise(cast.siemens)
    client = sign_in(cast["billing"])
    url = address("attach_advice", advice)
    assert url in words(client, advice.get_absolute_url())

    refused = send(client, url)
    key = {"idempotency_key": uuid4().hex}
    sends = [client.post(url, key | {"file": sent()}) for _again in range(2)]
    path = f"/api/v1/remittance-advices/{advice.pk}/documents/"
    headers = {"Idempotency-Key": uuid4().hex}
    more = {"file": sent(PNG, "remittance.png")}
    by_api = api(cast["billing"]).post(path, more, "multipart", headers=headers)

    assert "file" in refused.context["form"].errors
    assert {one.url for one in sends} == {advice.get_absolute_url()}
    assert by_api.status_code == 201
    papers = Document.objects.filter(kind="consortium.remittance_advice")
    assert papers.count() == 2
    send(client, address("withdraw_advice", advice))
    assert client.get(url).status_code == 403
    assert url not in words(client, advice.get_absolute_url())


def test_an_invoice_of_another_member_is_not_paid_for(cast, sign_in, api):
    payer(cast.amgen)
    theirs = issued(drafted(cast.amgens))
    client = sign_in(cast["sponsor"])

    assert theirs.number not in words(client, address("advise_payment", cast.siemens))
    body = {"paid_on": "2026-11-22", "amount": "5.00", "method": "wire"}
    path = f"organizations/{cast.siemens.pk}/remittance-advices/"
    answer = post(api(cast["sponsor"]), path, body | {"invoices": [theirs.pk]})
    absent = post(api(cast["sponsor"]), path, body | {"invoices": [987654321]})
    assert answer.status_code == absent.status_code == 400
    assert list(answer.json()["errors"]) == list(absent.json()["errors"])


def test_tenants_read_their_own_alone(cast, sign_in, api):
    for organization in (cast.siemens, cast.amgen):
        payer(organization)
        order(organization)
        advise(organization)

    for name in LISTS:
        page = sign_in(cast["sponsor"]).get(reverse(f"consortium:{name}"))
        assert [one.organization for one in page.context["page"]] == [cast.siemens]
    for resource in ["payer-profiles", "purchase-orders", "remittance-advices"]:
        rows = api(cast["sponsor"]).get(f"/api/v1/{resource}/").json()["results"]
        assert [row["organization"] for row in rows] == [cast.siemens.pk], resource


def test_the_api_keeps_a_profile_as_the_pages_do(cast, api):
    member, finance = api(cast["billing"]), api(cast["finance"])
    path = f"organizations/{cast.siemens.pk}/payer/"
    said = BILLED | {"needs_order": True}

    refused = post(member, path, said | {"terms_days": 90})
    made = post(member, path, said)
    twice = post(finance, path, said)

    assert refused.status_code == 403
    assert (made.status_code, made.json()["terms_days"]) == (201, 30)
    assert [one["who"] for one in made.json()["missing"]] == ["inm"] * 3
    assert (twice.status_code, twice.json()["code"]) == (409, "payer_kept")
    one = f"/api/v1/payer-profiles/{made.json()['id']}/"
    headers = {"If-Match": '"1"'}
    changed = finance.patch(one, {"terms_days": 90}, headers=headers, format="json")
    assert (changed.status_code, changed.json()["terms_days"]) == (200, 90)
    stale = finance.patch(one, {"terms_days": 60}, headers=headers, format="json")
    assert stale.status_code in (409, 412)
    headers = {"If-Match": '"2"'}
    no_portal = member.patch(
        one, {"supplier_portal": ""}, headers=headers, format="json"
    )
    assert no_portal.json()["code"] == "no_supplier_portal"


def test_the_api_keeps_orders_as_the_pages_do(cast, api):
    member, finance = api(cast["billing"]), api(cast["finance"])
    path = f"organizations/{cast.siemens.pk}/purchase-orders/"
    body = {"number": "4500", "amount": "5.00"}

    made = post(member, path, body)
    assert (made.status_code, made.json()["standing"]) == (201, "in_force")
    assert post(member, path, body).json()["code"] == "order_exists"
    one = made.json()["id"]
    unknown = {"number": "4501", "amount": "7.00", "replaces": one + 1}
    assert post(member, path, unknown).json()["errors"].keys() == {"replaces"}
    ended = post(finance, f"purchase-orders/{one}/end/", {"last_on": "2026-11-30"})
    assert ended.json()["ends_on"] == "2026-11-30"
    denied = post(member, f"purchase-orders/{one}/end/", {"last_on": "2026-11-25"})
    assert denied.status_code == 403


def test_the_api_makes_nothing_without_a_key(cast, api):
    client, base = api(cast["finance"]), f"/api/v1/organizations/{cast.siemens.pk}/"

    for path in ["payer/", "purchase-orders/", "remittance-advices/"]:
        answer = client.post(base + path, {}, format="json")
        assert answer.json()["code"] == "idempotency_key_required"


def grow() -> None:
    organization = OrganizationFactory()
    payer(organization)
    order(organization)
    advise(organization)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_many(db, sign_in, name):
    grow()
    client, url = sign_in(staff("finance")), reverse(f"consortium:{name}")

    require_same(lambda: client.get(url), grow, most=8)


@pytest.mark.parametrize("name", LISTS)
def test_an_export_costs_the_same_with_many(db, sign_in, name):
    grow()
    client = sign_in(staff("finance"))
    url = reverse(f"consortium:export_{name}") + "?format=xlsx"

    require_same(lambda: client.get(url), grow, most=12)


@pytest.mark.parametrize(
    "resource", ["payer-profiles", "purchase-orders", "remittance-advices"]
)
def test_a_resource_costs_the_same_with_many(db, api, resource):
    grow()
    client = api(staff("finance"))

    require_same(lambda: client.get(f"/api/v1/{resource}/"), grow, most=8)


@pytest.mark.parametrize("who", ["finance", "billing"])
def test_the_page_costs_the_same_with_many(cast, sign_in, who):
    payer(cast.siemens, needs_order=True)
    client, url = sign_in(cast[who]), address("payer", cast.siemens)
    numbers = iter(range(100))

    def more() -> None:
        number = next(numbers)
        order(cast.siemens, number=f"PO-{number}")
        advise(cast.siemens, number + 1)

    more()
    require_same(lambda: client.get(url), more, most=12)


def test_a_long_page_has_parts(cast, sign_in):
    payer(cast.siemens)
    for number in range(26):
        order(cast.siemens, number=f"PO-{number:02}", at=at(TODAY))
    client, url = sign_in(cast["billing"]), address("payer", cast.siemens)

    assert len(client.get(url).context["orders"].rows) == 25
    assert len(client.get(f"{url}?orders=2").context["orders"].rows) == 1
