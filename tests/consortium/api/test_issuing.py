"""Invoices and credit notes by program: drafted, approved, issued, taken back."""

from uuid import uuid4

import pytest

from consortium.models import CreditNote, Invoice
from consortium.states import InvoiceState
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import staff
from tests.factories.billing import (
    approved,
    credited,
    drafted,
    instalment,
    issued,
    order,
    payer,
)
from tests.factories.credits import year_of
from tests.factories.invoices import an_instalment

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(cast):
    payer(cast.siemens)
    return cast.siemens


def post(client, path: str, data=None, *, key: str = "", **headers):
    headers |= {"Idempotency-Key": key or uuid4().hex}
    return client.post(f"/api/v1/{path}", data, format="json", headers=headers)


def body(response, status: int = 200):
    assert response.status_code == status, response.json()
    return response.json()


def test_an_invoice_goes_all_its_way(cast, api, member):
    clerk, director = api(cast["finance"]), api(cast["director"])
    asked = {"instalments": [instalment(cast.signed).pk], "note": "Desk 4"}

    made = body(post(clerk, "invoices/", asked), 201)
    path = f"invoices/{made['id']}"
    seen = {"If-Match": f'"{made["version"]}"'}
    assert (made["state"], made["number"], made["asked"]) == (
        *("draft", None),
        "275000.00",
    )
    back = body(post(director, f"{path}/send-back/", {"reason": "Desk 5"}))
    assert back["state"] == "draft"
    changed = clerk.put(
        f"/api/v1/{path}/", {"note": "Desk 5"}, format="json", headers=seen
    )
    seen = {"If-Match": changed.headers["ETag"]}
    assert body(post(director, f"{path}/approve/", **seen))["state"] == "approved"

    told = body(post(clerk, f"{path}/issue/"))

    assert (told["number"], told["standing"]) == ("INM-2027-0001", "open")
    assert (told["note"], len(told["pdf_sha256"])) == ("Desk 5", 64)


def test_what_somebody_else_changed_is_not_approved(cast, api, member):
    invoice = drafted(cast.signed)
    client = api(cast["director"])

    without = post(client, f"invoices/{invoice.pk}/approve/")
    stale = post(client, f"invoices/{invoice.pk}/approve/", **{"If-Match": '"7"'})

    assert without.status_code == 428
    assert stale.status_code in (409, 412)
    assert Invoice.objects.get().state == InvoiceState.DRAFT


@pytest.mark.parametrize(
    "path",
    [
        *["invoices/", "credit-notes/"],
        *[
            f"invoices/1/{act}/"
            for act in ["approve", "send-back", "issue", "void", "replace"]
        ],
        *["credit-notes/1/issue/", "credit-notes/1/abandon/"],
        "instalments/1/take-back/",
    ],
)
def test_each_of_it_asks_for_a_key(cast, api, path):
    answer = api(cast["finance"]).post(f"/api/v1/{path}", {}, format="json")

    assert body(answer, 400)["code"] == "idempotency_key_required"


def test_what_is_repeated_under_its_key_is_issued_once(cast, api, member):
    invoice = approved(drafted(cast.signed))
    client, key = api(cast["finance"]), uuid4().hex

    first, again = [
        post(client, f"invoices/{invoice.pk}/issue/", key=key) for _time in range(2)
    ]

    assert body(first) == body(again)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert post(client, f"invoices/{invoice.pk}/issue/").status_code == 403


def test_instalments_of_two_members_are_no_invoice(cast, api, member):
    payer(cast.amgen)
    keys = [instalment(cast.signed).pk, instalment(cast.amgens).pk]

    answer = post(api(cast["finance"]), "invoices/", {"instalments": keys})

    assert body(answer, 409)["code"] == "not_to_invoice"
    assert not Invoice.objects.exists()


def test_a_director_voids_and_finance_replaces(cast, api, member):
    old = issued(drafted(cast.signed, order=order(member)))
    gone = issued(drafted(cast.signed, instalment(cast.signed, 3)))
    right = order(member, number="PO-2")

    told = body(post(api(cast["director"]), f"invoices/{gone.pk}/void/", REASON))
    assert (told["state"], told["voided_because"]) == ("voided", "Sent twice")
    asked = REASON | {"order": right.pk}
    anew = body(post(api(cast["finance"]), f"invoices/{old.pk}/replace/", asked), 201)

    assert (anew["replaces"], anew["order_number"]) == (old.pk, "PO-2")
    note = CreditNote.objects.get()
    assert (note.replacement_id, note.invoice) == (anew["id"], old)


