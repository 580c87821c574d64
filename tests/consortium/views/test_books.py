"""The ledger, its months, exports and recognized amounts, on pages and in the API."""

from base64 import b64encode
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consortium import services
from consortium.models import (
    ExportBatch,
    LedgerEntry,
    LedgerLine,
    PeriodClose,
    PeriodReopening,
    RecognisedAmount,
)
from consortium.services.ledger import reverse as reverse_entry
from consortium.services.periods import BooksDoNotTie
from inm_portal.kernel.models import JournalEntry, Task
from inm_portal.kernel.tasklist import NotForYou, finish_task
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at
from tests.factories.ledger import issue, recognize
from tests.factories.receivables import (
    TODAY,
    apply,
    bounce,
    cash,
    invoiced,
    member,
    receive,
)

from .test_costs import require_same

pytestmark = pytest.mark.django_db

LEDGER, MONTHS = reverse("consortium:ledger"), reverse("consortium:months")
OCTOBER = reverse("consortium:month", args=["2026-10"])
CLOSE = reverse("consortium:close_month", args=["2026-10"])
IN_OCTOBER = {"value_on": date(2026, 10, 20)}


@pytest.fixture
def finance(db):
    return staff("finance")


def key() -> dict[str, str]:
    return {"idempotency_key": uuid4().hex}


def post(client, path, data=None, **more):
    headers = {"Idempotency-Key": uuid4().hex}
    return client.post(f"/api/v1/{path}", data, headers=headers, **more)


def send(client, path, data):
    return post(client, path, data, format="json")


def close(month=date(2026, 10, 1), *, by) -> PeriodClose:
    return services.close_period(month, today=TODAY, at=at(TODAY), by=by)


def text_of(page) -> str:
    return " ".join(page.content.decode().split())


def found(client, query="") -> list[LedgerEntry]:
    return list(client.get(f"{LEDGER}{query}").context["page"])


def test_the_ledger_is_narrowed_by_account_member_month_kind_and_words(
    finance, sign_in
):
    acme, client = OrganizationFactory(name="Acme Works"), sign_in(finance)
    first = recognize(acme, **IN_OCTOBER)
    second = issue(OrganizationFactory(), value_on=date(2026, 9, 2))
    third = reverse_entry(
        first, value_on=TODAY, reason="Wrong month", by=None, at=at(TODAY)
    )

    assert found(client) == [third, first, second]
    assert found(client, "?account=receivable") == [second]
    assert found(client, f"?organization={acme.pk}") == [third, first]
    assert found(client, "?month=2026-10") == [first]
    assert found(client, "?kind=reversal") == [third]
    assert found(client, "?search=wrong+mon") == [third]
    assert found(client, f"?search={second.number}") == [second]
    assert found(client, "?search=acme+works") == [third, first]
    assert found(client, "?month=2026-13") == []
    assert "Write the month" in text_of(client.get(f"{LEDGER}?month=2026-13"))
    assert "Write the month" in text_of(client.get(f"{LEDGER}?month=9999-12"))
    assert 'type="month"' in text_of(client.get(LEDGER))


def test_the_page_of_an_entry_says_its_lines_and_what_it_was_posted_for(
    finance, sign_in
):
    acme = member(name="Acme")
    share, line = cash(1_000, acme), invoiced(acme, 700)
    allocation, client = apply(share, line, 600), sign_in(finance)

    pages = {
        row: text_of(client.get(row.entry.get_absolute_url()))
        for row in (share.receipt, share, line.invoice, allocation)
    }

    for row, source in [
        *[(share.receipt, share.receipt), (share, share.receipt)],
        *[(line.invoice, line.invoice), (allocation, line.invoice)],
    ]:
        assert f'href="{source.get_absolute_url()}"' in pages[row]
    assert "Unapplied member cash" in pages[allocation]
    assert pages[allocation].count("$600") >= 4


