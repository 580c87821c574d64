"""What each person finds on signing in."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortium.models import CommitmentYear, Contact, ContactRole
from inm_portal.kernel.models import JournalEntry
from seed_projects import services

from ..conftest import TODAY
from ..factories import calls, proposals
from ..factories.accounts import UserFactory
from ..factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    draft,
    sign,
)

NOON = f"{TODAY}T12:00:00-05:00"
INM = ["director", "staff", "finance", "admin", "auditor"]
SEES_MONEY = ["sponsor", "technical", "billing", "legal", "council"]


#: What everybody of a company finds.
FOR_ALL = ["One-to-ones", "Problems", "Library", "Workforce", "API"]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def home(sign_in):
    def of(user):
        return sign_in(user).get("/")

    return of


def templates_of(answer) -> set[str]:
    return {t.name for t in answer.templates if (t.name or "").startswith("home/")}


def labels(answer) -> list[str]:
    sections = answer.context["navigation"].sections
    return [str(item.label) for section in sections for item in section.items]


def test_a_visitor_is_shown_the_way_in(home, db):
    answer = home(None)

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/")


@pytest.mark.parametrize("who", SEES_MONEY)
def test_people_of_a_member_see_their_year_and_its_amount(home, cast, who):
    answer = home(cast[who])

    line = answer.context["commitment"].current
    assert "home/member.html" in templates_of(answer)
    assert answer.context["organization"] == cast.siemens
    assert (line.year.number, line.year.required) == (2, Decimal(500_000))
    assert "$500,000" in answer.content.decode()


@pytest.mark.parametrize("who", ["coordinator", "colleague"])
def test_people_of_one_purpose_see_their_company_and_no_amount(home, cast, who):
    answer = home(cast[who])

    assert answer.context["organization"] == cast.siemens
    assert answer.context["commitment"].lines == []
    assert "500,000" not in answer.content.decode()


@pytest.mark.parametrize("who", [*SEES_MONEY, "coordinator", "colleague"])
def test_nobody_of_a_member_reads_of_another(home, cast, who):
    text = home(cast[who]).content.decode()

    assert "Siemens" in text
    assert "Amgen" not in text


@pytest.mark.parametrize("who", INM)
def test_people_of_inm_see_sums_over_all_members(home, cast, who):
    answer = home(cast[who])

    figures = answer.context["figures"]
    years = CommitmentYear.objects.all()
    assert "home/consortium.html" in templates_of(answer)
    assert figures.members == 2
    assert figures.committed_over_terms == sum(year.required for year in years)
    assert figures.committed_this_year == sum(
        year.required for year in years if year.starts_on <= TODAY <= year.ends_on
    )
    assert figures.unconfirmed_contacts == len(
        [c for c in Contact.objects.all() if not (c.departed_on or c.confirmed_on)]
    )
    assert (figures.committed_this_year, figures.committed_over_terms) == (
        Decimal(1_000_000),
        Decimal(3_000_000),
    )


def test_figures_stand_on_the_page(home, cast):
    text = home(cast["director"]).content.decode()

    assert "$1,000,000" in text
    assert "$3,000,000" in text


def test_before_the_first_member_all_figures_are_nothing(home, db):
    from ..factories.accounts import staff

    figures = home(staff("director")).context["figures"]

    assert (figures.members, figures.committed_this_year) == (0, 0)
    assert (figures.committed_over_terms, figures.unconfirmed_contacts) == (0, 0)


@pytest.mark.parametrize("who", INM)
def test_the_latest_of_the_journal_is_for_those_who_may_read_it(home, cast, who):
    entries = home(cast[who]).context["entries"]

    assert entries == list(JournalEntry.objects.latest_first()[:8])
    assert {entry.verb for entry in entries} >= {"consortium.agreement_signed"}


@pytest.mark.parametrize("who", ["stranger", "leaver"])
def test_who_belongs_nowhere_is_welcome(home, cast, who):
    answer = home(cast[who])

    assert templates_of(answer) == {"home/welcome.html"}
    assert answer.context["heading"].startswith("Welcome, ")


def test_an_investigator_is_welcome(home, db):
    answer = home(UserFactory(email="pi@inm.example", name="Anita Rao"))

    assert templates_of(answer) == {"home/welcome.html"}
    assert "Welcome, Anita Rao" in answer.content.decode()


@pytest.fixture
def of_two(cast):
    """Return a person at both members."""
    person = UserFactory(name="Erika Both")
    for organization in (cast.siemens, cast.amgen):
        contact = ContactFactory(organization=organization, user=person)
        RoleFactory(contact=contact, role=ContactRole.TECHNICAL)
    return person


def test_a_person_at_two_companies_finds_both(home, cast, of_two):
    answer = home(of_two)

    assert answer.context["organization"] == cast.amgen
    assert labels(answer) == [
        *["Home", "Amgen", "Commitment", "Siemens", "Commitment", *FOR_ALL],
    ]
    assert str(answer.context["user_title"]) == (
        "Technical lead, Amgen; Technical lead, Siemens"
    )


def test_a_person_who_left_one_of_two_companies_finds_the_other(home, cast, of_two):
    Contact.objects.filter(user=of_two, organization=cast.amgen).update(
        departed_on=TODAY
    )

    answer = home(of_two)

    assert answer.context["organization"] == cast.siemens
    assert labels(answer) == ["Home", "Siemens", "Commitment", *FOR_ALL]


def grow(cast, *, members: int) -> None:
    """Add members, each with people and an agreement of its own."""
    for _number in range(members):
        organization = OrganizationFactory()
        ContactFactory(organization=organization)
        sign(draft(organization))


def statements(browser) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get("/").status_code == 200
    return len(asked)


@pytest.mark.parametrize("who", ["director", "sponsor", "stranger"])
def test_home_takes_few_statements_at_any_number_of_members(sign_in, cast, who):
    browser = sign_in(cast[who])
    browser.get("/")
    with_two = statements(browser)

    grow(cast, members=3)

    assert statements(browser) == with_two
    assert with_two <= 16


def test_home_takes_few_statements_at_any_number_of_contacts(sign_in, cast):
    browser = sign_in(cast["sponsor"])
    browser.get("/")
    before = statements(browser)

    for _number in range(3):
        RoleFactory(contact=ContactFactory(organization=cast.siemens))
    sign(draft(cast.siemens, effective_on=date(2031, 1, 1)))

    assert statements(browser) == before


@pytest.mark.parametrize("who", ["director", "sponsor", "stranger"])
def test_home_asks_nothing_twice(sign_in, cast, who):
    browser = sign_in(cast[who])

    with CaptureQueriesContext(connection) as asked:
        browser.get("/")

    said = [query["sql"] for query in asked]
    assert sorted(set(said)) == sorted(said)


def test_a_researcher_finds_calls_drafts_and_what_asks_for_a_word(home, db):
    pi, eve = UserFactory(), UserFactory(email="eve@mit.example")
    with time_machine.travel(calls.NOON, tick=False):
        draft = proposals.draft(pi=pi)
        services.add_author(
            draft,
            **{"email": eve.email, "name": "Eve", "role": "co_pi", "right": "read"},
            **{"at": calls.NOON, "by": pi},
        )

        mine, hers = home(pi), home(eve)

    assert [one.pk for one in mine.context["proposals"]] == [draft.pk]
    assert mine.context["parts"] == []
    assert [call.pk for call in mine.context["calls"]] == [draft.call_id]
    assert "Cold spray" in mine.content.decode()
    assert [part.person for part in hers.context["parts"]] == [eve]
    assert home(UserFactory()).context["proposals"] == []


def test_the_home_of_a_researcher_costs_the_same_however_many_proposals(home, db):
    pi = UserFactory()
    with time_machine.travel(calls.NOON, tick=False):
        proposals.draft(pi=pi)
        home(pi)
        with CaptureQueriesContext(connection) as one:
            home(pi)
        for n in range(3):
            proposals.draft(calls.opened(f"Call {n}"), pi=pi)
        with CaptureQueriesContext(connection) as many:
            home(pi)

    assert len(many) == len(one)
