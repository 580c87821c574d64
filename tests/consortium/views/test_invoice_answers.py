"""What a member says of an invoice, on pages and in the API."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import (
    CustomerAnswer,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
)
from inm_portal.kernel.models import Task
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.billing import acting, credited, drafted, issued, payer
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.credits import at

from .test_costs import require_same

pytestmark = pytest.mark.django_db

NOW = {"at": at(TODAY), "by": None}


@pytest.fixture
def invoice(cast):
    """The invoice of the second year of Siemens, as it is issued today."""
    payer(cast.siemens)
    return issued(drafted(cast.signed))


def address(name: str, thing) -> str:
    return reverse(f"consortium:{name}", args=[thing.pk])


def send(client, url: str, **typed):
    return client.post(url, typed | {"idempotency_key": uuid4().hex})


def words(client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def post(client, path: str, data=None):
    headers = {"Idempotency-Key": uuid4().hex}
    return client.post(f"/api/v1/{path}", data, headers=headers, format="json")


def dispute(invoice, amount=50_000, **more) -> InvoiceDispute:
    return services.dispute_invoice(
        invoice, amount=Decimal(amount), reason="One desk less", **NOW | more
    )


def promise(invoice, pay_on, amount=100) -> PaymentPromise:
    on = min(pay_on, TODAY)
    return services.promise_payment(
        invoice, pay_on=pay_on, amount=Decimal(amount), **acting(on=on)
    )


def test_finance_records_how_it_was_delivered(cast, sign_in, invoice):
    client = sign_in(cast["finance"])

    send(
        client,
        address("deliver_invoice", invoice),
        **{"channel": "portal", "delivered_on": "2026-11-22", "reference": "Doc 7"},
    )

    assert InvoiceDelivery.objects.get().reference == "Doc 7"
    assert "Delivered: Supplier portal" in words(client, invoice.get_absolute_url())


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        (
            "deliver_invoice",
            {"channel": "email", "delivered_on": "2026-11-21"},
            "delivered_on",
        ),
        ("answer_invoice", {"kind": "rejected", "answered_on": "2026-11-22"}, "reason"),
        (
            "answer_invoice",
            {"kind": "accepted", "answered_on": "2026-11-23"},
            "answered_on",
        ),
        (
            "dispute_invoice",
            {"amount": "275,001", "reason": "x", "settle_by": "2026-12-01"},
            "amount",
        ),
        (
            "dispute_invoice",
            {"amount": "5", "reason": "x", "settle_by": "2026-11-21"},
            "settle_by",
        ),
        ("promise_payment", {"amount": "5", "pay_on": "2026-11-21"}, "pay_on"),
        ("promise_payment", {"amount": "275,001", "pay_on": "2026-12-01"}, "amount"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    cast, sign_in, invoice, name, typed, field
):
    answer = send(sign_in(cast["finance"]), address(name, invoice), **typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    for text in typed.values():
        assert text in answer.content.decode()


def test_a_member_answers_and_finance_has_a_task(cast, sign_in, invoice):
    client = sign_in(cast["billing"])
    typed = {"kind": "rejected", "answered_on": "2026-11-22", "reason": "No PO on it"}

    send(client, address("answer_invoice", invoice), **typed)

    assert CustomerAnswer.objects.get().recorded_by == cast["billing"]
    assert Task.objects.open().get().url == invoice.get_absolute_url()
    assert "No PO on it" in words(client, invoice.get_absolute_url())


def test_a_member_disputes_a_part_and_withdraws_it(cast, sign_in, invoice):
    client = sign_in(cast["sponsor"])
    form = words(client, address("dispute_invoice", invoice))
    assert 'name="owner"' not in form

    send(
        client, address("dispute_invoice", invoice), amount="50,000", reason="One seat"
    )

    disputed = InvoiceDispute.objects.get()
    assert (disputed.amount, disputed.owner) == (50_000, None)
    page = words(client, invoice.get_absolute_url())
    withdraw, settle = (
        address(name, disputed)
        for name in ("withdraw_invoice_dispute", "settle_invoice_dispute")
    )
    assert withdraw in page
    assert settle not in page
    send(client, withdraw, reason="It was right")
    assert "Withdrawn" in words(client, invoice.get_absolute_url())


def test_finance_settles_with_the_credit_note_that_takes_it_back(
    cast, sign_in, invoice
):
    disputed, note = dispute(invoice), credited(invoice, 50_000)
    client, url = sign_in(cast["finance"]), address("settle_invoice_dispute", disputed)
    assert note.number in words(client, url)

    send(client, url, credit_note=note.pk, reason="They were right")

    assert InvoiceDispute.objects.get().resolution.credit_note == note
    page = words(sign_in(cast["billing"]), invoice.get_absolute_url())
    assert "Settled: credited" in page
    assert client.get(url).status_code == 403


def test_who_has_an_interest_in_the_member_settles_nothing(cast, sign_in, invoice):
    disputed = dispute(invoice)
    services.disclose_interest(
        cast.siemens,
        person=cast["finance"],
        reason="Holds shares",
        from_on=TODAY,
        at=at(TODAY),
        by=None,
    )

    url = address("settle_invoice_dispute", disputed)
    assert sign_in(cast["finance"]).get(url).status_code == 403


def test_a_member_promises_and_takes_it_back(cast, sign_in, invoice):
    client = sign_in(cast["billing"])
    assert 'value="275,000"' in words(client, address("promise_payment", invoice))

    send(
        client, address("promise_payment", invoice), pay_on="2026-12-01", amount="9,000"
    )

    made = PaymentPromise.objects.get()
    assert made.contact.user == cast["billing"]
    assert "by Dec 1, 2026" in words(client, invoice.get_absolute_url())
    send(client, address("withdraw_promise", made))
    assert "Withdrawn" in words(client, invoice.get_absolute_url())


def test_a_form_that_is_sent_twice_is_one_dispute(cast, sign_in, invoice):
    client, url = sign_in(cast["billing"]), address("dispute_invoice", invoice)
    typed = {"amount": "5", "reason": "x", "idempotency_key": uuid4().hex}

    first, second = client.post(url, typed), client.post(url, typed)

    assert first["Location"] == second["Location"]
    assert InvoiceDispute.objects.count() == 1


def test_finance_finds_what_is_open_and_what_was_not_kept_first(cast, sign_in, invoice):
    settled, open_ = dispute(invoice, 1), dispute(invoice, 2)
    services.settle_invoice_dispute(settled, reason="It was agreed", **NOW)
    kept_later = promise(invoice, TODAY + timedelta(days=3))
    other = issued(drafted(cast.signed, cast_third(cast)), on=date(2026, 11, 20))
    broken = promise(other, date(2026, 11, 21))
    client = sign_in(cast["finance"])

    def listed(name: str, query: str = "") -> list:
        return [*client.get(reverse(f"consortium:{name}") + query).context["page"]]

    assert listed("disputes") == [open_, settled]
    assert listed("disputes", "?standing=disputed") == [open_]
    assert listed("promises") == [broken, kept_later]
    assert listed("promises", "?standing=broken") == [broken]
    assert listed("promises", f"?search={other.number}") == [broken]
    rows = client.get(reverse("consortium:export_disputes")).getvalue().decode()
    assert "One desk less" in rows.splitlines()[1]
    rows = client.get(reverse("consortium:export_promises")).getvalue().decode()
    assert ",broken," in rows.splitlines()[1]


def cast_third(cast):
    return cast.signed.commitment_years.get(number=3).instalments.get()


def test_tenants_read_their_own_alone(cast, sign_in, api, invoice):
    payer(cast.amgen)
    theirs = issued(drafted(cast.amgens))
    for one in (invoice, theirs):
        dispute(one)
        promise(one, TODAY)
        services.deliver_invoice(one, channel="email", delivered_on=TODAY, **acting())
        services.answer_invoice(one, kind="accepted", answered_on=TODAY, **acting())

    for name in ["disputes", "promises"]:
        page = sign_in(cast["sponsor"]).get(reverse(f"consortium:{name}"))
        assert [one.invoice for one in page.context["page"]] == [invoice]
    for resource in RESOURCES:
        rows = api(cast["sponsor"]).get(f"/api/v1/{resource}/").json()["results"]
        assert [row["invoice"] for row in rows] == [invoice.pk], resource


RESOURCES = [
    *["invoice-deliveries", "invoice-answers"],
    *["invoice-disputes", "payment-promises"],
]


def test_the_api_writes_as_the_pages_do(cast, api, invoice):
    member, finance = api(cast["billing"]), api(cast["finance"])
    base = f"invoices/{invoice.pk}"
    day = "2026-11-22"

    sent = post(
        finance, f"{base}/deliveries/", {"channel": "email", "delivered_on": day}
    )
    said = post(member, f"{base}/answers/", {"kind": "accepted", "answered_on": day})
    paid = post(member, f"{base}/promises/", {"pay_on": day, "amount": "9.00"})
    whole = post(member, f"{base}/disputes/", {"reason": "All of it"})

    assert [one.status_code for one in (sent, said, paid, whole)] == [201] * 4
    assert paid.json()["standing"] == "promised"
    assert whole.json()["amount"] == "275000.00"
    told = member.get(f"/api/v1/{base}/").json()
    for name in ["deliveries", "answers", "promises", "disputes"]:
        assert len(told[name]) == 1
    settle = f"invoice-disputes/{whole.json()['id']}/settle/"
    assert post(member, settle, {"reason": "x"}).status_code == 403
    settled = post(finance, settle, {"reason": "It was agreed"})
    assert settled.json()["standing"] == "kept"
    gone = post(member, f"payment-promises/{paid.json()['id']}/withdraw/")
    assert gone.json()["standing"] == "withdrawn"


def test_the_api_is_asked_again_and_does_it_once(cast, api, invoice):
    client, headers = api(cast["billing"]), {"Idempotency-Key": "one-dispute"}
    path = f"/api/v1/invoices/{invoice.pk}/disputes/"

    first, second = (
        client.post(path, {"reason": "x"}, headers=headers, format="json")
        for _each in range(2)
    )

    assert first.content == second.content
    assert InvoiceDispute.objects.count() == 1
    bare = client.post(path, {"reason": "x"}, format="json")
    assert bare.json()["code"] == "idempotency_key_required"


def grow() -> None:
    agreement = sign(draft(OrganizationFactory()))
    payer(agreement.organization)
    told_of(issued(drafted(agreement)))


def told_of(invoice) -> None:
    dispute(invoice, 5)
    promise(invoice, TODAY, 5)
    services.deliver_invoice(invoice, channel="email", delivered_on=TODAY, **acting())
    services.answer_invoice(invoice, kind="accepted", answered_on=TODAY, **acting())


@pytest.mark.parametrize("name", ["disputes", "promises"])
def test_a_list_costs_the_same_with_many(db, sign_in, name):
    grow()
    client, url = sign_in(staff("finance")), reverse(f"consortium:{name}")

    require_same(lambda: client.get(url), grow, most=8)


@pytest.mark.parametrize("name", ["disputes", "promises"])
def test_an_export_costs_the_same_with_many(db, sign_in, name):
    grow()
    client = sign_in(staff("finance"))
    url = reverse(f"consortium:export_{name}") + "?format=xlsx"

    require_same(lambda: client.get(url), grow, most=12)


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_resource_costs_the_same_with_many(db, api, resource):
    grow()
    client = api(staff("finance"))

    require_same(lambda: client.get(f"/api/v1/{resource}/"), grow, most=8)


@pytest.mark.parametrize("who", ["finance", "billing"])
def test_the_page_of_an_invoice_costs_the_same_with_many(cast, sign_in, invoice, who):
    told_of(invoice)
    client = sign_in(cast[who])

    require_same(
        lambda: client.get(invoice.get_absolute_url()),
        lambda: told_of(invoice),
        most=11,
    )


def test_a_resource_of_one_invoice_tells_the_last_of_each_kind(cast, api, invoice):
    for _each in range(51):
        promise(invoice, TODAY, 5)

    told = api(cast["billing"]).get(f"/api/v1/invoices/{invoice.pk}/").json()

    assert len(told["promises"]) == 50
    assert told["promises"][0]["standing"] == "promised"
