"""The pages of the library: who reads what, and what staff keeps."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import (
    ContactRole,
    LibraryFollower,
    LibraryItem,
    LibraryOpening,
)
from inm_portal.kernel.watermarks import pages_of
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import person_at
from tests.factories.library import pdf, published, sent, work
from tests.factories.renewals import ended

pytestmark = pytest.mark.django_db


def shown(client, url, query=None) -> set[str]:
    rows = client.get(url, query).context["page"].object_list
    return {row.title for row in rows}


def page(client, url) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_a_work_goes_from_draft_to_its_readers(sign_in, cast):
    client = sign_in(cast["staff"])
    told = {"kind": "roadmap", "title": "Welding", "summary": "Where it leads"}
    told |= {"audience": "members", "embargo_until": ""}
    client.post(reverse("consortium:add_library_item"), told)
    item = LibraryItem.objects.get()
    add = reverse("consortium:add_library_version", args=[item.pk])
    publish = reverse("consortium:publish_library_item", args=[item.pk])

    early = client.post(publish, follow=True)
    nothing = client.post(add, {"changes": "First"})
    client.post(add, {"file": sent()})
    client.post(publish)

    assert "Add a version first" in early.content.decode()
    assert nothing.status_code == 422
    assert "First" in nothing.content.decode()
    member = sign_in(cast["colleague"])
    assert shown(member, reverse("consortium:library")) == {"Welding"}
    version = item.versions.get()
    opened = member.get(reverse("consortium:open_library_version", args=[version.pk]))
    content = b"".join(opened.streaming_content)
    assert pages_of(content) == 2
    assert content != pdf()
    assert "attachment" in opened["Content-Disposition"]
    assert LibraryOpening.objects.get().person == cast["colleague"]


def test_case_9_goodwill_lets_a_former_member_read_on_and_no_longer(sign_in):
    published("Welding")
    over = ended(days_ago=10)
    client = sign_in(person_at(over.organization, ContactRole.TECHNICAL).user)
    library = reverse("consortium:library")
    assert shown(client, library) == set()

    services.grant_goodwill(
        over,
        **{"until_on": TODAY, "reason": "Their counsel reads it"},
        **{"today": TODAY, "at": timezone.now(), "by": staff("director")},
    )

    assert shown(client, library) == {"Welding"}


def test_a_recording_leads_away_and_is_on_record(sign_in, cast):
    item = work(kind="recording", version=False)
    link = "https://video.example/1"
    version = services.add_library_version(item, link=link, at=timezone.now(), by=None)
    services.publish_library_item(item, at=timezone.now(), by=None)

    answer = sign_in(cast["sponsor"]).get(
        reverse("consortium:open_library_version", args=[version.pk])
    )

    assert (answer.status_code, answer["Location"]) == (302, link)
    assert LibraryOpening.objects.count() == 1


def test_an_embargo_is_typed_in_boston_time_and_kept_where_it_is_wrong(sign_in, cast):
    item, client = work(), sign_in(cast["staff"])
    url = reverse("consortium:change_library_item", args=[item.pk])
    told = {"kind": "roadmap", "title": "Anew", "summary": "x", "audience": "members"}
    told |= {"version": 1}

    wrong = client.post(url, told | {"embargo_until": "soon"})
    client.post(url, told | {"embargo_until": "2026-12-01T09:00"})

    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.content.decode()
    item.refresh_from_db()
    assert item.embargo_until.isoformat() == "2026-12-01T14:00:00+00:00"
    assert 'value="2026-12-01T09:00"' in page(client, url)


def test_what_is_new_to_somebody_is_marked_until_they_opened_it(sign_in, cast):
    item, client = published(), sign_in(cast["colleague"])
    url = reverse("consortium:library")
    assert ">New<" in page(client, url)

    version = item.versions.get()
    client.get(reverse("consortium:open_library_version", args=[version.pk]))
    assert ">New<" not in page(client, url)

    services.add_library_version(item, file=sent(), at=timezone.now(), by=None)
    assert ">New<" in page(client, url)


def test_a_draft_is_commented_on_its_page(sign_in, cast):
    item = work(is_draft_shared=True)
    client = sign_in(cast["colleague"])
    assert "No comments yet" in page(client, item.get_absolute_url())

    client.post(
        reverse("consortium:comment_library_item", args=[item.pk]),
        {"text": "Add 2031"},
    )

    mine = page(client, item.get_absolute_url())
    theirs = page(sign_in(cast["amgen sponsor"]), item.get_absolute_url())
    assert cast["colleague"].name in mine
    assert "Add 2031" in theirs
    assert "Somebody of another member" in theirs
    assert "Siemens" not in theirs


def test_a_coordinator_sees_what_people_of_the_company_opened(sign_in, cast):
    version = published().versions.get()
    for who in ("colleague", "amgen sponsor"):
        now = timezone.now()
        services.open_library_version(version, at=now, by=cast[who])
    url = reverse("consortium:library_openings")

    seen = sign_in(cast["coordinator"]).get(url).context["page"].object_list
    assert {row.person for row in seen} == {cast["colleague"]}
    client = sign_in(cast["staff"])
    assert len(client.get(url).context["page"].object_list) == 2
    query = {"search": "amgen"}
    assert len(client.get(url, query).context["page"].object_list) == 1
    detail = page(client, version.item.get_absolute_url())
    assert "2 times, by 2 members" in detail


def test_somebody_asks_for_news_and_stops(sign_in, cast):
    client, url = sign_in(cast["colleague"]), reverse("consortium:follow_library")

    client.post(url, {"is_following": "on"})
    assert LibraryFollower.objects.get().person == cast["colleague"]
    assert "checked" in page(client, url)
    client.post(url, {})

    assert not LibraryFollower.objects.exists()


def test_the_list_is_narrowed_by_words_kind_audience_and_state(sign_in, cast):
    client, url = sign_in(cast["staff"]), reverse("consortium:library")
    published("Robots", kind="case_study", audience="everybody")
    work("Welding", summary="Of alloys")

    assert shown(client, url, {"search": "alloy"}) == {"Welding"}
    assert shown(client, url, {"kind": "case_study"}) == {"Robots"}
    assert shown(client, url, {"audience": "members"}) == {"Welding"}
    assert shown(client, url, {"state": "published"}) == {"Robots"}


@pytest.mark.parametrize("who", ["staff", "coordinator"])
@pytest.mark.parametrize("name", ["library", "library_openings"])
def test_a_list_asks_the_same_of_one_row_and_of_many(sign_in, cast, who, name):
    client, url = sign_in(cast[who]), reverse(f"consortium:{name}")

    def opened() -> None:
        version = published().versions.get()
        now = timezone.now()
        services.open_library_version(version, at=now, by=cast["colleague"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    opened()
    cost()
    with_one = cost()
    for _number in range(4):
        opened()

    assert cost() == with_one <= 8


@pytest.mark.parametrize("who", ["staff", "colleague"])
def test_the_page_of_a_work_asks_the_same_of_much(sign_in, cast, who):
    item = work(is_draft_shared=True)
    client = sign_in(cast[who])

    def more() -> None:
        services.add_library_version(item, file=sent(), at=timezone.now(), by=None)
        services.comment_on_draft(
            item, text="Add 2031", at=timezone.now(), by=cast["colleague"]
        )

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(item.get_absolute_url())
        return len(asked)

    more()
    cost()
    with_one = cost()
    for _number in range(4):
        more()

    assert cost() == with_one <= 8
