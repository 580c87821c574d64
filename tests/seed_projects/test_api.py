"""Calls by the API: drafted, prepared, opened, extended, and read by others."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from inm_portal.accounts import roles
from seed_projects import services
from seed_projects.models import Call, Theme
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory

pytestmark = pytest.mark.django_db


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_call_from_nothing_to_open(time_machine):
    time_machine.move_to(make.NOON, tick=False)
    office = client_of(staff(roles.PROGRAM_STAFF))
    told = {
        **{"title": "Seeds", "slug": "seeds", "summary": "S", "ceiling": "150000.00"},
        **{"contact_name": "Jo", "contact_email": "jo@inm.example"},
        **{"cost_categories": ["postdoc"], "themes": [Theme.objects.first().pk]},
    }
    call = office.post("/api/v1/calls/", told, format="json").json()
    own = f"/api/v1/calls/{call['id']}/"
    stage = {
        **{"kind": "full", "form": make.form().pk},
        **{"opens_at": "2026-11-22T12:00:00-05:00"},
        **{"closes_at": "2026-12-22T23:59:59-05:00"},
    }

    early = office.post(f"{own}open/", format="json")
    answers = [
        office.post(f"{own}set-stage/", stage, format="json"),
        office.post(f"{own}add-rule/", {"statement": "I am a PI."}, format="json"),
        office.post(
            f"{own}choose-rubric/", {"rubric": make.rubric().pk}, format="json"
        ),
        office.post(f"{own}open/", format="json"),
    ]

    assert (early.status_code, early.json()["code"]) == (409, "not_ready")
    assert [answer.status_code for answer in answers] == [200, 201, 200, 200]
    opened = answers[-1].json()
    assert (opened["state"], opened["closes_at"][:10]) == ("open", "2026-12-22")


def test_an_edit_says_what_it_started_from():
    office, call = client_of(staff(roles.PROGRAM_STAFF)), make.call()
    own, told = f"/api/v1/calls/{call.pk}/", {"title": "In other words"}

    without = office.patch(own, told, format="json")
    stale = office.patch(own, told, format="json", headers={"If-Match": '"9"'})
    right = office.patch(own, told, format="json", headers={"If-Match": '"1"'})

    assert [without.status_code, stale.status_code, right.status_code] == [
        *[428, 412, 200]
    ]
    assert Call.objects.get().title == "In other words"


def test_each_reads_their_own_deadline():
    call, one = make.opened(), UserFactory()
    office = client_of(staff(roles.PROGRAM_STAFF))
    stage = call.stages.get()
    later = make.NOON + timedelta(days=3650)
    told = {"stage": stage.pk, "person": one.pk, "reason": "Ill"}
    told |= {"until_at": later.isoformat()}

    office.post(f"/api/v1/calls/{call.pk}/extend/", told, format="json")
    (own,) = client_of(one).get("/api/v1/call-stages/").json()["results"]
    (others,) = client_of(UserFactory()).get("/api/v1/call-stages/").json()["results"]

    assert own["deadline_at"] > others["deadline_at"] == others["closes_at"]


def test_a_stage_of_another_call_is_none():
    call, other = make.opened(), make.opened("Other")
    office = client_of(staff(roles.PROGRAM_STAFF))
    told = {"stage": other.stages.get().pk, "reason": "No", "until_at": "2030-01-01"}

    answer = office.post(f"/api/v1/calls/{call.pk}/extend/", told, format="json")

    assert answer.status_code == 400
    assert not call.stages.get().extensions.exists()


def test_a_form_is_written_by_the_api():
    office = client_of(staff(roles.PROGRAM_STAFF))
    version = office.post("/api/v1/forms/", {"title": "Short"}, format="json").json()
    own = f"/api/v1/form-versions/{version['id']}/"
    told = {"title": "Idea"}
    section = office.post(f"{own}add-section/", told, format="json").json()
    asked = {"section": section["id"], "kind": "text", "label": "Title"}

    question = office.post(f"{own}add-question/", asked, format="json")
    path = f"/api/v1/form-questions/{question.json()['id']}/"
    changed = office.patch(path, {"word_limit": 20}, format="json")
    published = office.post(f"{own}publish/", format="json")
    late = office.patch(path, {"word_limit": 30}, format="json")

    assert changed.json()["word_limit"] == 20
    assert published.json()["published_at"]
    assert late.status_code == 403


def test_others_read_what_is_published_alone():
    make.opened("Open")
    make.ready("Draft")
    client = client_of(UserFactory())

    calls = client.get("/api/v1/calls/").json()["results"]

    assert [call["title"] for call in calls] == ["Open"]
    assert client.post("/api/v1/calls/", {}, format="json").status_code == 403
    versions = client.get("/api/v1/form-versions/").json()["results"]
    assert len(versions) == 1


def test_when_the_panel_meets_is_told_at_inm_alone():
    call = make.opened()
    services.set_date(call, kind="panel", at=make.NOON, by=None)
    services.set_date(call, kind="start", at=make.NOON, by=None)

    kinds = [
        {row["kind"] for row in client.get("/api/v1/call-dates/").json()["results"]}
        for client in [client_of(staff(roles.FINANCE)), client_of(UserFactory())]
    ]

    assert kinds == [{"panel", "start"}, {"start"}]


@pytest.mark.parametrize(("is_named", "told"), [(True, True), (False, False)])
def test_a_company_is_named_only_where_it_agreed(client, is_named, told):
    call = make.opened()
    row = make.problem(OrganizationFactory(name="Siemens"), is_named=is_named)
    services.use_problem(call, statement=row, at=make.NOON, by=None)

    page = client.get(f"/seed-projects/open-calls/{call.slug}/").content.decode()

    assert "Weld inspection" in page
    assert ("Siemens" in page) == told


def test_the_office_leaves_out_who_did_not_confirm_and_nobody_of_elsewhere(
    api, time_machine
):
    """Case 52."""
    call = make.opened()
    proposal, other = proposals.complete(call), proposals.draft(make.opened("Other"))
    pi, co = proposals.pi_of(proposal), UserFactory()
    told = {"name": co.name, "email": co.email, "role": "co_pi"}
    part = services.add_author(proposal, **told, at=make.NOON, by=pi)
    services.submit_proposal(proposal, at=make.NOON, by=pi)
    services.close_call(call, at=make.NOON + 60 * make.DAY, by=None)
    office = api(staff(roles.PROGRAM_STAFF))
    url = f"/api/v1/screening/{proposal.pk}/leave-out/"

    time_machine.move_to(make.NOON + timedelta(days=2), tick=False)
    early = office.post(url, {"part": part.pk}, format="json")
    time_machine.move_to(make.NOON + timedelta(days=4), tick=False)
    elsewhere = office.post(url, {"part": other.people.get().pk}, format="json")
    answer = office.post(url, {"part": part.pk}, format="json")

    assert (early.status_code, early.json()["code"]) == (409, "not_due")
    assert (elsewhere.status_code, answer.status_code) == (404, 200)
    assert proposal.people.get().person == pi