def test_a_reversal_and_what_it_reverses_lead_to_each_other(finance, sign_in):
    receipt = bounce(receive(900))
    entry, client = receipt.entry, sign_in(finance)
    reversal = LedgerEntry.objects.get(reverses=entry)

    page, other = [
        text_of(client.get(one.get_absolute_url())) for one in (entry, reversal)
    ]

    assert reversal.get_absolute_url() in page
    assert entry.get_absolute_url() in other
    assert receipt.get_absolute_url() in other
    assert "Returned by the bank" in other


def test_the_export_of_the_ledger_has_what_the_list_has(finance, sign_in):
    recognize(OrganizationFactory(name="=Acme"), reason="=1+1", **IN_OCTOBER)
    client = sign_in(finance)

    lines = client.get(reverse("consortium:export_ledger")).getvalue().splitlines()

    assert len(lines) == 2
    assert b"'=Acme,275000.00,USD" in lines[1]
    assert b"Income recognized" in lines[1]


def test_a_month_says_what_it_comes_to_and_what_is_not_seen_to(finance, sign_in):
    acme = OrganizationFactory()
    recognize(acme, "100.00", value_on=date(2026, 9, 3))
    recognize(acme, "40.00", **IN_OCTOBER)
    receive(900, on=date(2026, 10, 3))
    receive(900, on=date(2026, 10, 4), reason="Not sure")

    page = sign_in(finance).get(OCTOBER)

    text = text_of(page)
    for words in ["$900 of cash is not applied", "second person: 1", "$140", "$40"]:
        assert words in text
    assert "second person: 0" not in text
    assert "Finance told of nothing" in text
    sums = {
        one.account: (one.debit, one.moved_debit) for one in page.context["balances"]
    }
    assert sums["deferred_dues"] == (140, 40)
    assert "?account=deferred_dues&amp;month=2026-10" in text


def test_the_balance_of_a_month_is_that_of_its_close_and_counts_on_from_it(finance):
    acme = OrganizationFactory()
    recognize(acme, "100.00", value_on=date(2026, 9, 3))
    september = close(date(2026, 9, 1), by=finance)
    recognize(acme, "40.00", **IN_OCTOBER)

    def balance(day) -> list[list[str]]:
        month = services.month_of(day, today=TODAY)
        return [
            [one.currency, one.account.value, f"{one.debit:.2f}", f"{one.credit:.2f}"]
            for one in services.balances_of(month)
        ]

    assert balance(date(2026, 9, 1)) == september.trial_balance
    october = date(2026, 10, 1)
    assert balance(october) == services.trial_balance(october)
    assert close(october, by=finance).trial_balance == balance(october)


def test_a_month_is_closed_in_one_act_and_tells_its_hash(finance, sign_in):
    recognize(OrganizationFactory(), **IN_OCTOBER)
    client = sign_in(finance)

    assert client.get(CLOSE).status_code == 200
    answer = client.post(CLOSE, key() | {"reason": "As agreed"})

    closed = PeriodClose.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, OCTOBER)
    assert (closed.month, closed.reason) == (date(2026, 10, 1), "As agreed")
    text = text_of(client.get(OCTOBER))
    assert closed.sha256 in text
    assert "As agreed" in text
    assert "Close the month" not in text
    assert closed.sha256[:12] in text_of(client.get(MONTHS))


def test_a_month_that_is_not_over_and_one_that_is_closed_are_not_closed(
    finance, sign_in
):
    client = sign_in(finance)
    recognize(OrganizationFactory(), **IN_OCTOBER)
    now = reverse("consortium:close_month", args=["2026-11"])

    answer = client.post(now, key())

    assert answer.status_code == 422
    assert "once it is over" in text_of(answer)
    close(by=finance)
    assert client.post(CLOSE, key()).status_code == 422
    assert PeriodClose.objects.count() == 1


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "0000-01", "x", "2031-01", "1999-01", "2026-1"]
)
def test_a_month_that_is_none_of_the_books_is_not_found(finance, sign_in, month):
    client = sign_in(finance)

    for name in ["month", "close_month"]:
        path = reverse(f"consortium:{name}", args=[month])
        assert client.get(path).status_code == 404


