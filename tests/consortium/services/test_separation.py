"""Who did one thing does not do the other, whatever the way round."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import Method
from consortium.policies import FOREIGN_ENTITY
from consortium.services.approvals import OwnDraft
from consortium.services.claims import AboveEvidence, OwnClaim
from consortium.services.decisions import NotDelivered, OwnOpinion, ValuedByYourself
from consortium.services.disputes import DecidedByYourself, OwnDispute
from consortium.services.interests import HasInterest
from consortium.states import ItemState, Outcome, ScreeningResult
from inm_portal.accounts.merging import merge_users
from inm_portal.kernel.models import Message, Task
from inm_portal.kernel.tasklist import NotForYou, finish_task
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import (
    FLOOR,
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
    paper,
    year_of,
)

pytestmark = pytest.mark.django_db

NOW = {"at": at(TODAY), "today": TODAY}


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def another(db):
    return staff("director")


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def year(db):
    return year_of(sign(draft(OrganizationFactory())))


def thing(year, *, by=None, valued_by, agreed_by, amount=60_000):
    """Return an item of the year that is delivered, valued and under review."""
    offered = offer(year, amount, by=by)
    delivered(offered, basis=amount, valued_by=valued_by, by=agreed_by)
    return services.review_claim(offered, by=agreed_by)


def dispute(credit, *, by, figure=60_000):
    return services.dispute_value(
        credit,
        figure=Decimal(figure),
        method=Method.APPRAISAL,
        reason="It is newer",
        at=at(TODAY),
        by=by,
    )


def settle(credit, value, *, by):
    return services.settle_dispute(
        credit, value=Decimal(value), reason="Appraised", **NOW, by=by
    )


def accept(credit, amount, *, by):
    return services.decide_credit(
        credit, accepted=Decimal(amount), reason="As valued", **NOW, by=by
    )


def outcome_of(credit) -> str:
    return type(credit).objects.with_outcome().get(pk=credit.pk).outcome


def merged_into(survivor):
    """Return the role that a second account of somebody had, now merged."""
    twin = UserFactory()
    twin.groups.set(survivor.groups.all())

    def merge():
        merge_users(survivor, merged=twin, at=timezone.now(), by=None)

    return twin, merge


def test_who_claimed_under_a_merged_account_does_not_decide(year, director):
    twin, merge = merged_into(director)
    credit = services.review_claim(claim(year, 40_000, by=twin), by=director)

    merge()

    assert not director.has_perm("consortium.decide_contributioncredit", credit)
    with pytest.raises(OwnClaim):
        accept(credit, 40_000, by=director)


def test_who_valued_under_a_merged_account_does_not_accept(year, director, another):
    twin, merge = merged_into(director)
    credit = thing(year, valued_by=twin, agreed_by=another)

    merge()

    with pytest.raises(ValuedByYourself):
        accept(credit, 60_000, by=director)


def test_who_decided_under_a_merged_account_does_not_settle(
    year, director, another, finance
):
    twin, merge = merged_into(director)
    credit = accept(thing(year, valued_by=finance, agreed_by=another), 50_000, by=twin)
    dispute(credit, by=None)

    merge()

    assert not director.has_perm("consortium.settle_contributioncredit", credit)
    with pytest.raises(DecidedByYourself):
        settle(credit, 60_000, by=director)


def test_who_claimed_under_an_account_two_merges_away_does_not_decide(year, director):
    middle = UserFactory()
    first, merge = merged_into(middle)
    credit = services.review_claim(claim(year, 40_000, by=first), by=director)

    merge()
    merge_users(director, merged=middle, at=timezone.now(), by=None)

    assert not director.has_perm("consortium.decide_contributioncredit", credit)
    assert not director.has_perm("consortium.opine_contributioncredit", credit)


def test_who_claimed_does_not_settle(year, director, another, finance):
    credit = thing(year, by=another, valued_by=finance, agreed_by=director)
    accept(credit, 50_000, by=director)
    dispute(credit, by=None)

    assert not another.has_perm("consortium.settle_contributioncredit", credit)
    with pytest.raises(OwnClaim):
        settle(credit, 60_000, by=another)


def test_who_disputes_does_not_settle(year, director, another, finance):
    credit = thing(year, valued_by=finance, agreed_by=director)
    accept(credit, 50_000, by=director)
    dispute(credit, by=another)

    assert not another.has_perm("consortium.settle_contributioncredit", credit)
    with pytest.raises(OwnDispute):
        settle(credit, 60_000, by=another)


def test_who_valued_does_not_settle(year, director, another):
    credit = thing(year, valued_by=another, agreed_by=director)
    accept(credit, 50_000, by=director)
    dispute(credit, by=None)

    with pytest.raises(ValuedByYourself):
        settle(credit, 60_000, by=another)


def test_who_offered_neither_agrees_nor_declines(year, director):
    offered = offer(year, 40_000, by=director)

    for action in ("agree", "decline"):
        name = f"consortium.{action}_contributioncredit"
        assert not director.has_perm(name, offered)
    with pytest.raises(OwnClaim):
        services.agree_to_item(offered, **NOW, by=director)
    with pytest.raises(OwnClaim):
        services.decline_item(offered, reason="No room", **NOW, by=director)
    offered.item.refresh_from_db()
    assert offered.item.state == ItemState.OFFERED


def test_the_company_is_told_that_its_offer_is_declined(year, director):
    sponsor = person_at(year.agreement.organization, "sponsor").user
    offered = offer(year, 40_000, by=sponsor)

    services.decline_item(offered, reason="No room for it", **NOW, by=director)

    mail = Message.objects.get(kind="consortium/mail/credit_decided")
    assert mail.recipient == sponsor.email
    assert "No room for it" in mail.text


def test_what_was_declined_does_not_count_by_a_dispute(year, director, another):
    offered = offer(year, 40_000)
    services.decline_item(offered, reason="No room", **NOW, by=director)
    dispute(offered, by=None, figure=40_000)

    with pytest.raises(NotDelivered):
        settle(offered, 40_000, by=another)

    assert outcome_of(offered) == Outcome.REJECTED


def test_a_dispute_does_not_raise_beyond_what_is_left_of_the_document(
    year, director, another, finance
):
    first = thing(year, valued_by=finance, agreed_by=director)
    accept(first, 40_000, by=director)
    document = paper(60_000, number=first.evidence.number)
    claim(year, 20_000, document=document, knows_earlier=True)
    dispute(first, by=None)

    with pytest.raises(AboveEvidence, match=r"\$0 is left"):
        settle(first, 60_000, by=another)


def test_a_thing_goes_back_after_its_credit_was_reversed(
    year, director, another, finance
):
    credit = accept(
        thing(year, valued_by=finance, agreed_by=another), 60_000, by=director
    )
    services.reverse_credit(credit, reason="Broken", **NOW, by=director)

    services.return_item(credit, reason="Broken", **NOW, by=director)

    credit.item.refresh_from_db()
    assert credit.item.state == ItemState.RETURNED


def barred(person, year):
    services.disclose_interest(
        year.agreement.organization,
        person=person,
        reason="Consults for them",
        from_on=IN_YEAR_1,
        at=at(IN_YEAR_1),
        by=None,
    )


def opined(credit, *, by):
    return services.give_opinion(credit, text="Fine", **NOW, by=by)


def test_who_claimed_gives_no_opinion(year):
    speaker, other = staff("finance"), staff("finance")
    credit = claim(year, 40_000, category="gift", by=speaker)

    assert not speaker.has_perm("consortium.opine_contributioncredit", credit)
    with pytest.raises(OwnClaim):
        opined(credit, by=speaker)
    assert other.has_perm("consortium.opine_contributioncredit", credit)
    opined(credit, by=other)


def test_who_gave_an_opinion_does_not_decide(year, director, another):
    credit = claim(year, 40_000, category="gift")
    opined(credit, by=staff("finance"))
    opined(credit, by=director)
    services.review_claim(credit, by=director)

    assert not director.has_perm("consortium.decide_contributioncredit", credit)
    with pytest.raises(OwnOpinion):
        accept(credit, 40_000, by=director)
    assert another.has_perm("consortium.decide_contributioncredit", credit)
    accept(credit, 40_000, by=another)


def test_case_15_an_interest_bars_from_opinions(year, director):
    credit = claim(year, 40_000, category="gift")
    barred(director, year)

    assert not director.has_perm("consortium.opine_contributioncredit", credit)
    with pytest.raises(HasInterest):
        opined(credit, by=director)


@pytest.mark.parametrize("refused", ["drafter", "editor", "barred"])
@pytest.mark.parametrize("paper_of", ["agreement", "amendment"])
def test_case_10_who_drafted_or_is_barred_does_not_approve_an_entity_abroad(
    year, director, another, paper_of, refused, sign_in, api
):
    editor = staff("program staff")
    abroad = {"contracting_entity": "Norhaven GmbH", "entity_country": "DE"}
    if paper_of == "agreement":
        written = draft(
            year.agreement.organization,
            **{"effective_on": date(2030, 1, 1), "by": director} | abroad,
        )
        services.change_draft(written, years=FLOOR, template_version="2", by=editor)
    else:
        written = amend(year.agreement, **{"by": director} | abroad)
        services.change_amendment(
            written, years={}, reason="Novation", today=TODAY, by=editor
        )
    barred_one = staff("director")
    barred(barred_one, year)
    who = {"drafter": director, "editor": editor, "barred": barred_one}[refused]
    task = Task.objects.get(kind=FOREIGN_ENTITY)
    assert task.subject_type == f"consortium.{paper_of}"

    assert not who.has_perm("kernel.finish_task", task)
    with pytest.raises(NotForYou):
        finish_task(task, outcome="Approved", at=at(TODAY), by=who)
    said = {"outcome": "Approved"}
    page = reverse("finish_task", args=[task.pk])
    assert sign_in(who).post(page, said).status_code == 403
    path = f"/api/v1/tasks/{task.pk}/finish/"
    assert api(who).post(path, said, format="json").status_code == 403
    task.refresh_from_db()
    assert task.done_at is None
    assert another.has_perm("kernel.finish_task", task)
    finish_task(task, outcome="Approved", at=at(TODAY), by=another)


def test_an_entity_abroad_of_an_amendment_that_is_abandoned_needs_no_approval(director):
    agreement = sign(draft(OrganizationFactory()))
    abroad = {"contracting_entity": "Norhaven AG", "entity_country": "DE"}
    amendment = amend(agreement, **abroad, by=director)
    open_ = Task.objects.filter(kind=FOREIGN_ENTITY, done_at=None)
    assert open_.count() == 1

    services.abandon_amendment(amendment, reason="Another way was found", by=director)

    assert not open_.exists()
    assert Task.objects.get(kind=FOREIGN_ENTITY).done_by == director


def test_who_drafted_one_paper_approves_the_entity_of_another(year, director, another):
    draft(OrganizationFactory(), by=director)
    draft(OrganizationFactory(), entity_country="DE", by=another)

    finish_task(Task.objects.get(), outcome="Approved", at=at(TODAY), by=director)


@pytest.mark.parametrize("paper_of", ["agreement", "amendment"])
def test_case_13_who_drafted_what_waits_does_not_clear_a_hit(
    year, director, another, paper_of, sign_in, api
):
    organization = year.agreement.organization
    if paper_of == "agreement":
        draft(organization, effective_on=date(2030, 1, 1), by=director)
    else:
        amend(year.agreement, payment_terms_days=60, by=director)
    screen(organization, "hit", by=director)

    with pytest.raises(OwnDraft):
        screen(organization, "cleared", by=director)
    said = {"result": "cleared", "screened_name": "A", "screened_on": TODAY}
    said |= {"note": "Another company"}
    page = reverse("consortium:record_screening", args=[organization.pk])
    assert "You drafted" in sign_in(director).post(page, said).content.decode()
    path = f"/api/v1/organizations/{organization.pk}/screenings/"
    assert api(director).post(path, said, format="json").json()["code"] == "own_draft"
    assert screen(organization, "cleared", by=another)


def test_case_15_an_interest_bars_from_clearing_a_hit(
    year, director, another, sign_in, api
):
    organization = year.agreement.organization
    screen(organization, "hit", by=another)
    barred(director, year)

    with pytest.raises(HasInterest):
        screen(organization, "cleared", by=director)
    page = reverse("consortium:record_screening", args=[organization.pk])
    assert sign_in(director).post(page, {}).status_code == 403
    path = f"/api/v1/organizations/{organization.pk}/screenings/"
    assert api(director).post(path, {}, format="json").status_code == 403


def screen(organization, result, *, by):
    return services.record_screening(
        organization,
        **{"result": ScreeningResult(result), "screened_name": "A", "note": "Another"},
        **{"screened_on": TODAY, "today": TODAY, "by": by},
    )


def test_case_15_an_interest_bars_from_recording_a_delivery(year, director, another):
    thing = agreed(offer(year, 60_000), by=another)
    services.disclose_interest(
        year.agreement.organization,
        **{"person": director, "reason": "Holds shares", "from_on": TODAY},
        **{"at": at(TODAY), "by": another},
    )

    with pytest.raises(HasInterest):
        services.deliver_item(thing, on=TODAY, today=TODAY, by=director)

    assert not director.has_perm("consortium.deliver_contributioncredit", thing)
    assert another.has_perm("consortium.deliver_contributioncredit", thing)


def test_case_15_an_interest_bars_amendments_too(year, director):
    cut = {3: services.YearTerms(Decimal(100_000), Decimal(0))}
    amendment = amend(year.agreement, years=cut)
    for action in ("sign", "waive"):
        assert director.has_perm(f"consortium.{action}_amendment", amendment)

    barred(director, year)

    for action in ("sign", "waive"):
        assert not director.has_perm(f"consortium.{action}_amendment", amendment)
    with pytest.raises(HasInterest):
        services.waive_amendment(amendment, reason="Fine", at=at(TODAY), by=director)
    with pytest.raises(HasInterest):
        sign_amendment(amendment, by=director)


def test_case_15_an_interest_that_is_disclosed_meanwhile_bars_signing(year, director):
    second = draft(
        year.agreement.organization,
        effective_on=year.agreement.ends_on,
        years=[services.YearTerms(Decimal(100_000), Decimal(0))],
    )
    barred(director, year)

    with pytest.raises(HasInterest):
        services.waive_floor(second, reason="Fine", at=at(TODAY), by=director)
    with pytest.raises(HasInterest):
        sign(second, by=director)


def test_who_left_the_company_hears_nothing_of_their_claim(year, director):
    contact = person_at(year.agreement.organization, "sponsor")
    billing = person_at(year.agreement.organization, "billing").user
    left, gone = contact.user, claim(year, 40_000, by=contact.user)
    asked = claim(year, 30_000, by=contact.user)
    services.depart_contact(contact, on=TODAY, today=TODAY, by=None)

    decide(gone, by=director)
    services.ask_for_evidence(asked, asked_for="A letter", at=at(TODAY), by=director)

    told = Message.objects.filter(
        kind__in=["consortium/mail/credit_decided", "consortium/mail/evidence_asked"]
    )
    assert left.email not in {mail.recipient for mail in told}
    assert [mail.recipient for mail in told] == [billing.email] * 2