REASON = {"reason": "Sent twice"}


def test_a_credit_note_takes_back_lines_or_all_that_is_open(cast, api, member):
    invoice = issued(drafted(cast.signed))
    line = invoice.lines.get()
    clerk, director = api(cast["finance"]), api(cast["director"])
    part = {"lines": [{"line": line.pk, "amount": "1000.00"}]}

    first = body(
        post(clerk, "credit-notes/", {"invoice": invoice.pk} | REASON | part), 201
    )
    rest = body(post(clerk, "credit-notes/", {"invoice": invoice.pk} | REASON), 201)

    assert [first["total"], rest["total"]] == ["1000.00", "274000.00"]
    body(post(clerk, f"credit-notes/{rest['id']}/abandon/"))
    told = body(post(director, f"credit-notes/{first['id']}/issue/"))
    assert (told["number"], told["organization"]) == ("INM-CN-2027-0001", member.pk)
    assert told["lines"] == [{"line": line.pk, "instalment": None, "amount": "1000.00"}]


def test_what_does_not_exist_is_refused_by_its_field(cast, api, member):
    invoice = issued(drafted(cast.signed))
    others = issued(drafted(cast.signed, instalment(cast.signed, 3))).lines.get()
    clerk = api(cast["finance"])
    part = {"lines": [{"line": others.pk, "amount": "1000.00"}]}

    draft = post(clerk, "invoices/", {"instalments": [2**62]})
    note = post(clerk, "credit-notes/", {"invoice": invoice.pk} | REASON | part)

    assert "does not exist" in str(body(draft, 400))
    assert "does not exist" in str(body(note, 400))


def test_what_is_below_zero_is_taken_back(cast, api, member):
    issued(drafted(cast.signed, instalment(cast.signed, 1)))
    lowered = an_instalment(year_of(cast.signed), -500)
    path = f"instalments/{lowered.pk}/take-back/"

    (note,) = body(post(api(cast["finance"]), path, REASON), 201)

    assert (note["total"], note["lines"][0]["instalment"]) == ("500.00", lowered.pk)


def test_what_is_to_be_invoiced_is_told_with_what_is_missing(cast, api, member):
    payer(member, needs_order=True, entity_confirmed_on="2026-11-22")
    client = api(cast["auditor"])

    (first, second) = body(
        client.get(f"/api/v1/instalments/to-invoice/?organization={member.pk}")
    )["results"]
    ahead = body(client.get("/api/v1/instalments/to-invoice/?ahead=365"))["results"]

    assert (first["due_on"], second["due_on"]) == ("2025-05-27", "2026-05-27")
    assert (second["issue_by"], second["amount"]) == ("2026-04-27", "275000.00")
    assert [(one["code"], one["blocks"]) for one in second["lacks"]] == [
        ("order", True),
        *[("vendor_form", False), ("tax_form", False)],
    ]
    assert len(ahead) == 6


@pytest.mark.parametrize("who", ["sponsor", "billing", "stranger"])
def test_what_is_to_be_invoiced_is_for_those_at_inm(cast, api, member, who):
    answer = api(cast[who]).get("/api/v1/instalments/to-invoice/")

    assert answer.status_code == 403


def test_who_fetched_a_paper_by_program_is_on_record(cast, api, member):
    note = credited(issued(drafted(cast.signed)), 500)

    answer = api(cast["billing"]).get(f"/api/v1/credit-notes/{note.pk}/download/")

    assert answer.content[:5] == b"%PDF-"
    entry = JournalEntry.objects.about(note).latest("pk")
    assert (entry.verb, entry.actor) == (Verb.PAPER_DOWNLOADED, cast["billing"])


def test_no_second_person_is_the_first(cast, api, member):
    clerk = api(cast["finance"])
    draft = drafted(cast.signed, by=cast["finance"])

    own = post(clerk, f"invoices/{draft.pk}/approve/", **{"If-Match": '"1"'})
    other = post(
        api(staff("finance")), f"invoices/{draft.pk}/approve/", **{"If-Match": '"1"'}
    )

    assert (own.status_code, other.status_code) == (403, 200)
