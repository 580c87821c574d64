"""The dunning log: each rung that fell due, and what became of it."""

import csv

import pytest
import time_machine
from django.urls import reverse

from consortium import services
from consortium.models import ContactRole, dunning_log
from consortium.notifications.dues import DUES
from inm_portal.kernel.models import ReminderDelivery, ReminderStop
from inm_portal.kernel.reminders import by_hand, rules

from ..factories.accounts import staff
from ..factories.consortium import OrganizationFactory, draft, person_at, sign
from ..factories.credits import at
from ..factories.receivables import apply, cash, invoiced
from .test_dues import DUE, HALF, ISSUED, day, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dues_alone(monkeypatch):
    monkeypatch.setattr(rules, "_rules", {DUES.name: DUES})


@pytest.fixture
def siemens(db):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.BILLING)
    person_at(siemens, ContactRole.TECHNICAL)
    return siemens


@pytest.fixture
def line(siemens):
    return invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)


def became(days: int) -> dict[str, str]:
    rows = dunning_log(on=day(days)).order_by("pk")
    return dict(rows.values_list("rung", "became"))


def promise(line, *, made: int, until: int) -> None:
    services.promise_payment(
        line.invoice,
        pay_on=day(until),
        amount=HALF,
        today=day(made),
        at=at(day(made)),
        by=None,
    )


def test_what_fell_due_stands_there_and_what_lies_ahead_does_not(line):
    run(-7, 3)

    assert became(3) == {"-7": "sent", "+3": "sent"}


def test_each_outcome_is_told_apart(siemens, line):
    run(-7)
    filled = ReminderDelivery.objects.get(rung="+3")
    by_hand.fill_reminder(filled, note="Called them", at=at(day(1)), by=None)
    run(15, 30)
    assert became(30) == {
        "-7": "sent",
        "+3": "by_hand",
        "+15": "sent",
        "+30": "sent",
        "call": "task_open",
    }

    promise(line, made=31, until=70)
    run(31, 63)
    assert (became(63)["call"], became(63)["hand-over"]) == ("task_done", "stopped")


def test_a_held_rung_and_one_that_the_breaker_stopped(line):
    run(1)
    services.hold_dues(
        line.invoice, until_on=day(9), reason="They call", today=day(1), by=None
    )
    assert became(3)["+3"] == "held"

    stop = ReminderStop.objects.create(rule=DUES.name, stopped_at=at(day(3)))
    ReminderDelivery.objects.filter(rung="+3").update(state="stopped", stop=stop)
    assert became(3)["+3"] == "breaker"


def test_where_nobody_pays_it_says_so():
    flex = OrganizationFactory(name="Flex", owner=staff("program staff"))
    sign(draft(flex))
    invoiced(flex, HALF, due_on=DUE, issued_on=ISSUED)

    run(3)

    assert became(3)["+3"] == "nobody"


class TestPage:
    @pytest.fixture
    def finance(self, sign_in, line):
        run(-7, 3, 15)
        with time_machine.travel(at(day(16)), tick=False):
            yield sign_in(staff("finance"))

    def rungs(self, client, **asked) -> list[str]:
        page = client.get(reverse("consortium:dunning"), asked)
        assert page.status_code == 200
        return sorted(one.rung for one in page.context["page"].object_list)

    def test_it_shows_to_whom_with_copies(self, finance):
        page = finance.get(reverse("consortium:dunning")).content.decode()

        assert "billing@siemens.example" in page
        assert "copy: technical@siemens.example" in page
        assert "second reminder" in page

    @pytest.mark.parametrize(
        ("asked", "rungs"),
        [
            ({"rung": "+3"}, ["+3"]),
            ({"channel": "task"}, []),
            ({"channel": "mail"}, ["+15", "+3", "-7"]),
            ({"became": "sent"}, ["+15", "+3", "-7"]),
            ({"became": "held"}, []),
            ({"search": "technical@"}, ["+15"]),
            ({"search": "INM-2027-0001"}, ["+15", "+3", "-7"]),
            ({"search": "Amgen"}, []),
            ({"since": str(day(4))}, ["+15"]),
            ({"until": str(day(0))}, ["-7"]),
        ],
    )
    def test_it_is_narrowed(self, finance, asked, rungs):
        assert self.rungs(finance, **asked) == rungs

    def test_by_invoice_and_company(self, finance, line, siemens):
        assert len(self.rungs(finance, invoice=line.invoice_id)) == 3
        assert self.rungs(finance, invoice=line.invoice_id + 1) == []
        assert len(self.rungs(finance, organization=siemens.pk)) == 3

    def test_the_export_has_a_row_each_with_the_same_filter(self, finance):
        answer = finance.get(reverse("consortium:export_dunning"), {"rung": "+15"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")

        (row,) = csv.DictReader(text.splitlines())
        assert (row["rung"], row["copies"]) == ("+15", "technical@siemens.example")
        assert row["subject"].endswith("15 days late")
        assert row["became"] == "sent"

    def test_who_is_not_at_inm_sees_nothing(self, finance, sign_in, siemens):
        contact = siemens.contacts.get(email="billing@siemens.example")

        assert self.rungs(sign_in(contact.user)) == []

    def test_it_costs_the_same_with_more_rows(
        self, finance, siemens, django_assert_max_num_queries
    ):
        page = reverse("consortium:dunning")
        with django_assert_max_num_queries(8) as few:
            finance.get(page)
        other = invoiced(siemens, 50_000, due_on=DUE, issued_on=ISSUED)
        run(16)
        apply(cash(1_000, siemens, on=day(16)), other, 1_000, on=day(16))
        with django_assert_max_num_queries(8) as many:
            finance.get(page)

        assert len(few) == len(many)
