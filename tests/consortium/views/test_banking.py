"""Files of the bank on pages and in the API: looked at, then taken in."""

from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import BankAccount, BankFile, BankImport, Receipt
from inm_portal.kernel.models import Job
from tests.factories.accounts import staff
from tests.factories.banking import (
    COLUMNS,
    account,
    bai2,
    camt,
    csv_of,
    entry,
    sent,
    take_in,
    upload,
)
from tests.factories.receivables import bounce

from .test_books import key, post, text_of
from .test_costs import require_same

pytestmark = pytest.mark.django_db

FILES, NEW = reverse("consortium:bank_files"), reverse("consortium:upload_bank_file")
WIRE = "2026-11-12,1000.00,Acme Treasury BV,FED-7,INM-2027-0001"
FEE = "2026-11-13,-15.00,The bank,FEE-1,"
TYPED = COLUMNS | {
    **{"name": "Lockbox", "format": "csv", "currency": "USD", "method": "wire"},
    **{"delimiter": ",", "day_format": "%Y-%m-%d", "decimal_mark": "."},
}


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def lockbox(db):
    return account()


def send(client, content: bytes, of: BankAccount, name="statement.csv"):
    file = sent(content, name)
    return client.post(NEW, key() | {"account": of.pk, "file": file, "again": "yes"})


def test_a_file_is_shown_line_by_line_and_then_taken_in(finance, sign_in, lockbox):
    client = sign_in(finance)

    answer = send(client, csv_of(WIRE, FEE), lockbox)

    file = BankFile.objects.get()
    assert answer["Location"] == file.get_absolute_url()
    text = text_of(client.get(file.get_absolute_url()))
    for words in ["Acme Treasury BV", "$1,000", "Nothing is recorded yet", "-$15"]:
        assert words in text
    assert not Receipt.objects.exists()
    path = reverse("consortium:take_in_bank_file", args=[file.pk])
    form = key()
    client.post(path, form)
    client.post(path, form)
    receipt = Receipt.objects.get()
    text = text_of(client.get(file.get_absolute_url()))
    assert f'href="{receipt.get_absolute_url()}"' in text
    assert path not in text
    assert BankImport.objects.count() == 1


def test_the_lines_are_narrowed_by_what_becomes_of_them(finance, sign_in, lockbox):
    file, client = upload(csv_of(WIRE, FEE), lockbox), sign_in(finance)

    def payers(query: str) -> list[str]:
        page = client.get(file.get_absolute_url() + query).context["page"]
        return [one.line.payer for one in page]

    assert payers("?which=debit") == ["The bank"]
    assert payers("?which=new") == ["Acme Treasury BV"]
    assert payers("?which=known") == []
    assert len(payers("?which=nonsense")) == 2


def test_rows_that_cannot_be_read_are_told_with_what_they_say(
    finance, sign_in, lockbox
):
    rows = [WIRE, "2026-11-12,1.005,<b>Acme</b> 000123456789,,", "x,1,Other,,"]

    answer = send(sign_in(finance), csv_of(*rows), lockbox)

    assert answer.status_code == 422
    text = text_of(answer)
    for words in ["two decimals", "&lt;b&gt;Acme&lt;/b&gt; …6789", "2026-11-22"]:
        assert words in text
    assert "000123456789" not in text
    assert not BankFile.objects.exists()


def test_the_same_file_again_leads_to_what_came_of_it(finance, sign_in, lockbox):
    file, client = upload(csv_of(WIRE), lockbox), sign_in(finance)
    take_in(file)

    answer = send(client, csv_of(WIRE), lockbox)

    assert answer.status_code == 422
    assert "taken in on" in text_of(answer)
    assert f'href="{file.get_absolute_url()}"' in text_of(answer)


def test_a_file_of_no_use_is_refused_beside_its_field(finance, sign_in, lockbox):
    client = sign_in(finance)

    for content in [b"", b"PK\x03\x04\0", b"Day,Sum\n1,2\n"]:
        answer = send(client, content, lockbox)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["file"]


