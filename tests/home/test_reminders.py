"""The pages of those who look after reminders, and the operations beside them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inm_portal.accounts.models import User
from inm_portal.kernel.models import (
    Closure,
    JournalEntry,
    ReminderDelivery,
    ReminderHold,
    ReminderState,
    ReminderStop,
    Task,
)
from inm_portal.kernel.reminders import breaker

from ..factories.accounts import staff
from ..kernel.reminders import ladder
from ..kernel.reminders.ladder import DUES, MONDAY, NOW, after, company, sweep

pytestmark = pytest.mark.django_db

DUE = MONDAY - timedelta(days=3)
SOON = MONDAY + timedelta(days=14)


@pytest.fixture(autouse=True)
def dues(monkeypatch):
    ladder.alone(monkeypatch)
    yield from ladder.declared()


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(sign_in):
    return sign_in(staff("program staff"))


@pytest.fixture
def program(api):
    return api(staff("program staff"))


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def row(rung: str) -> ReminderDelivery:
    return ReminderDelivery.objects.get(rung=rung)


class TestCalendar:
    def test_it_shows_what_goes_out_in_the_next_60_days(self, client):
        company("Flex", SOON)
        sweep()

        shown = page(client, "reminders")

        assert shown.count("Flex") >= 4
        assert "Goes out on Nov 9, 2026, if it still holds then." in shown

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"search": "flex@"}, {"Flex"}),
            ({"search": "Ada"}, {"Flex"}),
            ({"search": "mgen"}, {"Amgen"}),
            ({"rule": "test.dues"}, {"Flex", "Amgen"}),
            ({"rule": "consortium.contact_confirmation"}, set()),
            ({"organization": "Amgen"}, {"Amgen"}),
        ],
    )
    def test_it_is_narrowed_by_person_rule_and_company(self, client, query, found):
        keys = {name: company(name, SOON).pk for name in ("Flex", "Amgen")}
        User.objects.filter(email="flex@pay.example").update(name="Ada")
        sweep()
        if "organization" in query:
            query = {"organization": keys[query["organization"]]}

        response = client.get(reverse("reminders"), query)

        assert {str(row.subject) for row in response.context["page"]} == found

    def test_what_is_past_says_what_came_of_it(self, client):
        company("Flex", MONDAY - timedelta(days=16))
        sweep()

        shown = page(client, "past_reminders")

        assert "a later reminder took its place" in shown
        assert "Written on Nov 2, 2026, 10:00 AM; the mail is queued." in shown

    @pytest.mark.parametrize(
        "name", ["reminders", "past_reminders", "reminder_holds", "tasks", "closures"]
    )
    def test_a_list_costs_the_same_with_one_row_and_with_many(self, client, name):
        def fill(number: int) -> None:
            subject = company(f"Company{number}", DUE - timedelta(days=28))
            sweep()
            ReminderHold.objects.create(
                rule=DUES.name,
                subject_type="consortium.organization",
                subject_id=subject.pk,
                reason="Asked",
                until_on=MONDAY + timedelta(days=number),
                held_by=subject.owner,
            )
            Closure.objects.create(on=SOON + timedelta(days=number), name="Closed")

        fill(0)
        with_one = statements(client, reverse(name))
        for number in range(1, 4):
            fill(number)

        with_many = statements(client, reverse(name))

        assert len(with_one) == len(with_many) <= 8
        assert len(set(with_many)) == len(with_many)


def statements(client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


class TestOne:
    def test_the_preview_is_the_mail_with_all_that_goes_out_that_day(self, client):
        flex = company("Flex", SOON)
        company("Amgen", SOON, owner=flex.owner)
        sweep()

        shown = page(client, "reminder", row_of(flex, "-7").pk)

        assert "2 things wait for you" in shown
        assert "Pay the dues of Amgen" in shown

    def test_what_went_out_is_shown_as_it_was_written(self, client):
        flex = company("Flex", DUE)
        sweep()
        ladder.pay(flex)

        assert "Pay the dues of Flex" in page(client, "reminder", row("+3").pk)

    def test_what_became_a_task_is_shown_as_one(self, client):
        company("Flex", MONDAY - timedelta(days=31))
        sweep()
        made = ReminderDelivery.objects.get(state=ReminderState.TASK)

        shown = page(client, "reminder", made.pk)

        assert "What the task says" in shown
        assert "one such mail a day" not in shown

    def test_what_came_to_nothing_is_shown_alone(self, client):
        flex = company("Flex", SOON)
        company("Amgen", SOON, owner=flex.owner)
        sweep()
        key = row_of(flex, "-7").pk
        client.post(reverse("fill_reminder", args=[key]), {"reason": "Called"})

        shown = page(client, "reminder", key)

        assert "What the mail would have said" in shown
        assert "Amgen" not in shown

    @pytest.mark.parametrize("form", ["hold_reminder", "fill_reminder"])
    def test_a_form_says_what_it_is_about(self, client, form):
        flex = company("Flex", SOON)
        sweep()

        assert "Flex" in page(client, form, row_of(flex, "-7").pk)

    def test_it_is_held_with_a_reason(self, client):
        flex = company("Flex", SOON)
        sweep()

        client.post(
            reverse("hold_reminder", args=[row("-7").pk]),
            {"until_on": "2026-12-01", "reason": "They asked"},
        )

        hold = ReminderHold.objects.get()
        assert (hold.rule, hold.subject_id, hold.reason) == (
            DUES.name,
            flex.pk,
            "They asked",
        )
        assert "Held until Dec 1, 2026: They asked" in page(client, "reminders")

    def test_it_is_seen_to_by_hand(self, client):
        company("Flex", SOON)
        sweep()

        client.post(
            reverse("fill_reminder", args=[row("-7").pk]), {"reason": "Called them"}
        )

        assert "Called them" in page(client, "past_reminders")


def row_of(subject, rung: str) -> ReminderDelivery:
    return ReminderDelivery.objects.about(subject).get(rung=rung)


class TestWhy:
    """Why was this not sent? Each rung with its day and what came of it."""

    def test_each_rung_has_an_answer(self, client):
        company("Flex", MONDAY - timedelta(days=16))
        sweep()

        shown = page(client, "reminder_ladders", search="flex")

        for words in [
            "its time had passed",
            "a later reminder took its place",
            "the mail is queued",
            "Goes out on Nov 16, 2026, if it still holds then.",
        ]:
            assert words in shown

    def test_what_was_never_planned_has_one_too(self, client):
        company("Flex", MONDAY + timedelta(days=58))
        paid = company("Amgen", SOON)
        ladder.pay(paid)
        sweep()

        later = page(client, "reminder_ladders", search="flex")
        never = page(client, "reminder_ladders", search="amgen")

        assert "plans are made 60 days ahead" in later
        assert "The rule does not concern this now." in never

    def test_what_is_due_and_not_yet_swept_says_so(self, client):
        company("Flex", SOON)

        assert "the next sweep plans it" in page(
            client, "reminder_ladders", search="flex"
        )

    def test_nothing_found_is_said(self, client):
        assert "No reminders are about that" in page(
            client, "reminder_ladders", search="nobody"
        )

    def test_the_answers_cost_the_same_for_one_object_and_for_many(self, client):
        company("Flex 1", MONDAY - timedelta(days=16))
        sweep()
        url = f"{reverse('reminder_ladders')}?search=flex"
        with_one = statements(client, url)
        for number in range(2, 5):
            company(f"Flex{number}", MONDAY - timedelta(days=16))
        sweep(0, 11)

        assert len(statements(client, url)) == len(with_one)


class TestAlarm:
    def test_a_sweep_that_is_missing_is_shown(self, client):
        assert "Reminders were" in page(client, "reminders")
        sweep()
        assert "Reminders were" not in page(client, "reminders")

        with time_machine.travel(after(0, 11), tick=False):
            shown = page(client, "reminders")
        assert "No reminders were looked for since Nov 2, 2026, 10:00 AM." in shown

    def test_what_was_stopped_is_shown_until_somebody_decides(self, client):
        for number in range(8):
            company(f"Company{number}", DUE)
        sweep()
        stop = ReminderStop.objects.get()

        assert "Dues: 3 reminders stopped." in page(client, "reminders")
        assert "Release or cancel" in page(client, "home")
        client.post(reverse("release_stop", args=[stop.pk]), {"reason": "All right"})

        assert "reminders stopped." not in page(client, "reminders")
        assert ReminderDelivery.objects.filter(state="planned", rung="+3").count() == 3

    def test_a_decision_needs_a_reason(self, client):
        stop = ReminderStop.objects.create(rule=DUES.name, stopped_at=NOW)

        response = client.post(reverse("cancel_stop", args=[stop.pk]), {"reason": ""})

        assert response.status_code == 422
        assert not ReminderStop.objects.exclude(decided_at=None).exists()


class TestHolds:
    def test_a_rule_a_rung_and_a_company_are_held(self, client):
        flex = company("Flex", SOON)

        for held, organization in [
            (DUES.name, ""),
            (f"{DUES.name} +3", ""),
            ("", flex.pk),
        ]:
            client.post(
                reverse("hold_reminders"),
                {
                    "held": held,
                    "organization": organization,
                    "until_on": "2026-12-01",
                    "reason": "They asked",
                },
            )

        shown = page(client, "reminder_holds")
        for words in [">Dues<", ">Dues, +3<", ">Flex<"]:
            assert words in shown.replace("\n", "").replace("  ", "")

    def test_a_hold_of_nothing_is_refused_in_words(self, client):
        response = client.post(
            reverse("hold_reminders"), {"until_on": "2026-12-01", "reason": "All"}
        )

        assert response.status_code == 422
        assert "Say what is held" in response.content.decode()

    def test_a_hold_is_lifted(self, client):
        hold = ReminderHold.objects.create(
            rule=DUES.name, reason="Asked", until_on=MONDAY
        )

        client.post(reverse("lift_hold", args=[hold.pk]))

        assert not ReminderHold.objects.in_force(on=MONDAY).exists()
        assert JournalEntry.objects.filter(verb="kernel.hold_lifted").exists()


class TestTasks:
    @pytest.fixture
    def task(self):
        company("Flex", MONDAY - timedelta(days=31))
        sweep()
        return Task.objects.get()

    def test_somebody_without_a_role_sees_and_finishes_their_own(self, task, sign_in):
        mine = sign_in(task.person)
        assert "Pay the dues of Flex" in page(mine, "tasks")

        mine.post(reverse("finish_task", args=[task.pk]), {"outcome": "Paid"})

        task.refresh_from_db()
        assert (task.outcome, task.done_by, task.done_at) == ("Paid", task.person, NOW)

    def test_a_task_is_finished_once(self, task, client):
        url = reverse("finish_task", args=[task.pk])
        client.post(url, {"outcome": "Paid"})

        assert client.post(url, {"outcome": "Again"}).status_code == 403

    def test_what_waits_stands_before_what_is_done(self, task, client):
        company("Amgen", MONDAY - timedelta(days=32))
        sweep()
        first = Task.objects.exclude(pk=task.pk).get()
        Task.objects.filter(pk=first.pk).update(due_on=task.due_on - timedelta(days=1))
        client.post(reverse("finish_task", args=[first.pk]), {"outcome": "Paid"})

        rows = client.get(reverse("tasks")).context["page"]

        assert list(rows) == [task, first]

    @pytest.mark.parametrize(
        ("state", "count"), [("open", 1), ("mine", 0), ("done", 0), ("", 1)]
    )
    def test_tasks_are_found_by_their_state(self, task, client, state, count):
        response = client.get(reverse("tasks"), {"state": state})

        assert len(response.context["page"]) == count


class TestProgram:
    """Everything that a page can do, a program can."""

    def test_it_reads_reminders_with_what_came_of_them(self, program):
        company("Flex", DUE)
        sweep()

        rows = program.get("/api/v1/reminders/", {"state": "written"}).json()

        (found,) = rows["results"]
        assert found["outcome"]["code"] == "written"
        assert found["address"] == "flex@pay.example"

    def test_it_holds_and_lifts(self, program):
        body = {"rule": DUES.name, "reason": "Asked", "until_on": "2026-12-01"}

        held = program.post("/api/v1/reminder-holds/", body, format="json")
        lifted = program.post(f"/api/v1/reminder-holds/{held.json()['id']}/lift/")

        assert (held.status_code, lifted.status_code) == (201, 200)
        assert lifted.json()["lifted_at"] is not None

    def test_a_hold_of_a_rung_that_is_not_there_is_a_problem(self, program):
        body = {"rule": DUES.name, "rung": "+99", "reason": "Asked"}

        answer = program.post(
            "/api/v1/reminder-holds/", body | {"until_on": "2026-12-01"}, format="json"
        )

        assert (answer.status_code, answer.json()["code"]) == (409, "no_such_rung")

    def test_it_decides_on_a_stop_once(self, program):
        for number in range(8):
            company(f"Company{number}", DUE)
        sweep()
        stop = ReminderStop.objects.get()
        url = f"/api/v1/reminder-stops/{stop.pk}/cancel/"

        first = program.post(url, {"reason": "Wrong import"}, format="json")
        second = program.post(url, {"reason": "Again"}, format="json")

        assert (first.status_code, second.status_code) == (200, 403)
        assert first.json()["is_released"] is False
        assert not Task.objects.open().filter(kind=breaker.KIND).exists()

    def test_it_fills_finishes_closes_and_opens(self, program):
        company("Flex", SOON)
        company("Amgen", MONDAY - timedelta(days=31))
        sweep()
        acts = {
            f"reminders/{row_of_flex().pk}/fill/": {"reason": "Called"},
            f"tasks/{Task.objects.get().pk}/finish/": {"outcome": "Paid"},
            "closures/": {"on": "2026-12-24", "name": "Winter"},
        }

        codes = [
            program.post(f"/api/v1/{path}", body, format="json").status_code
            for path, body in acts.items()
        ]
        closure = Closure.objects.get()
        opened = program.post(f"/api/v1/closures/{closure.pk}/withdraw/")

        assert [*codes, opened.status_code] == [200, 200, 201, 200]


def row_of_flex() -> ReminderDelivery:
    return ReminderDelivery.objects.get(address="flex@pay.example", rung="-7")
