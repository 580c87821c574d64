"""The demo world: made by the services, the same each time, without a broken rule."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from consortium import services
from consortium.models import (
    DUES_RULE,
    Agreement,
    AgreementException,
    Amendment,
    AnswerKind,
    Category,
    CommitmentYear,
    Contact,
    ContributionCredit,
    CreditEntry,
    CreditNote,
    CustomerAnswer,
    EntryKind,
    ExceptionKind,
    InKindItem,
    Instalment,
    Invoice,
    InvoiceDispute,
    Organization,
    OrganizationLink,
    Receipt,
    ReceiptMethod,
    RemittanceAdvice,
    Screening,
    ValuationDispute,
    WriteOff,
)
from consortium.notifications.audiences import SPONSOR
from consortium.notifications.years import years_to_cure
from consortium.states import (
    ActState,
    AgreementState,
    AmendmentState,
    ClaimState,
    CreditNoteState,
    InvoiceState,
    ItemStage,
    ItemState,
    Outcome,
    ScreeningResult,
    Standing,
    YearStatus,
)
from inm_portal.accounts.models import User
from inm_portal.kernel import invariants
from inm_portal.kernel.models import (
    JournalEntry,
    MessageState,
    ReminderDelivery,
    ReminderState,
    ReminderStop,
)
from inm_portal.kernel.reminders.rules import rules
from inm_portal.kernel.reminders.sweeping import prepare

pytestmark = pytest.mark.django_db

FOUNDERS = [
    *["Amgen", "Autodesk", "Flex", "GE Vernova", "PTC", "Sanofi", "Siemens"],
]

#: A former member, a prospect that was refused, the parent of a founder, and prospects.
OTHERS = [
    *["Halden Robotics", "Orlan Dynamics", "Talbrook Group"],
    *["Kestrel Motors", "Ostrow Medical", "Verran Aerospace"],
]


def names() -> list[str]:
    rows = Organization.objects.order_by("name")
    return list(rows.values_list("name", flat=True))


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo world for all tests that read it; what they add is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo")
        yield
        transaction.set_rollback(True)


#: Tests that share the world run in one process.
reads_the_world = pytest.mark.xdist_group("demo world")


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_the_seven_founding_members_with_their_founding_dates():
    assert names() == sorted([*FOUNDERS, *OTHERS])
    of_founders = Agreement.objects.signed().filter(organization__is_founding=True)
    started = dict(of_founders.values_list("organization__name", "effective_on"))
    assert started == {
        name: date(2025, 5, 30 if name == "Autodesk" else 27) for name in FOUNDERS
    }


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_everybody_whom_the_readme_names_signs_in():
    people = User.objects.filter(
        email__in=["staff@inm.example", "sponsor@siemens.example", "events@ptc.example"]
    )
    assert [p.check_password("new-manufacturing-demo") for p in people] == [True] * 3


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_a_second_load_changes_nothing():
    before = JournalEntry.objects.count(), Contact.objects.count()

    call_command("seed_demo")

    assert (JournalEntry.objects.count(), Contact.objects.count()) == before


def test_copies_add_volume_and_break_no_rule():
    call_command("seed_demo", scale=2)
    call_command("seed_demo", scale=1)

    assert Organization.objects.count() == 7 + 6 + 3 * 7
    assert Agreement.objects.signed().count() == 28 + 1
    # Sanofi, and with it each copy, extended its term by two years.
    assert CommitmentYear.objects.count() == (28 + 1) * 3 + 4 * 2
    of_copies = Invoice.objects.issued().filter(organization__is_founding=False)
    assert of_copies.with_open().values("standing").distinct().count() == 3
    assert list(invariants.broken()) == []


def test_copies_do_not_fall_due_at_once():
    call_command("seed_demo", scale=20)

    for rule in rules():
        prepare(rule, at=timezone.now(), everywhere=True)

    assert not ReminderStop.objects.exists()
    assert ReminderDelivery.objects.filter(rung="due", person=None).count() == 0


def test_there_is_no_demo_world_outside_a_demo(settings):
    settings.DEMO, before = False, names()

    with pytest.raises(CommandError, match="demo mode"):
        call_command("seed_demo", scale=1)

    assert names() == before


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_agreements_stand_in_every_state_with_exceptions_of_each_kind():
    assert set(Amendment.objects.values_list("state", flat=True)) == {*AmendmentState}
    kinds = set(AgreementException.objects.values_list("kind", flat=True))
    assert kinds == {*ExceptionKind}
    assert OrganizationLink.objects.exists()
    assert list(invariants.broken()) == []


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_what_counts_toward_a_commitment_stands_in_every_state():
    told = ContributionCredit.objects.with_outcome("is_valued")
    items = InKindItem.objects.prefetch_related(Prefetch("credit", told))
    years = CommitmentYear.objects.with_position(on=timezone.localdate())
    credits = ContributionCredit.objects.with_outcome()
    for kinds, found in [
        (AgreementState, Agreement.objects.values_list("state", flat=True)),
        (ScreeningResult, Screening.objects.values_list("result", flat=True)),
        (YearStatus, years.values_list("status", flat=True)),
        (Category, credits.values_list("category", flat=True)),
        (ClaimState, credits.values_list("state", flat=True)),
        (Outcome, credits.values_list("outcome", flat=True)),
        (EntryKind, CreditEntry.objects.values_list("kind", flat=True)),
        (ItemState, items.values_list("state", flat=True)),
        (ItemStage, [item.stage for item in items]),
    ]:
        assert {*found} == {*kinds}, kinds
    disputes = ValuationDispute.objects
    assert disputes.filter(outcome=None).exists()
    assert disputes.exclude(outcome=None).exists()


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_receivables_stand_in_every_state():
    invoices = Invoice.objects.with_open()
    for kinds, found in [
        (InvoiceState, invoices.values_list("state", flat=True)),
        ({*Standing} - {Standing.CREDITED}, [one.standing for one in invoices]),
        (CreditNoteState, CreditNote.objects.values_list("state", flat=True)),
        (ActState, Receipt.objects.values_list("state", flat=True)),
        (ReceiptMethod, Receipt.objects.values_list("method", flat=True)),
        (AnswerKind, CustomerAnswer.objects.values_list("kind", flat=True)),
    ]:
        assert {*found} == {*kinds}, kinds
    assert Receipt.objects.with_left().filter(unidentified__gt=0).exists()
    assert Receipt.objects.with_left().filter(unapplied__gt=0).exists()
    assert WriteOff.objects.filter(state=ActState.PROPOSED).exists()
    assert invoices.issued().values("issued_by").distinct().count() > 1
    disputes = InvoiceDispute.objects
    assert disputes.filter(resolution=None).exists()
    assert disputes.exclude(resolution=None).exists()


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_the_wire_of_a_group_fits_what_is_open_of_its_member():
    wire = Receipt.objects.get(payer_name__startswith="Talbrook", amount=275_000)

    best = services.suggest_for_receipt(wire)[0]
    announced = RemittanceAdvice.objects.announced().get()

    assert (best.line.invoice.organization.name, best.amount) == ("Autodesk", 275_000)
    assert best.why == f"Announced as {announced}."


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_all_that_is_to_be_drafted_has_somebody_who_pays():
    waiting = Instalment.objects.to_invoice().with_issue_by()
    members = {
        one.organization for one in waiting.filter(issue_by__lte=timezone.localdate())
    }

    assert "Halden Robotics" in {member.name for member in members}
    assert all(hasattr(member, "payer_profile") for member in members)


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_reminders_of_a_cure_period_are_planned_for_the_next_weeks():
    today = timezone.localdate()
    curable = years_to_cure(SPONSOR, on=today)
    ends = [year.anchor_on - today for year in curable if year.anchor_on > today]
    assert ends
    assert all(timedelta(days=30) < left <= timedelta(days=60) for left in ends)


@reads_the_world
@pytest.mark.usefixtures("_world")
def test_the_dunning_log_tells_of_weeks_behind_us():
    written = ReminderDelivery.objects.filter(
        rule=DUES_RULE, state=ReminderState.WRITTEN
    )
    sent = {row.message.sent_at.date() for row in written.select_related("message")}

    assert len(sent) > 2
    assert all(day < timezone.localdate() for day in sent)
    assert not written.exclude(message__state=MessageState.SENT).exists()
