"""Lists within a page show so many rows, the rest on further pages, at one cost."""

from functools import cached_property

import pytest
from django.urls import reverse
from django.utils import timezone

from consortium import services
from inm_portal.kernel.lists import SLICE
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, amend, draft
from tests.factories.credits import appraise, at, claim, decide, offer, paper, year_of

from .test_costs import statements

pytestmark = pytest.mark.django_db

MANY = SLICE + 2
CLAUSE = {"template_says": "One", "agreement_says": "Two", "reason": "Two divisions"}


class World:
    """A member with a list to grow, for each page that has one."""

    def __init__(self, cast):
        self.director, self.year = cast["director"], year_of(cast.signed)
        self.document = paper(1_000_000)
        self.first = claim(self.year, 1_000, document=self.document)
        self.draft = draft(OrganizationFactory())

    @cached_property
    def thing(self):
        return offer(self.year, 1_000)

    def claim(self, _number):
        claim(self.year, 100)

    def credit(self, _number):
        decide(claim(self.year, 100), by=self.director)

    def claim_on_one_document(self, _number):
        claim(self.year, 100, document=self.document, knows_earlier=True)

    def give_opinion(self, number):
        text = f"Opinion {number}"
        services.give_opinion(
            self.first, text=text, at=at(TODAY), today=TODAY, by=self.director
        )

    def appraise(self, _number):
        appraise(self.thing, by=self.director)

    def deviate(self, number):
        services.add_deviation(self.draft, clause=f"4.{number}", **CLAUSE, by=None)


#: For each list: its page, what it is about, its name there, and what makes it grow.
LISTS = {
    "waiting": ("member_commitment", "waiting", World.claim),
    "pending": ("commitment_year", "claims", World.claim),
    "credited": ("commitment_year", "lines", World.credit),
    "claims": ("evidence", "credits", World.claim_on_one_document),
    "opinions": ("credit", "opinions", World.give_opinion),
    "said": ("thing", "said", World.appraise),
    "deviations": ("agreement", "deviations", World.deviate),
}


@pytest.fixture
def world(cast):
    return World(cast)


def address(name, world) -> str:
    if name == "thing":
        return world.thing.get_absolute_url()
    year, credit = world.year, world.first
    keys = {
        **{"member_commitment": credit.organization_id, "commitment_year": year.pk},
        **{"evidence": credit.evidence_id, "credit": credit.pk},
        "agreement": world.draft.pk,
    }
    return reverse(f"consortium:{name}", args=[keys[name]])


def keys_of(part) -> set[int]:
    rows = part.rows
    return {row["key"] if isinstance(row, dict) else row.pk for row in rows}


def grow(world, act, rows) -> None:
    for number in range(rows):
        act(world, number)


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_is_shown_part_by_part(name, world, sign_in):
    page, key, act = LISTS[name]
    client, url = sign_in(world.director), address(page, world)
    today = timezone.localdate()
    grow(world, act, MANY)

    first = client.get(url)
    second = client.get(url, {name: 2, "on": today.isoformat()})

    shown, rest = keys_of(first.context[key]), keys_of(second.context[key])
    assert len(shown) == SLICE
    assert rest
    assert not shown & rest
    assert f"?{name}=2#{name}" in first.content.decode()
    assert f"?{name}=1&amp;on={today}#{name}" in second.content.decode()
    assert f'id="{name}"' in first.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_costs_what_a_short_one_does(name, world, sign_in):
    page, _key, act = LISTS[name]
    client, url = sign_in(world.director), address(page, world)
    grow(world, act, 1)
    with_one = statements(lambda: client.get(url))
    grow(world, act, MANY)

    with_many = statements(lambda: client.get(url))

    assert len(with_many) == len(with_one)


@pytest.mark.parametrize(
    "asked", ["0", "-1", "two", "99", "9" * 30, "\N{FULLWIDTH DIGIT TWO}"]
)
def test_rows_that_are_not_there_are_the_first_ones(asked, world, sign_in):
    client, url = sign_in(world.director), address("member_commitment", world)

    answer = client.get(url, {"waiting": asked})

    assert [row.pk for row in answer.context["waiting"].rows] == [world.first.pk]


def test_beside_a_claim_stand_the_first_others_and_the_way_to_all(world, sign_in):
    client = sign_in(world.director)
    grow(world, World.claim_on_one_document, MANY)

    answer = client.get(address("credit", world))

    assert len(answer.context["earlier"].rows) == SLICE
    assert "All claims on this document" in answer.content.decode()


def test_a_claim_on_a_document_shows_no_more_than_the_first_earlier_ones(
    world, sign_in
):
    client = sign_in(staff("director"))
    grow(world, World.claim_on_one_document, MANY)
    typed = {
        **{"payer": world.document.payer, "number": world.document.number},
        **{"amount": "1000000", "dated_on": "2026-02-02"},
        **{"contributed_on": "2026-02-02", "what_for": "A fellow"},
        **{"year_1": world.year.pk, "category_1": "fellowship", "amount_1": "100"},
    }

    answer = client.post(
        reverse("consortium:claim_credit", args=[world.first.organization_id]), typed
    )

    assert answer.status_code == 422
    assert len(answer.context["earlier"].rows) == SLICE
    assert "All claims on this document" in answer.content.decode()


def test_amendments_are_shown_in_parts_the_newest_first(cast, sign_in):
    for days in range(1, SLICE + 2):
        amend(cast.signed, payment_terms_days=days)
    client, url = sign_in(cast["staff"]), cast.signed.get_absolute_url()

    first = client.get(url).context["amendments"].rows
    last = client.get(url, {"amendments": 2}).context["amendments"].rows

    assert [one.number for one in first] == list(range(SLICE + 1, 1, -1))
    assert [one.number for one in last] == [1]