def test_books_that_do_not_tie_keep_a_month_open(finance, sign_in):
    issue(OrganizationFactory(), **IN_OCTOBER)  # a receivable without an invoice
    client = sign_in(finance)

    checked = client.get(f"{OCTOBER}?checked=yes")
    answer = client.post(CLOSE, key() | {"reason": "Typed"})

    assert "The receivable of each member" in text_of(checked)
    assert answer.status_code == 422
    assert "The receivable of each member" in text_of(answer)
    assert "Typed" in text_of(answer)
    assert not PeriodClose.objects.exists()
    with pytest.raises(BooksDoNotTie):
        close(by=finance)


def test_books_that_tie_are_said_to(finance, sign_in):
    recognize(OrganizationFactory(), **IN_OCTOBER)

    assert "The books tie" in text_of(sign_in(finance).get(f"{OCTOBER}?checked=yes"))


def test_one_proposes_to_open_a_month_and_another_opens_it(finance, sign_in):
    closed = close(by=finance)
    client, path = (
        sign_in(finance),
        reverse("consortium:reopen_month", args=[closed.pk]),
    )
    assert path in text_of(client.get(OCTOBER))

    assert client.post(path, key()).status_code == 422
    client.post(path, key() | {"reason": "A wire was missing"})

    reopening = PeriodReopening.objects.get()
    approve = reverse("consortium:approve_reopening", args=[reopening.pk])
    text = text_of(client.get(OCTOBER))
    assert "A wire was missing" in text
    assert approve not in text
    assert client.post(approve, key()).status_code == 403
    director = sign_in(staff("director"))
    assert approve in text_of(director.get(OCTOBER))
    director.post(approve, key())
    text = text_of(director.get(OCTOBER))
    assert "Open again" in text
    assert "Close the month" not in text  # a director closes none
    assert "Close the month" in text_of(client.get(OCTOBER))


def test_a_reopening_asks_a_second_person_and_no_more_once_it_is_decided(finance):
    closed = close(by=finance)
    proposal = services.propose_reopening(
        closed, reason="A wire was missing", at=at(TODAY), by=finance
    )

    task = Task.objects.get()
    assert task.url == closed.get_absolute_url()
    assert "A wire was missing" in task.why
    with pytest.raises(NotForYou):
        finish_task(task, outcome="Done", at=at(TODAY), by=finance)

    services.refuse_reopening(proposal, at=at(TODAY), by=staff("director"))
    task.refresh_from_db()
    assert task.done_at is not None


def test_who_keeps_no_books_finds_no_months(cast, sign_in):
    for who in ["sponsor", "staff"]:
        client = sign_in(cast[who])
        assert client.get(MONTHS).status_code == 403
        assert client.get(OCTOBER).status_code == 403
        assert client.post(CLOSE, key()).status_code == 403


def test_entries_are_exported_once_into_a_file_that_is_kept(finance, sign_in):
    recognize(OrganizationFactory(), **IN_OCTOBER)
    client, path = sign_in(finance), reverse("consortium:make_export")
    sent = key() | {"posted_until": "2026-10-31"}

    answer = client.post(path, sent)
    again = client.post(path, sent)
    empty = client.post(path, key() | {"posted_until": "2026-10-31", "again": "yes"})

    batch = ExportBatch.objects.get()
    assert answer["Location"] == again["Location"] == batch.get_absolute_url()
    assert empty.status_code == 422
    assert "was exported" in text_of(empty)
    assert batch.sha256 in text_of(client.get(batch.get_absolute_url()))
    file = client.get(reverse("consortium:download_export", args=[batch.pk]))
    assert sha256(file.content).hexdigest() == batch.sha256
    assert file["Content-Disposition"] == f'attachment; filename="{batch}.csv"'
    taken = JournalEntry.objects.about(batch).filter(
        verb="consortium.ledger_export_taken"
    )
    assert taken.get().actor == finance
    assert found(client, f"?batch={batch.pk}") == list(LedgerEntry.objects.all())


HEADER = "member,month,amount,currency\n"
IMPORT = reverse("consortium:import_recognized")


