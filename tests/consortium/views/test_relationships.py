"""The pages of relationships, of answers about renewals, and of farewell."""

import pytest
from django.urls import reverse

from consortium.models import ExitInterview, HealthNote, RenewalAnswer
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.renewals import answer, ended, farewell, health, late_notice

from .test_costs import require_same

pytestmark = pytest.mark.django_db

LIST = reverse("consortium:relationships")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_staff_note_the_health_of_a_member_and_read_it_in_the_list(sign_in, cast):
    client = sign_in(cast["staff"])
    url = reverse("consortium:note_health", args=[cast.siemens.pk])

    refused = client.post(url, {"health": "at_risk", "reason": "", "noted_on": ""})
    assert refused.status_code == 422
    assert {"reason", "noted_on"} == refused.context["form"].errors.keys()

    told = {"health": "at_risk", "reason": "Lead left", "noted_on": "2026-11-20"}
    assert client.post(url, told).status_code == 302
    assert HealthNote.objects.get().reason == "Lead left"
    assert "Noted as at risk" in text(client.get(LIST))


def test_members_read_nothing_of_it(sign_in, cast):
    health(cast.siemens)
    answer(cast.signed)
    farewell(cast.signed, cast.contact, words="Their budget is gone")
    client = sign_in(cast["sponsor"])

    for page in (LIST, reverse("consortium:exits")):
        told = text(client.get(page))
        assert "Siemens" not in told.split("<main")[1]
    assert client.get("/api/v1/health-notes/").json()["results"] == []
    assert client.get("/api/v1/exit-interviews/").json()["results"] == []
    assert client.get("/api/v1/relationships/").json()["results"] == []


def test_the_sponsor_says_that_it_renews_and_reads_it_in_the_api(sign_in, cast):
    client = sign_in(cast["sponsor"])
    page = client.get(cast.signed.get_absolute_url())
    url = reverse("consortium:answer_renewal", args=[cast.signed.pk])
    assert url in text(page)

    form = text(client.get(url))
    assert "Notice is in time until" in form
    assert "received_on" not in form

    done = client.post(url, {"answer": "renews", "words": "As planned"})

    assert (done.status_code, done.url) == (302, cast.signed.get_absolute_url())
    row = RenewalAnswer.objects.get()
    assert (row.answer, row.recorded_by) == ("renews", cast["sponsor"])
    told = client.get("/api/v1/renewal-answers/").json()["results"]
    assert [one["answer"] for one in told] == ["renews"]


def test_no_other_member_reads_what_it_said(sign_in, cast):
    row = answer(cast.signed)
    client = sign_in(cast["amgen sponsor"])

    assert client.get(f"/api/v1/renewal-answers/{row.pk}/").status_code == 404
    assert client.get("/api/v1/renewal-answers/").json()["results"] == []


def test_a_late_notice_shows_as_late_and_a_director_decides(sign_in, cast):
    row = late_notice(cast.signed)
    page = reverse("consortium:renewal", args=[cast.signed.pk])
    url = reverse("consortium:rule_late_notice", args=[row.pk])
    assert url not in text(sign_in(cast["staff"]).get(page))
    client = sign_in(cast["director"])
    assert "by 1 day, as notice was in time until" in text(client.get(page))

    client.post(url, {"is_accepted": "no", "reason": "The term goes on"})

    assert "Refused: The term goes on" in text(client.get(page))


def test_an_exit_interview_is_recorded_and_listed_by_its_reason(sign_in, cast):
    answer(cast.signed)
    client = sign_in(cast["staff"])
    url = reverse("consortium:record_exit", args=[cast.signed.pk])

    refused = client.post(url, {"held_on": "2026-11-20", "words": "Long talk"})
    assert refused.status_code == 422
    assert "Long talk" in text(refused)

    told = {"held_on": "2026-11-20", "contact": cast.contact.pk}
    told |= {"reasons": ["service"], "words": "Nobody called"}
    assert client.post(url, told).status_code == 302
    assert ExitInterview.objects.count() == 1
    exits = reverse("consortium:exits")
    assert "Nobody called" in text(client.get(exits, {"reason": "service"}))
    assert "Nobody called" not in text(client.get(exits, {"reason": "budget"}))


def test_goodwill_is_granted_where_a_term_is_over(sign_in, cast):
    over = ended()
    client = sign_in(cast["director"])
    page = reverse("consortium:renewal", args=[over.pk])
    url = reverse("consortium:grant_goodwill", args=[over.pk])
    assert url in text(client.get(page))

    refused = client.post(url, {"until_on": "2027-11-20", "reason": "Talks"})
    assert refused.status_code == 422
    assert "until_on" in refused.context["form"].errors

    client.post(url, {"until_on": "2026-11-30", "reason": "Talks"})

    assert "Nov 30, 2026" in text(client.get(page))
    assert "Expired, negotiating" in text(client.get(LIST))


@pytest.mark.parametrize(
    "query",
    [
        *["?sign=silent", "?status=active", "?health=at_risk"],
        *["?search=Sie", "?sort=signs", "?sort=notice", "?sort=-spoken"],
    ],
)
def test_the_list_is_narrowed_and_sorted(sign_in, cast, query):
    health(cast.siemens)

    answer = sign_in(cast["staff"]).get(LIST + query)

    assert answer.status_code == 200
    assert "Siemens" in text(answer)


def test_the_list_costs_the_same_for_one_and_for_many(sign_in, cast):
    client = sign_in(cast["staff"])

    def more():
        company = OrganizationFactory(name=f"M{HealthNote.objects.count()}")
        health(sign(draft(company)).organization)

    require_same(lambda: client.get(LIST), more, most=4)


@pytest.mark.parametrize("within", ["0", "60", "180", "365"])
def test_renewals_are_narrowed_by_the_day_for_notice(sign_in, cast, within):
    page = sign_in(cast["staff"]).get(
        reverse("consortium:renewals"), {"within": within}
    )

    assert page.status_code == 200
    assert [row.number for row in page.context["page"]] == []


def test_renewals_are_narrowed_by_what_the_member_says(sign_in, cast):
    answer(cast.signed)
    client, url = sign_in(cast["staff"]), reverse("consortium:renewals")

    leaving = client.get(url, {"answer": "leaves"}).context["page"]
    silent = client.get(url, {"answer": "none"}).context["page"]

    assert [one.pk for one in leaving] == [cast.signed.pk]
    assert cast.signed.pk not in [one.pk for one in silent]
