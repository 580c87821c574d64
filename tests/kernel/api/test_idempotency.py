"""CON-03: an operation asked for twice under one key is done once."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from consortium.api.views import OrganizationViewSet
from consortium.models import Contact, Organization
from inm_portal.accounts.models import ApiToken
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel.api.idempotency import AnsweredOnce
from inm_portal.kernel.models import JournalEntry, KeptAnswer

from ...conftest import TODAY
from ...factories.accounts import UserFactory, staff
from ...factories.consortium import ContactFactory, OrganizationFactory

pytestmark = pytest.mark.django_db

ORGANIZATIONS = "/api/v1/organizations/"
FLEX = {
    "name": "Flex",
    "legal_name": "Flex Ltd.",
    "named_since_on": "2020-01-01",
    "sector": "electronics",
}
ADA = {"name": "Ada", "email": "ada@siemens.example", "job_title": "", "phone": ""}


@pytest.fixture
def person(db):
    return staff("program staff")


@pytest.fixture
def client(api, person):
    return api(person)


@pytest.fixture
def siemens(db):
    return OrganizationFactory(name="Siemens")


@pytest.fixture
def contacts(siemens):
    return f"{ORGANIZATIONS}{siemens.pk}/contacts/"


def send(client, address: str, body: dict, key: str | None = "one"):
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(address, body, format="json", headers=headers)


def problem(response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def is_replayed(response) -> bool:
    return response.headers.get("Idempotent-Replayed") == "true"


def test_the_same_is_answered_again_byte_for_byte(client):
    first, second = (send(client, ORGANIZATIONS, FLEX) for _time in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert [is_replayed(answer) for answer in (first, second)] == [False, True]
    assert [answer.headers.get("ETag") for answer in (first, second)] == ['"1"'] * 2
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert Organization.objects.count() == JournalEntry.objects.count() == 1


def test_what_is_acted_on_may_be_one_object(client, contacts):
    first, second = (send(client, contacts, ADA) for _time in range(2))

    assert (second.status_code, second.json()) == (201, first.json())
    assert Contact.objects.count() == 1


def test_the_order_of_fields_is_no_other_content(client, contacts):
    send(client, contacts, ADA)

    assert is_replayed(send(client, contacts, dict(reversed(ADA.items()))))


def test_other_content_under_the_key_is_refused_and_not_done(client, contacts):
    send(client, contacts, ADA)
    other = send(client, contacts, ADA | {"email": "other@siemens.example"})

    assert problem(other) == (422, "idempotency_key_reused")
    assert Contact.objects.count() == 1


def test_a_key_is_of_one_address(client, contacts):
    elsewhere = f"{ORGANIZATIONS}{OrganizationFactory().pk}/contacts/"

    answers = [send(client, address, ADA) for address in (contacts, elsewhere)]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_key_is_of_one_person(client, api, contacts):
    answers = [
        send(who, contacts, ADA | {"email": f"{number}@siemens.example"})
        for number, who in enumerate([client, api(staff("director"))])
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_refusal_uses_up_no_key(client, contacts, siemens):
    holder = ContactFactory(organization=siemens, email=ADA["email"])

    refused = send(client, contacts, ADA)
    Contact.objects.filter(pk=holder.pk).update(email="b@siemens.example")

    assert problem(refused) == (409, "email_taken")
    assert send(client, contacts, ADA).status_code == 201


def test_fields_that_are_not_right_use_up_no_key(client):
    assert send(client, ORGANIZATIONS, FLEX | {"sector": "magic"}).status_code == 400
    assert not KeptAnswer.objects.exists()
    assert send(client, ORGANIZATIONS, FLEX).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "clé", "x" * 256, "a\tb"])
def test_a_key_has_a_form(client, key):
    assert problem(send(client, ORGANIZATIONS, FLEX, key)) == (
        400,
        "idempotency_key_invalid",
    )
    assert not Organization.objects.exists()


@pytest.mark.parametrize("key", ["1", '"quoted"', "x" * 255])
def test_a_key_may_be_anything_visible(client, key):
    assert send(client, ORGANIZATIONS, FLEX, key).status_code == 201


def test_without_a_key_nothing_is_kept(client):
    assert send(client, ORGANIZATIONS, FLEX, None).status_code == 201
    assert not KeptAnswer.objects.exists()


def test_a_key_can_be_required(client, monkeypatch):
    monkeypatch.setattr(OrganizationViewSet, "requires_key", True)

    assert problem(send(client, ORGANIZATIONS, FLEX, None)) == (
        400,
        "idempotency_key_required",
    )
    assert send(client, ORGANIZATIONS, FLEX).status_code == 201


def test_a_resource_that_makes_nothing_says_so(client):
    response = send(client, "/api/v1/recognized-amounts/", {})

    assert problem(response) == (405, "method_not_allowed")


def test_a_secret_is_neither_kept_nor_given_again(client, monkeypatch):
    monkeypatch.setattr(OrganizationViewSet, "shown_once", frozenset({"create"}))

    first, second = (send(client, ORGANIZATIONS, FLEX) for _time in range(2))

    assert first.json()["name"] == "Flex"
    assert problem(second) == (409, "idempotency_answer_not_kept")
    assert "Flex" not in str(KeptAnswer.objects.values())
    assert Organization.objects.count() == 1


def test_who_lost_the_right_is_refused_a_repeat(client, person, contacts):
    """TEN-06: from the very next request on."""
    send(client, contacts, ADA)
    person.groups.set(staff("auditor").groups.all())
    del person.rights_by_role

    assert problem(send(client, contacts, ADA)) == (403, "permission_denied")


def test_who_may_no_longer_create_is_refused_a_repeat(client, person):
    send(client, ORGANIZATIONS, FLEX)
    person.groups.set(staff("finance").groups.all())
    del person.rights_by_role

    assert problem(send(client, ORGANIZATIONS, FLEX)) == (403, "permission_denied")


def test_who_no_longer_sees_what_was_acted_on_is_told_that_nothing_is_there(
    client, person, contacts
):
    send(client, contacts, ADA)
    person.groups.clear()
    del person.rights_by_role

    assert problem(send(client, contacts, ADA)) == (404, "not_found")


def test_an_act_that_ended_the_right_to_it_is_answered_again(client, siemens):
    contact = ContactFactory(organization=siemens)
    address = f"/api/v1/contacts/{contact.pk}/depart/"
    body = {"on": TODAY.isoformat()}

    first, second = (send(client, address, body) for _time in range(2))

    assert (first.status_code, second.content) == (200, first.content)
    assert problem(send(client, address, body, "two")) == (403, "permission_denied")


def test_such_an_act_is_answered_again_only_to_those_who_see_its_object(
    client, person, siemens
):
    contact = ContactFactory(organization=siemens)
    address = f"/api/v1/contacts/{contact.pk}/depart/"
    send(client, address, {"on": TODAY.isoformat()})
    person.groups.clear()
    del person.rights_by_role

    again = send(client, address, {"on": TODAY.isoformat()})

    assert problem(again) == (404, "not_found")


def test_an_act_that_removed_its_object_is_answered_again(client, person):
    token = issue_token(person, scope="read", lifetime=TODAY.resolution)
    address = f"/api/v1/tokens/{ApiToken.key_of(token)}/revoke/"

    answers = [send(client, address, {}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert is_replayed(answers[1])
    assert problem(send(client, address, {}, "two")) == (404, "not_found")


def test_a_token_may_repeat_what_a_page_could(client, person, contacts, db):
    from rest_framework.test import APIClient

    token = issue_token(person, scope="write", lifetime=TODAY.resolution)
    program = APIClient(headers={"Authorization": f"Bearer {token}"})
    send(program, contacts, ADA)

    assert is_replayed(send(program, contacts, ADA))


def test_a_stranger_learns_nothing_from_the_key_of_another(client, api, contacts):
    send(client, contacts, ADA)

    assert problem(send(api(UserFactory()), contacts, ADA)) == (404, "not_found")


def operations() -> list:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [
        pytest.param(method, operation, id=f"{method} {path}")
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize(("method", "operation"), operations())
def test_the_description_offers_a_key_to_each_post_and_to_nothing_else(
    method, operation
):
    headers = [p for p in operation.get("parameters", []) if p["in"] == "header"]
    keys = [header for header in headers if header["name"] == "Idempotency-Key"]

    assert len(keys) == (1 if method == "post" else 0)


def test_every_resource_answers_a_post_once():
    from inm_portal.api import router

    viewsets = [viewset for _prefix, viewset, _name in router.registry]

    assert [v for v in viewsets if not issubclass(v, AnsweredOnce)] == []