def csv(content: str, name="october.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def test_what_finance_recognized_is_tried_and_then_imported(finance, sign_in):
    acme, client = OrganizationFactory(name="Müller"), sign_in(finance)
    content = f"{HEADER}Müller,2026-10,22916.67,USD\n"

    tried = client.post(IMPORT, {"file": csv(content)})

    assert tried.status_code == 200
    assert "$22,916.67" in text_of(tried)
    assert not RecognisedAmount.objects.exists()
    carried = tried.context["form"].initial
    client.post(IMPORT, key() | carried)
    amount = RecognisedAmount.objects.get()
    assert (amount.organization, amount.amount) == (acme, Decimal("22916.67"))
    listed = client.get(reverse("consortium:recognized_amounts"))
    assert "22,916.67" in text_of(listed)

    again = client.post(IMPORT, key() | carried | {"again": "yes"})
    assert again.status_code == 422
    assert "imported already" in text_of(again)
    assert RecognisedAmount.objects.count() == 1


def test_a_wrong_row_is_told_beside_it_and_keeps_all_out(finance, sign_in):
    OrganizationFactory(name="Acme")
    rows = "Acme,2026-10,1.00,USD\nNobody,2026-10,2.00,USD\nAcme,2026-11,1.005,USD\n"

    tried = sign_in(finance).post(IMPORT, {"file": csv(HEADER + rows)})

    assert tried.status_code == 422
    told = [
        (row.number, row.cells[0], bool(row.words)) for row in tried.context["rows"]
    ]
    assert told == [(3, "Nobody", True), (4, "Acme", True), (2, "Acme", False)]
    assert "No member has this name" in text_of(tried)


def test_a_forged_trial_imports_nothing_that_is_wrong(finance, sign_in):
    client = sign_in(finance)
    wrong = b64encode(f"{HEADER}Nobody,2026-10,1.00,USD\n".encode()).decode()

    for content in [wrong, "no base64", ""]:
        answer = client.post(IMPORT, key() | {"name": "x.csv", "content": content})
        assert answer.status_code == 422
    assert not RecognisedAmount.objects.exists()


def test_the_api_closes_and_opens_months(finance, api):
    recognize(OrganizationFactory(), **IN_OCTOBER)
    client = api(finance)
    told = client.get("/api/v1/closed-months/month/?month=2026-10").json()
    assert (told["state"], told["broken"]) == ("open", [])
    assert told["balances"][0]["debit"] == "275000.00"

    made = send(client, "closed-months/", {"month": "2026-10"})
    again = send(client, "closed-months/", {"month": "2026-10"})
    asked = send(client, f"closed-months/{made.json()['id']}/reopen/", {"reason": "A"})

    assert (made.status_code, made.json()["month"]) == (201, "2026-10")
    assert made.json()["trial_balance"][0][:2] == ["USD", "deferred_dues"]
    assert again.json()["code"] == "closed_already"
    assert (asked.status_code, asked.json()["state"]) == (201, "proposed")
    path = f"reopenings/{asked.json()['id']}/approve/"
    assert send(client, path, None).status_code == 403
    assert send(api(staff("director")), path, None).json()["state"] == "recorded"


@pytest.mark.parametrize("month", ["2026-13", "October", "2026-10-01", 7, None])
def test_the_api_takes_no_month_that_is_none(finance, api, month):
    answer = send(api(finance), "closed-months/", {"month": month})

    assert answer.status_code == 400
    path = f"/api/v1/closed-months/month/?month={month}"
    assert api(finance).get(path).status_code == 404


def test_the_api_reads_entries_with_their_lines(finance, api):
    entry, client = recognize(OrganizationFactory(), **IN_OCTOBER), api(finance)

    listed = client.get("/api/v1/ledger-entries/?month=2026-10").json()["results"]
    one = client.get(f"/api/v1/ledger-entries/{entry.pk}/").json()

    assert [row["id"] for row in listed] == [entry.pk]
    line = LedgerLine.objects.first()
    assert listed[0]["organization"] == line.organization_id
    assert [row["account"] for row in one["lines"]] == ["deferred_dues", "dues_income"]


def test_the_api_exports_and_hands_out_the_file(finance, api):
    recognize(OrganizationFactory(), **IN_OCTOBER)
    client = api(finance)

    made = send(client, "ledger-exports/", {"posted_until": "2026-10-31"})
    file = client.get(f"/api/v1/ledger-exports/{made.json()['id']}/download/")

    assert (made.status_code, made.json()["entries"]) == (201, 1)
    assert sha256(file.content).hexdigest() == made.json()["sha256"]


def test_the_api_tries_and_imports_what_finance_recognized(finance, api):
    OrganizationFactory(name="Acme")
    client, path = api(finance), "recognition-imports/"
    right, wrong = f"{HEADER}Acme,2026-10,1.00,USD\n", f"{HEADER}Nobody,2026-10,1,USD\n"

    tried = post(client, path, {"file": csv(right), "dry_run": True})
    bad = post(client, path, {"file": csv(wrong), "dry_run": True})
    refused = post(client, path, {"file": csv(wrong)})
    made = post(client, path, {"file": csv(right)})

    assert (tried.status_code, tried.json()) == (200, {"rows": 1, "errors": []})
    assert [error["row"] for error in bad.json()["errors"]] == [2]
    assert refused.json()["code"] == "file_has_errors"
    assert made.status_code == 201
    amounts = client.get("/api/v1/recognized-amounts/?month=2026-10").json()["results"]
    assert [(row["month"], row["amount"]) for row in amounts] == [("2026-10", "1.00")]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("closed-months/", {"month": "2026-10"}),
        ("closed-months/1/reopen/", {"reason": "A"}),
        ("reopenings/1/approve/", None),
        ("ledger-exports/", {"posted_until": "2026-10-31"}),
        ("recognition-imports/", None),
    ],
)
def test_the_api_does_nothing_to_the_books_without_a_key(finance, api, path, data):
    answer = api(finance).post(f"/api/v1/{path}", data, format="json")

    assert answer.json()["code"] == "idempotency_key_required"


