"""Numbered amendments: what they change, from when, and what they leave alone."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from consortium import reports, services
from consortium.models import (
    Agreement,
    Amendment,
    CommitmentYear,
    ContactRole,
    Counting,
    FloorWaiver,
    Organization,
    YearAmount,
)
from consortium.models.amendments import pro_rata
from consortium.services import YearTerms
from consortium.services.agreements import (
    BelowFloor,
    FeeAboveCommitment,
    NothingToWaive,
    SignedInFuture,
    TermOverlaps,
)
from consortium.services.amendments import (
    EntityWithoutCountry,
    NotADraftAmendment,
    NothingAmended,
    NothingCommitted,
    NotInForce,
    OutsideTerm,
    PastYear,
    YearsDoNotFollow,
)
from consortium.services.approvals import FOREIGN_ENTITY, NotApproved
from consortium.services.screenings import OnHold
from consortium.states import AmendmentState
from consortium.verbs import Verb
from inm_portal.kernel import documents, previews
from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message, Task
from inm_portal.kernel.previews import Change
from inm_portal.kernel.tasklist import finish_task
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    elsewhere,
    person_at,
    sign,
    sign_amendment,
)
from tests.kernel.files import PDF

pytestmark = pytest.mark.django_db

D, S, A = AmendmentState.DRAFT, AmendmentState.SIGNED, AmendmentState.ABANDONED
STEPS = {(D, S), (D, A)}


def year(required, fee=275_000) -> YearTerms:
    return YearTerms(Decimal(required), Decimal(fee))


@pytest.fixture
def agreement(db) -> Agreement:
    """Three years of $500,000 from May 27, 2025; year 2 is open today."""
    return sign(draft(OrganizationFactory()))


def in_force(agreement, as_known_on=None) -> list[tuple[int, int]]:
    years = CommitmentYear.objects.filter(agreement=agreement)
    rows = years.with_terms(as_known_on).order_by("number")
    return [(row.required_now, row.fee_now) for row in rows]


def waived(amendment, reason="Asked for by the member") -> Amendment:
    by = staff("director")
    return services.waive_amendment(amendment, reason=reason, at=timezone.now(), by=by)


@pytest.mark.parametrize(("present", "asked"), [*product(AmendmentState, repeat=2)])
def test_an_amendment_takes_exactly_these_steps(present, asked):
    amendment = Amendment(state=present)

    if (present, asked) in STEPS:
        amendment.move_to(asked)
        assert amendment.state == asked
    else:
        with pytest.raises(IllegalTransition):
            amendment.move_to(asked)


def test_a_draft_changes_nothing(agreement):
    amend(agreement, years={3: year(700_000)})

    assert in_force(agreement) == [(500_000, 275_000)] * 3


def test_amendments_are_numbered_and_a_number_is_not_used_again(agreement):
    first = amend(agreement, years={3: year(700_000)})
    services.abandon_amendment(first, reason="No agreement reached", by=None)

    second = amend(agreement, years={3: year(800_000)})

    assert (first.number, second.number) == (1, 2)
    assert str(second) == f"Amendment 2 to {agreement.number}"


def test_case_5_a_cut_below_the_floor_needs_a_waiver_and_leaves_the_past_year():
    """Year 2 from $500,000 to $300,000."""
    agreement = sign(draft(OrganizationFactory()))
    cut = amend(agreement, years={2: year(300_000, 200_000)})

    with pytest.raises(BelowFloor):
        sign_amendment(cut)
    signed = sign_amendment(waived(cut))

    waiver = FloorWaiver.objects.get()
    assert [amount.waiver for amount in signed.amounts.all()] == [waiver]
    assert in_force(agreement) == [
        *[(500_000, 275_000), (300_000, 200_000), (500_000, 275_000)]
    ]
    first_signed = CommitmentYear.objects.filter(agreement=agreement)
    assert {year.required for year in first_signed} == {500_000}


def test_case_5_a_year_that_is_over_is_not_amended(agreement):
    """Neither on paper, nor by a late signature, nor around Python."""
    with pytest.raises(PastYear, match="Year 1 is over"):
        amend(agreement, years={1: year(600_000)}, effective_on=date(2025, 6, 1))
    with pytest.raises(PastYear, match="Year 2 is over"):
        amend(agreement, years={2: year(600_000)}, effective_on=date(2027, 6, 1))

    late = amend(agreement, years={2: year(600_000)})
    after = date(2027, 5, 27)
    with pytest.raises(PastYear, match="Year 2 is over"):
        sign_amendment(late, signed_on=after, today=after)

    signed = sign_amendment(late)
    first = agreement.commitment_years.get(number=1)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        YearAmount.objects.create(
            commitment_year=first,
            amendment=signed,
            required=600_000,
            fee_part=0,
            recorded_on=TODAY,
        )
    assert in_force(agreement)[0] == (500_000, 275_000)


@pytest.mark.parametrize(
    ("counting", "required"),
    [
        (Counting.FULL_YEAR, Decimal(750_000)),
        # 186 of 365 days are left of a year that rises by $250,000.
        (Counting.PRO_RATA, Decimal("627397.26")),
    ],
)
def test_case_6_a_raise_in_mid_year_counts_as_it_was_chosen(
    agreement, counting, required
):
    raised = amend(
        agreement,
        years={2: year(750_000), 3: year(750_000)},
        effective_on=TODAY,
        counting=counting,
    )

    sign_amendment(raised)

    assert in_force(agreement) == [
        (500_000, 275_000),
        (required, 275_000),
        (750_000, 275_000),
    ]


@pytest.mark.parametrize(
    ("since", "amount"),
    [
        (date(2026, 1, 1), "200.00"),
        (date(2026, 7, 2), "150.14"),
        (date(2026, 12, 31), "100.27"),
    ],
)
def test_pro_rata_counts_the_days_from_the_effective_date_on(since, amount):
    span = {"first": date(2026, 1, 1), "last": date(2026, 12, 31), "since": since}

    assert pro_rata(Decimal(100), Decimal(200), **span) == Decimal(amount)


def test_the_latest_amendment_counts_as_known_on_a_day(agreement):
    march, june = date(2026, 3, 2), date(2026, 6, 1)
    first = amend(agreement, years={3: year(600_000)}, today=march)
    sign_amendment(first, signed_on=date(2026, 2, 27), today=march)
    second = amend(agreement, years={3: year(700_000)}, today=june)
    sign_amendment(second, signed_on=june, today=june)

    known = {
        day: in_force(agreement, day)[2][0]
        for day in [date(2026, 3, 1), march, date(2026, 5, 31), june, None]
    }

    # Signed in February, and recorded in March: known from March on.
    assert list(known.values()) == [500_000, 600_000, 600_000, 700_000, 700_000]


def test_lists_pages_and_figures_read_what_is_in_force(agreement):
    sign_amendment(amend(agreement, years={2: year(700_000)}, effective_on=TODAY))
    user = staff("program staff")

    member = Organization.objects.with_commitment(user, on=TODAY).get()
    commitment = reports.commitment_of(agreement, user=user, on=TODAY)
    figures = reports.consortium_figures(on=TODAY)

    assert member.required == 700_000
    assert commitment.required == 1_700_000
    assert [line.cumulative for line in commitment.lines] == [
        *[500_000, 1_200_000, 1_700_000]
    ]
    assert (figures.committed_this_year, figures.committed_over_terms) == (
        700_000,
        1_700_000,
    )
    assert Agreement.objects.with_total().get().total == 1_700_000


def test_case_10_by_novation_another_entity_takes_over_from_the_day():
    """Abroad, it is approved first."""
    agreement = sign(draft(OrganizationFactory(legal_name="Norhaven Inc.")))
    novation = amend(
        agreement,
        contracting_entity="Norhaven GmbH",
        entity_country="DE",
        effective_on=TODAY,
    )
    with pytest.raises(NotApproved):
        sign_amendment(novation)
    task = Task.objects.get(kind=FOREIGN_ENTITY)
    finish_task(task, outcome="Approved", at=timezone.now(), by=None)
    sign_amendment(novation)

    entity = {
        day: Agreement.objects.with_terms(on=day).get().contracting_entity_now
        for day in [date(2026, 11, 21), TODAY]
    }

    assert [*entity.values()] == ["Norhaven Inc.", "Norhaven GmbH"]
    assert Agreement.objects.get().contracting_entity == "Norhaven Inc."


def test_terms_change_and_the_notice_moves_with_them(agreement):
    sign_amendment(
        amend(
            agreement,
            payment_terms_days=60,
            renewal_notice_days=180,
            billing_frequency="quarterly",
            effective_on=TODAY,
        )
    )

    now = Agreement.objects.with_terms(on=TODAY).get()

    assert (now.payment_terms_days_now, now.billing_frequency_now) == (60, "quarterly")
    assert now.renewal_notice_on == date(2027, 11, 28)
    assert now.payment_terms_days == 30


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"effective_on": date(2025, 5, 26)}, OutsideTerm),
        ({"effective_on": date(2028, 5, 27)}, OutsideTerm),
        ({"years": {3: year(500_000)}}, NothingAmended),
        ({"years": {3: year(0, 0)}}, NothingCommitted),
        ({"years": {3: year(600_000, 600_001)}}, FeeAboveCommitment),
        ({"contracting_entity": "Norhaven GmbH"}, EntityWithoutCountry),
        ({"entity_country": "DE"}, EntityWithoutCountry),
    ],
)
def test_what_an_amendment_cannot_say(agreement, asked, refusal):
    with pytest.raises(refusal):
        amend(agreement, **asked)

    assert not Amendment.objects.exists()


def test_a_draft_agreement_is_changed_and_not_amended():
    with pytest.raises(NotInForce):
        amend(draft(OrganizationFactory()), years={3: year(600_000)})


def test_what_was_read_is_what_is_signed(agreement):
    amendment = amend(agreement, years={3: year(600_000)})
    services.change_amendment(amendment, years={3: year(650_000)}, today=TODAY, by=None)

    with pytest.raises(EditConflict):
        sign_amendment(amendment, version=1)

    assert in_force(agreement)[2] == (500_000, 275_000)


def test_a_waiver_was_for_the_amounts_that_it_was_granted_for(agreement):
    amendment = waived(amend(agreement, years={3: year(300_000, 0)}))

    changed = services.change_amendment(
        amendment, years={3: year(200_000, 0)}, today=TODAY, by=None
    )

    with pytest.raises(BelowFloor):
        sign_amendment(changed)


def test_there_is_nothing_to_waive_above_the_floor(agreement):
    with pytest.raises(NothingToWaive):
        waived(amend(agreement, years={3: year(600_000)}))


def test_what_is_settled_is_settled(agreement):
    signed = sign_amendment(amend(agreement, years={3: year(600_000)}))
    abandoned = services.abandon_amendment(
        amend(agreement, years={3: year(700_000)}), reason="Too much", by=None
    )

    for amendment in (signed, abandoned):
        with pytest.raises(NotADraftAmendment):
            sign_amendment(amendment)
        with pytest.raises(NotADraftAmendment):
            services.abandon_amendment(amendment, reason="Again", by=None)
        for change in ({"reason": "Another"}, {"effective_on": TODAY}):
            with (
                pytest.raises(DatabaseError, match="settled_is_immutable"),
                transaction.atomic(),
            ):
                Amendment.objects.filter(pk=amendment.pk).update(**change)
        with pytest.raises(IntegrityError, match="settled"), transaction.atomic():
            amendment.years.update(required=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        YearAmount.objects.update(required=1)


def test_the_database_refuses_the_signing_of_an_amendment_without_its_document(
    agreement,
):
    drafted = amend(agreement, payment_terms_days=60)
    told = {"state": "signed", "signed_on": TODAY, "recorded_on": TODAY}
    told |= {"signed_for_member_by": "A", "signed_for_mit_by": "B"}
    told |= {"executed_sha256": agreement.executed_sha256}

    with pytest.raises(DatabaseError, match="its own document"), transaction.atomic():
        Amendment.objects.filter(pk=drafted.pk).update(
            **told, executed=agreement.executed
        )


def test_the_executed_version_of_an_amendment_stays(agreement):
    signed = sign_amendment(amend(agreement, years={3: year(600_000)}))

    assert signed.executed_sha256 == signed.executed.sha256
    with signed.executed and documents.open_for(
        signed.executed, by=None, at=timezone.now()
    ) as file:
        assert file.read() == PDF
    with pytest.raises(documents.DocumentStays):
        documents.supersede(signed.executed, at=timezone.now(), by=None)


def test_case_11_an_amendment_is_signed_late_and_not_in_the_future(agreement):
    """Both dates are kept."""
    amendment = amend(agreement, years={3: year(600_000)}, effective_on=TODAY)
    with pytest.raises(SignedInFuture):
        sign_amendment(amendment, signed_on=date(2026, 11, 23))

    later = date(2026, 12, 2)
    signed = sign_amendment(amendment, signed_on=later, today=later)

    assert signed.days_late == 10
    facts = JournalEntry.objects.get(verb=Verb.AMENDMENT_SIGNED).facts
    assert (facts["signed_on"], facts["days_late"]) == ("2026-12-02", 10)


def test_case_13_a_hit_holds_an_amendment_too(agreement):
    amendment = amend(agreement, years={3: year(600_000)})
    services.record_screening(
        agreement.organization,
        result="hit",
        screened_name="X",
        screened_on=TODAY,
        today=TODAY,
        by=None,
    )

    with pytest.raises(OnHold):
        sign_amendment(amendment)


# --- a longer term


def extended(agreement, *years, **changes) -> Amendment:
    """Draft an amendment that adds years after the third."""
    return amend(agreement, years=dict(enumerate(years, start=4)), **changes)


def test_an_amendment_extends_the_term_by_further_years(agreement):
    first = agreement.commitment_years.count()

    signed = sign_amendment(extended(agreement, year(600_000), year(700_000, 300_000)))

    found = Agreement.objects.with_terms(on=TODAY).with_total().get()
    assert (found.term_years, found.ends_on) == (5, date(2030, 5, 26))
    assert found.renewal_notice_on == date(2030, 2, 25)
    assert found.total == 2_800_000
    assert in_force(agreement)[first:] == [(600_000, 275_000), (700_000, 300_000)]
    fourth, fifth = signed.added_years.order_by("number")
    assert (fourth.starts_on, fifth.ends_on) == (date(2028, 5, 27), date(2030, 5, 26))
    assert (fourth.added_on, found.version) == (TODAY, agreement.version + 1)
    facts = JournalEntry.objects.get(verb=Verb.AMENDMENT_SIGNED).facts
    assert facts["ends_on"] == "2030-05-26"


def test_a_draft_extends_nothing(agreement):
    extended(agreement, year(600_000))

    assert Agreement.objects.get().ends_on == date(2028, 5, 26)
    assert agreement.commitment_years.count() == 3


def test_a_longer_term_is_known_from_the_day_that_it_was_recorded(agreement):
    june = date(2026, 6, 1)
    late = extended(agreement, year(600_000), today=june)
    sign_amendment(late, signed_on=date(2026, 5, 28), today=june)
    user = staff("program staff")

    ends = [
        reports.terms_of(agreement.organization, user=user, on=day)[0].ends_on
        for day in [date(2026, 5, 31), june]
    ]

    assert ends == [date(2028, 5, 26), date(2029, 5, 26)]


def test_a_member_stays_one_until_the_longer_term_ends(agreement):
    sign_amendment(extended(agreement, year(600_000)))

    after = date(2029, 1, 1)
    assert Agreement.objects.in_force(on=after).get() == agreement


def test_years_that_are_added_reach_the_floor_or_are_waived(agreement):
    low = extended(agreement, year(600_000), year(300_000, 0))
    assert services.preview_of(low, today=TODAY).needs_waiver

    with pytest.raises(BelowFloor):
        sign_amendment(low)
    sign_amendment(waived(low))

    assert in_force(agreement)[4] == (300_000, 0)


@pytest.mark.parametrize(
    ("years", "refusal"),
    [
        ({5: year(600_000)}, YearsDoNotFollow),
        ({4: year(600_000), 6: year(600_000)}, YearsDoNotFollow),
        ({n: year(600_000) for n in range(4, 12)}, YearsDoNotFollow),
        ({4: year(600_000, 600_001)}, FeeAboveCommitment),
        ({4: year(0, 0)}, NothingCommitted),
    ],
)
def test_years_that_cannot_be_added(agreement, years, refusal):
    with pytest.raises(refusal):
        amend(agreement, years=years)


def test_a_longer_term_does_not_reach_into_the_next_agreement(agreement):
    drafted = extended(agreement, year(600_000))
    sign(draft(agreement.organization, effective_on=date(2028, 5, 27)))

    with pytest.raises(TermOverlaps):
        extended(agreement, year(600_000))
    with pytest.raises(TermOverlaps):
        sign_amendment(drafted)

    assert Agreement.objects.get(pk=agreement.pk).term_years == 3


def test_a_term_is_extended_by_one_amendment_and_then_by_the_next(agreement):
    drafted = extended(agreement, year(600_000), year(600_000))
    sign_amendment(extended(agreement, year(700_000)))

    # Year 4 is there by now: what the older draft says of it is a change.
    sign_amendment(drafted)

    assert in_force(agreement)[3:] == [(600_000, 275_000)] * 2


def test_a_year_that_was_added_is_amended_like_any_other(agreement):
    sign_amendment(extended(agreement, year(600_000)))
    sign_amendment(amend(agreement, years={4: year(650_000)}))

    assert in_force(agreement)[3] == (650_000, 275_000)
    first = services.preview_of(Amendment.objects.get(number=1), today=TODAY)
    assert [line.after for line in first.added] == [600_000]


def test_the_preview_shows_the_years_that_are_added_and_where_the_term_ends(agreement):
    longer = extended(agreement, year(600_000), renewal_notice_days=180)

    def told():
        preview = services.preview_of(longer, today=TODAY)
        (added,) = preview.added
        return (added.year.number, added.before, added.after), preview.terms[:2]

    as_draft = told()
    longer = sign_amendment(longer)

    ends = [
        Change("Term ends", "May 26, 2028", "May 26, 2029"),
        Change("Renewal notice by", "Feb 26, 2028", "Nov 27, 2028"),
    ]
    assert as_draft == told() == ((4, 0, 600_000), ends)
    letter = services.letter_of(longer, services.preview_of(longer, today=TODAY))
    assert "is added: $600,000, of it membership fee $275,000" in letter.text
    assert "Term ends: May 26, 2029 instead of May 26, 2028." in letter.text


@pytest.mark.parametrize(
    "changes", [{"required": 700_000}, {"number": 5}, {"fee_part": 0}]
)
def test_around_python_a_year_is_added_as_its_amendment_says(agreement, changes):
    signed = sign_amendment(amend(agreement, years={3: year(600_000)}))
    told = {
        **{"agreement": agreement, "number": 3, "added_by": signed, "added_on": TODAY},
        **{"starts_on": date(2028, 5, 27), "ends_on": date(2029, 5, 26)},
        **{"required": 600_000, "fee_part": 275_000, "currency": "USD"},
    }

    with pytest.raises(IntegrityError, match="does not add"), transaction.atomic():
        CommitmentYear.objects.create(**told | changes)


@pytest.mark.parametrize("years", [2, 4])
def test_around_python_a_term_neither_grows_nor_shrinks(agreement, years):
    sign_amendment(amend(agreement, years={2: year(600_000)}))

    with pytest.raises(IntegrityError, match="extends a term"), transaction.atomic():
        Agreement.objects.update(term_years=years)


# --- the preview


def test_case_5_the_preview_shows_each_year_before_and_after(agreement):
    cut = amend(agreement, years={2: year(300_000, 200_000)}, effective_on=TODAY)

    preview = services.preview_of(cut, today=TODAY)

    assert [(line.before, line.after, line.is_past) for line in preview.years] == [
        (500_000, 500_000, True),
        (500_000, 300_000, False),
        (500_000, 500_000, False),
    ]
    assert (preview.before, preview.after) == (1_500_000, 1_300_000)
    assert preview.needs_waiver


def test_once_signed_the_preview_still_tells_what_it_changed(agreement):
    raised = amend(agreement, years={3: year(600_000)}, payment_terms_days=60)
    sign_amendment(raised)
    sign_amendment(amend(agreement, years={3: year(700_000)}))

    preview = services.preview_of(Amendment.objects.get(number=2), today=TODAY)

    assert [(line.before, line.after) for line in preview.years] == [(600_000, 700_000)]
    first = services.preview_of(Amendment.objects.get(number=1), today=TODAY)
    assert first.terms == [Change("Payment terms", "30 days", "60 days")]


def test_before_is_what_the_amendment_before_it_said(agreement):
    for days in (60, 90):
        sign_amendment(amend(agreement, payment_terms_days=days))

    first, second = [
        services.preview_of(amendment, today=TODAY).terms
        for amendment in Amendment.objects.order_by("number")
    ]

    assert first == [Change("Payment terms", "30 days", "60 days")]
    assert second == [Change("Payment terms", "60 days", "90 days")]


def test_a_part_that_is_not_there_is_told_as_missing(agreement, monkeypatch):
    monkeypatch.setattr(previews, "_previewers", {})
    amendment = amend(agreement, years={3: year(600_000)})

    assert elsewhere(amendment) == [
        ("Entitlements", None),
        ("Instalments to come", None),
    ]


def test_a_part_tells_what_an_amendment_does_to_it(agreement, monkeypatch):
    monkeypatch.setattr(previews, "_previewers", {})
    amendment = amend(agreement, years={3: year(600_000)})
    seats = Change("Seats", "6", "8")

    previews.previewer("consortium.sign_amendment", "entitlements")(lambda _a: [seats])

    assert elsewhere(amendment)[0] == (
        "Entitlements",
        [seats],
    )


def test_the_letter_that_was_shown_is_the_letter_that_goes_out(agreement):
    sponsor = person_at(agreement.organization, ContactRole.SPONSOR)
    legal = person_at(agreement.organization, ContactRole.LEGAL)
    cut = amend(
        agreement, years={3: year(600_000)}, other_terms="Two seats at each event."
    )
    shown = services.letter_of(cut, services.preview_of(cut, today=TODAY))

    sign_amendment(cut)

    sent = Message.objects.filter(kind="consortium/mail/amendment_signed")
    assert {message.recipient for message in sent} == {sponsor.email, legal.email}
    assert {message.text for message in sent} == {shown.text}
    assert "$600,000 instead of $500,000" in shown.text
    assert "Other terms: Two seats at each event." in shown.text


def test_what_is_signed_is_what_the_preview_showed(agreement):
    raised = amend(agreement, years={2: year(600_000)}, counting="pro_rata")
    other = amend(agreement, years={2: year(900_000)}, effective_on=TODAY)
    read = Amendment.objects.get(pk=other.pk).version

    sign_amendment(raised, version=raised.version)

    with pytest.raises(EditConflict, match="Somebody else changed this meanwhile"):
        sign_amendment(other, version=read)
    now = Amendment.objects.get(pk=other.pk)
    assert services.preview_of(now, today=TODAY).years[1].before == 600_000
    sign_amendment(other, version=now.version)


def test_a_signing_leaves_what_is_settled_and_drafts_of_others_alone(agreement):
    gone = amend(agreement, years={3: year(700_000)})
    services.abandon_amendment(gone, reason="No", by=None)
    elsewhere = amend(sign(draft(OrganizationFactory())), years={3: year(700_000)})

    sign_amendment(amend(agreement, years={3: year(600_000)}))

    versions = Amendment.objects.filter(pk__in=[gone.pk, elsewhere.pk])
    assert set(versions.values_list("pk", "version")) == {
        (gone.pk, 2),
        (elsewhere.pk, 1),
    }


def test_a_waiver_goes_with_the_amounts_that_another_signing_changes(agreement):
    told = {"years": {2: year(400_000, 0)}, "effective_on": TODAY}
    cut = waived(amend(agreement, **told, counting="pro_rata"))
    same = waived(amend(agreement, years={3: year(450_000, 0)}))
    before = services.preview_of(cut, today=TODAY).years[1].after

    sign_amendment(amend(agreement, years={2: year(550_000)}))

    cut, same = [Amendment.objects.get(pk=one.pk) for one in (cut, same)]
    assert services.preview_of(cut, today=TODAY).years[1].after > before
    assert (cut.waiver, bool(same.waiver)) == (None, True)
    with pytest.raises(BelowFloor):
        sign_amendment(cut)
    sign_amendment(same)


def test_members_see_an_amendment_once_it_is_signed(cast):
    amendment = amend(cast.signed, years={3: year(600_000)})
    services.abandon_amendment(
        amend(cast.signed, years={3: year(700_000)}), reason="No", by=None
    )

    def seen_by(who):
        return Amendment.objects.permitted(cast[who], "view").count()

    people = [
        "sponsor",
        "billing",
        "coordinator",
        "amgen sponsor",
        "stranger",
        "auditor",
    ]
    before = [seen_by(who) for who in people]
    sign_amendment(amendment)

    assert before == [0, 0, 0, 0, 0, 2]
    assert [seen_by(who) for who in people] == [1, 1, 0, 0, 0, 2]


def test_time_alone_changes_no_amount(agreement):
    sign_amendment(amend(agreement, years={3: year(600_000)}))

    with time_machine.travel(date(2028, 1, 1)):
        assert in_force(agreement)[2] == (600_000, 275_000)
