"""The page on which anybody verifies a check code."""

import subprocess
from shutil import which

import pytest
from django.test import Client
from django.urls import reverse

from consortium import services
from consortium.models import InvoicePdf
from consortium.views.verification import TRIES
from tests.factories.billing import acting, credited, drafted, issued, payer
from tests.factories.consortium import OrganizationFactory, draft, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(db):
    member = OrganizationFactory(name="Norhaven", legal_name="Norhaven #1 *Inc.*")
    payer(member, bill_to_address="1 $Main$ Street\n<Springfield>")
    return issued(drafted(sign(draft(member)), note="Thank you."))


def ask(code: str) -> str:
    page = Client().post(reverse("consortium:verify_paper"), {"code": code})
    assert page.status_code == 200
    return page.content.decode()


def test_the_page_asks_for_a_code():
    page = Client().get(reverse("consortium:verify_paper"))

    assert "Check code" in page.content.decode()


def test_a_code_tells_number_day_and_amount_and_nothing_of_the_member(invoice):
    words = ask(services.written_code(invoice.check_code))

    for told in ["INM-2027-0001", "Nov 22, 2026", "$275,000", "genuine"]:
        assert told in words
    for private in ["Norhaven", "Main", "Thank you"]:
        assert private not in words


@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code[:4]} {code[4:]} "])
def test_a_code_is_known_however_it_is_written(invoice, change):
    assert "INM-2027-0001" in ask(change(invoice.check_code))


def test_an_unknown_code_is_of_nothing(invoice):
    words = ask("AAAA-BBBB-CCCC")

    assert "issued nothing under this code" in words
    assert "INM-2027-0001" not in words


def test_drafts_have_no_code(db):
    member = OrganizationFactory()
    payer(member)
    drafted(sign(draft(member)))

    assert services.verify_code("") is None
    assert services.verify_code("-") is None


def test_what_was_voided_is_not_to_be_paid(invoice):
    services.void_invoice(invoice, reason="Twice", **acting())

    assert "do not pay" in ask(invoice.check_code)


def test_a_credit_note_is_verified_too(invoice):
    note = credited(invoice, 25_000)

    words = ask(note.check_code)

    for told in ["Credit note", "INM-CN-2027-0001", "$25,000"]:
        assert told in words


def test_who_tries_code_after_code_is_refused(invoice):
    client, url = Client(), reverse("consortium:verify_paper")

    answers = [client.post(url, {"code": "X"}).status_code for _try in range(TRIES + 1)]

    assert answers == [200] * TRIES + [429]


@pytest.fixture
def printed(invoice):
    """What is on the paper, as text."""
    if not which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    content = bytes(InvoicePdf.objects.get(invoice=invoice).content)
    read = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(read, input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_paper_says_what_a_payables_office_asks_for(invoice, printed):
    asked = [
        *["Invoice INM-2027-0001", "Norhaven #1 *Inc.*", "1 $Main$ Street"],
        *["<Springfield>", "Issued Nov 22, 2026", "Due Dec 22, 2026", "Net 30 days"],
        *["Remittance reference INM-2027-0001", "Year 2, May 27, 2026"],
        *["USD 275,000.00", "Thank you.", "names no bank account"],
        services.written_code(invoice.check_code),
    ]

    assert [words for words in asked if words not in printed] == []


def test_the_paper_is_tagged_for_readers_aloud(invoice):
    content = bytes(invoice.pdf.content)

    for mark in [b"/StructTreeRoot", b"/Lang", b"pdfuaid", b"%PDF-1.7"]:
        assert mark in content