def test_camt_and_bai2_come_the_same_way(finance, sign_in):
    client = sign_in(finance)
    xml = account(name="Wires", format="camt053")
    bai = account(name="Lockbox", format="bai2")

    send(client, camt(entry(), closing="1500.00"), xml, "statement.xml")
    send(client, bai2(("195", 100_050, "FED-7", "B/O ACME")), bai, "statement.bai")

    amounts = [
        services.try_bank_file(file).total
        for file in BankFile.objects.select_related("account").order_by("pk")
    ]
    assert [str(amount) for amount in amounts] == ["1000.00", "1000.50"]


def test_who_keeps_no_books_takes_in_nothing(cast, sign_in, lockbox):
    file = upload(csv_of(WIRE), lockbox)
    path = reverse("consortium:take_in_bank_file", args=[file.pk])

    for who, seen in [("sponsor", 404), ("staff", 404), ("auditor", 403)]:
        client = sign_in(cast[who])
        assert client.get(NEW).status_code == 403
        assert client.post(path, key()).status_code == seen
    assert not Receipt.objects.exists()


def test_an_account_is_added_and_changed_and_what_is_wrong_stays_typed(
    finance, sign_in
):
    client, path = sign_in(finance), reverse("consortium:add_bank_account")

    wrong = client.post(path, key() | TYPED | {"name": "0001234567"})
    unmapped = client.post(path, key() | TYPED | {"day_column": ""})
    client.post(path, key() | TYPED)

    assert list(wrong.context["form"].errors) == ["name"]
    assert "0001234567" in text_of(wrong)
    assert list(unmapped.context["form"].errors) == ["day_column"]
    made = BankAccount.objects.get()
    change = reverse("consortium:change_bank_account", args=[made.pk])
    typed = TYPED | {"version": 1, "delimiter": "\t"}
    client.post(change, key() | typed)
    made.refresh_from_db()
    assert (made.delimiter, made.version) == ("\t", 2)
    late = client.post(change, key() | typed | {"delimiter": ";"})
    assert late.status_code == 422
    assert "Tab" in text_of(client.get(made.get_absolute_url()))


def test_a_file_of_10_000_lines_is_read_and_shown(finance, sign_in, lockbox):
    rows = [
        f"2026-11-{1 + n % 20:02},-{n}.00,Payer {n},OUT-{n}," for n in range(1, 10_000)
    ]
    client = sign_in(finance)

    send(client, csv_of(WIRE, *rows), lockbox)

    page = client.get(BankFile.objects.get().get_absolute_url())
    assert page.context["found"].counts["debit"] == 9_999
    assert len(page.context["page"].object_list) == 100


def test_a_large_file_becomes_a_job_that_its_page_shows(
    finance, sign_in, lockbox, monkeypatch
):
    monkeypatch.setattr("consortium.services.bank_jobs.WAITED_FOR", 1)
    file = upload(csv_of(WIRE, "2026-11-12,7,A,B,"), lockbox)
    path = reverse("consortium:take_in_bank_file", args=[file.pk])
    client = sign_in(finance)

    answer = client.post(path, key(), follow=True)

    text = text_of(answer)
    assert "Being taken in" in text
    assert f"Taking in {file}" in text
    assert "Record 2 receipts" not in text
    assert not Receipt.objects.exists()


def test_the_api_names_the_job_of_a_large_file(finance, api, lockbox, monkeypatch):
    monkeypatch.setattr("consortium.services.bank_jobs.WAITED_FOR", 1)
    file = upload(csv_of(WIRE, "2026-11-12,7,A,B,"), lockbox)

    done = post(api(finance), f"bank-files/{file.pk}/take-in/")

    assert (done.status_code, done.json()["taken_in"]) == (202, None)
    assert done.json()["job"] == Job.objects.get(kind=services.TAKE_IN).pk


def test_the_api_reads_a_file_and_takes_it_in(finance, api, lockbox):
    client = api(finance)
    body = {"account": lockbox.pk, "file": sent(csv_of(WIRE, FEE))}

    made = post(client, "bank-files/", body)
    path = f"/api/v1/bank-files/{made.json()['id']}/"
    lines = client.get(f"{path}lines/").json()
    done = post(client, f"bank-files/{made.json()['id']}/take-in/")
    again = post(client, "bank-files/", body | {"file": sent(csv_of(WIRE, FEE))})

    assert (made.status_code, made.json()["taken_in"]) == (201, None)
    assert (made.json()["counts"]["new"], made.json()["total"]) == (1, "1000.00")
    assert [row["fate"] for row in lines["results"]] == ["new", "debit"]
    assert lines["next"] is None
    assert (done.status_code, done.json()["taken_in"]["receipt_count"]) == (200, 1)
    assert (again.status_code, again.json()["code"]) == (409, "bank_file_taken_in")
    assert client.get(path).json()["counts"]["known"] == 1


def test_the_api_names_each_row_that_is_wrong(finance, api, lockbox):
    body = {"account": lockbox.pk, "file": sent(csv_of(WIRE, "x,1,A,,"))}

    answer = post(api(finance), "bank-files/", body)

    assert answer.status_code == 422
    assert answer.json()["code"] == "bank_file_has_errors"
    assert [error["row"] for error in answer.json()["errors"]] == [3]
    assert not BankFile.objects.exists()


def test_the_api_edits_an_account_from_the_version_that_was_read(finance, api, lockbox):
    client, path = api(finance), f"/api/v1/bank-accounts/{lockbox.pk}/"
    tag = client.get(path)["ETag"]
    change = {"day_format": "%d.%m.%Y"}

    blind = client.patch(path, change, format="json")
    done = client.patch(path, change, format="json", headers={"If-Match": tag})
    late = client.patch(path, {"name": "B"}, format="json", headers={"If-Match": tag})

    assert (blind.status_code, done.status_code) == (428, 200)
    assert done.json()["day_format"] == "%d.%m.%Y"
    assert late.status_code in (409, 412)


@pytest.mark.parametrize(
    "path", ["bank-files/", "bank-accounts/", "bank-files/1/take-in/"]
)
def test_the_api_takes_nothing_of_the_bank_without_a_key(finance, api, path):
    answer = api(finance).post(f"/api/v1/{path}", {})

    assert answer.json()["code"] == "idempotency_key_required"


def grow() -> None:
    number = BankFile.objects.count()
    lockbox = account(name=f"Account {uuid4().hex[:6].translate(DIGITS)}")
    take_in(upload(csv_of(f"2026-11-12,{number + 1},A,FED-{number},"), lockbox))


DIGITS = str.maketrans("0123456789", "ghijklmnop")


@pytest.mark.parametrize("name", ["bank_files", "bank_accounts"])
def test_a_list_costs_the_same_with_many(finance, sign_in, name):
    grow()
    client, url = sign_in(finance), reverse(f"consortium:{name}")

    require_same(lambda: client.get(url), grow, most=8)


@pytest.mark.parametrize("query", ["", "?format=xlsx"])
@pytest.mark.parametrize("name", ["bank_files", "bank_accounts"])
def test_an_export_costs_the_same_with_many(finance, sign_in, name, query):
    grow()
    client, url = sign_in(finance), reverse(f"consortium:export_{name}") + query

    require_same(lambda: client.get(url), grow, most=12)


@pytest.mark.parametrize("resource", ["bank-files", "bank-accounts"])
def test_a_resource_costs_the_same_with_many(finance, api, resource):
    grow()
    client = api(finance)

    require_same(lambda: client.get(f"/api/v1/{resource}/"), grow, most=8)


def test_the_page_of_a_file_costs_the_same_with_many(finance, sign_in, lockbox):
    rows = [f"2026-11-12,{n}.00,Payer {n},R-{n}," for n in range(1, 40)]
    take_in(upload(csv_of(*rows[:20]), lockbox))
    bounce(Receipt.objects.earliest("pk"))
    file, client = upload(csv_of(*rows), lockbox), sign_in(finance)

    require_same(lambda: client.get(file.get_absolute_url()), grow, most=12)
