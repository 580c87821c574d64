"""Two at once, each with a connection of its own: one wins, the other is told why."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import (
    Amendment,
    CommitmentYear,
    Contact,
    ContactRole,
    ContributionCredit,
    CreditEntry,
    Evidence,
    RoleAssignment,
    ShortfallWaiver,
)
from consortium.services.agreements import NotADraft, TermOverlaps
from consortium.services.benefits import OverUse
from consortium.services.claims import AboveEvidence
from consortium.services.commitments import NotShort
from consortium.services.contacts import EmailTaken, RoleTaken
from consortium.services.disputes import NothingDisputed
from consortium.services.interests import HasInterest
from consortium.services.organizations import NameTaken
from consortium.services.reversals import NothingStands
from consortium.states import AmendmentState
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import EditConflict, IllegalTransition, Refusal
from inm_portal.kernel.models import Task
from tests.conftest import TODAY, enter
from tests.factories.accounts import UserFactory, staff
from tests.factories.benefits import benefit, entitlement, use
from tests.factories.consortium import (
    FLOOR,
    ContactFactory,
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import (
    at,
    claim,
    decide,
    delivered,
    offer,
    paper,
    position,
    year_of,
)
from tests.races import at_once, while_held

pytestmark = pytest.mark.django_db(transaction=True)

#: What an edit says of the page that it was made on.
READ = {"version": 1, "today": TODAY, "by": None}


def refusals(outcomes: list) -> list[type]:
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Refusal)]


def test_one_agreement_is_signed_once():
    agreement = draft(OrganizationFactory())

    outcomes = at_once(*[lambda: sign(agreement)] * 4)

    assert refusals(outcomes) == [NotADraft] * 3
    assert CommitmentYear.objects.count() == 3


def test_the_last_of_a_benefit_is_used_once():
    agreement = sign(draft(OrganizationFactory()))
    benefit(quantity=1)
    one = entitlement(agreement)

    outcomes = at_once(*[lambda: use(one)] * 4)

    assert refusals(outcomes) == [OverUse] * 3
    assert entitlement(agreement).left == 0


def test_two_overlapping_agreements_are_not_both_signed():
    organization = OrganizationFactory()
    first = draft(organization)
    second = draft(organization, effective_on=date(2026, 1, 1))

    outcomes = at_once(lambda: sign(first), lambda: sign(second))

    assert refusals(outcomes) == [TermOverlaps]
    assert organization.agreements.signed().count() == 1


def test_a_term_is_extended_up_to_the_next_agreement_and_not_into_it():
    agreement = sign(draft(OrganizationFactory()))
    following = draft(agreement.organization, effective_on=date(2028, 5, 27))
    longer = amend(agreement, years={4: FLOOR[0]})

    outcomes = at_once(lambda: sign(following), lambda: sign_amendment(longer))

    assert refusals(outcomes) == [TermOverlaps]


def test_two_people_do_not_both_become_sponsor():
    first = ContactFactory()
    second = ContactFactory(organization=first.organization)

    def assign(contact):
        return services.assign_role(
            contact, role=ContactRole.SPONSOR, from_on=TODAY, by=None
        )

    outcomes = at_once(lambda: assign(first), lambda: assign(second))

    assert refusals(outcomes) == [RoleTaken]
    assert RoleAssignment.objects.count() == 1


def test_one_address_is_not_added_twice():
    organization = OrganizationFactory()

    def add():
        return services.add_contact(
            organization, name="A", email="a@x.example", on=TODAY, by=None
        )

    outcomes = at_once(add, add, add)

    assert refusals(outcomes) == [EmailTaken] * 2
    assert Contact.objects.count() == 1


def test_two_edits_of_one_version_do_not_both_win():
    contact = ContactFactory()

    def rename(name):
        return services.change_contact(contact, name=name, on=TODAY, version=1, by=None)

    outcomes = at_once(lambda: rename("A"), lambda: rename("B"))

    assert refusals(outcomes) == [EditConflict]
    assert Contact.objects.get().version == 2


def test_one_name_is_not_taken_by_two():
    def add():
        return services.add_organization(
            name="Flex",
            legal_name="Flex Ltd.",
            named_since_on=TODAY,
            today=TODAY,
            by=None,
        )

    outcomes = at_once(add, add, add)

    assert refusals(outcomes) == [NameTaken] * 2


def test_two_companies_do_not_both_get_one_new_name():
    first, second = OrganizationFactory(), OrganizationFactory()

    def rename(organization):
        return services.rename_organization(
            organization,
            name="Flex",
            legal_name="Flex Ltd.",
            from_on=TODAY,
            today=TODAY,
            by=None,
        )

    outcomes = at_once(lambda: rename(first), lambda: rename(second))

    assert refusals(outcomes) == [NameTaken]


def test_one_document_is_not_claimed_beyond_its_amount_by_two():
    year = year_of(sign(draft(OrganizationFactory())))
    document = paper(100_000)

    def claim_most():
        return claim(year, 60_000, document=document, knows_earlier=True)

    outcomes = at_once(claim_most, claim_most, claim_most)

    assert refusals(outcomes) == [AboveEvidence] * 2
    assert Evidence.objects.with_used().get().left == 40_000


def test_two_things_in_kind_do_not_both_fill_the_cap():
    year = year_of(sign(draft(OrganizationFactory())))
    director, finance = UserFactory(), UserFactory()
    things = [offer(year, 40_000) for _both in range(2)]
    for thing in things:
        delivered(thing, basis=40_000, valued_by=finance, by=director)
        services.review_claim(thing, by=director)

    at_once(*[lambda thing=thing: decide_again(thing, director) for thing in things])

    found = position(year, TODAY)
    assert (found.in_kind, found.recognized) == (50_000, 30_000)


def test_one_claim_is_decided_once():
    credit = claim(year_of(sign(draft(OrganizationFactory()))), 60_000)
    director = UserFactory()
    services.review_claim(credit, by=director)

    outcomes = at_once(*[lambda: decide_again(credit, director)] * 3)

    assert refusals(outcomes) == [IllegalTransition] * 2
    assert CreditEntry.objects.get().amount == 60_000


def decide_again(credit, director):
    return services.decide_credit(
        credit,
        accepted=credit.amount,
        reason="Seen on paper",
        at=at(TODAY),
        today=TODAY,
        by=director,
    )


def test_one_credit_is_reversed_once():
    director = UserFactory()
    credit = decide(
        claim(year_of(sign(draft(OrganizationFactory()))), 60_000), by=director
    )

    def reverse():
        return services.reverse_credit(
            credit, reason="Wrong", at=at(TODAY), today=TODAY, by=director
        )

    outcomes = at_once(reverse, reverse)

    assert refusals(outcomes) == [NothingStands]
    assert ContributionCredit.objects.with_outcome().get().standing == 0


def test_excess_is_carried_once_by_two_sweeps():
    agreement = sign(draft(OrganizationFactory(), carries_forward=True))
    decide(claim(year_of(agreement), 515_000), by=UserFactory())

    def carry():
        services.carry_excess(agreement, at=at(TODAY), today=TODAY, by=None)

    at_once(carry, carry)

    (entry,) = year_of(agreement, 2).entries.all()
    assert entry.amount == 15_000


def test_one_amendment_is_signed_once_and_never_as_somebody_changes_it():
    agreement = sign(draft(OrganizationFactory()))
    raised = {3: services.YearTerms(Decimal(600_000), Decimal(0))}
    amendment = amend(agreement, years=raised)

    def change():
        return services.change_amendment(
            amendment, **{"years": {}, "other_terms": "One more seat"}, **READ
        )

    def sign_it():
        return sign_amendment(amendment, version=amendment.version)

    outcomes = at_once(sign_it, change, sign_it)

    assert len(refusals(outcomes)) == 2
    amendment = Amendment.objects.get()
    in_force = CommitmentYear.objects.with_terms().get(number=3).required_now
    is_signed = amendment.state == AmendmentState.SIGNED
    assert in_force == (600_000 if is_signed else 500_000)
    assert list(invariants.broken()) == []


def test_one_shortfall_is_waived_once():
    year, director = year_of(sign(draft(OrganizationFactory()))), UserFactory()

    def waive():
        return services.waive_shortfall(
            year, reason="A hard year", at=at(TODAY), today=TODAY, by=director
        )

    while_held(waive, lambda: refused(waive, NotShort))

    assert ShortfallWaiver.objects.get().amount == 500_000


def test_one_dispute_is_settled_once():
    year, director = year_of(sign(draft(OrganizationFactory()))), UserFactory()
    thing = offer(year, 60_000)
    delivered(thing, basis=60_000, valued_by=UserFactory(), by=director)
    decide(thing, 20_000, by=director)
    services.dispute_value(
        *(thing,),
        **{"figure": 40_000, "method": "appraisal", "reason": "It is newer"},
        **{"at": at(TODAY), "by": None},
    )
    second = UserFactory()

    def settle():
        return services.settle_dispute(
            thing,
            **{"value": Decimal(40_000), "reason": "Appraised"},
            **{"at": at(TODAY), "today": TODAY, "by": second},
        )

    outcomes = at_once(settle, settle)

    assert refusals(outcomes) == [NothingDisputed]
    assert position(year, TODAY).credited == 40_000


def test_what_is_reversed_is_not_carried_by_who_read_before():
    agreement = sign(draft(OrganizationFactory(), carries_forward=True))
    year, director = year_of(agreement), UserFactory()
    decide(claim(year, 500_000), by=director)
    extra = decide(claim(year, 15_000), by=director)
    now = {"at": at(TODAY), "today": TODAY}

    while_held(
        lambda: services.reverse_credit(extra, reason="Wrong", by=director, **now),
        lambda: services.carry_excess(agreement, by=None, **now),
    )

    years = [year, year_of(agreement, 2)]
    assert [position(one, TODAY).credited for one in years] == [500_000, 0]
    assert list(invariants.broken()) == []


def test_an_interest_that_is_disclosed_as_somebody_decides_bars_what_comes_after():
    year, director = year_of(sign(draft(OrganizationFactory()))), UserFactory()
    credit = services.review_claim(claim(year, 60_000), by=director)

    def disclose():
        return services.disclose_interest(
            year.agreement.organization,
            **{"person": director, "reason": "Consults", "from_on": TODAY},
            **{"at": at(TODAY), "by": None},
        )

    decided = partial(decide_again, credit, director)
    while_held(disclose, lambda: refused(decided, HasInterest))

    assert not CreditEntry.objects.exists()


def refused(act, refusal):
    with pytest.raises(refusal):
        act()


def test_an_interest_disclosed_while_a_task_is_finished_keeps_from_it():
    director = staff("director")
    abroad = {"contracting_entity": "Norhaven GmbH", "entity_country": "DE"}
    member = OrganizationFactory()
    draft(member, by=staff("director"), **abroad)
    task = Task.objects.get()
    client = Client()
    enter(client, director)

    def disclose():
        Task.objects.locked(task)
        services.disclose_interest(
            member,
            person=director,
            reason="Consults for them",
            from_on=TODAY,
            at=timezone.now(),
            by=None,
        )

    def finish():
        url = reverse("finish_task", args=[task.pk])
        return client.post(url, {"outcome": "Approved"})

    answer = while_held(disclose, finish)

    assert answer.status_code in {403, 422}  # by the page, or behind the lock
    assert not Task.objects.filter(done_by=director).exists()
