"""Whatever the problem, the answer is a code and a sentence."""

import json

import pytest
from rest_framework.test import APIClient

from ...factories.accounts import UserFactory, staff
from ...factories.consortium import OrganizationFactory

NEW = {
    "name": "Flex",
    "legal_name": "Flex Ltd.",
    "named_since_on": "2020-01-01",
    "sector": "electronics",
}


@pytest.fixture
def director(api, db):
    return api(staff("director"))


@pytest.fixture
def siemens(db):
    return OrganizationFactory(name="Siemens")


@pytest.fixture
def address(siemens):
    return f"/api/v1/organizations/{siemens.pk}/"


def assert_problem(answer, status: int, code: str, *also: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert set(problem) == {"code", "detail", *also}
    assert isinstance(problem["detail"], str)
    assert problem["detail"]


def test_what_the_rules_refuse(director, siemens):
    answer = director.post(
        "/api/v1/organizations/", NEW | {"name": "siemens"}, format="json"
    )

    assert_problem(answer, 409, "name_taken")


def test_an_edit_of_an_older_version(director, address):
    answer = director.patch(
        address, {"sector": "energy"}, format="json", headers={"if-match": '"7"'}
    )

    assert_problem(answer, 412, "edit_conflict")


@pytest.mark.parametrize("tag", ["", "*", "latest", '""', "²", "-1", "1.5", "9" * 5000])
def test_an_edit_that_does_not_say_what_it_started_from(director, address, tag):
    answer = director.patch(
        address, {"sector": "energy"}, format="json", headers={"if-match": tag}
    )

    assert_problem(answer, 428, "precondition_required")


@pytest.mark.parametrize("tag", ["1", '"1"', 'W/"1"'])
def test_an_edit_that_says_so_is_made(director, address, tag):
    answer = director.patch(
        address, {"sector": "energy"}, format="json", headers={"if-match": tag}
    )

    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_what_is_not_there(director, db):
    assert_problem(director.get("/api/v1/organizations/0/"), 404, "not_found")


def test_what_is_hidden_answers_like_what_is_not_there(api, address):
    stranger = api(UserFactory())

    hidden, missing = stranger.get(address), stranger.get("/api/v1/organizations/0/")

    assert_problem(hidden, 404, "not_found")
    assert hidden.content == missing.content


def test_what_is_seen_but_not_allowed(api, address):
    answer = api(staff("auditor")).post(address + "rename/", {}, format="json")

    assert_problem(answer, 403, "permission_denied")


def test_what_a_group_does_not_allow(api, db):
    answer = api(staff("auditor")).post("/api/v1/organizations/", NEW, format="json")

    assert_problem(answer, 403, "permission_denied")


def test_a_visitor(db):
    answer = APIClient().get("/api/v1/organizations/")

    assert_problem(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_fields_that_are_not_right(director, db):
    answer = director.post(
        "/api/v1/organizations/", NEW | {"sector": "magic", "name": ""}, format="json"
    )

    assert_problem(answer, 400, "invalid", "errors")
    assert set(answer.json()["errors"]) == {"sector", "name"}


@pytest.mark.parametrize(
    "body",
    [
        *["{", "", "[]", '"name"', "NaN", "null", '{"name": NaN}', b"\xff"],
        "[" * 10_000,
    ],
    ids=lambda body: repr(body)[:12],
)
def test_a_body_that_is_no_object(director, db, body):
    answer = director.post(
        "/api/v1/organizations/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert {"code", "detail"} <= set(answer.json())


def test_characters_that_no_column_holds(director, db):
    for text in ["a\x00b", "\ud800"]:
        body = json.dumps(NEW | {"name": text})

        answer = director.post(
            "/api/v1/organizations/", body, content_type="application/json"
        )

        assert_problem(answer, 400, "invalid", "errors")


def test_a_method_that_is_not_offered(director, address):
    assert_problem(director.delete(address), 405, "method_not_allowed")


def test_a_body_of_another_kind(director, db):
    answer = director.post("/api/v1/organizations/", NEW, format="multipart")

    assert_problem(answer, 415, "unsupported_media_type")


def test_an_answer_of_another_kind(director, address):
    answer = director.get(address, headers={"accept": "application/xml"})

    assert_problem(answer, 406, "not_acceptable")


@pytest.mark.parametrize(
    "query",
    ["cursor=x", "owner=x", "status=x", "search=%00", f"owner={'9' * 30}"],
)
def test_a_question_that_makes_no_sense(director, siemens, query):
    answer = director.get(f"/api/v1/organizations/?{query}")

    assert answer.status_code in {200, 400, 404}
    assert {"code", "detail"} <= set(answer.json()) or not answer.json()["results"]


def test_a_body_that_is_too_large(director):
    answer = director.post(
        "/api/v1/organizations/", NEW | {"name": "x" * 3_000_000}, format="json"
    )

    assert_problem(answer, 413, "too_large")
