"""The pages and operations of ladders, and of what members choose."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import (
    ContactRole,
    ReminderCopy,
    ReminderPolicy,
    ReminderPreference,
)
from consortium.services import LADDER
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.billing import acting
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from tests.factories.receivables import invoiced

pytestmark = pytest.mark.django_db

FIRST = TODAY + timedelta(days=10)


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def siemens(db):
    siemens = OrganizationFactory(name="Siemens")
    sign(draft(siemens))
    person_at(siemens, ContactRole.BILLING)
    return siemens


@pytest.fixture
def billing(siemens):
    return siemens.contacts.get(email="billing@siemens.example").user


@pytest.fixture
def line(siemens):
    return invoiced(siemens, 100_000, due_on=TODAY + timedelta(days=20))


def typed(**more):
    told = {
        name: value
        for rung in LADDER
        for name, value in [
            (f"{rung.key}_is_on", "on"),
            (f"{rung.key}_days", abs(rung.days)),
            (f"{rung.key}_channel", "mail"),
        ]
    }
    return told | {"reason": "As the board asked"} | more


def page(name, *args):
    return reverse(f"consortium:{name}", args=args)


def propose(finance, **changes):
    return services.propose_ladder(
        rungs=services.standard(),
        first_on=changes.pop("first_on", FIRST),
        reason="As the board asked",
        based_on=services.latest(),
        **acting(by=finance),
    )


class TestEditor:
    def test_finance_proposes_and_a_director_puts_it_in_force(
        self, sign_in, finance, director, line
    ):
        client = sign_in(finance)
        answer = client.post(
            page("propose_ladder"), typed(first_on=FIRST, **{"+3_days": 5})
        )
        policy = ReminderPolicy.objects.get()
        assert answer.url == policy.get_absolute_url()
        assert policy.rungs.get(key="+3").days == 5
        assert "Put it in force" not in client.get(answer.url).content.decode()

        other = sign_in(director)
        assert "Put it in force" in other.get(answer.url).content.decode()
        other.post(page("approve_ladder", policy.pk))
        policy.refresh_from_db()
        assert (policy.state, policy.decided_by) == ("recorded", director)

    def test_its_effect_is_shown_and_nothing_saved(self, sign_in, finance, line):
        sent = typed(first_on=FIRST, preview="yes", **{"+3_days": 5})
        answer = sign_in(finance).post(page("propose_ladder"), sent)
        text = answer.content.decode()

        assert answer.status_code == 200
        assert "What it changes of the next 60 days" in text
        assert str(line.invoice) in text
        assert "As the board asked" in text
        assert not ReminderPolicy.objects.exists()

    @pytest.mark.parametrize("preview", [{}, {"preview": "yes"}])
    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"+3_days": "0"}, "Choose 1 to 365 days after the due date."),
            ({"-7_days": "61"}, "Choose 1 to 60 days before the due date."),
            ({"+15_days": "2"}, "This comes no later than the reminder before it."),
            ({"+15_days": "soon"}, "Enter a whole number."),
            ({"reason": ""}, "This field is required."),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_the_rest_kept(
        self, sign_in, finance, sent, words, preview
    ):
        told = typed(first_on=FIRST, **{"+30_days": "44"}) | sent | preview
        answer = sign_in(finance).post(page("propose_ladder"), told)

        assert answer.status_code == 422
        (name,) = sent
        (error,) = answer.context["form"].errors[name]
        assert error == words
        assert 'value="44"' in answer.content.decode()
        assert not ReminderPolicy.objects.exists()

    def test_the_first_day_lies_ahead(self, sign_in, finance):
        answer = sign_in(finance).post(page("propose_ladder"), typed(first_on=TODAY))
        assert "first_on" in answer.context["form"].errors

    def test_the_second_of_two_editors_is_told(self, sign_in, finance):
        client = sign_in(finance)
        client.get(page("propose_ladder"))
        propose(staff("finance"))

        answer = client.post(page("propose_ladder"), typed(first_on=FIRST))

        assert answer.status_code == 422
        assert "proposed another ladder" in answer.content.decode()
        assert "As the board asked" in answer.content.decode()

    def test_who_began_before_another_was_in_force_is_told(
        self, sign_in, finance, director
    ):
        services.approve_ladder(propose(staff("finance")), **acting(by=director))
        sent = typed(first_on=FIRST + timedelta(days=9), based_on="")

        answer = sign_in(finance).post(page("propose_ladder"), sent)

        assert answer.status_code == 422
        assert "changed the ladder meanwhile" in answer.content.decode()

    @pytest.mark.parametrize("role", ["program staff", "admin", "auditor", "director"])
    def test_others_see_and_do_not_propose(self, sign_in, role):
        client = sign_in(staff(role))
        assert client.get(page("reminder_policies")).status_code == 200
        assert client.get(page("propose_ladder")).status_code == 403

    def test_the_form_starts_from_what_is_in_force(self, sign_in, finance, director):
        policy = propose(staff("finance"))
        services.approve_ladder(policy, **acting(by=director))
        form = sign_in(finance).get(page("propose_ladder")).context["form"]
        assert form["based_on"].value() == policy.pk


class TestOfSome:
    def test_an_invoice_is_given_one_from_its_page(self, sign_in, finance, line):
        client = sign_in(finance)
        invoice = line.invoice
        there = page("give_invoice_ladder", invoice.pk)
        assert there in client.get(invoice.get_absolute_url()).content.decode()

        sent = typed(until_on=TODAY + timedelta(days=90), **{"+3_days": 9})
        answer = client.post(there, sent)

        policy = ReminderPolicy.objects.get()
        assert answer.url == policy.get_absolute_url()
        assert (policy.invoice, policy.state) == (invoice, "recorded")
        assert "In force" in client.get(answer.url).content.decode()

    def test_the_ladder_on_the_page_of_the_invoice_follows_it(
        self, sign_in, finance, line
    ):
        client = sign_in(finance)
        sent = typed(until_on=TODAY + timedelta(days=90), **{"+3_days": 9})
        client.post(page("give_invoice_ladder", line.invoice.pk), sent)

        (ladder,) = client.get(line.invoice.get_absolute_url()).context["ladders"]

        days = {one.rung.key: one.planned_on for one in ladder.rungs}
        assert days["+3"] == line.invoice.due_on + timedelta(days=9)

    def test_why_was_this_not_sent_follows_it(self, sign_in, finance, line, siemens):
        client = sign_in(finance)
        sent = typed(until_on=TODAY + timedelta(days=90))
        del sent["+15_is_on"]
        client.post(page("give_member_ladder", siemens.pk), sent)

        text = client.get(reverse("reminder_ladders") + "?search=Siemens")

        (story,) = [
            one for one in text.context["stories"] if one.rule.name == "consortium.dues"
        ]
        keys = [step.rung.key for step in story.steps]
        assert "+15" not in keys
        assert "+3" in keys

    def test_it_is_ended_with_a_reason(self, sign_in, finance, siemens):
        policy = services.give_ladder(
            siemens,
            rungs=services.standard(),
            until_on=FIRST,
            reason="They asked",
            **acting(by=finance),
        )
        client = sign_in(finance)
        assert client.post(page("end_ladder", policy.pk)).status_code == 422

        client.post(page("end_ladder", policy.pk), {"reason": "They pay again"})

        assert policy.end.reason == "They pay again"
        assert "Ended by hand" in client.get(policy.get_absolute_url()).content.decode()

    def test_its_last_day_is_not_over(self, sign_in, finance, siemens):
        sent = typed(until_on=TODAY - timedelta(days=1))
        answer = sign_in(finance).post(page("give_member_ladder", siemens.pk), sent)
        assert answer.context["form"].errors["until_on"] == ["This day is over."]


def test_a_list_costs_the_same_with_one_and_with_many(
    sign_in, finance, siemens, django_assert_max_num_queries
):
    client = sign_in(finance)
    counts = []
    for _time in range(3):
        services.give_ladder(
            siemens,
            rungs=services.standard(),
            until_on=FIRST,
            reason="They asked",
            **acting(by=finance),
        )
        with django_assert_max_num_queries(8) as asked:
            client.get(page("reminder_policies"))
        counts.append(len(asked))
    assert len(set(counts)) == 1
    with django_assert_max_num_queries(8):
        client.get(ReminderPolicy.objects.first().get_absolute_url())


class TestChoices:
    def test_who_pays_at_the_member_chooses(self, sign_in, siemens, billing):
        extra = ContactFactory(organization=siemens, name="Ada Moss")
        client = sign_in(billing)
        there = page("choose_reminders", siemens.pk)
        assert there in client.get(page("payer", siemens.pk)).content.decode()

        sent = {"first_notice": 21, "readers": [extra.pk], "version": 0}
        client.post(there, sent)

        assert ReminderPreference.objects.get().first_notice == 21
        assert ReminderCopy.objects.get().contact == extra
        text = client.get(page("payer", siemens.pk)).content.decode()
        assert "3 weeks before" in text
        assert "Ada Moss" in text

    @pytest.mark.parametrize("role", ["program staff", "admin", "auditor", "director"])
    def test_those_at_inm_who_may_only_look_do_not(self, sign_in, siemens, role):
        client = sign_in(staff(role))
        there = page("choose_reminders", siemens.pk)
        assert client.get(page("payer", siemens.pk)).status_code == 200
        assert client.get(there).status_code == 403
        assert client.post(there, {"first_notice": 21}).status_code == 403

    def test_another_company_does_not_know_of_it(self, sign_in, siemens):
        flex = OrganizationFactory(name="Flex")
        sign(draft(flex))
        person_at(flex, ContactRole.BILLING)
        other = flex.contacts.get(email="billing@flex.example").user
        client = sign_in(other)
        there = page("choose_reminders", siemens.pk)
        assert client.post(there, {"first_notice": 21}).status_code == 404

    def test_a_technical_lead_does_not(self, sign_in, siemens):
        person_at(siemens, ContactRole.TECHNICAL)
        lead = siemens.contacts.get(email="technical@siemens.example").user
        client = sign_in(lead)
        there = page("choose_reminders", siemens.pk)
        assert client.post(there, {"first_notice": 21}).status_code == 403

    def test_people_of_other_companies_are_no_choice(self, sign_in, siemens, billing):
        stranger = ContactFactory()
        sent = {"first_notice": 21, "readers": [stranger.pk], "version": 0}
        answer = sign_in(billing).post(page("choose_reminders", siemens.pk), sent)
        assert answer.status_code == 422
        assert "readers" in answer.context["form"].errors

    def test_six_are_too_many(self, sign_in, siemens, billing):
        people = [ContactFactory(organization=siemens) for _one in range(6)]
        sent = {"first_notice": 7, "readers": [one.pk for one in people], "version": 0}
        answer = sign_in(billing).post(page("choose_reminders", siemens.pk), sent)
        assert answer.context["form"].errors["readers"] == [
            "At most 5 people are added."
        ]

    def test_the_second_of_two_who_choose_compares(self, sign_in, siemens, billing):
        told = {"readers": [], "version": 0, "by": None}
        services.choose_reminders(siemens, first_notice=14, **told)

        sent = {"first_notice": 30, "version": 0}
        answer = sign_in(billing).post(page("choose_reminders", siemens.pk), sent)

        assert answer.status_code == 422
        assert ReminderPreference.objects.get().first_notice == 14


class TestApi:
    def post(self, client, path, **data):
        return client.post(
            f"/api/v1/{path}",
            json.dumps(data, default=str),
            content_type="application/json",
            headers={"Idempotency-Key": uuid4().hex},
        )

    def rungs(self, **changes):
        return [
            {"key": one.key, "days": one.days, "is_task": one.is_task}
            | changes.get(one.key, {})
            for one in LADDER
        ]

    def test_a_program_proposes_looks_and_puts_in_force(
        self, sign_in, finance, director, line
    ):
        made = self.post(
            sign_in(finance),
            "reminder-ladders/",
            rungs=self.rungs(**{"+3": {"days": 5, "copied": ["lead"]}}),
            first_on=FIRST,
            reason="As the board asked",
        )
        assert made.status_code == 201, made.content
        pk = made.json()["id"]

        other = sign_in(director)
        effect = other.get(f"/api/v1/reminder-ladders/{pk}/effect/").json()
        assert effect["changes"][0]["rung"] == "+3"
        assert self.post(other, f"reminder-ladders/{pk}/approve/").status_code == 200
        found = other.get("/api/v1/reminder-ladders/?standing=upcoming").json()
        assert [one["id"] for one in found["results"]] == [pk]

    def test_a_ladder_that_is_none_is_a_problem(self, sign_in, finance):
        answer = self.post(
            sign_in(finance),
            "reminder-ladders/",
            rungs=self.rungs(**{"+15": {"days": 1}}),
            first_on=FIRST,
            reason="So",
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "out_of_order")

    def test_a_member_chooses(self, sign_in, siemens, billing):
        extra = ContactFactory(organization=siemens)
        path = f"organizations/{siemens.pk}/reminders/"
        sent = {"first_notice": 14, "readers": [extra.pk], "version": 0}
        made = self.post(sign_in(billing), path, **sent)
        assert made.status_code == 201, made.content
        assert made.json()["readers"] == [extra.pk]

        stranger = ContactFactory()
        sent = {"first_notice": 14, "readers": [stranger.pk], "version": 1}
        answer = self.post(sign_in(billing), path, **sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "reader_of_another")


def test_the_export_tells_the_rungs(sign_in, finance, siemens):
    services.give_ladder(
        siemens,
        rungs=services.standard(),
        until_on=FIRST,
        reason="They asked",
        **acting(by=finance),
    )
    answer = sign_in(finance).get(page("export_reminder_policies"))
    text = b"".join(answer.streaming_content).decode()
    assert "Siemens" in text
    assert "+3 3" in text