def grow() -> None:
    acme = member()
    share = cash(1_000, acme, on=date(2026, 10, 12))
    apply(share, invoiced(acme, 900), 600)
    content = f"{HEADER}{acme.name},2026-10,1.00,USD\n"
    by = staff("finance")
    services.import_recognition(
        content.encode(), name=f"{acme}.csv", today=TODAY, at=at(TODAY), by=by
    )
    services.export_entries(posted_until=TODAY, at=at(TODAY), by=by)


@pytest.mark.parametrize("name", ["ledger", "export_batches", "recognized_amounts"])
def test_a_list_costs_the_same_with_many(finance, sign_in, name):
    grow()
    client, url = sign_in(finance), reverse(f"consortium:{name}")

    require_same(lambda: client.get(url), grow, most=8)


@pytest.mark.parametrize("query", ["", "?format=xlsx"])
@pytest.mark.parametrize("name", ["ledger", "export_batches", "recognized_amounts"])
def test_an_export_costs_the_same_with_many(finance, sign_in, name, query):
    grow()
    client, url = sign_in(finance), reverse(f"consortium:export_{name}") + query

    require_same(lambda: client.get(url), grow, most=12)


@pytest.mark.parametrize(
    "resource",
    [
        *["ledger-entries", "closed-months", "reopenings", "ledger-exports"],
        *["recognized-amounts", "recognition-imports"],
    ],
)
def test_a_resource_costs_the_same_with_many(finance, api, resource):
    grow()
    client = api(finance)

    require_same(lambda: client.get(f"/api/v1/{resource}/"), grow, most=8)


@pytest.mark.parametrize("url", [MONTHS, OCTOBER, CLOSE])
def test_the_pages_of_months_cost_the_same_with_many(finance, sign_in, url):
    grow()
    client = sign_in(finance)

    require_same(lambda: client.get(url), grow, most=8)


def test_the_page_of_an_entry_costs_little(finance, sign_in):
    grow()
    entry, client = LedgerEntry.objects.latest("pk"), sign_in(finance)

    require_same(lambda: client.get(entry.get_absolute_url()), grow, most=8)
