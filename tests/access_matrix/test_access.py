"""TEN-01 to TEN-05: the portal answers as the matrix says, for every persona."""

import re

import pytest
from django.urls import get_resolver, reverse

from consortium.models import RoleAssignment
from inm_portal.kernel.models import JournalEntry
from tests.cast import Cast

from .table import PERSONAS, Row, rows

#: A temporary redirect that is not to the sign-in page stands as 303 in the table.
ELSEWHERE = 303


def objects(cast: Cast) -> dict[str, dict]:
    role = RoleAssignment.objects.filter(contact__user=cast["technical"]).get()
    year = cast.signed.commitment_years.first()
    return {
        "-": {},
        "member": {"pk": cast.siemens.pk},
        "contact": {"pk": cast.contact.pk},
        "role": {"pk": role.pk},
        "agreement": {"pk": cast.signed.pk},
        "draft": {"pk": cast.drafted.pk},
        "year": {"pk": year.pk},
        "entry": {"pk": JournalEntry.objects.first().pk},
        "key": {"uidb36": "1", "key": "none"},
    }


def answer(client, row: Row, url: str) -> int:
    call = getattr(client, row.method.lower())
    data = {} if row.method == "GET" else {"data": {}}
    if row.method in ("PUT", "PATCH") or "/api/" in url:
        data["content_type"] = "application/json"
    response = call(url, **data)
    is_elsewhere = response.status_code == 302 and "/login/?next" not in response.url
    return ELSEWHERE if is_elsewhere else response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=str)
def test_the_portal_answers_each_persona_as_the_matrix_says(cast, sign_in, row):
    url = reverse(row.name, kwargs=objects(cast)[row.on])

    answers = {
        name: answer(sign_in(user_of(cast, name)), row, url) for name in PERSONAS
    }

    assert answers == row.answers


def user_of(cast: Cast, name: str):
    return None if name == "visitor" else cast[name]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", [row for row in rows() if row.on in ("member", "agreement")], ids=str
)
def test_hidden_and_absent_cannot_be_told_apart(cast, sign_in, row):
    """TEN-05: the same answer, but for the request's own marks."""
    client = sign_in(cast["amgen sponsor"])
    hidden = reverse(row.name, kwargs=objects(cast)[row.on])
    absent = reverse(row.name, kwargs={"pk": 987_654_321})

    pages = [plain(client.get(url).content.decode(), url) for url in (hidden, absent)]

    assert pages[0] == pages[1]


def plain(text: str, url: str) -> str:
    text = text.replace(url, "")
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", text)


def test_every_route_has_a_row():
    named = {row.name for row in rows()}

    assert set(routes()) == named


def test_every_operation_has_a_row():
    in_table = {(row.name, row.method) for row in rows()}
    missing = {
        (name, method.upper())
        for name, pattern in routes().items()
        if (actions := getattr(pattern.callback, "actions", None))
        for method in actions
        if method != "head" and (name, method.upper()) not in in_table
    }

    assert missing == set()


def routes() -> dict[str, object]:
    return dict(walk(get_resolver().url_patterns, ""))


def walk(patterns, namespace: str):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern
