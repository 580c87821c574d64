"""The library through the API: what a page can do, and who is told what."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consortium import services
from consortium.models import LibraryItem
from tests.factories.library import pdf, published, work

pytestmark = pytest.mark.django_db
ITEMS = "/api/v1/library-items/"


def test_a_work_is_added_given_a_version_and_published(sign_in, cast):
    client = sign_in(cast["staff"])
    told = {
        "kind": "roadmap",
        "title": "Welding",
        "summary": "x",
        "audience": "members",
    }
    added = client.post(ITEMS, told, content_type="application/json")
    way = f"{ITEMS}{added.json()['id']}/"

    version = client.post(
        f"{way}versions/",
        {"file": SimpleUploadedFile("welding.pdf", pdf()), "changes": "First"},
    )
    done = client.post(f"{way}publish/")

    assert (added.status_code, version.status_code, done.status_code) == (201, 201, 200)
    assert (version.json()["number"], version.json()["name"]) == (1, "welding.pdf")
    assert done.json()["state"] == "published"
    assert done.json()["last_number"] == 1


def test_an_edit_says_what_it_started_from(sign_in, cast):
    item, client = work(), sign_in(cast["staff"])
    json = {"content_type": "application/json"}

    bare = client.patch(f"{ITEMS}{item.pk}/", {"title": "Anew"}, **json)
    right = client.patch(
        f"{ITEMS}{item.pk}/", {"title": "Anew"}, headers={"If-Match": '"1"'}, **json
    )
    late = client.patch(
        f"{ITEMS}{item.pk}/", {"title": "Other"}, headers={"If-Match": '"1"'}, **json
    )

    assert [a.status_code for a in (bare, right, late)] == [428, 200, 412]
    assert LibraryItem.objects.get().title == "Anew"


def test_a_version_without_file_or_address_is_refused(sign_in, cast):
    answer = sign_in(cast["staff"]).post(f"{ITEMS}{work().pk}/versions/", {})

    assert answer.status_code == 400
    assert "file" in answer.content.decode()


def test_a_version_that_is_an_address_has_no_name_of_a_file(sign_in, cast):
    item = work(kind="recording", version=False)
    link, now = "https://video.example/1", timezone.now()
    services.add_library_version(item, link=link, at=now, by=None)

    answer = sign_in(cast["staff"]).get("/api/v1/library-versions/")

    told = [(row["link"], row["name"]) for row in answer.json()["results"]]
    assert told == [(link, None)]


def test_a_comment_names_nobody_of_another_member(sign_in, cast):
    item, now = work(is_draft_shared=True), timezone.now()
    services.comment_on_draft(item, text="Add 2031", at=now, by=cast["colleague"])
    url = "/api/v1/library-comments/"

    for who, name in [
        ("sponsor", cast["colleague"].name),
        ("staff", cast["colleague"].name),
        ("amgen sponsor", None),
    ]:
        found = sign_in(cast[who]).get(url).json()["results"]
        assert [row["said_by"] for row in found] == [name]


def test_what_a_program_takes_is_on_record(sign_in, cast):
    version = published().versions.get()
    client = sign_in(cast["colleague"])

    taken = client.get(f"/api/v1/library-versions/{version.pk}/download/")

    assert b"".join(taken.streaming_content).startswith(b"%PDF")
    found = client.get("/api/v1/library-openings/").json()["results"]
    assert [(row["item"], row["is_marked"]) for row in found] == [
        (version.item_id, True)
    ]
