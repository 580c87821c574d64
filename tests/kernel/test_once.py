"""CON-03, CON-04: double click, reload and the way back make one object."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from consortium.models import Agreement, Contact, Organization, RoleAssignment, Site
from inm_portal.accounts.models import ApiToken
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel import idempotency, once
from inm_portal.kernel.models import JournalEntry, KeptAnswer

from ..access_matrix.payloads import PAYLOADS
from ..factories.accounts import staff
from ..factories.consortium import ContactFactory, OrganizationFactory, RoleFactory

pytestmark = pytest.mark.django_db

SITE = {"name": "Works", "kind": "plant", "city": "Erlangen", "country": "DE"}
FLEX = {
    "name": "Flex",
    "legal_name": "Flex Ltd.",
    "named_since_on": "2016-09-28",
    "sector": "electronics",
}
#: An agreement may be drafted twice, as nothing else that a form makes may.
DRAFT = PAYLOADS["consortium:draft_agreement"].data
KEY = "a-key-of-one-form"
SLIP = "You sent exactly this a while ago"


@pytest.fixture
def person(db):
    return staff("program staff")


@pytest.fixture
def client(sign_in, person):
    return sign_in(person)


@pytest.fixture
def siemens(db):
    return OrganizationFactory(name="Siemens")


@pytest.fixture
def add_site(siemens):
    return reverse("consortium:add_site", args=[siemens.pk])


@pytest.fixture
def draft(siemens):
    return reverse("consortium:draft_agreement", args=[siemens.pk])


def with_key(data: dict, key: str = KEY) -> dict:
    return data | {"idempotency_key": key}


def key_in(response) -> str:
    found = re.findall(r'name="idempotency_key" value="([^"]+)"', response.text)
    assert len(found) == 1
    return found[0]


def toasts(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_each_form_has_a_key_of_its_own(client, add_site):
    keys = {key_in(client.get(add_site)) for _visit in range(3)}

    assert len(keys) == 3
    assert {bool(idempotency.KEY.fullmatch(key)) for key in keys} == {True}


def test_the_same_sent_twice_is_done_once_and_leads_to_the_same_page(
    client, add_site, siemens
):
    first = client.post(add_site, with_key(SITE))
    second = client.post(add_site, with_key(SITE))

    assert (first.status_code, second.status_code) == (302, 303)
    assert first.url == second.url == siemens.get_absolute_url()
    assert Site.objects.count() == 1
    assert JournalEntry.objects.about(siemens).count() == 1


def test_the_message_is_not_doubled(client, add_site, siemens):
    client.post(add_site, with_key(SITE))
    client.post(add_site, with_key(SITE))

    assert toasts(client.get(siemens.get_absolute_url())) == ["Site added."]
    assert toasts(client.get(siemens.get_absolute_url())) == []


def test_other_content_under_a_used_key_is_held_back_with_what_was_typed(
    client, add_site, siemens
):
    client.post(add_site, with_key(SITE))
    other = client.post(add_site, with_key(SITE | {"name": "Laboratory"}))

    assert other.status_code == 422
    assert "This was sent before with other content" in other.text
    assert f'<a href="{siemens.get_absolute_url()}">See what was done</a>' in other.text
    assert 'value="Laboratory"' in other.text
    assert Site.objects.count() == 1
    assert key_in(other) != KEY


def test_what_was_held_back_is_done_when_it_is_sent_again(client, add_site):
    client.post(add_site, with_key(SITE))
    changed = SITE | {"name": "Laboratory"}
    held = client.post(add_site, with_key(changed))

    done = client.post(add_site, with_key(changed | {"again": "yes"}, key_in(held)))

    assert done.status_code == 302
    assert set(Site.objects.values_list("name", flat=True)) == {"Works", "Laboratory"}


def test_the_way_back_to_a_form_that_was_read_anew_makes_no_second_object(
    client, add_site
):
    client.post(add_site, with_key(SITE, key_in(client.get(add_site))))
    held = client.post(add_site, with_key(SITE, key_in(client.get(add_site))))

    assert (held.status_code, Site.objects.count()) == (422, 1)
    assert SLIP in held.text
    assert '<input type="hidden" name="again" value="yes">' in held.text


def test_who_means_another_one_sends_it_again(client, draft):
    client.post(draft, with_key(DRAFT, "first"))
    held = client.post(draft, with_key(DRAFT, "second"))
    again = with_key(DRAFT | {"again": "yes"}, key_in(held))

    answers = [client.post(draft, again).status_code for _click in range(2)]

    assert (held.status_code, answers) == (422, [302, 303])
    assert Agreement.objects.count() == 2


def test_after_a_while_the_same_content_is_no_slip(client, draft):
    with time_machine.travel(timezone.now() - once.LATELY):
        client.post(draft, with_key(DRAFT, "first"))

    assert client.post(draft, with_key(DRAFT, "second")).status_code == 302


def test_what_is_not_right_uses_up_no_key(client, add_site):
    wrong = client.post(add_site, with_key(SITE | {"kind": "moon base"}))

    assert wrong.status_code == 422
    assert not KeptAnswer.objects.exists()
    assert client.post(add_site, with_key(SITE)).status_code == 302


def test_what_the_rules_refuse_uses_up_no_key(client, siemens):
    address = reverse("consortium:add_contact", args=[siemens.pk])
    person = {"name": "Ada", "email": "ada@siemens.example"}
    holder = ContactFactory(organization=siemens, email=person["email"])

    refused = client.post(address, with_key(person))
    Contact.objects.filter(pk=holder.pk).update(email="other@siemens.example")
    done = client.post(address, with_key(person))

    assert (refused.status_code, done.status_code) == (422, 302)


def test_a_form_without_a_parent_makes_one_object(client):
    address = reverse("consortium:add_member")

    first, second = (client.post(address, with_key(FLEX)) for _click in range(2))

    assert (second.status_code, second.url) == (303, first.url)


def test_the_same_content_at_another_address_is_another_act(client, add_site):
    elsewhere = OrganizationFactory()

    client.post(add_site, with_key(SITE))
    client.post(reverse("consortium:add_site", args=[elsewhere.pk]), with_key(SITE))

    assert Site.objects.count() == 2


def test_one_key_of_two_people_is_two_keys(client, sign_in, draft):
    client.post(draft, with_key(DRAFT))
    sign_in(staff("director")).post(draft, with_key(DRAFT))

    assert Agreement.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "ключ", "a b", "x" * 256])
def test_what_is_no_key_is_no_hindrance(client, add_site, key):
    assert client.post(add_site, with_key(SITE, key)).status_code == 302
    assert not KeptAnswer.objects.exists()


def test_a_second_click_on_a_step_leads_where_the_first_did(client, siemens):
    contact = ContactFactory(organization=siemens)
    address = reverse("consortium:confirm_contact", args=[contact.pk])

    answers = [client.post(address, with_key({})).status_code for _click in range(2)]

    assert answers == [302, 303]
    assert toasts(client.get(contact.get_absolute_url())) == ["Details confirmed."]


def test_a_step_that_was_refused_uses_up_no_key(client, siemens, person):
    """Somebody confirms at the moment at which the person leaves."""
    contact = ContactFactory(organization=siemens)
    contact.departed_on = timezone.localdate()
    contact.save()

    client.post(reverse("consortium:confirm_contact", args=[contact.pk]), with_key({}))

    assert not KeptAnswer.objects.exists()


def test_who_repeats_the_act_that_ended_the_right_to_it_is_led_on(client, siemens):
    contact = ContactFactory(organization=siemens)
    address = reverse("consortium:depart_contact", args=[contact.pk])
    gone = with_key({"on": timezone.localdate().isoformat()})

    first, second = (client.post(address, gone) for _click in range(2))

    assert (first.status_code, second.status_code) == (302, 303)
    assert second.url == contact.get_absolute_url()
    assert client.post(address, gone | {"on": "2026-01-01"}).status_code == 403
    assert client.get(address).status_code == 403


def test_a_second_click_on_what_removes_its_object_is_led_on(client, person):
    token = issue_token(person, scope="read", lifetime=timedelta(days=1))
    address = f"/account/tokens/{ApiToken.key_of(token)}/revoke/"

    answers = [client.post(address, with_key({})).status_code for _click in range(2)]

    assert answers == [302, 303]
    assert client.post(address, with_key({}, "another")).status_code == 404


def test_who_lost_the_right_is_refused_a_repeat(client, person, add_site):
    """TEN-06: from the very next request on."""
    client.post(add_site, with_key(SITE))
    person.groups.clear()

    assert client.post(add_site, with_key(SITE)).status_code == 404


def test_who_sees_and_may_no_longer_is_refused_a_repeat(
    client, person, add_site, siemens
):
    client.post(add_site, with_key(SITE))
    person.groups.set(staff("auditor").groups.all())

    assert client.post(add_site, with_key(SITE)).status_code == 403


def test_a_repeat_without_the_group_for_it_is_refused(client, person):
    address = reverse("consortium:add_member")
    client.post(address, with_key(FLEX))
    person.groups.clear()

    assert client.post(address, with_key(FLEX)).status_code == 403


def test_an_end_of_a_role_is_repeated_without_harm(client, siemens):
    role = RoleFactory(contact=ContactFactory(organization=siemens))
    address = reverse("consortium:end_role", args=[role.pk])
    end = with_key({"until_on": timezone.localdate().isoformat()})

    answers = [client.post(address, end).status_code for _click in range(2)]

    assert answers == [302, 303]
    assert RoleAssignment.objects.exclude(until_on=None).count() == 1


def test_what_is_shown_once_is_not_shown_again(rf, person):
    request = rf.post("/anywhere/", with_key({}))
    request.user = person

    def send():
        return once.once(request, lambda: HttpResponse("a token"), still_may=bool)

    assert send().content == b"a token"
    with pytest.raises(idempotency.AnswerNotKept):
        send()
    assert "a token" not in str(KeptAnswer.objects.values())


def test_an_answer_that_something_is_wrong_undoes_what_led_to_it(rf, person):
    request = rf.post("/anywhere/", with_key({}))
    request.user = person

    def send():
        OrganizationFactory()
        return HttpResponse(status=422)

    once.once(request, send, still_may=bool)

    assert not Organization.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_the_digest_tells_one_file_from_another(rf):
    def sent(content: bytes):
        return idempotency.plain(
            rf.post("/", {"file": SimpleUploadedFile("a.txt", content)}).FILES
        )

    assert sent(b"one") == sent(b"one") != sent(b"two")


def test_answers_are_forgotten_when_they_were_kept_long_enough(client, add_site):
    now = timezone.now()
    client.post(add_site, with_key(SITE))

    assert idempotency.forget(at=now + idempotency.KEPT) == 0
    assert idempotency.forget(at=now + idempotency.KEPT + timedelta(minutes=1)) == 1
