"""What counts toward a commitment: claims, decisions, what is taken back."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, InternalError, transaction

from consortium import services, tasks
from consortium.models import (
    Category,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    EntryKind,
    Evidence,
    Office,
)
from consortium.services import Part
from consortium.services.claims import (
    AboveEvidence,
    ClaimedBefore,
    ContributedInFuture,
    ContributedTooLate,
    EvidenceDiffers,
    NotForeign,
    NotPending,
    OfferedInKind,
    OwnClaim,
    SpeaksForNobody,
    YearOfAnother,
)
from consortium.services.commitments import NotShort
from consortium.services.decisions import AboveClaim, OpinionMissing, ReasonNeeded
from consortium.services.interests import HasInterest
from consortium.services.reversals import AboveStanding, NothingStands
from consortium.states import CLAIM_STEPS, ClaimState, YearStatus
from consortium.verbs import Verb
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from tests.factories.credits import (
    IN_YEAR_1,
    at,
    claim,
    decide,
    delivered,
    offer,
    paper,
    position,
    year_of,
)
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

NOW = {"at": at(TODAY), "today": TODAY}

#: Year 1 of an agreement that started on 2025-05-27.
YEAR_1_ENDS = date(2026, 5, 26)
AFTER_YEAR_1 = date(2026, 6, 10)


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def agreement(db):
    return sign(draft(OrganizationFactory(name="Siemens")))


@pytest.fixture
def year(agreement):
    return year_of(agreement)


def carrying():
    """Return year 1 and 2 of an agreement that carries excess forward."""
    agreement = sign(draft(OrganizationFactory(), carries_forward=True))
    return year_of(agreement, 1), year_of(agreement, 2)


@pytest.mark.parametrize(("present", "asked"), [*product(ClaimState, repeat=2)])
def test_a_claim_takes_exactly_these_steps(present, asked):
    credit = ContributionCredit(state=present)

    if asked in CLAIM_STEPS[present]:
        credit.move_to(asked)
        assert credit.state == asked
    else:
        with pytest.raises(IllegalTransition):
            credit.move_to(asked)


def test_w1_in_kind_is_capped_and_pending_never_counts(year, director, finance):
    """W1: 475,000 credited, 40,000 pending, 25,000 short; then 15,000 excess, lost."""
    decide(claim(year, 275_000, category=Category.FEE), by=director)
    decide(claim(year, 150_000, category=Category.RESEARCH), by=director)
    software = offer(year, 72_000, list_price=120_000)
    delivered(software, basis=120_000, discount=40, valued_by=finance, by=director)
    assert software.item.valuations.get().value == 72_000
    decide(software, by=director)
    fellowship = claim(year, 40_000)

    found = position(year, AFTER_YEAR_1)
    assert (found.credited, found.pending, found.short) == (475_000, 40_000, 25_000)
    assert (found.in_kind, found.recognized) == (50_000, 22_000)
    assert (found.cap, found.cash_part, found.in_cash) == (50_000, 450_000, 425_000)
    assert found.cash_short == 25_000
    assert found.status == YearStatus.SHORT

    decide(fellowship, by=director, on=date(2026, 5, 20))

    found = position(year, AFTER_YEAR_1)
    assert (found.credited, found.pending, found.short) == (515_000, 0, 0)
    assert (found.excess, found.status) == (15_000, YearStatus.MET)
    services.carry_excess(
        year.agreement, at=at(AFTER_YEAR_1), today=AFTER_YEAR_1, by=None
    )
    assert position(year_of(year.agreement, 2), AFTER_YEAR_1).credited == 0


def test_w9_a_document_is_split_to_the_cent(agreement):
    """W9: 500,000 over three years is claimed whole, and not a cent more."""
    parts = ["166666.67", "166666.67", "166666.66"]
    years = agreement.commitment_years.order_by("number")
    document = paper(500_000)

    def claimed(*amounts, **said):
        return services.claim_credits(
            agreement.organization,
            paper=document,
            parts=[
                Part(year, Category.FELLOWSHIP, Decimal(amount))
                for year, amount in zip(years, amounts, strict=False)
            ],
            contributed_on=IN_YEAR_1,
            what_for="Three years of fellows",
            at=at(IN_YEAR_1),
            today=IN_YEAR_1,
            by=None,
            **said,
        )

    credits = claimed(*parts)

    assert [credit.amount for credit in credits] == [Decimal(part) for part in parts]
    evidence = Evidence.objects.with_used().get()
    assert (evidence.used, evidence.left) == (500_000, 0)
    with pytest.raises(AboveEvidence):
        claimed("0.01", knows_earlier=True)


def test_a_claim_is_told_to_the_owner_of_the_member(year, director):
    year.agreement.organization.owner = director
    year.agreement.organization.save()
    sponsor = person_at(year.agreement.organization, "sponsor").user

    credit = claim(year, 40_000, by=sponsor)

    mail = Message.objects.get(kind="consortium/mail/credit_claimed")
    assert mail.recipient == director.email
    assert "$40,000" in mail.subject
    entry = JournalEntry.objects.get(verb=Verb.CREDIT_CLAIMED)
    assert (entry.actor, entry.subject_id) == (sponsor, credit.pk)


def test_a_claim_over_several_years_is_told_in_one_mail(agreement, director):
    agreement.organization.owner = director
    agreement.organization.save()

    services.claim_credits(
        agreement.organization,
        paper=paper(100_000),
        parts=[
            Part(year_of(agreement, number), Category.FELLOWSHIP, Decimal(50_000))
            for number in (1, 2)
        ],
        contributed_on=IN_YEAR_1,
        what_for="Two fellows",
        at=at(IN_YEAR_1),
        today=IN_YEAR_1,
        by=None,
    )

    mail = Message.objects.get(kind="consortium/mail/credit_claimed")
    assert "$100,000" in mail.subject
    assert mail.text.count("$50,000 toward commitment year") == 2


def test_case_31_a_document_that_was_claimed_is_shown_before_more_is(year, agreement):
    document = paper(100_000, payer="Siemens", number="AW-1")
    first = claim(year, 60_000, document=document)
    again = document._replace(payer="SIEMENS", number=" aw-1 ")

    with pytest.raises(ClaimedBefore) as refused:
        claim(year_of(agreement, 2), 40_000, document=again)
    assert list(refused.value.evidence.credits.all()) == [first]

    claim(year_of(agreement, 2), 40_000, document=again, knows_earlier=True)
    with pytest.raises(AboveEvidence, match="\\$0 is left"):
        claim(year, "0.01", document=again, knows_earlier=True)


@pytest.mark.parametrize("number", ["INV 1", "inv-1", "Inv\u20131", " INV\u00a01 "])
def test_case_31_a_document_is_the_same_however_its_number_is_written(
    year, agreement, number
):
    first = claim(year, 60_000, document=paper(100_000, number="INV-1"))
    again = paper(100_000, number=number)

    with pytest.raises(ClaimedBefore):
        claim(year, 40_000, document=again)
    second = claim(year, 40_000, document=again, knows_earlier=True)

    assert second.evidence == first.evidence
    with pytest.raises(IntegrityError, match="there_once"), transaction.atomic():
        Evidence.objects.create(
            **{"organization": agreement.organization, "payer": "PAYER"},
            **{"number": number, "amount": 1, "dated_on": TODAY},
            recorded_at=at(TODAY),
        )


@pytest.mark.parametrize(
    ("payer", "number"),
    [
        *[(f"Siemens{sep}AG", "INV-1") for sep in ["  ", " \u2003", ", "]],
        *[("Siemens AG.", "INV-1"), ("\uff33iemens AG", "INV-1")],
        *[("Siemens AG", n) for n in ["INV/1", "INV_1", "INV-1\u200b", "\uff29NV-1"]],
    ],
)
def test_case_31_a_document_is_the_same_however_payer_and_number_are_written(
    year, payer, number
):
    first = paper(100_000, payer="Siemens AG", number="INV-1")
    claim(year, 60_000, document=first)

    with pytest.raises(ClaimedBefore):
        claim(year, 40_000, document=paper(100_000, payer=payer, number=number))


def test_letters_of_any_script_tell_payers_apart(year):
    for payer in ["三菱", "三井", "Ōmron", "Imron"]:
        claim(year, 60_000, document=paper(100_000, payer=payer, number="1"))

    keys = Evidence.objects.values_list("payer_key", flat=True)
    assert set(keys) == {"三菱", "三井", "ōmron", "imron"}


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [
        ({"payer": "S. AG", "number": "inv 1", "amount": 7_000}, True),
        ({"number": "\u0406NV-1"}, True),
        ({"number": "INV-2", "amount": 7_000}, False),
    ],
)
def test_documents_of_a_member_are_alike_by_number_or_by_amount_and_day(
    year, changes, is_shown
):
    told = {"payer": "Siemens AG", "number": "INV-1", "amount": 100_000}
    first = claim(year, 5_000, document=paper(**told))
    second = claim(year, 5_000, document=paper(**told | changes))

    found = ContributionCredit.objects.alike(second.evidence)

    assert list(found) == [first] * is_shown


def test_another_number_is_another_document(year):
    claim(year, 60_000, document=paper(100_000, number="INV-1"))

    claim(year, 60_000, document=paper(100_000, number="INV-11"))

    assert Evidence.objects.count() == 2


def abroad(amount="100000", foreign="90000", currency="EUR", **more):
    """Return an invoice in euros, with what it is in dollars."""
    return paper(amount, **more)._replace(
        foreign_amount=foreign and Decimal(foreign), foreign_currency=currency
    )


@pytest.mark.parametrize("again", [abroad(foreign="80000"), abroad(currency="CHF")])
def test_a_document_says_one_amount_in_its_own_currency(year, again):
    first = claim(year, 60_000, document=abroad(number="INV-1"))
    same = again._replace(number=first.evidence.number)

    with pytest.raises(EvidenceDiffers, match="EUR 90,000"):
        claim(year, 10_000, document=same, knows_earlier=True)
    unsaid = same._replace(foreign_amount=None, foreign_currency="")
    claim(year, 10_000, document=unsaid, knows_earlier=True)


def test_case_36_a_claim_by_a_document_in_another_currency_stays_what_was_decided(
    year, director
):
    """Credited in the currency of the agreement, whatever the rate does afterwards."""
    credit = claim(year, 100_000, category=Category.FEE, document=abroad())
    evidence = credit.evidence
    assert (evidence.currency, credit.currency) == ("USD", "USD")
    assert (evidence.foreign_amount, evidence.foreign_currency) == (90_000, "EUR")
    assert evidence.rate == Decimal("1.111111")

    decide(credit, 95_000, by=director, reason="At the rate of the day of payment")
    services.change_evidence(evidence, foreign_amount=Decimal(80_000), by=director)

    assert Evidence.objects.get().rate == Decimal("1.25")
    assert position(year, TODAY).credited == 95_000
    (entry,) = credit.entries.all()
    assert (entry.amount, entry.recognized) == (95_000, 0)
    with pytest.raises(AboveEvidence):
        services.change_evidence(evidence, amount=Decimal(94_999), by=director)


@pytest.mark.parametrize(
    ("foreign", "currency"), [("90000", ""), (None, "EUR"), ("90000", "USD")]
)
def test_case_36_an_amount_in_another_currency_names_it(
    year, director, foreign, currency
):
    with pytest.raises(NotForeign):
        claim(year, 1_000, document=abroad(foreign=foreign, currency=currency))
    evidence = claim(year, 1_000).evidence
    with pytest.raises(NotForeign):
        services.change_evidence(
            evidence,
            foreign_amount=foreign and Decimal(foreign),
            foreign_currency=currency,
            by=director,
        )

    with pytest.raises(IntegrityError, match="another_currency"), transaction.atomic():
        Evidence.objects.update(foreign_amount=foreign, foreign_currency=currency)


def test_a_document_does_not_change_with_a_second_claim(year):
    claim(year, 60_000, document=paper(100_000, number="AW-1"))

    with pytest.raises(EvidenceDiffers, match="\\$100,000"):
        claim(year, 60_000, document=paper(120_000, number="AW-1"))


def test_what_was_rejected_withdrawn_or_not_accepted_is_free_again(year, director):
    document = paper(100_000, number="AW-1")
    decide(claim(year, 100_000, document=document), 0, by=director)
    withdrawn = claim(year, 100_000, document=document, knows_earlier=True)
    services.withdraw_claim(withdrawn, at=at(IN_YEAR_1), by=director)
    partly = claim(year, 100_000, document=document, knows_earlier=True)
    decide(partly, 30_000, by=director)

    assert Evidence.objects.with_used().get().left == 70_000


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"category": Category.LOAN}, OfferedInKind, id="in kind"),
        pytest.param({"contributed_on": date(2026, 2, 3)}, ContributedInFuture, id="-"),
        pytest.param(
            {"on": TODAY, "contributed_on": date(2026, 8, 25)},
            ContributedTooLate,
            id="a day after the cure period",
        ),
    ],
)
def test_a_claim_that_cannot_count_is_refused(year, changes, refusal):
    with pytest.raises(refusal):
        claim(year, 1_000, **changes)

    assert not ContributionCredit.objects.exists()


def test_a_year_of_another_member_is_refused(agreement):
    other = sign(draft(OrganizationFactory()))

    with pytest.raises(YearOfAnother):
        services.claim_credits(
            agreement.organization,
            paper=paper(10),
            parts=[Part(year_of(other), Category.FEE, Decimal(10))],
            contributed_on=IN_YEAR_1,
            what_for="A fee",
            at=at(IN_YEAR_1),
            today=IN_YEAR_1,
            by=None,
        )


def test_a_claim_waits_for_its_evidence_and_goes_on(year, director):
    sponsor = person_at(year.agreement.organization, "sponsor").user
    credit = claim(year, 40_000, by=sponsor)

    asked = services.ask_for_evidence(
        credit, asked_for="The letter of the fellow", at=at(IN_YEAR_1), by=director
    )

    assert asked.state == ClaimState.EVIDENCE_REQUESTED
    mail = Message.objects.get(kind="consortium/mail/evidence_asked")
    assert mail.recipient == sponsor.email
    assert "The letter of the fellow" in mail.text
    assert services.review_claim(asked, by=director).state == ClaimState.UNDER_REVIEW


def test_who_claimed_does_not_decide(year, director):
    credit = services.review_claim(claim(year, 40_000, by=director), by=director)

    with pytest.raises(OwnClaim):
        services.decide_credit(
            credit,
            accepted=Decimal(1),
            reason="-",
            at=at(TODAY),
            today=TODAY,
            by=director,
        )
    with pytest.raises(IntegrityError, match="who_claimed_it"), transaction.atomic():
        ContributionCredit.objects.filter(pk=credit.pk).update(
            **{"state": "decided", "accepted": 40_000, "decided_by": director},
            decided_at=at(TODAY),
        )


def test_case_15_an_interest_bars_decisions_and_waivers(year, director):
    organization = year.agreement.organization
    disclosed = {"from_on": date(2026, 1, 1), "at": at(IN_YEAR_1), "by": None}
    services.disclose_interest(
        organization, person=director, reason="Consults for them", **disclosed
    )
    credit = services.review_claim(claim(year, 40_000, file=sent()), by=director)

    with pytest.raises(HasInterest):
        services.decide_credit(
            credit, accepted=Decimal(40_000), at=at(TODAY), today=TODAY, by=director
        )
    with pytest.raises(HasInterest):
        services.waive_shortfall(
            year, reason="A pilot", at=at(TODAY), today=TODAY, by=director
        )

    colleague = staff("director")
    assert services.decide_credit(
        credit, accepted=Decimal(40_000), at=at(TODAY), today=TODAY, by=colleague
    )


def test_what_no_file_shows_counts_with_a_reason_alone(year, director, sign_in):
    credit = services.review_claim(claim(year, 40_000), by=director)
    decision = {"accepted": Decimal(40_000), "at": at(TODAY), "today": TODAY}

    with pytest.raises(ReasonNeeded, match="No file shows it"):
        services.decide_credit(credit, **decision, by=director)
    services.decide_credit(
        credit, **decision, reason="The bursar confirmed it.", by=director
    )

    entry = JournalEntry.objects.about(credit).latest("pk")
    assert entry.facts["had_file"] is False
    page = sign_in(director).get(credit.get_absolute_url()).content.decode()
    assert "None when it was decided" in page


def test_what_a_file_shows_needs_no_reason(year, director, sign_in):
    credit = services.review_claim(claim(year, 40_000, file=sent()), by=director)

    services.decide_credit(
        credit, accepted=Decimal(40_000), at=at(TODAY), today=TODAY, by=director
    )

    assert JournalEntry.objects.about(credit).latest("pk").facts["had_file"] is True
    page = sign_in(director).get(credit.get_absolute_url()).content.decode()
    assert "None when it was decided" not in page


def test_the_database_keeps_the_reason_of_what_no_file_shows(year, director):
    credit = services.review_claim(claim(year, 40_000), by=director)
    told = {"state": ClaimState.DECIDED, "accepted": 40_000, "decided_at": at(TODAY)}

    with (
        pytest.raises(IntegrityError, match="without_a_file_has_a_reason"),
        transaction.atomic(),
    ):
        type(credit).objects.filter(pk=credit.pk).update(**told, had_file=False)


def test_case_15_an_interest_bars_from_asking_for_evidence(year, director):
    credit = claim(year, 40_000)
    asked = {"asked_for": "The invoice", "at": at(TODAY)}
    services.disclose_interest(
        year.agreement.organization,
        person=director,
        reason="Consults for them",
        from_on=date(2026, 1, 1),
        at=at(IN_YEAR_1),
        by=None,
    )

    with pytest.raises(HasInterest):
        services.ask_for_evidence(credit, **asked, by=director)
    assert not director.has_perm("consortium.ask_contributioncredit", credit)

    colleague = staff("director")
    assert colleague.has_perm("consortium.ask_contributioncredit", credit)
    services.ask_for_evidence(credit, **asked, by=colleague)


def test_case_15_an_interest_bars_by_permission_too(year, director):
    credit = services.review_claim(claim(year, 40_000), by=director)
    assert director.has_perm("consortium.decide_contributioncredit", credit)
    assert director.has_perm("consortium.waive_commitmentyear", year)
    assert director.has_perm("consortium.sign_agreement", year.agreement)

    services.disclose_interest(
        year.agreement.organization,
        person=director,
        reason="Consults for them",
        from_on=date(2026, 1, 1),
        at=at(IN_YEAR_1),
        by=None,
    )

    assert not director.has_perm("consortium.decide_contributioncredit", credit)
    assert not director.has_perm("consortium.waive_commitmentyear", year)
    assert not director.has_perm("consortium.sign_agreement", year.agreement)
    assert not director.has_perm("consortium.waive_agreement", year.agreement)


@pytest.mark.parametrize(
    ("category", "accepted", "reason", "refusal"),
    [
        (Category.FELLOWSHIP, "40000.01", "-", AboveClaim),
        (Category.FELLOWSHIP, "39999.99", "", ReasonNeeded),
        (Category.FELLOWSHIP, "0", "", ReasonNeeded),
        (Category.RESEARCH, "40000", "", ReasonNeeded),
        (Category.EDUCATION, "40000", "", ReasonNeeded),
        (Category.DUES, "40000", "", ReasonNeeded),
        (Category.GIFT, "40000", "Thanks", OpinionMissing),
    ],
)
def test_the_rules_of_a_category_hold(
    year, director, category, accepted, reason, refusal
):
    credit = claim(year, 40_000, category=category)

    with pytest.raises(refusal):
        decide(credit, accepted, by=director, reason=reason)

    assert not CreditEntry.objects.exists()


def test_a_gift_counts_once_finance_and_counsel_were_heard(year, director, finance):
    credit = claim(year, 40_000, category=Category.GIFT)
    with pytest.raises(SpeaksForNobody):
        services.give_opinion(credit, text="Fine", **NOW, by=staff("admin"))
    for who in [finance, staff("program staff")]:
        services.give_opinion(credit, text="Fine", **NOW, by=who)
    offices = set(credit.opinions.values_list("office", flat=True))
    assert offices == {Office.FINANCE, Office.LEGAL}

    decide(credit, by=director)

    assert position(year, TODAY).credited == 40_000
    with pytest.raises(NotPending):
        services.give_opinion(credit, text="No", **NOW, by=finance)


def test_hosting_is_recognized_and_never_credited(year, director):
    decide(claim(year, 40_000, category=Category.HOSTING), by=director)

    found = position(year, TODAY)
    assert (found.credited, found.recognized) == (0, 40_000)


def test_a_decision_is_told_to_who_claimed_and_to_those_who_see_it(year, director):
    organization = year.agreement.organization
    sponsor = person_at(organization, "sponsor").user
    person_at(organization, "events")
    billing = person_at(organization, "billing").user
    claimed_by = staff("program staff")

    decide(claim(year, 40_000, by=claimed_by), 30_000, by=director, reason="A part")

    mails = Message.objects.filter(kind="consortium/mail/credit_decided")
    told = {sponsor.email, billing.email, claimed_by.email}
    assert {mail.recipient for mail in mails} == told
    assert "$30,000 of $40,000" in mails[0].subject
    assert "A part" in mails[0].text


def test_case_32_a_contract_that_is_cut_reduces_its_credit_today(year, director):
    document = paper(100_000, number="AW-1")
    credit = decide(claim(year, 100_000, document=document), by=director)
    in_cure = date(2026, 7, 1)
    with pytest.raises(AboveEvidence):
        services.change_evidence(credit.evidence, amount=Decimal(70_000), by=director)

    services.reduce_credit(
        credit,
        amount=Decimal(30_000),
        reason="Cut by amendment",
        at=at(in_cure),
        today=in_cure,
        by=director,
    )
    services.change_evidence(credit.evidence, amount=Decimal(70_000), by=director)

    assert position(year, in_cure).credited == 70_000
    assert position(year, in_cure - timedelta(days=1)).credited == 100_000
    entry = CreditEntry.objects.get(kind=EntryKind.REDUCED)
    assert (entry.amount, entry.value_on) == (-30_000, in_cure)


def test_case_32_in_a_closed_year_the_cut_falls_into_the_open_one(
    year, agreement, director
):
    credit = decide(claim(year, 100_000), by=director)

    services.reduce_credit(
        credit,
        amount=Decimal(30_000),
        reason="Cut by amendment",
        at=at(TODAY),
        today=TODAY,
        by=director,
    )

    assert position(year, TODAY).credited == 100_000
    assert position(year_of(agreement, 2), TODAY).credited == -30_000


def test_no_more_is_taken_back_than_stands(year, director):
    credit = decide(claim(year, 100_000), 60_000, by=director)
    act = {"reason": "-", "at": at(TODAY), "today": TODAY, "by": director}

    with pytest.raises(AboveStanding, match="60,000"):
        services.reduce_credit(credit, amount=Decimal("60000.01"), **act)
    services.reverse_credit(credit, **act)
    with pytest.raises(NothingStands):
        services.reverse_credit(credit, **act)


def test_case_33_a_reversal_is_told_with_twenty_days_to_appeal(year, director):
    sponsor = person_at(year.agreement.organization, "sponsor").user
    credit = decide(
        claim(year, 40_000, category=Category.RESEARCH, by=sponsor), by=director
    )

    services.reverse_credit(
        credit,
        reason="It is about logistics",
        at=at(date(2026, 3, 2)),
        today=date(2026, 3, 2),
        by=director,
    )

    (mail,) = Message.objects.filter(kind="consortium/mail/credit_reversed")
    assert mail.recipient == sponsor.email
    assert "Mar 22, 2026" in mail.text
    assert "It is about logistics" in mail.text
    assert position(year, TODAY).credited == 0
    assert credit.entries.count() == 2


def test_case_34_a_year_that_ends_short_is_cured_within_its_period(year, director):
    decide(claim(year, 475_000), by=director)
    last_day = date(2026, 8, 24)
    assert position(year, YEAR_1_ENDS).status == YearStatus.OPEN
    found = position(year, AFTER_YEAR_1)
    assert (found.status, found.short) == (YearStatus.SHORT, 25_000)
    assert found.cure_until == last_day

    decide(claim(year, 25_000, on=last_day), by=director, on=last_day)

    assert position(year, last_day).status == YearStatus.CURED
    assert position(year, AFTER_YEAR_1).status == YearStatus.SHORT


def test_case_35_what_was_paid_in_the_year_and_decided_later_meets_it(year, director):
    """Its value date lies in the year, so that it was short only as known."""
    credit = claim(year, 500_000, contributed_on=YEAR_1_ENDS, on=AFTER_YEAR_1)

    decide(credit, by=director, on=TODAY)

    assert position(year, TODAY).status == YearStatus.MET
    assert position(year, TODAY - timedelta(days=1)).status == YearStatus.SHORT
    assert position(year, AFTER_YEAR_1).pending == 500_000
    assert position(year, TODAY).pending == 0


def test_a_director_waives_what_is_short_and_no_more(year, director):
    credit = decide(claim(year, 475_000), by=director)
    act = {"reason": "A hard year", "at": at(TODAY), "today": TODAY, "by": director}

    services.waive_shortfall(year, **act)

    assert position(year, TODAY).status == YearStatus.WAIVED
    assert position(year, TODAY - timedelta(days=1)).status == YearStatus.SHORT
    entry = JournalEntry.objects.get(verb=Verb.SHORTFALL_WAIVED)
    assert entry.facts["amount"] == "25000.00"
    with pytest.raises(NotShort):
        services.waive_shortfall(year, **act)
    services.reverse_credit(credit, **act)
    assert position(year, TODAY).status == YearStatus.SHORT


def test_an_open_year_has_nothing_to_waive(agreement, director):
    with pytest.raises(NotShort):
        services.waive_shortfall(
            year_of(agreement, 2), reason="-", at=at(TODAY), today=TODAY, by=director
        )


def test_excess_is_carried_where_it_was_agreed_with_a_link_back(director):
    year, following = carrying()
    decide(claim(year, 515_000), by=director)
    act = {"at": at(TODAY), "today": TODAY, "by": None}

    for _twice in range(2):
        services.carry_excess(year.agreement, **act)

    found = position(year, TODAY)
    assert (found.credited, found.excess, found.status) == (500_000, 0, YearStatus.MET)
    entry = following.entries.get()
    assert (entry.amount, entry.carried_from, entry.kind) == (
        *(15_000, year),
        EntryKind.CARRIED,
    )
    assert position(following, TODAY).credited == 15_000


def test_what_was_carried_comes_back_when_its_year_needs_it(director):
    year, following = carrying()
    decide(claim(year, 500_000), by=director)
    extra = decide(claim(year, 15_000), by=director)
    act = {"at": at(TODAY), "today": TODAY, "by": director}
    services.carry_excess(year.agreement, **act)

    services.reverse_credit(extra, reason="Bounced", **act)

    assert position(year, TODAY).credited == 500_000
    assert position(following, TODAY).credited == 0


def test_what_is_carried_is_carried_on_by_a_year_that_is_met(director):
    year, following = carrying()
    decide(claim(year, 515_000), by=director)
    decide(claim(following, 500_000), by=director)
    after_year_2 = date(2027, 6, 10)

    services.carry_excess(
        year.agreement, at=at(after_year_2), today=after_year_2, by=None
    )

    years = [year, following, year_of(year.agreement, 3)]
    credited = [position(one, after_year_2).credited for one in years]
    assert credited == [500_000, 500_000, 15_000]


def test_the_night_carries_what_ended_since(director):
    year, following = carrying()
    decide(claim(year, 515_000), by=director)

    with time_machine.travel(at(TODAY)):
        tasks.carry_excess()
        tasks.carry_excess()

    assert following.entries.get().amount == 15_000


def test_nothing_is_carried_while_the_year_runs(director):
    year, following = carrying()
    decide(claim(year, 515_000), by=director, on=YEAR_1_ENDS)

    services.carry_excess(
        year.agreement, at=at(YEAR_1_ENDS), today=YEAR_1_ENDS, by=None
    )

    assert position(following, TODAY).credited == 0


def around_python(what):
    """What a statement that goes around Python is refused by."""
    return pytest.raises((DatabaseError, InternalError), match=what)


def test_around_python_a_claim_does_not_change(year, director):
    credit = claim(year, 40_000)
    rows = ContributionCredit.objects.filter(pk=credit.pk)

    with around_python("claim_is_fixed|Cannot update"), transaction.atomic():
        rows.update(amount=50_000)
    decide(credit, by=director)
    with around_python("decision_is_final|Cannot update"), transaction.atomic():
        rows.update(accepted=30_000)
    with around_python("delete"), transaction.atomic():
        rows.delete()
    with around_python("denied|append|Cannot"), transaction.atomic():
        CreditEntry.objects.update(amount=1)


def test_around_python_the_claims_on_a_document_do_not_exceed_it(year):
    credit = claim(year, 40_000)
    credit.pk = None

    with around_python("exceed its amount"), transaction.atomic():
        credit.save(force_insert=True)


def test_around_python_a_credit_is_of_one_member(year):
    credit = claim(year, 40_000, document=paper(100_000))
    credit.pk, credit.commitment_year = (
        None,
        year_of(sign(draft(OrganizationFactory()))),
    )

    with around_python("of one member"), transaction.atomic():
        credit.save(force_insert=True)


def test_around_python_no_more_is_taken_back_than_was_given(year, director):
    credit = decide(claim(year, 40_000), by=director)

    with around_python("taken back"), transaction.atomic():
        CreditEntry.objects.create(
            credit=credit,
            commitment_year=year,
            kind=EntryKind.REDUCED,
            amount=-40_001,
            value_on=TODAY,
            recorded_at=at(TODAY),
            reason="Why not",
        )


def test_position_is_read_at_a_fixed_cost(agreement, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(CommitmentYear.objects.with_position(on=TODAY))


def told(kind) -> set[str]:
    """Return who got a mail of a kind; nobody gets it twice."""
    mails = Message.objects.filter(kind=f"consortium/mail/{kind}")
    people = [mail.recipient for mail in mails]
    assert len(people) == len(set(people))
    return set(people)


def test_who_reviews_hears_that_the_evidence_came(year, director):
    organization = year.agreement.organization
    organization.owner = director
    organization.save()
    sponsor = person_at(organization, "sponsor").user
    asked = services.ask_for_evidence(
        claim(year, 40_000, by=sponsor), asked_for="The letter", at=at(TODAY), by=None
    )

    services.answer_with_evidence(asked, file=sent(), at=at(TODAY), by=sponsor)

    assert told("evidence_asked") == {sponsor.email}
    assert told("evidence_added") == {director.email}


def test_who_adds_evidence_does_not_take_the_claim_under_review(year, director):
    asked = services.ask_for_evidence(
        claim(year, 40_000), asked_for="The letter", at=at(TODAY), by=director
    )

    answered = services.answer_with_evidence(
        asked, file=sent(), at=at(TODAY), by=asked.claimed_by
    )

    assert answered.state == ClaimState.UNDER_REVIEW
    assert JournalEntry.objects.about(asked).first().verb == Verb.EVIDENCE_ADDED


def test_a_waiver_is_told_to_those_who_see_the_commitment(year, director):
    sponsor = person_at(year.agreement.organization, "sponsor").user
    decide(claim(year, 475_000), by=director)

    services.waive_shortfall(
        year, reason="Late", at=at(AFTER_YEAR_1), today=AFTER_YEAR_1, by=director
    )

    assert told("shortfall_waived") == {sponsor.email}
    mail = Message.objects.get(kind="consortium/mail/shortfall_waived")
    assert "$25,000" in mail.subject
