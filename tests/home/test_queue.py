"""What waits today: one's own tasks, what is late with others, members at risk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inm_portal.kernel.tasklist import open_task
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
PAGE = reverse("today")


def ask(cast, what: str, *, person, days: int):
    due_on = TODAY + timedelta(days=days)
    about = {"kind": f"tests.{what}", "subject": cast.siemens}
    return open_task(
        **about, what=what, why="So", due_on=due_on, person=person, by=None
    )


def found(client, part: str) -> list[str]:
    return [task.what for task in client.get(PAGE).context[part]]


def test_ones_own_tasks_stand_first_and_what_is_late_with_others_beside(sign_in, cast):
    ask(cast, "Mine", person=cast["staff"], days=3)
    ask(cast, "Anybody's", person=None, days=-1)
    ask(cast, "Late elsewhere", person=cast["director"], days=-2)
    ask(cast, "In time elsewhere", person=cast["director"], days=2)

    client = sign_in(cast["staff"])

    assert found(client, "mine") == ["Anybody's", "Mine"]
    assert found(client, "late") == ["Late elsewhere"]


def test_people_of_a_member_find_their_own_and_no_member_at_risk(sign_in, cast):
    ask(cast, "Theirs", person=cast["sponsor"], days=1)
    ask(cast, "Of INM", person=cast["staff"], days=-1)

    client = sign_in(cast["sponsor"])

    assert found(client, "mine") == ["Theirs"]
    assert found(client, "late") == []
    assert client.get(PAGE).context["at_risk"] is None


def test_members_with_most_signs_stand_first_for_those_who_see_them(sign_in, cast):
    at_risk = sign_in(cast["staff"]).get(PAGE).context["at_risk"]

    assert {member.name for member in at_risk} == {"Siemens", "Amgen"}
    signs = [len(member.told) for member in at_risk]
    assert signs == sorted(signs, reverse=True)
    assert all(signs)


def test_the_page_asks_as_often_for_many_as_for_one(sign_in, cast):
    client = sign_in(cast["staff"])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    ask(cast, "One", person=cast["staff"], days=0)
    ask(cast, "Other", person=cast["director"], days=-1)
    statements()
    alone = statements()
    for number in range(4):
        ask(cast, f"More {number}", person=cast["staff"], days=number)
        ask(cast, f"Late {number}", person=cast["director"], days=-number - 1)
    assert statements() == alone
    assert alone <= 8
