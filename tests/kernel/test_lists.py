"""Lists and their exports: one filter, one order, one set of rows."""

import csv
import io

import pytest

from inm_portal.kernel import lists
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory, staff
from ..factories.consortium import OrganizationFactory

MEMBERS = "/consortium/members/"
EXPORT = "/consortium/members/export/"


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def client(sign_in, director):
    return sign_in(director)


@pytest.fixture
def companies(db):
    """Three companies; by name, the first made comes last."""
    return [OrganizationFactory(name=name) for name in ["Siemens", "Flex", "Amgen"]]


def names_on(answer) -> list[str]:
    return [row.name for row in answer.context["page"]]


def names_in(answer) -> list[str]:
    text = b"".join(answer.streaming_content).decode()
    return [row["name"] for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Amgen", "Flex", "Siemens"]),
        ({"sort": "name"}, ["Amgen", "Flex", "Siemens"]),
        ({"sort": "-name"}, ["Siemens", "Flex", "Amgen"]),
    ],
)
def test_rows_come_in_the_order_asked_for(client, companies, asked, names):
    assert names_on(client.get(MEMBERS, asked)) == names


@pytest.mark.parametrize(
    "unknown",
    ["status", "owner__password", "--name", "pk", "?", "name;--", "\x00", "-", "na me"],
)
def test_an_order_that_is_not_offered_is_the_usual_one(client, companies, unknown):
    answer = client.get(MEMBERS, {"sort": unknown})

    assert names_on(answer) == ["Amgen", "Flex", "Siemens"]


@pytest.mark.parametrize("page", ["99", "0", "-1", "last!", "9" * 5000])
def test_a_page_that_is_not_there_is_one_that_is(client, companies, monkeypatch, page):
    answer = client.get(MEMBERS, {"page": page})

    assert (answer.status_code, len(names_on(answer))) == (200, 3)


def test_rows_that_share_a_value_have_one_order(client, db):
    made = [OrganizationFactory(owner=None) for _number in range(5)]

    answer = client.get(MEMBERS, {"sort": "-owner"})

    assert list(answer.context["page"]) == made[::-1]


def test_pages_hold_so_many_rows_and_no_row_twice(client, companies, monkeypatch):
    monkeypatch.setattr(lists.RecordList, "page_size", 2)

    pages = [names_on(client.get(MEMBERS, {"page": page})) for page in (1, 2)]

    assert pages == [["Amgen", "Flex"], ["Siemens"]]


@pytest.mark.parametrize(
    ("most", "label"),
    [
        (2, "more than 2 organizations"),
        (3, "3 organizations"),
        (4, "3 organizations"),
    ],
)
def test_rows_are_counted_up_to_a_cap(client, companies, monkeypatch, most, label):
    monkeypatch.setattr(lists, "COUNT_UP_TO", most)

    answer = client.get(MEMBERS)

    assert answer.context["total_label"] == label


@pytest.mark.parametrize(("ahead", "times"), [(1, 2), (2, 2), (3, 1), (1000, 1)])
def test_what_a_search_finds_is_looked_for_once_where_it_is_little(
    client, companies, monkeypatch, django_assert_num_queries, ahead, times
):
    monkeypatch.setattr(lists, "KEYS_AHEAD", ahead)
    monkeypatch.setattr(lists.RecordList, "page_size", 1)

    with django_assert_num_queries(3 + times):
        answer = client.get(MEMBERS, {"search": "e"})

    assert (names_on(answer), answer.context["total_label"]) == (
        *(["Amgen"], "3 organizations"),
    )


def test_the_last_page_lies_within_the_cap(client, companies, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_UP_TO", 2)
    monkeypatch.setattr(lists.RecordList, "page_size", 1)

    answer = client.get(MEMBERS, {"page": "99"})

    assert (answer.context["page"].number, names_on(answer)) == (2, ["Flex"])


def test_one_row_is_one_thing(client, db):
    OrganizationFactory()

    assert client.get(MEMBERS).context["total_label"] == "1 organization"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sort": "-name"},
        {"search": "e"},
        {"search": "e", "sort": "-name"},
        {"sector": "energy"},
        {"search": "nobody"},
    ],
    ids=str,
)
def test_an_export_has_the_rows_of_the_list(client, companies, asked):
    listed = names_on(client.get(MEMBERS, asked))
    exported = names_in(client.get(EXPORT, asked))

    assert exported == listed


def test_the_list_leads_to_an_export_with_the_same_filter(client, companies):
    answer = client.get(MEMBERS, {"search": "e", "sort": "-name"})

    assert answer.context["export_url"] == f"{EXPORT}?search=e&sort=-name"


def test_a_list_says_whether_something_is_left_out(client, companies):
    said = [
        client.get(MEMBERS, asked).context["is_filtered"]
        for asked in [{}, {"sort": "-name", "page": "1"}, {"search": "e"}]
    ]

    assert said == [False, False, True]


def test_headings_say_how_rows_are_sorted_and_lead_to_the_other_way(client, companies):
    answer = client.get(MEMBERS, {"sort": "name", "page": "1", "search": "e"})

    headings = {h.key: (h.sort_url, h.direction) for h in answer.context["columns"]}
    assert headings["name"] == ("?sort=-name&search=e", "ascending")
    assert headings["since"] == ("?sort=since&search=e", "")
    assert headings["status"] == (None, "")


def test_who_took_a_list_is_journaled_but_not_what_they_searched(
    client, director, companies
):
    asked = {"search": "Lucia", "sector": "energy", "sort": "-name", "status": ""}
    client.get(EXPORT, asked)

    entry = JournalEntry.objects.get(verb=Verb.LIST_EXPORTED)
    assert (entry.verb, entry.actor) == ("kernel.list_exported", director)
    assert entry.facts == {
        "list": "members",
        "filter": {"search": True, "sector": "energy", "sort": "-name"},
    }


def test_words_that_no_filter_knows_are_not_journaled(client, companies):
    asked = {"note": "Lucia", "sort": "Lucia", "page": "\x00"}

    answer = client.get(EXPORT, asked)

    assert answer.status_code == 200
    assert JournalEntry.objects.get(verb=Verb.LIST_EXPORTED).facts == {
        "list": "members",
        "filter": {},
    }


def test_looking_at_a_list_is_not_journaled(client, companies):
    client.get(MEMBERS)

    assert not JournalEntry.objects.filter(verb=Verb.LIST_EXPORTED).exists()


@pytest.mark.parametrize("address", [MEMBERS, EXPORT])
def test_a_stranger_gets_no_row_and_a_visitor_the_way_in(sign_in, companies, address):
    visitor = sign_in(None).get(address)
    stranger = sign_in(UserFactory()).get(address)

    assert (visitor.status_code, visitor.url) == (
        302,
        f"/accounts/login/?next={address}",
    )
    assert stranger.status_code == 200
    assert (names_in if stranger.streaming else names_on)(stranger) == []
