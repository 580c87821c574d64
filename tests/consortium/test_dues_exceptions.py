"""What finance looks at of dues: each stands there until it is mended."""

from datetime import date

import pytest
from django.urls import reverse

from consortium import services
from consortium.models import ContactRole, DuesException
from consortium.notifications.dues import DUES
from inm_portal.kernel.models import Message, ReminderDelivery, ReminderStop
from inm_portal.kernel.reminders import rules

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
    return siemens


@pytest.fixture
def line(siemens):
    return invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)


def found(days: int) -> list[str]:
    rows = DuesException.objects.by(day(days)).order_by("pk")
    return [row.kind for row in rows]


def pay(line, siemens, days: int) -> None:
    apply(cash(HALF, siemens, on=day(days)), line, HALF, on=day(days))


def test_where_all_goes_well_there_are_none(line):
    run(-7, 3, 15)

    assert found(15) == []


def test_a_reminder_that_did_not_arrive_until_a_later_one_does(line):
    run(3)
    lost = Message.objects.create(
        kind="kernel/mail/reminders",
        recipient="billing@siemens.example",
        slot="lost",
        subject="Late",
        text="Late",
        not_before=at(day(3)),
    )
    Message.objects.filter(pk=lost.pk).update(state="failed")
    ReminderDelivery.objects.filter(rung="+3").update(message=lost)
    assert found(4) == ["not_delivered"]

    run(15)
    assert found(15) == []


def test_nobody_to_write_to_and_no_billing_contact():
    flex = OrganizationFactory(name="Flex", owner=staff("program staff"))
    sign(draft(flex))
    invoiced(flex, HALF, due_on=DUE, issued_on=ISSUED)
    assert found(-8) == []
    run(-7)
    DuesException.objects.filter(kind="nobody").get()

    person_at(flex, ContactRole.BILLING)
    run(3)
    assert found(3) == []


def test_what_the_breaker_stopped(line):
    run(1)
    stop = ReminderStop.objects.create(rule=DUES.name, stopped_at=at(day(3)))
    ReminderDelivery.objects.filter(rung="+3").update(state="stopped", stop=stop)

    assert found(3) == ["breaker"]


def test_a_hold_that_is_over_until_something_is_sent(line):
    run(1)
    services.hold_dues(
        line.invoice, until_on=day(8), reason="They call", today=day(1), by=None
    )
    run(3)
    assert found(8) == []
    assert found(9) == ["hold_over"]

    run(10)
    assert found(10) == []


def test_a_promise_that_was_not_kept_until_it_is_paid(line, siemens):
    services.promise_payment(
        line.invoice,
        pay_on=day(5),
        amount=HALF,
        today=day(1),
        at=at(day(1)),
        by=None,
    )
    assert found(5) == []
    assert found(6) == ["promise_broken"]

    pay(line, siemens, 7)
    assert found(7) == []


def test_the_list_counts_each_kind_and_costs_the_same_with_more(
    sign_in, django_assert_max_num_queries
):
    client, page = sign_in(staff("finance")), reverse("consortium:dues_exceptions")
    counts = []
    for number in (1, 2):
        for each in range(number):
            member = OrganizationFactory(name=f"Company{number}{each}")
            sign(draft(member))
            line = invoiced(member, HALF, due_on=date(2026, 10, 20), issued_on=ISSUED)
            assert line
        with django_assert_max_num_queries(8) as asked:
            shown = client.get(page).content.decode()
        counts.append(len(asked))

    assert "No billing contact: 3" in shown
    assert counts[0] == counts[1]
    export = client.get(reverse("consortium:export_dues_exceptions"))
    assert b"".join(export.streaming_content).count(b"no_billing") == 3
