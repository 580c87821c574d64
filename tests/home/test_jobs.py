"""The pages and operations of jobs: who sees how far work is, and steers it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inm_portal.kernel import jobs, lists
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Document, Job, JobState, JournalEntry
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory, staff
from ..factories.consortium import OrganizationFactory
from ..kernel.workbooks import rows_of

pytestmark = pytest.mark.django_db

EXPORT = "/consortium/members/export/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def director():
    return staff("director")


@pytest.fixture
def client(sign_in, director):
    return sign_in(director)


def ask(by=None, title: str = "Work", **args) -> Job:
    with transaction.atomic():
        return jobs.ask("test", title=title, by=by, at=timezone.now(), **args)


def running(job: Job, **told) -> Job:
    held = jobs.claim(at=timezone.now())
    Job.objects.filter(pk=held.pk).update(**told)
    assert held == job
    return held


def parked(job: Job) -> Job:
    jobs.fail(running(job), Refusal("Not like this."), at=timezone.now())
    return Job.objects.get(pk=job.pk)


def page(client, job: Job) -> str:
    return client.get(job.get_absolute_url()).content.decode()


def test_a_page_shows_how_far_work_is_and_asks_again_until_it_is_over(client):
    job = running(ask(), done=3000, total=12000, words="Writing rows")

    text = " ".join(page(client, job).split())

    assert '<progress class="progress" value="3000" max="12000"' in text
    assert "Writing rows: 3,000 of 12,000" in text
    assert f'hx-get="/jobs/{job.pk}/progress/"' in text
    assert "See how far it is now" in text


def test_what_is_over_is_not_asked_for_again(client):
    job = parked(ask())

    text = page(client, job)

    assert "hx-get" not in text
    assert "See how far" not in text
    assert "It failed 1 time" in text


def test_the_progress_is_a_part_that_another_page_can_hold(client):
    job = running(ask(), done=1, total=2)

    text = client.get(f"/jobs/{job.pk}/progress/").content.decode()

    assert text.lstrip().startswith("<section")
    assert f'id="job-{job.pk}"' in text


def test_a_list_of_jobs_costs_the_same_with_one_and_with_many(client):
    ask(UserFactory())
    client.get("/jobs/")
    with CaptureQueriesContext(connection) as with_one:
        client.get("/jobs/")
    for _number in range(4):
        ask(UserFactory())

    with CaptureQueriesContext(connection) as with_five:
        client.get("/jobs/")

    assert len(with_one) == len(with_five) <= 8


def test_jobs_are_found_by_state_and_by_who_asked(client):
    ada = UserFactory(name="Ada Lovelace")
    first, _second = ask(ada), ask(UserFactory(name="Grace Hopper"))
    parked(first)

    found = {
        asked: [job.pk for job in client.get(f"/jobs/?{asked}").context["page"]]
        for asked in ["state=parked", "search=ada", "state=running"]
    }

    assert list(found.values()) == [[first.pk], [first.pk], []]


def test_who_asked_sees_own_jobs_alone_and_cancels_them(sign_in):
    asker = UserFactory()
    own, _other = ask(asker, "Own"), ask(UserFactory(), "Other")
    client = sign_in(asker)

    assert list(client.get("/jobs/").context["page"]) == [own]
    client.post(f"/jobs/{own.pk}/cancel/")

    assert Job.objects.get(pk=own.pk).state == JobState.CANCELLED


def test_staff_try_a_parked_job_again(client, director):
    job = parked(ask())

    answer = client.post(f"/jobs/{job.pk}/retry/", follow=True)

    assert "will be tried again" in answer.content.decode()
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED
    entry = JournalEntry.objects.get(verb=Verb.JOB_RETRIED)
    assert entry.actor == director


def test_a_step_that_comes_too_late_is_refused_in_words(client, api, director):
    job = ask()

    answer = client.post(f"/jobs/{job.pk}/retry/", follow=True)
    refused = api(director).post(f"/api/v1/jobs/{job.pk}/retry/")

    assert "Only a parked job" in answer.content.decode()
    assert (refused.status_code, refused.json()["code"]) == (409, "not_parked")


def test_the_api_says_how_far_a_job_is(api, director):
    job = running(ask(), done=1, total=3, words="Writing rows")

    shown = api(director).get(f"/api/v1/jobs/{job.pk}/").json()

    assert {name: shown[name] for name in ["state", "done", "total", "words"]} == {
        "state": "running",
        "done": 1,
        "total": 3,
        "words": "Writing rows",
    }
    assert "args" not in shown


class TestExcelFileOfManyRows:
    @pytest.fixture(autouse=True)
    def few_are_many(self, monkeypatch):
        monkeypatch.setattr(lists, "COUNT_UP_TO", 2)
        for name in ["Siemens", "Flex", "Amgen"]:
            OrganizationFactory(name=name)

    def ask(self, client, query: str = "format=xlsx&sort=-name", **headers) -> Job:
        client.post(f"{EXPORT}?{query}", headers=headers)
        return Job.objects.get()

    def test_a_few_rows_are_a_file_at_once(self, client):
        answer = client.get(f"{EXPORT}?format=xlsx&search=e&sort=-name&status=prospect")

        assert answer.status_code == 200
        assert "Prepare the file" in answer.content.decode()
        answer = client.get(f"{EXPORT}?format=xlsx&search=Fle")
        assert [row[1] for row in rows_of(answer.getvalue())] == ["name", "Flex"]
        assert not Job.objects.exists()

    def test_a_list_offers_to_prepare_it_and_shows_how_far_it_is(self, client):
        shown = client.get("/consortium/members/?sort=-name").content.decode()
        assert f'hx-post="{EXPORT}?sort=-name&amp;format=xlsx"' in shown

        answer = client.post(f"{EXPORT}?sort=-name&format=xlsx", headers=HTMX)

        assert f'id="job-{Job.objects.get().pk}"' in answer.content.decode()

    def test_without_javascript_the_way_leads_to_the_page_of_the_job(self, client):
        answer = client.post(f"{EXPORT}?format=xlsx")

        assert answer.url == Job.objects.get().get_absolute_url()

    def test_the_file_has_the_rows_of_the_list_for_who_asked_alone(
        self, client, sign_in
    ):
        job = self.ask(client)

        assert jobs.run_due() == 1

        job.refresh_from_db()
        assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
        answer = client.get(job.result.get_absolute_url())
        assert [row[1] for row in rows_of(answer.getvalue())] == [
            *["name", "Siemens", "Flex", "Amgen"]
        ]
        other = sign_in(staff("director"))
        assert other.get(job.get_absolute_url()).status_code == 200
        assert "Download" not in other.get(job.get_absolute_url()).content.decode()
        assert other.get(job.result.get_absolute_url()).status_code == 404
        assert job.result.get_absolute_url() in page(client, job)

    def test_it_shows_what_who_asked_may_see_when_it_is_written(self, client, director):
        job = self.ask(client)
        director.groups.clear()

        jobs.run_due()

        job.refresh_from_db()
        assert job.total == 0

    def test_it_is_there_for_a_day(self, client):
        job = self.ask(client)
        jobs.run_due()
        job.refresh_from_db()

        assert job.result.expires_at - job.result.uploaded_at == timedelta(days=1)
        Document.objects.all()  # kept by a trigger until then

    def test_who_asked_is_journaled_without_what_they_searched(self, client, director):
        self.ask(client, "format=xlsx&search=e")

        entry = JournalEntry.objects.get(verb=Verb.LIST_EXPORTED)
        assert (entry.actor, entry.facts) == (
            director,
            {"list": "members", "filter": {"search": True}, "format": "xlsx"},
        )

    def test_a_filter_that_is_not_right_asks_for_nothing(self, client):
        answer = client.post(f"{EXPORT}?format=xlsx&sector=nonsense")

        assert answer.status_code == 400
        assert not Job.objects.exists()
