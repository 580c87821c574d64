"""What finance adds to an invoice: its number at MIT AR, and documents beside it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from consortium import services
from consortium.models import Invoice
from consortium.services.invoice_answers import NumberTaken
from consortium.services.invoices import NotIssued
from consortium.verbs import Verb
from inm_portal.kernel.models import Document, JournalEntry
from tests.factories.billing import acting, drafted, instalment, issued, payer
from tests.kernel.files import sent
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast):
    payer(cast.siemens)
    return issued(drafted(cast.signed))


def note(invoice: Invoice, number: str) -> Invoice:
    return services.note_number(invoice, external_number=number, by=None)


def told() -> list[dict]:
    entries = JournalEntry.objects.filter(verb=Verb.INVOICE_NUMBER_NOTED)
    return list(entries.order_by("pk").values_list("facts", flat=True))


class TestNumberAtMitAr:
    """Domain.md 3.5: an invoice has an external number, to reconcile both ways."""

    def test_it_is_noted_corrected_and_journaled(self, invoice):
        note(invoice, " AR-0042 ")
        note(invoice, "AR-0042")
        note(invoice, "AR-0043")

        assert invoice.refreshed().external_number == "AR-0043"
        assert told() == [
            {"before": "", "number": "AR-0042"},
            {"before": "AR-0042", "number": "AR-0043"},
        ]

    def test_the_invoice_stays_as_it_was_issued(self, invoice):
        before = (invoice.number, invoice.version, invoice.pdf.sha256)

        note(invoice, "AR-0042")

        now = Invoice.objects.get(pk=invoice.pk)
        assert (now.number, now.version, now.pdf.sha256) == before

    def test_two_invoices_do_not_share_one(self, cast, invoice):
        other = issued(drafted(cast.signed, instalment(cast.signed, 3)))
        note(invoice, "AR-0042")

        with pytest.raises(NumberTaken, match=invoice.number):
            note(other, "AR-0042")
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.filter(pk=other.pk).update(external_number="AR-0042")

    def test_a_draft_and_a_void_one_have_none(self, cast, invoice):
        draft = drafted(cast.signed, instalment(cast.signed, 3))
        services.void_invoice(invoice, reason="Twice", **acting(cast["director"]))

        for one in (draft, invoice):
            with pytest.raises(NotIssued):
                note(one, "AR-0042")

    def test_what_is_taken_is_said_beside_the_field(self, cast, invoice, sign_in):
        other = issued(drafted(cast.signed, instalment(cast.signed, 3)))
        note(invoice, "AR-0042")
        client = sign_in(cast["finance"])

        answer = client.post(
            reverse("consortium:note_number", args=[other.pk]),
            {"external_number": "AR-0042"},
        )

        assert answer.status_code == 422
        (error,) = answer.context["form"].errors["external_number"]
        assert error == f"{invoice.number} has this number already."
        assert 'value="AR-0042"' in answer.content.decode()

    def test_the_invoice_is_found_and_exported_by_it(self, cast, invoice, sign_in):
        issued(drafted(cast.signed, instalment(cast.signed, 3)))
        note(invoice, "AR-0042")
        client = sign_in(cast["finance"])

        page = client.get(reverse("consortium:invoices"), {"search": "ar-00"})
        file = client.get(reverse("consortium:export_invoices")).getvalue().decode()

        assert [one.pk for one in page.context["page"]] == [invoice.pk]
        assert "AR-0042" in file

    def test_the_api_notes_and_tells_it(self, cast, invoice, program):
        client, url = program(cast["finance"]), f"/api/v1/invoices/{invoice.pk}/"

        answer = client.post(
            f"{url}external-number/", {"external_number": "AR-0042"}, format="json"
        )

        assert answer.json()["external_number"] == "AR-0042"
        assert client.get(url).json()["external_number"] == "AR-0042"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_note_one_number_at_once_one_is_refused(cast):
    payer(cast.siemens)
    invoices = [
        issued(drafted(cast.signed, instalment(cast.signed, year))) for year in (2, 3)
    ]

    results = at_once(*[lambda one=one: note(one, "AR-0042") for one in invoices])

    assert sorted(type(one).__name__ for one in results) == ["Invoice", "NumberTaken"]
    assert Invoice.objects.filter(external_number="AR-0042").count() == 1


class TestDocuments:
    def test_those_who_pay_read_what_finance_added(self, cast, invoice, sign_in):
        sign_in(cast["finance"]).post(
            reverse("consortium:attach_to_invoice", args=[invoice.pk]), {"file": sent()}
        )

        document = Document.objects.get(kind="consortium.invoice")
        page = sign_in(cast["billing"]).get(invoice.get_absolute_url())
        assert [one.pk for one in page.context["documents"]] == [document.pk]
        assert document.name in page.content.decode()

    @pytest.mark.parametrize("who", ["amgen sponsor", "coordinator", "stranger"])
    def test_nobody_else_does(self, who, cast, invoice, sign_in):
        sign_in(cast["finance"]).post(
            reverse("consortium:attach_to_invoice", args=[invoice.pk]), {"file": sent()}
        )

        document = Document.objects.get(kind="consortium.invoice")

        answer = sign_in(cast[who]).get(document.get_absolute_url())
        assert answer.status_code == 404

    def test_without_any_the_member_reads_nothing_of_documents(
        self, cast, invoice, sign_in
    ):
        page = sign_in(cast["billing"]).get(invoice.get_absolute_url())

        assert "Documents" not in page.content.decode()
