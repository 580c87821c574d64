"""What is given in kind: its value, by two people, its dispute, its return."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from consortium import reports, services
from consortium.models import (
    Appraisal,
    ApprovingOffice,
    Category,
    ContributionCredit,
    CreditEntry,
    EntryKind,
    InKindItem,
    Method,
    value_of,
)
from consortium.services import YearTerms
from consortium.services.claims import ContributedTooLate, NotPending
from consortium.services.decisions import (
    AboveClaim,
    NotDelivered,
    NotValued,
    ValuedByYourself,
)
from consortium.services.disputes import (
    DecidedByYourself,
    NothingDisputed,
    StillDisputed,
)
from consortium.services.in_kind import (
    ApprovalMissing,
    ApprovedAlready,
    DatedInFuture,
    DeliveredBeforeOffer,
    DeliveredInFuture,
    NotAssessing,
    NotInKind,
)
from consortium.services.interests import HasInterest
from consortium.services.valuations import AppraisalMissing
from consortium.states import ITEM_STEPS, ItemState, Outcome, YearStatus
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import Message
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    person_at,
    sign,
    sign_amendment,
)
from tests.factories.credits import (
    IN_YEAR_1,
    agreed,
    at,
    claim,
    decide,
    delivered,
    offer,
    position,
    year_of,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

AFTER_YEAR_1 = date(2026, 6, 10)
IN_YEAR_2 = date(2026, 9, 1)


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def year(db):
    return year_of(sign(draft(OrganizationFactory())))


@pytest.fixture
def accepted(year, director, finance):
    """Return software of 40,000, accepted and credited in full."""
    software = offer(year, 40_000, list_price=100_000)
    delivered(software, basis=100_000, discount=60, valued_by=finance, by=director)
    return decide(software, by=director)


def outcome(credit) -> str:
    return ContributionCredit.objects.with_outcome().get(pk=credit.pk).outcome


@pytest.mark.parametrize(
    ("method", "basis", "discount", "months", "value"),
    [
        (Method.LIST, "120000", "40", 0, "72000.00"),
        (Method.LIST, "99.99", "33.33", 0, "66.66"),
        (Method.COMPARABLES, "80000", "0", 0, "80000"),
        (Method.LEASE, "1500.50", "0", 18, "27009.00"),
        (Method.EDUCATIONAL, "12000", "0", 0, "12000"),
        (Method.APPRAISAL, "55000", "0", 0, "55000"),
        (Method.NONE, "55000", "0", 0, "0"),
    ],
)
def test_w1_a_thing_is_worth_what_its_method_says(
    method, basis, discount, months, value
):
    found = value_of(
        method,
        basis=Decimal(basis),
        discount_percent=Decimal(discount),
        months=months,
    )

    assert found == Decimal(value)


def test_cash_is_not_offered_in_kind(year):
    with pytest.raises(NotInKind):
        offer(year, 40_000, category=Category.FEE)


def assess(credit, by, **found):
    return services.assess_item(credit, today=IN_YEAR_1, by=by, **found)


def agree(credit, by):
    return services.agree_to_item(credit, at=at(IN_YEAR_1), today=IN_YEAR_1, by=by)


def approve(credit, office, by, **changes):
    told = {"approved_by": "An office", "approved_on": IN_YEAR_1} | changes
    return services.approve_item(
        credit, office=office, at=at(IN_YEAR_1), today=IN_YEAR_1, by=by, **told
    )


def appraise(credit, value, by, **changes):
    told = {"appraiser": "An appraiser", "appraised_on": IN_YEAR_1} | changes
    return services.add_appraisal(
        credit,
        value=Decimal(value),
        cost=Decimal(900),
        file=sent(),
        at=at(IN_YEAR_1),
        today=IN_YEAR_1,
        by=by,
        **told,
    )


@pytest.mark.parametrize(("present", "asked"), [*product(ItemState, repeat=2)])
def test_a_thing_takes_exactly_these_steps(present, asked):
    item = InKindItem(state=present)

    if asked in ITEM_STEPS[present]:
        item.move_to(asked)
        assert item.state == asked
    else:
        with pytest.raises(IllegalTransition):
            item.move_to(asked)


def test_a_thing_is_agreed_to_once_each_office_that_it_needs_approved(
    year, director, finance
):
    press = offer(year, 40_000, category=Category.EQUIPMENT)
    with pytest.raises(IllegalTransition):
        agree(press, director)
    with pytest.raises(NotAssessing):
        approve(press, ApprovingOffice.EHS, finance)

    assess(press, finance, needs_ehs_approval=True, needs_space_approval=True)
    with pytest.raises(ApprovalMissing, match="health and safety, Space"):
        agree(press, director)
    press.refresh_from_db()
    approve(press, ApprovingOffice.EHS, finance)
    with pytest.raises(ApprovalMissing, match="of: Space"):
        agree(press, director)
    approve(press, ApprovingOffice.SPACE, finance)
    agree(press, director)

    assert InKindItem.objects.get().state == ItemState.AGREED
    with pytest.raises(IllegalTransition):
        assess(press, finance)


def test_an_approval_is_given_once_and_not_tomorrow(year, finance):
    press = assess(offer(year, 40_000), finance)

    with pytest.raises(DatedInFuture):
        approve(press, ApprovingOffice.EHS, finance, approved_on=TODAY)
    approve(press, ApprovingOffice.EHS, finance)
    with pytest.raises(ApprovedAlready):
        approve(press, ApprovingOffice.EHS, finance)


def test_around_python_nothing_is_agreed_to_without_its_approvals(year, finance):
    assess(offer(year, 40_000), finance, needs_space_approval=True)

    with pytest.raises(IntegrityError, match="approval"), transaction.atomic():
        InKindItem.objects.update(state=ItemState.AGREED)


def test_an_appraisal_is_kept_with_its_paper_and_its_cost(year, finance):
    press = offer(year, 40_000)
    by_appraisal = {"method": Method.APPRAISAL, "at": at(TODAY), "today": TODAY}
    with pytest.raises(AppraisalMissing):
        services.value_item(press, basis=Decimal(36_000), by=finance, **by_appraisal)

    with pytest.raises(DatedInFuture):
        appraise(press, 36_000, finance, appraised_on=TODAY)
    appraisal = appraise(press, 36_000, finance)
    with pytest.raises(AppraisalMissing):
        services.value_item(press, basis=Decimal(36_001), by=finance, **by_appraisal)
    valuation = services.value_item(
        press, basis=Decimal(36_000), by=finance, **by_appraisal
    )

    assert (appraisal.cost, valuation.value) == (900, 36_000)
    assert appraisal.document.kind == "consortium.appraisal"
    with pytest.raises(DatabaseError), transaction.atomic():
        Appraisal.objects.update(value=1)


def test_its_stage_says_how_far_a_thing_has_come(year, director, finance):
    software = offer(year, 40_000)
    stages, read = [], ContributionCredit.objects.with_outcome("is_valued")

    def note():
        stages.append(str(read.get().item.stage))

    note()
    assess(software, finance)
    note()
    agree(software, director)
    note()
    services.deliver_item(software, on=IN_YEAR_1, today=IN_YEAR_1, by=finance)
    note()
    services.value_item(
        software,
        method=Method.LIST,
        basis=Decimal(40_000),
        at=at(IN_YEAR_1),
        today=IN_YEAR_1,
        by=finance,
    )
    note()
    decide(software, by=director)
    note()
    services.return_item(
        software, reason="Broken", at=at(TODAY), today=TODAY, by=director
    )
    note()

    assert stages == [
        *["offered", "assessing", "agreed", "delivered", "valued", "credited"],
        "returned",
    ]


LAST_DAY, LAST_TO_CURE = date(2026, 5, 26), date(2026, 8, 24)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (LAST_DAY, YearStatus.MET),
        (LAST_DAY + timedelta(days=1), YearStatus.CURED),
        (LAST_TO_CURE, YearStatus.CURED),
    ],
)
def test_a_thing_is_contributed_on_the_day_of_its_delivery(
    year, director, finance, on, status
):
    decide(claim(year, 460_000), by=director)
    thing = offer(year, 40_000)

    delivered(thing, basis=40_000, valued_by=finance, by=director, on=on)
    decide(thing, by=director, on=TODAY)

    assert thing.entries.get().value_on == on
    assert position(year, TODAY).status == status


def test_a_thing_that_arrives_after_the_cure_period_does_not_count(
    year, director, finance
):
    thing, late = offer(year, 40_000), LAST_TO_CURE + timedelta(days=1)
    delivered(thing, basis=40_000, valued_by=finance, by=director, on=late)

    with pytest.raises(ContributedTooLate, match="until Aug 24, 2026"):
        decide(thing, by=director, on=TODAY)
    decide(thing, 0, by=director, on=TODAY)

    assert position(year, TODAY).in_kind == 0


def test_a_dispute_does_not_count_what_was_delivered_too_late(year, director, finance):
    thing, late = offer(year, 40_000), LAST_TO_CURE + timedelta(days=1)
    delivered(thing, basis=40_000, valued_by=finance, by=director, on=late)
    decide(thing, 0, by=director, on=TODAY)
    services.dispute_value(
        thing,
        figure=Decimal(40_000),
        method=Method.LIST,
        reason="It came",
        at=at(TODAY),
        by=finance,
    )
    settling = {"reason": "It did", "at": at(TODAY), "today": TODAY}
    settling |= {"by": staff("director")}

    with pytest.raises(ContributedTooLate, match="until Aug 24, 2026"):
        services.settle_dispute(thing, value=Decimal(40_000), **settling)
    services.settle_dispute(thing, value=Decimal(0), **settling)

    assert position(year, TODAY).in_kind == 0


def test_a_thing_is_delivered_after_it_was_offered(year, director):
    thing = agreed(offer(year, 40_000), by=director)
    before = IN_YEAR_1 - timedelta(days=1)

    with pytest.raises(DeliveredBeforeOffer):
        services.deliver_item(thing, on=before, today=IN_YEAR_1, by=director)


def test_it_counts_once_it_is_valued_and_delivered(year, director, finance):
    software = offer(year, 40_000)
    with pytest.raises(NotDelivered):
        decide(software, by=director)

    agreed(software, by=director)
    with pytest.raises(DeliveredInFuture):
        services.deliver_item(
            software, on=TODAY + timedelta(days=1), today=TODAY, by=director
        )
    services.deliver_item(software, on=IN_YEAR_1, today=TODAY, by=director)
    software.refresh_from_db()
    with pytest.raises(NotValued):
        decide(software, by=director)


def test_it_takes_two_people_and_no_more_than_the_value(year, director, finance):
    software = offer(year, 40_000)
    delivered(software, basis=30_000, valued_by=finance, by=director)
    reviewed = services.review_claim(software, by=director)
    act = {"reason": "-", "at": at(TODAY), "today": TODAY}

    with pytest.raises(NotValued, match="30,000"):
        services.decide_credit(
            reviewed, accepted=Decimal("30000.01"), by=director, **act
        )
    services.value_item(
        *(software,),
        method=Method.COMPARABLES,
        basis=Decimal(30_000),
        at=at(TODAY),
        today=TODAY,
        by=director,
    )
    with pytest.raises(ValuedByYourself):
        services.decide_credit(reviewed, accepted=Decimal(30_000), by=director, **act)


def test_three_values_may_differ(accepted, finance):
    services.book_item(accepted, booked_value=Decimal(31_000), by=finance)

    item = accepted.item
    item.refresh_from_db()
    assert item.booked_value == 31_000
    assert item.donor_tax_value is None
    assert accepted.accepted == 40_000


def test_case_29_a_dispute_changes_nothing_until_it_is_settled(
    accepted, year, director
):
    dispute = {"method": Method.APPRAISAL, "reason": "It is newer", "at": at(TODAY)}
    services.dispute_value(accepted, figure=Decimal(39_000), by=None, **dispute)

    assert position(year, TODAY).credited == 40_000
    with pytest.raises(StillDisputed):
        services.dispute_value(accepted, figure=Decimal(1), by=None, **dispute)
    settle = {"reason": "Appraised", "at": at(TODAY), "today": TODAY}
    with pytest.raises(DecidedByYourself):
        services.settle_dispute(accepted, value=Decimal(35_000), by=director, **settle)

    outcome = services.settle_dispute(
        accepted,
        value=Decimal(35_000),
        appraiser="An appraiser",
        appraisal_cost=Decimal(900),
        by=staff("director"),
        **settle,
    )

    assert outcome.appraisal_cost == 900
    found = position(year_of(year.agreement, 2), TODAY)
    assert (found.credited, found.in_cash) == (-5_000, 0)
    with pytest.raises(NothingDisputed):
        services.settle_dispute(
            accepted, value=Decimal(1), by=staff("director"), **settle
        )


def test_case_29_nobody_disputes_for_more_than_was_claimed(accepted):
    figure = accepted.amount + Decimal("0.01")

    with pytest.raises(AboveClaim, match="was claimed") as refused:
        services.dispute_value(
            accepted,
            figure=figure,
            method="appraisal",
            reason="Worth more",
            at=at(TODAY),
            by=None,
        )

    assert refused.value.field == "figure"
    assert not accepted.item.disputes.exists()


def test_case_29_a_dispute_may_raise_the_credit_up_to_the_cap(year, director, finance):
    software = offer(year, 60_000)
    delivered(software, basis=60_000, valued_by=finance, by=director)
    decide(software, 40_000, by=director)
    services.dispute_value(
        software,
        figure=Decimal(60_000),
        method=Method.APPRAISAL,
        reason="It is newer",
        at=at(TODAY),
        by=None,
    )

    services.settle_dispute(
        software,
        value=Decimal(60_000),
        reason="Appraised",
        at=at(TODAY),
        today=TODAY,
        by=staff("director"),
    )

    found = position(year, TODAY)
    assert (found.in_kind, found.recognized) == (50_000, 10_000)


def test_case_30_what_goes_back_is_reversed_and_its_year_reopens(
    accepted, year, director
):
    decide(claim(year, 460_000), by=director)
    assert position(year, AFTER_YEAR_1).status == YearStatus.MET

    services.return_item(
        accepted, reason="Never installed", at=at(TODAY), today=TODAY, by=director
    )

    assert accepted.item.__class__.objects.get().state == ItemState.RETURNED
    assert outcome(accepted) == Outcome.REVERSED
    found = position(year, TODAY)
    assert (found.status, found.short) == (YearStatus.SHORT, 40_000)
    assert found.cure_until == TODAY + timedelta(days=90)
    assert position(year, TODAY - timedelta(days=1)).status == YearStatus.MET
    decide(claim(year, 40_000, on=TODAY), by=director, on=TODAY)
    assert position(year, TODAY).status == YearStatus.CURED


def test_room_under_the_cap_goes_to_what_was_only_recognized(
    accepted, year, director, finance
):
    second = offer(year, 30_000)
    delivered(second, basis=30_000, valued_by=finance, by=director)
    decide(second, by=director)
    assert position(year, TODAY).recognized == 20_000

    services.reverse_credit(
        accepted, reason="Broken", at=at(TODAY), today=TODAY, by=director
    )

    found = position(year, TODAY)
    assert (found.in_kind, found.recognized) == (30_000, 0)
    assert CreditEntry.objects.get(kind=EntryKind.RAISED).credit == second


def test_a_thing_is_declined_with_a_reason_and_its_claim_rejected(year, director):
    software = offer(year, 40_000)

    services.decline_item(
        software, reason="No room", at=at(IN_YEAR_1), today=IN_YEAR_1, by=director
    )

    assert outcome(software) == Outcome.REJECTED
    with pytest.raises(NotPending):
        services.value_item(
            software,
            method=Method.LIST,
            basis=Decimal(1),
            at=at(TODAY),
            today=TODAY,
            by=director,
        )
    with pytest.raises(IllegalTransition):
        agree(software, director)


def test_case_15_an_interest_bars_what_is_in_kind(year, director):
    software = offer(year, 40_000)
    services.disclose_interest(
        year.agreement.organization,
        person=director,
        reason="Consults for them",
        from_on=IN_YEAR_1,
        at=at(IN_YEAR_1),
        by=None,
    )

    with pytest.raises(HasInterest):
        assess(software, director)
    with pytest.raises(HasInterest):
        agree(software, director)
    with pytest.raises(HasInterest):
        approve(software, ApprovingOffice.EHS, director)
    with pytest.raises(HasInterest):
        appraise(software, 1, director)
    with pytest.raises(HasInterest):
        services.value_item(
            software,
            method=Method.LIST,
            basis=Decimal(1),
            at=at(TODAY),
            today=TODAY,
            by=director,
        )
    assert not director.has_perm("consortium.value_contributioncredit", software)


def told(kind) -> set[str]:
    """Return who got a mail of a kind; nobody gets it twice."""
    mails = Message.objects.filter(kind=f"consortium/mail/{kind}")
    people = [mail.recipient for mail in mails]
    assert len(people) == len(set(people))
    return set(people)


def test_the_company_hears_what_becomes_of_its_offer(year, director):
    sponsor = person_at(year.agreement.organization, "sponsor").user
    agreed(offer(year, 40_000), by=director)
    declined = offer(year, 30_000)

    services.decline_item(
        declined, reason="No room", at=at(IN_YEAR_1), today=IN_YEAR_1, by=director
    )

    assert told("item_agreed") == told("credit_decided") == {sponsor.email}


def test_a_dispute_is_told_to_staff_and_its_outcome_once_to_the_company(
    accepted, year, director
):
    organization = year.agreement.organization
    organization.owner = director
    organization.save()
    sponsor = person_at(organization, "sponsor").user

    services.dispute_value(
        accepted,
        figure=Decimal(39_000),
        method=Method.APPRAISAL,
        reason="It is newer",
        at=at(TODAY),
        by=sponsor,
    )
    services.settle_dispute(
        accepted,
        value=Decimal(35_000),
        reason="Appraised",
        at=at(TODAY),
        today=TODAY,
        by=staff("director"),
    )

    assert told("value_disputed") == {director.email}
    assert told("dispute_settled") == {sponsor.email}
    assert told("credit_reduced") == set()


def test_a_lower_cap_leaves_the_part_in_cash_to_be_met(year, director, finance):
    """What stands in kind above it does not stand in for cash."""
    agreement = year.agreement
    second = year_of(agreement, 2)
    thing = offer(second, 50_000, on=IN_YEAR_2)
    delivered(thing, basis=50_000, valued_by=finance, by=director, on=IN_YEAR_2)
    decide(thing, by=director, on=IN_YEAR_2)
    decide(claim(second, 250_000, on=IN_YEAR_2), by=director, on=IN_YEAR_2)
    less = {2: YearTerms(Decimal(300_000), Decimal(275_000))}
    amendment = amend(agreement, years=less)
    services.waive_amendment(amendment, reason="Asked", at=at(TODAY), by=director)
    amendment.refresh_from_db()
    sign_amendment(amendment)

    shown = position(second, TODAY)

    assert (shown.cash_part, shown.in_cash) == (270_000, 250_000)
    assert (shown.status, reports.gap_of(shown).in_cash) == ("open", 20_000)
    claim(second, 20_000, on=TODAY)
    assert reports.gap_of(position(second, TODAY)).after_pending == 0


@pytest.mark.parametrize(
    ("in_kind", "hosting", "cash", "after_pending"),
    [
        *[(0, 0, 0, 25_000), (40_000, 0, 0, 25_000), (0, 500_000, 0, 25_000)],
        *[(40_000, 0, 10_000, 15_000), (0, 500_000, 25_000, 0)],
    ],
)
def test_what_is_pending_closes_a_gap_as_far_as_it_would_count(
    year, director, finance, in_kind, hosting, cash, after_pending
):
    """The cap is full, so that only cash counts still."""
    thing = offer(year, 50_000)
    delivered(thing, basis=50_000, valued_by=finance, by=director)
    decide(thing, by=director)
    decide(claim(year, 425_000), by=director)
    if in_kind:
        offer(year, in_kind)
    if hosting:
        claim(year, hosting, category=Category.HOSTING)
    if cash:
        claim(year, cash)

    shown = position(year, IN_YEAR_1)
    credited, pending, missing, _ahead = reports.series_of([shown])

    assert reports.gap_of(shown).after_pending == after_pending
    assert pending["data"] == [25_000 - after_pending]
    assert missing["data"] == [after_pending]
    assert credited["data"] == [475_000]


@pytest.mark.parametrize(
    ("category", "amount", "after_pending"),
    [
        (Category.HOSTING, 500_000, 100_000),
        (Category.SOFTWARE, 80_000, 50_000),
        (Category.FELLOWSHIP, 80_000, 20_000),
    ],
)
def test_what_is_pending_in_kind_closes_a_gap_up_to_the_cap(
    year, director, category, amount, after_pending
):
    decide(claim(year, 400_000), by=director)
    pend = offer if category == Category.SOFTWARE else claim
    pend(year, amount, category=category)

    assert reports.gap_of(position(year, IN_YEAR_1)).after_pending == after_pending
