"""Credit notes: drafted by one person, issued by another, never above the line."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import CreditNote, Instalment
from consortium.services import Taken
from consortium.services.credit_notes import (
    AboveLine,
    CreditDraftedByYourself,
    CreditsNothing,
    IssuedTogether,
    NotCreditable,
)
from consortium.services.issuing import put_credit_note_in_force
from consortium.services.ledger import NotAnAmount
from consortium.states import CreditNoteState
from consortium.verbs import Verb
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import staff
from tests.factories.billing import (
    acting,
    credited,
    drafted,
    instalment,
    issued,
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
from tests.factories.receivables import apply, cash

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    signed = sign(draft(OrganizationFactory(), billing_frequency="quarterly"))
    payer(signed.organization)
    return signed


@pytest.fixture
def invoice(agreement):
    return issued(drafted(agreement))


def drafted_note(invoice, amount, by=None) -> CreditNote:
    taken = [Taken(invoice.lines.get(), Decimal(amount))]
    return services.draft_credit_note(
        invoice, taken=taken, reason="Agreed", at=at(TODAY), by=by
    )


def test_a_second_person_issues_what_was_drafted(invoice):
    clerk, second = staff("finance"), staff("finance")
    note = drafted_note(invoice, 50_000, by=clerk)
    with pytest.raises(CreditDraftedByYourself):
        services.issue_credit_note(note, **acting(clerk))

    note = services.issue_credit_note(note, **acting(second))

    assert (note.state, note.number) == (CreditNoteState.ISSUED, "INM-CN-2027-0001")
    assert note.entry.amount == 50_000
    entry = JournalEntry.objects.get(verb=Verb.CREDIT_NOTE_ISSUED)
    assert (entry.facts["amount"], entry.actor) == ("50000.00", second)
    assert list(invariants.broken()) == []


def test_no_more_is_taken_back_than_is_left_of_a_line(invoice):
    drafted_note(invoice, 60_000)

    with pytest.raises(AboveLine):
        drafted_note(invoice, 8_751)
    with pytest.raises(NotAnAmount):
        drafted_note(invoice, "0.001")
    with pytest.raises(CreditsNothing):
        services.draft_credit_note(
            invoice, taken=[], reason="None", at=at(TODAY), by=None
        )
    drafted_note(invoice, 8_750)


def test_what_is_not_issued_is_not_credited(agreement):
    invoice = drafted(agreement)

    with pytest.raises(NotCreditable):
        drafted_note(invoice, 1)


def test_a_draft_is_given_up_and_what_it_held_is_free(invoice):
    note = drafted_note(invoice, 68_750)

    services.abandon_credit_note(note, by=None)

    with pytest.raises(IllegalTransition):
        services.issue_credit_note(note, **acting())
    credited(invoice, 68_750)


def test_what_goes_with_a_new_invoice_is_not_issued_or_given_up_alone(invoice):
    anew = services.draft_anew(invoice, reason="Wrong order", **acting())

    with pytest.raises(IssuedTogether):
        services.issue_credit_note(anew.credit_note, **acting())
    with pytest.raises(IssuedTogether):
        services.abandon_credit_note(anew.credit_note, by=None)


def test_case_5_what_an_amendment_takes_back_is_taken_of_the_last_invoices_first(
    agreement,
):
    rows = [instalment(agreement, 2, at=one) for one in (0, 1, 2)]
    invoices = [issued(drafted(agreement, row)) for row in rows]
    lower = services.YearTerms(Decimal(500_000), Decimal(100_000))
    sign_amendment(amend(agreement, years={2: lower}))
    below = Instalment.objects.to_credit().get()
    assert below.amount == -106_250
    asked = {"reason": "Amendment 1", "at": at(TODAY), "by": None}

    notes = services.draft_credits_of(below, **asked)

    amounts = [(note.invoice, note.lines.get().amount) for note in notes]
    assert amounts == [(invoices[2], 68_750), (invoices[1], 37_500)]
    with pytest.raises(CreditsNothing):
        services.draft_credits_of(below, **asked)
    for note in notes:
        services.issue_credit_note(note, **acting())
    assert list(invariants.broken()) == []


def test_what_was_never_invoiced_is_not_taken_back(agreement):
    lower = services.YearTerms(Decimal(500_000), Decimal(100_000))
    sign_amendment(amend(agreement, years={2: lower}))
    below = Instalment.objects.to_credit().get()

    with pytest.raises(AboveLine):
        services.draft_credits_of(below, reason="Cut", at=at(TODAY), by=None)


def test_what_was_paid_is_not_taken_back_before_it_is_free_again(invoice):
    line = invoice.lines.get()
    early = drafted_note(invoice, 8_750)
    paid = cash(68_750, invoice.organization)
    apply(paid, line, 60_001)

    with pytest.raises(AboveLine):
        drafted_note(invoice, 1)
    with pytest.raises(AboveLine):
        services.issue_credit_note(early, **acting())


def test_what_was_paid_is_not_taken_back_by_sql_either(invoice):
    note = drafted_note(invoice, 8_750)
    apply(cash(68_750, invoice.organization), invoice.lines.get(), 60_001)
    settle()

    with (
        pytest.raises(DatabaseError, match="credited than is open"),
        transaction.atomic(),
    ):
        put_credit_note_in_force(note, **acting())
        settle()
