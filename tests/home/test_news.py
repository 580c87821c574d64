"""What is new on the home of a member since somebody was there before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inm_portal.home.news import AT_FIRST, last_here
from inm_portal.kernel.models import Session
from tests.factories import calls, library
from tests.factories.engagement import interaction

pytestmark = pytest.mark.django_db


def news(client) -> set[str]:
    return {one.title for one in client.get("/").context["news"]}


def test_a_member_finds_what_came_and_nothing_of_another(sign_in, cast):
    library.published("Roadmap")
    library.work("Shelved")
    interaction(cast.contact, is_shared=True)
    interaction(cast.contact, kind="visit")

    shown = news(sign_in(cast["sponsor"]))

    assert shown == {"Roadmap", "Call"}
    assert news(sign_in(cast["amgen sponsor"])) == {"Roadmap"}


def test_what_was_there_at_the_last_visit_is_not_new(sign_in, cast):
    library.published("Roadmap")
    client = sign_in(cast["sponsor"])
    here = {"session_key": "before", "handle": "before", "user": cast["sponsor"]}
    soon = timezone.now() + timedelta(days=400)
    Session.objects.create(
        **here, session_data="", expire_date=soon, began_at=soon, seen_at=soon
    )

    assert news(client) == set()


def test_who_was_never_here_reads_of_thirty_days(cast):
    since = last_here(cast["sponsor"], None)

    assert timezone.now() - since <= AT_FIRST + timedelta(minutes=1)
    assert timezone.now() - since >= AT_FIRST - timedelta(minutes=1)


def test_a_call_that_opened_is_new(sign_in, cast):
    call = calls.opened("AI on the line")

    assert call.title in news(sign_in(cast["sponsor"]))
