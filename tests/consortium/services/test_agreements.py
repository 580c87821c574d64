from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise, product

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consortium import services
from consortium.documents import AGREEMENT
from consortium.models import Agreement, AgreementYear, CommitmentYear, FloorWaiver
from consortium.models.agreements import anniversary
from consortium.services import YearTerms
from consortium.services.agreements import (
    BelowFloor,
    FeeAboveCommitment,
    NotADraft,
    NothingToWaive,
    SignedInFuture,
    TermOverlaps,
)
from consortium.services.approvals import FOREIGN_ENTITY, NotApproved
from consortium.states import AgreementState
from consortium.verbs import Verb
from inm_portal.kernel import documents
from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.files import WrongType
from inm_portal.kernel.models import JournalEntry, Message, Task
from inm_portal.kernel.tasklist import finish_task
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import (
    FLOOR,
    STARTED_ON,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from tests.kernel.files import HTML, PDF, sent

pytestmark = pytest.mark.django_db

D, S, T = AgreementState.DRAFT, AgreementState.SIGNED, AgreementState.TERMINATED
STEPS = {(D, S), (S, T)}


def year(required, fee=0) -> YearTerms:
    return YearTerms(Decimal(required), Decimal(fee))


@pytest.mark.parametrize(("present", "asked"), [*product(AgreementState, repeat=2)])
def test_an_agreement_takes_exactly_these_steps(present, asked):
    agreement = Agreement(state=present)

    if (present, asked) in STEPS:
        agreement.move_to(asked)
        assert agreement.state == asked
    else:
        with pytest.raises(IllegalTransition):
            agreement.move_to(asked)


def test_a_draft_binds_nobody():
    agreement = draft(OrganizationFactory())

    assert agreement.state == D
    assert agreement.term_years == 3
    assert agreement.ends_on == date(2028, 5, 26)
    assert not agreement.commitment_years.exists()


def test_the_signing_brings_forth_the_commitment_years():
    by = UserFactory()
    agreement = draft(
        OrganizationFactory(),
        years=[year(500_000, 275_000), year(550_000, 275_000), year(600_000)],
    )

    sign(agreement, by=by)

    years = CommitmentYear.objects.filter(agreement=agreement).order_by("number")
    assert [
        (y.number, y.starts_on, y.ends_on, y.required, y.fee_part) for y in years
    ] == [
        (1, date(2025, 5, 27), date(2026, 5, 26), 500_000, 275_000),
        (2, date(2026, 5, 27), date(2027, 5, 26), 550_000, 275_000),
        (3, date(2027, 5, 27), date(2028, 5, 26), 600_000, 0),
    ]
    entry = JournalEntry.objects.get(verb=Verb.AGREEMENT_SIGNED)
    assert (entry.actor, entry.subject_id) == (by, agreement.pk)


def test_case_11_the_effective_date_may_lie_before_the_signature():
    """Both dates are kept."""
    agreement = draft(OrganizationFactory(), effective_on=date(2026, 7, 1))

    signed = services.sign_agreement(
        agreement,
        signed_on=date(2026, 9, 15),
        signed_for_member_by="A",
        signed_for_mit_by="B",
        file=sent(),
        today=TODAY,
        at=timezone.now(),
        by=None,
    )

    assert signed.days_late == 76
    assert JournalEntry.objects.get(verb=Verb.AGREEMENT_SIGNED).facts["days_late"] == 76
    assert signed.recorded_on == TODAY
    assert (signed.effective_on, signed.signed_on) == (
        date(2026, 7, 1),
        date(2026, 9, 15),
    )


def test_nothing_is_signed_tomorrow():
    agreement = draft(OrganizationFactory())

    with pytest.raises(SignedInFuture):
        services.sign_agreement(
            agreement,
            signed_on=date(2026, 11, 23),
            signed_for_member_by="A",
            signed_for_mit_by="B",
            file=sent(),
            today=TODAY,
            at=timezone.now(),
            by=None,
        )


def test_what_is_signed_is_not_signed_again():
    agreement = sign(draft(OrganizationFactory()))

    with pytest.raises(NotADraft):
        sign(agreement)

    assert agreement.commitment_years.count() == 3


@pytest.mark.parametrize(
    "years",
    [
        pytest.param(FLOOR[:2], id="two years"),
        pytest.param([*FLOOR[:2], year("499999.99")], id="a cent below in one year"),
    ],
)
def test_below_the_floor_nothing_is_signed_without_a_waiver(years):
    agreement = draft(OrganizationFactory(), years=years)

    with pytest.raises(BelowFloor):
        sign(agreement)

    assert Agreement.objects.get().state == D


def test_a_director_waives_the_floor_with_a_reason():
    director = staff("director")
    agreement = draft(OrganizationFactory(), years=[year(300_000)])
    at = timezone.now()

    waived = services.waive_floor(agreement, reason="A pilot", at=at, by=director)
    signed = sign(waived)

    assert signed.state == S
    waiver = FloorWaiver.objects.get()
    assert (waiver.reason, waiver.granted_by, waiver.granted_at) == (
        "A pilot",
        director,
        at,
    )
    assert [y.waiver for y in signed.commitment_years.all()] == [waiver]
    assert JournalEntry.objects.get(verb=Verb.FLOOR_WAIVED).actor == director


def test_there_is_nothing_to_waive_at_the_floor():
    agreement = draft(OrganizationFactory())

    with pytest.raises(NothingToWaive):
        services.waive_floor(agreement, reason="Why?", at=timezone.now(), by=None)


def test_a_waiver_does_not_outlive_the_years_it_was_granted_for():
    agreement = draft(OrganizationFactory(), years=[year(300_000)])
    director = staff("director")
    services.waive_floor(agreement, reason="A pilot", at=timezone.now(), by=director)

    changed = services.change_draft(agreement, years=[year(200_000)], by=None)

    assert changed.waiver is None
    with pytest.raises(BelowFloor):
        sign(changed)


def test_a_waiver_stays_when_other_terms_change():
    agreement = draft(OrganizationFactory(), years=[year(300_000)])
    director = staff("director")
    services.waive_floor(agreement, reason="A pilot", at=timezone.now(), by=director)

    changed = services.change_draft(
        agreement, years=[year(300_000)], payment_terms_days=60, by=None
    )

    assert changed.waiver.reason == "A pilot"
    assert changed.payment_terms_days == 60


def test_the_fee_is_part_of_the_commitment():
    with pytest.raises(FeeAboveCommitment, match="year 2"):
        draft(
            OrganizationFactory(),
            years=[year(500_000, 500_000), year(500_000, "500000.01")],
        )


def test_a_draft_changes_its_term_with_its_years():
    agreement = draft(OrganizationFactory())

    changed = services.change_draft(
        agreement, years=[year(700_000, 300_000)] * 4, by=None
    )

    assert changed.term_years == 4
    assert changed.ends_on == date(2029, 5, 26)
    assert [y.required for y in changed.years.all()] == [700_000] * 4


def test_an_edit_of_an_older_version_is_refused():
    agreement = draft(OrganizationFactory())
    services.change_draft(agreement, years=FLOOR, payment_terms_days=45, by=None)

    with pytest.raises(EditConflict):
        services.change_draft(
            agreement, years=FLOOR, payment_terms_days=60, version=1, by=None
        )

    assert Agreement.objects.get().payment_terms_days == 45


def test_two_signed_terms_of_a_member_do_not_overlap():
    organization = OrganizationFactory()
    sign(draft(organization))
    second = draft(organization, effective_on=date(2028, 5, 26))

    with pytest.raises(TermOverlaps):
        sign(second)


def test_the_next_term_starts_the_day_after():
    organization = OrganizationFactory()
    sign(draft(organization))

    sign(draft(organization, effective_on=date(2028, 5, 27)))

    assert organization.agreements.signed().count() == 2


def test_the_executed_version_is_kept_with_its_digest():
    signed = sign(draft(OrganizationFactory()))

    document = signed.executed
    assert (document.kind, document.subject_id) == (AGREEMENT.name, signed.pk)
    assert signed.executed_sha256 == document.sha256 == sha256(PDF).hexdigest()
    facts = JournalEntry.objects.get(verb=Verb.AGREEMENT_SIGNED).facts
    assert facts["sha256"] == document.sha256


def test_what_was_signed_is_not_taken_out_of_use():
    signed = sign(draft(OrganizationFactory()))

    with pytest.raises(documents.DocumentStays):
        documents.supersede(signed.executed, at=timezone.now(), by=None)


def test_nothing_is_signed_with_a_file_that_is_none():
    agreement = draft(OrganizationFactory())

    with pytest.raises(WrongType):
        services.sign_agreement(
            agreement,
            signed_on=TODAY,
            signed_for_member_by="A",
            signed_for_mit_by="B",
            file=sent(HTML),
            today=TODAY,
            at=timezone.now(),
            by=None,
        )

    assert Agreement.objects.get().state == D


# --- an entity abroad


def tasks():
    return Task.objects.filter(kind=FOREIGN_ENTITY).order_by("pk")


def test_case_10_an_entity_abroad_is_approved_before_the_signing():
    """The group is the member, its subsidiary abroad is who owes."""
    group = OrganizationFactory(name="Norhaven", legal_name="Norhaven Inc.")
    entity = {"contracting_entity": "Norhaven GmbH", "entity_country": "DE"}
    agreement = draft(group, **entity, entity_tax_number="DE811111111")

    with pytest.raises(NotApproved):
        sign(agreement)
    finish_task(tasks().get(), outcome="Approved", at=timezone.now(), by=None)
    signed = sign(agreement)

    assert signed.is_foreign
    assert (signed.organization, signed.contracting_entity) == (group, "Norhaven GmbH")
    assert (signed.currency, signed.entity_tax_number) == ("USD", "DE811111111")


def test_another_entity_abroad_is_approved_anew_and_one_at_home_is_not():
    agreement = draft(OrganizationFactory(), entity_country="DE")
    finish_task(tasks().get(), outcome="Approved", at=timezone.now(), by=None)

    services.change_draft(agreement, years=FLOOR, entity_country="FR", by=None)
    assert [task.done_at is None for task in tasks()] == [False, True]

    services.change_draft(agreement, years=FLOOR, entity_country="US", by=None)
    assert [task.done_at is None for task in tasks()] == [False, False]
    assert sign(agreement).state == S


def test_an_entity_at_home_needs_no_approval():
    assert not draft(OrganizationFactory()).is_foreign
    assert not tasks().exists()


# --- the letter


def test_who_decides_at_the_member_reads_that_it_is_signed():
    organization = OrganizationFactory(name="Norhaven")
    readers = [person_at(organization, role) for role in ("sponsor", "legal")]
    person_at(organization, "events")

    agreement = sign(draft(organization))

    sent_out = Message.objects.filter(kind="consortium/mail/agreement_signed")
    assert {m.recipient for m in sent_out} == {reader.email for reader in readers}
    letter = sent_out[0]
    assert letter.subject == f"Agreement {agreement.number} is signed"
    for words in [
        "Dear colleagues at Norhaven,",
        "It holds from May 27, 2025 to May 26, 2028.",
        "Year 3 (May 27, 2027 to May 26, 2028): $500,000, of it membership fee",
        agreement.get_absolute_url(),
    ]:
        assert words in letter.text
    assert "$275,000" in letter.html
    assert not any(gap in letter.text for gap in ["None", "()", "  ", ": ,"])


# --- deviations

SEATS = {
    "clause": "4.2, seats",
    "template_says": "One seat on the council.",
    "agreement_says": "Two seats on the council.",
    "reason": "Two divisions take part.",
}


def test_case_12_a_deviation_is_part_of_what_is_signed():
    """Two seats where the template gives one."""
    agreement = draft(OrganizationFactory())
    added = services.add_deviation(agreement, **SEATS, by=None)

    sign(agreement)

    assert [d.agreement_says for d in agreement.deviations.all()] == [
        "Two seats on the council."
    ]
    for act in [
        lambda: services.add_deviation(agreement, **SEATS, by=None),
        lambda: services.remove_deviation(added, by=None),
    ]:
        with pytest.raises(NotADraft):
            act()
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        agreement.deviations.update(agreement_says="Three")


def test_a_deviation_makes_what_was_read_another_version():
    agreement = draft(OrganizationFactory())
    services.add_deviation(agreement, **SEATS, by=None)

    with pytest.raises(EditConflict):
        services.change_draft(agreement, years=FLOOR, version=1, by=None)


def test_a_deviation_is_taken_out_of_a_draft():
    agreement = draft(OrganizationFactory())
    added = services.add_deviation(agreement, **SEATS, by=None)

    services.remove_deviation(added, by=None)

    assert not agreement.deviations.exists()
    verbs = JournalEntry.objects.about(agreement).values_list("verb", flat=True)
    assert [*verbs][:2] == [Verb.DEVIATION_REMOVED, Verb.DEVIATION_RECORDED]


# --- around Python: the database refuses

SIGNED_BY_HAND = (
    "state = 'signed', signed_on = '2026-01-01', recorded_on = '2026-01-01',"
    " signed_for_member_by = 'A',"
    " signed_for_mit_by = 'B', executed_id = %(paper)s, executed_sha256 = %(digest)s"
)


def by_hand(agreement: Agreement, **changes) -> dict:
    """Return an agreement and a paper of it, as `SIGNED_BY_HAND` asks for them."""
    now = timezone.now()
    paper = documents.upload(sent(), kind=AGREEMENT, subject=agreement, at=now, by=None)
    told = {"id": agreement.pk, "paper": paper.pk, "digest": paper.sha256}
    return told | changes


def refused(sql: str, params: dict) -> str:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        "effective_on = effective_on + 1",
        "contracting_entity = 'Another'",
        "signed_on = signed_on - 1",
        "entity_country = 'DE'",
        "template_version = '2'",
        "executed_id = NULL",
        "executed_sha256 = repeat('0', 64)",
    ],
)
def test_an_executed_agreement_is_immutable(change):
    agreement = sign(draft(OrganizationFactory()))

    said = refused(
        f"UPDATE consortium_agreement SET {change} WHERE id = %(id)s",
        {"id": agreement.pk},
    )

    assert "executed_is_immutable" in said


