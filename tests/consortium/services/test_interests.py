"""Case 15: who disclosed an interest in a member decides nothing about it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consortium import services
from consortium.models import Interest
from consortium.services.interests import (
    AlreadyDisclosed,
    EndsTooEarly,
    HasInterest,
    OwnInterest,
    require_no_interest,
)
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import at

pytestmark = pytest.mark.django_db

SINCE = date(2026, 1, 1)


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def organization(db):
    return OrganizationFactory()


def disclose(organization, person, **changes):
    terms = {"from_on": SINCE, "reason": "Consults for them"} | changes
    return services.disclose_interest(
        organization, person=person, at=at(TODAY), by=None, **terms
    )


@pytest.mark.parametrize(
    ("on", "is_barred"),
    [
        (SINCE - timedelta(days=1), False),
        (SINCE, True),
        (TODAY, True),
        (TODAY + timedelta(days=9), True),
        (TODAY + timedelta(days=10), False),
    ],
)
def test_an_interest_bars_from_its_first_day_up_to_its_end(
    organization, director, on, is_barred
):
    disclose(organization, director, until_on=TODAY + timedelta(days=10))

    if is_barred:
        with pytest.raises(HasInterest):
            require_no_interest(organization, on=on, by=director)
    else:
        require_no_interest(organization, on=on, by=director)


def test_an_interest_is_in_one_member(organization, director):
    disclose(organization, director)

    require_no_interest(OrganizationFactory(), on=TODAY, by=director)
    require_no_interest(organization, on=TODAY, by=staff("director"))


def test_the_journal_names_the_person_and_not_the_interest(organization, director):
    interest = disclose(organization, director)

    entry = JournalEntry.objects.get(verb=Verb.INTEREST_DISCLOSED)
    assert entry.facts == {
        "person": director.pk,
        "from_on": "2026-01-01",
        "interest": interest.pk,
    }


def test_one_interest_of_a_person_stands_at_a_time(organization, director):
    disclose(organization, director, until_on=TODAY)

    with pytest.raises(AlreadyDisclosed):
        disclose(organization, director, from_on=TODAY - timedelta(days=1))
    disclose(organization, director, from_on=TODAY)

    assert Interest.objects.count() == 2


def test_an_interest_does_not_end_before_it_starts(organization, director):
    with pytest.raises(EndsTooEarly):
        disclose(organization, director, until_on=SINCE - timedelta(days=1))


def test_somebody_else_ends_an_interest(organization, director):
    interest = disclose(organization, director)

    with pytest.raises(OwnInterest):
        services.end_interest(interest, until_on=TODAY, by=director)
    assert not director.has_perm("consortium.end_interest", interest)

    services.end_interest(interest, until_on=TODAY, by=staff("admin"))

    require_no_interest(organization, on=TODAY, by=director)


def year(required) -> services.YearTerms:
    return services.YearTerms(Decimal(required), Decimal())


def raised(paper, *, by):
    return amend(paper, years={3: year(700_000)}, by=by)


def cut_further(paper, *, by):
    years = {3: year(200_000)}
    return services.change_amendment(paper, years=years, today=TODAY, by=by)


def waived(waive):
    def perform(paper, *, by):
        return waive(paper, reason="A pilot", at=timezone.now(), by=by)

    return perform


def deviating(paper, *, by):
    words = {"clause": "4.2", "reason": "-", "agreement_says": "Two seats"}
    return services.add_deviation(paper, **words, by=by)


def removed(deviation, *, by):
    return services.remove_deviation(deviation, by=by)


def ended(paper, *, by):
    return services.terminate_agreement(
        paper,
        notice_received_on=TODAY,
        last_on=TODAY + timedelta(days=90),
        reason="The plant closes",
        today=TODAY,
        at=timezone.now(),
        by=by,
    )


#: What approves an agreement: permission, paper and act.
APPROVALS = [
    ("sign_agreement", "draft", sign),
    ("waive_agreement", "draft", waived(services.waive_floor)),
    ("add_deviation_agreement", "draft", deviating),
    ("remove_deviation", "deviation", removed),
    ("amend_agreement", "signed", raised),
    ("terminate_agreement", "signed", ended),
    ("change_amendment", "cut", cut_further),
    ("waive_amendment", "cut", waived(services.waive_amendment)),
    ("sign_amendment", "cut", sign_amendment),
]


@pytest.mark.parametrize(("name", "on", "perform"), APPROVALS)
def test_case_15_an_interest_bars_from_approving_agreements(
    organization, director, name, on, perform
):
    """In the service and on the button alike; a colleague acts."""
    signed = sign(draft(organization))
    after = signed.ends_on + timedelta(days=1)
    papers = {
        "signed": signed,
        "cut": amend(signed, years={3: year(300_000)}),
        "draft": draft(organization, years=[year(300_000)] * 3, effective_on=after),
    }
    papers["deviation"] = deviating(papers["draft"], by=None)
    disclose(organization, director)

    with pytest.raises(HasInterest):
        perform(papers[on], by=director)
    assert not director.has_perm(f"consortium.{name}", papers[on])
    assert staff("director").has_perm(f"consortium.{name}", papers[on])
