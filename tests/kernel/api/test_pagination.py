"""Lists of the API page by key."""

import pytest

from ...factories.accounts import staff
from ...factories.consortium import OrganizationFactory


@pytest.fixture
def director(api, db):
    return api(staff("director"))


def test_pages_follow_one_another_and_hold_each_row_once(director):
    made = [OrganizationFactory().pk for _number in range(3)]

    first = director.get("/api/v1/organizations/", {"page_size": 2}).json()
    second = director.get(first["next"]).json()

    assert [row["id"] for row in first["results"] + second["results"]] == made
    assert second["next"] is None


@pytest.mark.parametrize("size", ["0", "-1", "many", "100000"])
def test_a_page_is_never_without_bound(director, size):
    OrganizationFactory()

    answer = director.get("/api/v1/organizations/", {"page_size": size})

    assert (answer.status_code, len(answer.json()["results"])) == (200, 1)