def test_the_years_of_an_executed_agreement_do_not_change():
    agreement = sign(draft(OrganizationFactory()))

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        AgreementYear.objects.filter(agreement=agreement).update(required=1)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        AgreementYear.objects.create(
            agreement=agreement, number=4, required=500_000, fee_part=0
        )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE consortium_commitmentyear SET required = required + 1",
        "DELETE FROM consortium_commitmentyear",
        "DELETE FROM consortium_agreement",
        "UPDATE consortium_floorwaiver SET reason = ''",
    ],
)
def test_what_binds_is_not_changed_and_not_removed(sql):
    agreement = draft(OrganizationFactory(), years=[year(300_000)])
    director = staff("director")
    sign(services.waive_floor(agreement, reason="x", at=timezone.now(), by=director))

    assert refused(sql, {})


def commitment_year(agreement, **changes):
    values = {
        "agreement": agreement,
        "number": 9,
        "starts_on": date(2040, 1, 1),
        "ends_on": date(2040, 12, 31),
        "required": Decimal(500_000),
        "fee_part": Decimal(0),
        "currency": "USD",
    }
    return CommitmentYear.objects.create(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"required": Decimal("499999.99")}, "commitment_year_reaches_the_floor"),
        ({"fee_part": Decimal(500_001)}, "commitment_year_amounts"),
        ({"number": 1}, "commitment_year_is_unique"),
        ({"ends_on": date(2039, 12, 31)}, "commitment_year_lasts"),
        (
            {"starts_on": date(2026, 5, 26), "ends_on": date(2026, 5, 27)},
            "commitment_years_do_not_overlap",
        ),
    ],
)
def test_the_database_refuses_a_commitment_year(changes, constraint):
    agreement = sign(draft(OrganizationFactory()))

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        commitment_year(agreement, **changes)


