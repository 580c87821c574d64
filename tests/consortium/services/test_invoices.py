"""Invoices: drafted by one person, approved by another, issued once and for good."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from consortium import services
from consortium.models import (
    Channel,
    Instalment,
    Invoice,
    InvoicePdf,
    LedgerAccount,
    LedgerLine,
)
from consortium.services import ledger
from consortium.services.credit_notes import CreditDraftedByYourself
from consortium.services.drafting import (
    NotADraftInvoice,
    NothingToInvoice,
    NotToInvoice,
    OrderOfAnother,
)
from consortium.services.interests import HasInterest
from consortium.services.invoices import (
    DraftedByYourself,
    DueBeforeIssue,
    InstalmentEnded,
    NotIssued,
    SentBack,
    SomethingApplied,
)
from consortium.services.readiness import NotReady
from consortium.states import InvoiceState
from consortium.verbs import Verb
from inm_portal.accounts.merging import merge_users
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import UserFactory, staff
from tests.factories.billing import (
    acting,
    approved,
    credited,
    drafted,
    instalment,
    issued,
    order,
    payer,
)
from tests.factories.consortium import (
    TODAY,
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import at
from tests.factories.invoices import settle
from tests.factories.ledger import refused
from tests.factories.receivables import apply, cash

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    """Three years from May 27, 2025, billed once a year; today is November 22, 2026."""
    signed = sign(draft(OrganizationFactory()))
    payer(signed.organization)
    return signed


def as_it_is(invoice: Invoice) -> Invoice:
    """Return an invoice as it is in the database now."""
    return Invoice.objects.get(pk=invoice.pk)


def balance(account: LedgerAccount) -> Decimal:
    lines = LedgerLine.objects.filter(account=account)
    return sum((line.debit - line.credit for line in lines), Decimal())


def test_an_invoice_is_drafted_approved_and_issued(agreement):
    clerk, second = staff("finance"), staff("finance")
    invoice = drafted(agreement, by=clerk)
    assert (invoice.number, invoice.issued_on) == (None, None)

    invoice = issued_by(invoice, approver=second, issuer=clerk)

    assert (invoice.state, invoice.number) == (InvoiceState.ISSUED, "INM-2027-0001")
    assert (invoice.issued_on, invoice.due_on) == (TODAY, date(2026, 12, 22))
    assert invoice.remittance_reference == invoice.number
    assert balance(LedgerAccount.RECEIVABLE) == 275_000
    assert balance(LedgerAccount.DEFERRED_DUES) == -275_000
    verbs = JournalEntry.objects.filter(subject_type="consortium.invoice")
    assert [*verbs.order_by("pk").values_list("verb", "actor")] == [
        (Verb.INVOICE_DRAFTED, clerk.pk),
        (Verb.INVOICE_APPROVED, second.pk),
        (Verb.INVOICE_ISSUED, clerk.pk),
    ]
    assert list(invariants.broken()) == []


def issued_by(invoice: Invoice, *, approver, issuer) -> Invoice:
    return services.issue_invoice(approved(invoice, by=approver), **acting(issuer))


def test_what_is_issued_early_is_due_with_its_instalment(agreement):
    third = instalment(agreement, 3)

    invoice = issued(
        drafted(agreement, third, on=date(2027, 4, 1)), on=date(2027, 4, 1)
    )

    assert invoice.due_on == third.due_on == date(2027, 5, 27)


def test_a_draft_takes_the_terms_and_the_address_of_the_payer(agreement):
    details = {"terms_days": 60, "attention": "Accounts Payable"}
    portal = {"channel": Channel.PORTAL, "supplier_portal": "Ariba"}
    payer(agreement.organization, **details, **portal)

    invoice = drafted(agreement)

    assert (invoice.terms_days, invoice.attention) == (60, "Accounts Payable")
    assert (invoice.channel, invoice.supplier_portal) == ("portal", "Ariba")


def test_nothing_is_drafted_without_a_payer():
    signed = sign(draft(OrganizationFactory()))

    with pytest.raises(NotReady, match="to whom the invoice goes"):
        drafted(signed)


def test_an_instalment_is_invoiced_once_and_by_its_own_member(agreement):
    other = sign(draft(OrganizationFactory()))
    drafted(agreement)

    with pytest.raises(NotToInvoice):
        drafted(agreement)
    with pytest.raises(NotToInvoice):
        drafted(agreement, instalment(other))
    with pytest.raises(NothingToInvoice):
        services.draft_invoice(agreement.organization, instalments=[], **acting())


def test_an_order_is_of_the_member_itself(agreement):
    others = order(OrganizationFactory())

    with pytest.raises(OrderOfAnother):
        drafted(agreement, order=others)


def test_a_draft_is_changed_and_what_was_approved_is_sent_back_first(agreement):
    invoice = drafted(agreement)
    asked = acting()
    changed = services.change_invoice(invoice, note="Two desks", version=1, **asked)
    assert (changed.note, changed.version) == ("Two desks", 2)
    with pytest.raises(EditConflict):
        services.change_invoice(invoice, note="Three desks", version=1, **asked)

    approved(invoice)

    with pytest.raises(NotADraftInvoice):
        services.change_invoice(invoice, note="Four desks", **asked)
    back = services.send_back_invoice(invoice, reason="Two desks", **acting())
    assert (back.state, back.approved_at) == (InvoiceState.DRAFT, None)
    services.change_invoice(invoice, note="Four desks", **asked)


def test_who_drafted_does_not_approve_by_any_account(agreement):
    clerk = staff("finance")
    invoice = drafted(agreement, by=clerk)

    with pytest.raises(DraftedByYourself):
        approved(invoice, by=clerk)
    survivor = UserFactory()
    merge_users(survivor, merged=clerk, at=timezone.now(), by=None)
    with pytest.raises(DraftedByYourself):
        approved(invoice, by=survivor)


def test_who_changed_a_draft_of_another_does_not_approve_it(agreement):
    clerk, another = staff("finance"), staff("finance")
    invoice = drafted(agreement, by=clerk)
    services.change_invoice(invoice, note="Another desk", **acting(another))

    for one in (clerk, another):
        assert not one.has_perm("consortium.approve_invoice", as_it_is(invoice))
        with pytest.raises(DraftedByYourself):
            approved(invoice, by=one)
    Invoice.objects.filter(pk=invoice.pk).update(changers=[another.pk])
    with refused("approved_by_another_than_who_changed_it"):
        Invoice.objects.filter(pk=invoice.pk).update(
            **{"state": InvoiceState.APPROVED, "approved_at": timezone.now()},
            approved_by=another,
        )
    assert approved(invoice, by=staff("director")).state == InvoiceState.APPROVED


def test_what_another_sent_back_is_changed_before_it_is_approved(agreement):
    first, second = staff("director"), staff("director")
    invoice = drafted(agreement)
    services.send_back_invoice(invoice, reason="Another desk", **acting(first))

    with pytest.raises(SentBack):
        approved(invoice, by=second)
    services.change_invoice(invoice, note="Desk 4", **acting())

    assert approved(invoice, by=second).state == InvoiceState.APPROVED


def test_who_sent_it_back_may_approve_it_after_all(agreement):
    director = staff("director")
    invoice = drafted(agreement)
    services.send_back_invoice(invoice, reason="Too early", **acting(director))

    assert approved(invoice, by=director).state == InvoiceState.APPROVED


def test_an_interest_in_the_member_bars_approving_issuing_and_voiding(agreement):
    clerk = staff("finance")
    services.disclose_interest(
        agreement.organization,
        **{"person": clerk, "reason": "Consults for them", "from_on": TODAY},
        **{"at": at(TODAY), "by": None},
    )
    invoice = drafted(agreement)

    with pytest.raises(HasInterest):
        approved(invoice, by=clerk)
    approved(invoice)
    with pytest.raises(HasInterest):
        services.issue_invoice(invoice, **acting(clerk))
    with pytest.raises(HasInterest):
        services.void_invoice(invoice, reason="Wrong", **acting(clerk))


def test_only_what_is_approved_is_issued_and_only_once(agreement):
    invoice = drafted(agreement)
    with pytest.raises(IllegalTransition):
        services.issue_invoice(invoice, **acting())

    issued(invoice)

    with pytest.raises(IllegalTransition):
        services.issue_invoice(invoice, **acting())
    assert InvoicePdf.objects.count() == 1


def test_a_due_day_that_passed_is_not_issued(agreement):
    invoice = approved(drafted(agreement, due_on=date(2026, 11, 21)))

    with pytest.raises(DueBeforeIssue):
        services.issue_invoice(invoice, **acting())


def test_case_37_a_due_day_on_a_sunday_stays(agreement):
    sunday = date(2026, 11, 29)

    invoice = issued(drafted(agreement, due_on=sunday))

    assert invoice.due_on == sunday


def test_case_5_what_an_amendment_cancelled_is_not_issued(agreement):
    third = instalment(agreement, 3)
    invoice = drafted(agreement, third)
    lower = services.YearTerms(Decimal(500_000), Decimal(200_000))
    sign_amendment(amend(agreement, years={3: lower}))

    with pytest.raises(InstalmentEnded):
        approved(invoice)
    services.void_invoice(invoice, reason="Amended", **acting())
    issued(drafted(agreement, instalment_in_force(agreement, 3)))
    assert list(invariants.broken()) == []


def instalment_in_force(agreement, number: int) -> Instalment:
    rows = Instalment.objects.to_invoice().filter(commitment_year__number=number)
    return rows.get(commitment_year__agreement=agreement)


def test_case_5_what_was_invoiced_beyond_a_lower_fee_is_credited(agreement):
    invoice = issued(drafted(agreement, instalment(agreement, 3)))
    lower = services.YearTerms(Decimal(500_000), Decimal(200_000))
    sign_amendment(amend(agreement, years={3: lower}))
    below = Instalment.objects.to_credit().get()

    (note,) = services.draft_credits_of(
        below, reason="Amendment 1", at=at(TODAY), by=None
    )
    services.issue_credit_note(note, **acting())

    line = note.lines.get()
    assert (note.invoice, line.amount, line.instalment) == (invoice, 75_000, below)
    assert balance(LedgerAccount.RECEIVABLE) == 200_000
    assert list(invariants.broken()) == []


def test_case_19_three_years_are_prepaid_and_each_is_invoiced_by_itself(agreement):
    invoices = [
        issued(drafted(agreement, instalment(agreement, number))) for number in (2, 3)
    ]

    assert [invoice.number[-4:] for invoice in invoices] == ["0001", "0002"]
    assert balance(LedgerAccount.RECEIVABLE) == 550_000


def test_case_24_a_wrong_order_is_put_right_by_a_credit_note_and_a_new_invoice(
    agreement,
):
    member = agreement.organization
    wrong, right = order(member), order(member, number="PO-2")
    invoice = issued(drafted(agreement, order=wrong), on=date(2026, 11, 2))
    before = bytes(invoice.pdf.content)
    clerk, second = staff("finance"), staff("finance")

    anew = services.draft_anew(
        invoice, order=right, reason="PO-1 was closed", **acting(clerk)
    )
    assert (anew.replaces, anew.due_on) == (invoice, invoice.due_on)
    assert balance(LedgerAccount.RECEIVABLE) == 275_000
    approved(anew, by=second)
    with pytest.raises(CreditDraftedByYourself):
        services.issue_invoice(anew, **acting(clerk))
    anew = services.issue_invoice(anew, **acting(second))

    assert (anew.number, anew.order_number) == ("INM-2027-0002", "PO-2")
    note = anew.credit_note
    assert (note.number, note.invoice) == ("INM-CN-2027-0001", invoice)
    assert balance(LedgerAccount.RECEIVABLE) == 275_000
    invoice.refresh_from_db()
    assert (invoice.state, invoice.order_number) == (InvoiceState.ISSUED, "PO-1")
    assert bytes(InvoicePdf.objects.get(invoice=invoice).content) == before
    assert list(invariants.broken()) == []


def test_case_24_the_same_order_reaches_for_what_takes_its_place(agreement):
    only = order(agreement.organization, 275_000)
    invoice = issued(drafted(agreement, order=only))

    anew = services.draft_anew(invoice, order=only, reason="Wrong entity", **acting())

    assert issued(anew).order == only


def test_case_24_a_draft_in_place_of_an_invoice_is_given_up_with_its_credit_note(
    agreement,
):
    invoice = issued(drafted(agreement))
    anew = services.draft_anew(invoice, reason="Wrong order", **acting())

    services.void_invoice(anew, reason="It was right", **acting())

    anew.credit_note.refresh_from_db()
    assert anew.credit_note.state == "abandoned"
    services.draft_anew(invoice, reason="It was wrong after all", **acting())


def test_only_what_is_issued_is_issued_anew(agreement):
    with pytest.raises(NotIssued):
        services.draft_anew(drafted(agreement), reason="Wrong", **acting())
    invoice = issued(Invoice.objects.get())
    credited(invoice, 275_000)
    with pytest.raises(SomethingApplied):
        services.draft_anew(invoice, reason="Wrong", **acting())


def test_case_25_an_order_that_ended_or_is_exhausted_blocks(agreement):
    member = agreement.organization
    payer(member, needs_order=True)
    with pytest.raises(NotReady, match="A purchase order is missing"):
        approved(drafted(agreement))
    ended = order(member, ends_on=date(2026, 12, 31))
    invoice = drafted(agreement, instalment(agreement, 3))
    assert invoice.order == ended
    approved(invoice)

    with pytest.raises(NotReady, match=r"PO-1 ended on Dec 31, 2026"):
        services.issue_invoice(invoice, **acting(on=date(2027, 4, 27)))

    services.change_order(
        ended, amount=Decimal(100_000), ends_on=None, at=at(TODAY), by=None
    )
    with pytest.raises(NotReady, match=r"PO-1 has only \$100,000 left"):
        services.issue_invoice(invoice, **acting(on=date(2027, 4, 27)))


def test_a_draft_is_given_up_and_its_instalment_is_free(agreement):
    services.void_invoice(drafted(agreement), reason="Too early", **acting())

    assert Invoice.objects.get().number is None
    issued(drafted(agreement))


def test_an_issued_invoice_is_voided_by_the_mirror_of_its_entry(agreement):
    invoice = issued(drafted(agreement))

    voided = services.void_invoice(invoice, reason="Twice", **acting())

    assert (voided.state, voided.number) == (InvoiceState.VOIDED, "INM-2027-0001")
    assert balance(LedgerAccount.RECEIVABLE) == 0
    with pytest.raises(IllegalTransition):
        services.void_invoice(invoice, reason="Again", **acting())
    again = issued(drafted(agreement))
    assert again.number == "INM-2027-0002"
    assert list(invariants.broken()) == []


def test_what_was_credited_in_part_is_not_voided(agreement):
    invoice = issued(drafted(agreement))
    credited(invoice, 10)

    with pytest.raises(SomethingApplied):
        services.void_invoice(invoice, reason="Twice", **acting())


def test_what_is_paid_in_part_is_neither_voided_nor_issued_anew(agreement):
    invoice = issued(drafted(agreement))
    apply(cash(10, agreement.organization), invoice.lines.get(), 10)

    with pytest.raises(SomethingApplied):
        services.void_invoice(invoice, reason="Twice", **acting())
    with pytest.raises(SomethingApplied):
        services.draft_anew(invoice, reason="Wrong order", **acting())
    with pytest.raises(DatabaseError, match="nothing is applied"), transaction.atomic():
        void_by_sql(invoice)
        settle()


def void_by_sql(invoice: Invoice) -> None:
    done = {"value_on": TODAY, "reason": "Twice", "by": None, "at": at(TODAY)}
    ledger.reverse(invoice.entry, **done)
    Invoice.objects.filter(pk=invoice.pk).update(
        state="voided", voided_at=at(TODAY), voided_because="Twice"
    )