def test_the_database_refuses_a_short_term_without_a_waiver():
    agreement = draft(OrganizationFactory(), years=FLOOR[:2])

    said = refused(
        f"UPDATE consortium_agreement SET {SIGNED_BY_HAND} WHERE id = %(id)s",
        by_hand(agreement),
    )

    assert "agreement_term_reaches_the_floor" in said


def test_the_database_refuses_the_waiver_of_another_agreement():
    """TEN-04."""
    waived = draft(OrganizationFactory(), years=[year(300_000)])
    director = staff("director")
    waived = services.waive_floor(waived, reason="x", at=timezone.now(), by=director)
    other = sign(draft(OrganizationFactory()))

    with (
        pytest.raises(IntegrityError, match="waiver_is_of_the_years_agreement"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        commitment_year(other, required=Decimal(1), waiver=waived.waiver)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "other",
    [{"paper": None}, {"digest": "0" * 64}, {"digest": ""}, {"of_another": True}],
)
def test_the_database_refuses_a_signing_without_its_document(other):
    agreement = draft(OrganizationFactory())
    of_another = by_hand(draft(OrganizationFactory()))["paper"]
    is_of_another = {**other}.pop("of_another", False)
    changes = {"paper": of_another} if is_of_another else other

    said = refused(
        f"UPDATE consortium_agreement SET {SIGNED_BY_HAND} WHERE id = %(id)s",
        by_hand(agreement, **changes),
    )

    assert "has its own document" in said


def test_two_overlapping_terms_are_refused_around_python():
    organization = OrganizationFactory()
    sign(draft(organization))
    second = draft(organization, effective_on=date(2027, 1, 1))

    said = refused(
        f"UPDATE consortium_agreement SET {SIGNED_BY_HAND} WHERE id = %(id)s",
        by_hand(second),
    )

    assert "agreement_terms_of_a_member_do_not_overlap" in said


def test_a_jump_of_states_is_refused_around_python():
    agreement = draft(OrganizationFactory())

    said = refused(
        "UPDATE consortium_agreement SET state = 'terminated' WHERE id = %(id)s",
        {"id": agreement.pk},
    )

    assert "Invalid transition" in said


@given(
    start=st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    years=st.integers(min_value=1, max_value=10),
)
def test_the_years_of_a_term_follow_each_other_without_gap(start, years):
    """W9 for dates: anchored to the first day, no term drifts."""
    agreement = Agreement(effective_on=start, term_years=years)
    spans = [agreement.year_span(number) for number in range(1, years + 1)]

    assert spans[0][0] == start
    assert all((later[0] - earlier[1]).days == 1 for earlier, later in pairwise(spans))
    assert (anniversary(start, years) - spans[-1][1]).days == 1


@pytest.mark.parametrize("start", [date(2024, 2, 29), STARTED_ON, date(2025, 12, 31)])
def test_database_and_python_agree_on_the_last_day(start):
    agreement = draft(OrganizationFactory(), effective_on=start)

    assert agreement.ends_on == agreement.year_span(3)[1]


def test_years_do_not_move_from_an_executed_agreement_to_a_draft():
    executed, other = sign(draft(OrganizationFactory())), draft(OrganizationFactory())

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        AgreementYear.objects.filter(agreement=executed).update(
            agreement=other, number=F("number") + 5
        )


def test_nobody_switches_the_triggers_off():
    agreement = sign(draft(OrganizationFactory()))

    with (
        pgtrigger.ignore("consortium.Agreement:executed_is_immutable"),
        pytest.raises(DatabaseError, match="executed_is_immutable"),
        transaction.atomic(),
    ):
        Agreement.objects.filter(pk=agreement.pk).update(cure_days=9)


@pytest.mark.parametrize(
    "terms",
    [
        {"effective_on": date(1999, 12, 31)},
        {"effective_on": date(2101, 1, 1)},
        {"renewal_notice_days": 1096},
        {"payment_terms_days": 366},
    ],
)
def test_the_database_refuses_dates_that_are_slips_of_the_keyboard(terms):
    values = {"contracting_entity": "X", "effective_on": STARTED_ON} | terms

    with (
        pytest.raises(IntegrityError, match="dates_are_of_this_century"),
        transaction.atomic(),
    ):
        services.draft_agreement(OrganizationFactory(), years=FLOOR, by=None, **values)


def test_years_alone_raise_the_version():
    agreement = draft(OrganizationFactory())
    services.change_draft(agreement, years=[year(900_000)] * 3, version=1, by=None)

    with pytest.raises(EditConflict):
        services.change_draft(agreement, years=[year(700_000)] * 3, version=1, by=None)


def test_a_change_of_nothing_is_not_journaled():
    agreement = draft(OrganizationFactory())

    services.change_draft(agreement, years=FLOOR, by=None)

    assert not JournalEntry.objects.filter(verb=Verb.AGREEMENT_CHANGED).exists()


def test_search_knows_no_numbers_but_plain_ones():
    agreement = draft(OrganizationFactory())

    assert not Agreement.objects.matching("²").exists()
    assert set(Agreement.objects.matching(f"ag-{agreement.pk}")) == {agreement}


def test_a_term_is_known_since_its_signing_was_recorded(db):
    signed = services.sign_agreement(
        draft(OrganizationFactory(), effective_on=date(2026, 1, 1)),
        signed_on=date(2026, 1, 1),
        signed_for_member_by="A",
        signed_for_mit_by="B",
        file=sent(),
        today=TODAY,
        at=timezone.now(),
        by=None,
    )
    years = CommitmentYear.objects.filter(agreement=signed)

    assert years.known(on=TODAY).count() == 3
    assert not years.known(on=TODAY - timedelta(days=1)).exists()


def test_a_day_of_signing_out_of_this_world_is_refused(cast, sign_in, program):
    drafted, told = cast.drafted, {"signed_on": "0001-01-01"}
    told |= {"signed_for_member_by": "A", "signed_for_mit_by": "B"}
    url = reverse("consortium:sign_agreement", args=[drafted.pk])
    path, etag = f"/api/v1/agreements/{drafted.pk}/sign/", {"If-Match": '"1"'}

    page = sign_in(cast["director"]).post(url, told | {"file": sent(), "version": 1})
    answer = program(cast["director"]).post(path, told | {"file": sent()}, headers=etag)

    assert (page.status_code, "signed_on" in page.context["form"].errors) == (422, True)
    assert (answer.status_code, [*answer.json()["errors"]]) == (400, ["signed_on"])
