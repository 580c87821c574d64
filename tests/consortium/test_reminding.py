"""The reminders of an invoice are held, and sent by hand: once, and seen everywhere."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from consortium import services
from consortium.models import ContactRole
from consortium.notifications.dues import DUES
from inm_portal.kernel import outbox
from inm_portal.kernel.models import (
    JournalEntry,
    Message,
    ReminderDelivery,
    ReminderHold,
    ReminderStop,
    Task,
)
from inm_portal.kernel.reminders.by_hand import HoldEndsTooEarly, HoldOver
from inm_portal.kernel.reminders.early import (
    MailChanged,
    NothingToSend,
    RemindedToday,
    RuleStopped,
)
from inm_portal.kernel.reminders.stories import stories_about

from ..factories.accounts import staff
from ..factories.consortium import OrganizationFactory, draft, person_at, sign
from ..factories.credits import at
from ..factories.receivables import apply, cash, invoiced
from ..races import at_once, refusals
from .test_dues import DUE, HALF, ISSUED, day, mailed, run, state_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dues_alone(plan_only):
    plan_only(DUES.name)


@pytest.fixture
def siemens(db):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.SPONSOR)
    person_at(siemens, ContactRole.BILLING)
    person_at(siemens, ContactRole.TECHNICAL)
    return siemens


@pytest.fixture
def line(siemens):
    return invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)


def send(line, days: int, by=None, **more):
    return services.send_reminder(
        line.invoice, on=day(days), at=at(day(days)), by=by, **more
    )


def hold(line, until: int, today: int = 0, **more):
    told = {"reason": "They call back", "by": None} | more
    return services.hold_dues(
        line.invoice, until_on=day(until), today=day(today), **told
    )


def verbs_of(line) -> list[str]:
    rows = JournalEntry.objects.filter(
        subject_type="consortium.invoice", subject_id=line.invoice_id
    )
    found = rows.order_by("pk").values_list("verb", flat=True)
    return [verb.partition(".")[2] for verb in found if ".dues_" in verb]


class TestSend:
    def test_it_goes_out_once_and_the_sweep_sends_its_rung_no_more(self, line):
        finance = staff("finance")
        run(-7, 1)

        send(line, 2, by=finance)
        outbox.send_due(at=at(day(2)))
        run(3, 4, 7)

        assert [what for _to, what in mailed()] == [
            "$137,500 of INM-2027-0001 are due on Nov 2, 2026",
            "Say when you pay INM-2027-0001: $137,500 are late",
        ]
        filled = ReminderDelivery.objects.get(rung="+3")
        assert (filled.state, filled.acted_by) == ("written", finance)
        assert (filled.days, filled.planned_on) == (2, day(2))
        run(15)
        assert mailed()[-1][1].endswith("15 days late")

    def test_it_says_how_late_it_is_and_not_how_late_its_rung_is(self, line):
        run(-7, 3, 9)

        send(line, 10)
        outbox.send_due(at=at(day(10)))

        assert mailed()[-1][1] == "$137,500 of INM-2027-0001 are 10 days late"
        assert mailed(copies=True)[-1][0] == "technical@siemens.example"

    def test_the_journal_tells_of_it_at_the_invoice(self, line):
        run(1)

        send(line, 2, by=staff("finance"))

        assert verbs_of(line) == ["dues_reminded"]

    def test_all_lines_of_it_and_what_else_is_due_go_in_the_one_mail(
        self, siemens, line
    ):
        invoiced(siemens, 50_000, due_on=DUE + timedelta(days=-1), issued_on=ISSUED)
        run(1)

        send(line, 2)

        assert "$137,500 are late" in told()
        assert "$50,000 are late" in told()

    def test_one_a_day(self, siemens, line):
        other = invoiced(siemens, 50_000, due_on=DUE, issued_on=ISSUED)
        run(1)
        send(line, 2)

        with pytest.raises(RemindedToday):
            send(other, 2)

    def test_nothing_is_left_once_tasks_follow(self, line):
        run(-7, 3, 15, 30)

        with pytest.raises(NothingToSend, match="tasks for people"):
            send(line, 31)

    def test_what_is_not_late_is_not_called_late(self, line):
        run(-7)

        with pytest.raises(NothingToSend, match="before it is late"):
            send(line, 0)

    def test_what_is_stopped_is_not_sent_and_says_why(self, siemens, line):
        run(1)
        cash(HALF, siemens, on=day(1))

        with pytest.raises(NothingToSend, match="on account"):
            send(line, 2)

    def test_what_is_held_is_not_sent(self, line):
        run(1)
        hold(line, 9)

        with pytest.raises(NothingToSend, match="They call back"):
            send(line, 2)

    def test_while_the_breaker_waits_nothing_goes_out(self, line):
        run(1)
        ReminderStop.objects.create(rule=DUES.name, stopped_at=at(day(1)))

        with pytest.raises(RuleStopped):
            send(line, 2)

    def test_a_mail_that_changed_since_it_was_read_is_read_again(self, siemens, line):
        run(1)
        read = services.next_reminder(line.invoice, on=day(2))
        apply(cash(1_000, siemens, on=day(2)), line, 1_000, on=day(2))

        with pytest.raises(MailChanged):
            send(line, 2, seen=read.seal)
        again = services.next_reminder(line.invoice, on=day(2))
        assert again.letter.subject.endswith("$136,500 are late")
        send(line, 2, seen=again.seal)

    def test_what_was_read_is_what_goes_out(self, line):
        run(1)
        read = services.next_reminder(line.invoice, on=day(2))

        send(line, 2, seen=read.seal)

        assert (read.to, read.rungs) == ("billing@siemens.example", ["first reminder"])
        assert told() == read.letter.text

    def test_what_is_paid_before_it_is_on_the_wire_is_not_sent(self, siemens, line):
        run(1)
        send(line, 2)
        apply(cash(HALF, siemens, on=day(2)), line, HALF, on=day(2))

        outbox.send_due(at=at(day(2)))

        assert mailed() == []
        assert state_of("+3") == "cancelled not_true"


@pytest.mark.django_db(transaction=True)
def test_two_people_who_send_it_at_once_send_one(dues_alone):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.BILLING)
    line = invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)
    run(1)
    people = [staff("finance"), staff("director"), staff("program staff")]

    outcomes = at_once(*[lambda by=one: send(line, 2, by=by) for one in people])

    assert len(refusals(outcomes)) == 2
    assert Message.objects.filter(kind="kernel/mail/reminders").count() == 1
    assert ReminderDelivery.objects.filter(state="written").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_person_and_the_sweep_at_once_send_one(dues_alone):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.BILLING)
    line = invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)
    run(1)

    at_once(lambda: send(line, 3), lambda: run(3))

    assert Message.objects.filter(kind="kernel/mail/reminders").count() == 1


class TestHold:
    def test_it_holds_mails_and_tasks_until_its_end_and_tells_of_it(self, line):
        run(1)
        hold(line, 8, reason="They call back")

        run(3, 8)

        assert mailed() == []
        assert verbs_of(line) == ["dues_held"]
        (story,) = stories_about("INM-2027-0001", on=day(3))
        step = next(one for one in story.steps if one.rung.key == "+3")
        assert step.outcome.sentence == "Held until Nov 10, 2026: They call back"
        run(10)
        assert len(mailed()) == 1

    def test_one_rung_alone_can_be_held(self, line):
        run(20)
        hold(line, 60, rung="call")

        run(30)

        assert state_of("+30") == "written"
        assert not Task.objects.exists()

    def test_a_lifted_hold_holds_no_more(self, line):
        run(1)
        hold(line, 60)
        run(3)
        services.release_dues(line.invoice, today=day(4), at=at(day(4)), by=None)

        run(4)

        assert len(mailed()) == 1
        assert verbs_of(line) == ["dues_held", "dues_released"]

    def test_nothing_is_lifted_that_holds_more_than_the_invoice(self, siemens, line):
        ReminderHold.objects.create(
            organization_key=siemens.pk, reason="All of it", until_on=day(9)
        )

        (found,) = services.holds_of(line.invoice, on=day(1))
        assert found.words == "all of the member"
        with pytest.raises(HoldOver):
            services.release_dues(line.invoice, today=day(1), at=at(day(1)), by=None)

    def test_it_does_not_end_before_today(self, line):
        with pytest.raises(HoldEndsTooEarly):
            hold(line, -1)


class TestTaskAgain:
    """A task that a stop closed opens again where the stop ends and money is open."""

    def open_tasks(self) -> list[str]:
        ours = Task.objects.open().filter(kind__startswith=DUES.name)
        kinds = ours.values_list("kind", flat=True)
        return [kind.rpartition(".")[2] for kind in kinds.order_by("pk")]

    def test_a_promise_that_is_not_kept_opens_the_call_again(self, line):
        run(30)
        assert self.open_tasks() == ["call"]
        services.promise_payment(
            line.invoice,
            pay_on=day(40),
            amount=HALF,
            today=day(31),
            at=at(day(31)),
            by=None,
        )
        run(31)
        assert self.open_tasks() == []

        run(40)
        assert self.open_tasks() == []
        run(41, 42)
        assert self.open_tasks() == ["call"]
        assert Task.objects.filter(kind__endswith=".call").count() == 2

    def test_a_dispute_that_is_lost_opens_it_again(self, line):
        run(30)
        dispute = services.dispute_invoice(
            line.invoice,
            amount=HALF,
            reason="Why?",
            settle_by=day(50),
            at=at(day(31)),
            by=None,
        )
        run(31)
        assert self.open_tasks() == []

        services.settle_invoice_dispute(
            dispute, reason="It is owed", at=at(day(35)), by=None
        )
        run(35)
        assert self.open_tasks() == ["call"]

    def test_only_the_highest_opens_where_later_ones_fell_due(self, line):
        run(30)
        services.promise_payment(
            line.invoice,
            pay_on=day(70),
            amount=HALF,
            today=day(31),
            at=at(day(31)),
            by=None,
        )
        run(31)

        run(71)

        assert self.open_tasks() == ["hand-over"]

    def test_what_was_paid_or_done_by_a_person_stays_closed(self, siemens, line):
        run(30)
        task = Task.objects.get()
        task.done_at, task.done_by = at(day(31)), staff("finance")
        task.outcome = "Called them"
        task.save()
        run(32, 33)
        assert self.open_tasks() == []

        apply(cash(HALF, siemens, on=day(40)), line, HALF, on=day(40))
        run(40, 63)
        assert self.open_tasks() == []


class TestWhy:
    def test_what_stopped_a_rung_stays_noted_on_it(self, line):
        run(1)
        services.promise_payment(
            line.invoice,
            pay_on=day(10),
            amount=HALF,
            today=day(2),
            at=at(day(2)),
            by=None,
        )
        run(2)

        stopped = ReminderDelivery.objects.get(rung="+3")
        assert stopped.state == "cancelled"
        assert "promised" in stopped.note
        run(11)
        assert ReminderDelivery.objects.get(rung="+3").note == ""


class TestPages:
    @pytest.fixture
    def finance(self, sign_in):
        return sign_in(staff("finance"))

    def test_a_double_click_sends_once(self, finance, line):
        run(1)
        page = reverse("consortium:send_reminder", args=[line.invoice_id])
        with time_machine.travel(at(day(2)), tick=False):
            form = finance.get(page)
            body = {
                "seen": form.context["next"].seal,
                "idempotency_key": "one",
            }
            first, second = (finance.post(page, body) for _each in range(2))

        assert (first.status_code, second.status_code) == (302, 303)
        assert Message.objects.filter(kind="kernel/mail/reminders").count() == 1
        assert JournalEntry.objects.filter(verb="consortium.dues_reminded").count() == 1

    def test_what_keeps_it_from_going_stands_where_the_button_would(
        self, finance, line
    ):
        run(1)
        hold(line, 9)
        page = reverse("consortium:send_reminder", args=[line.invoice_id])
        with time_machine.travel(at(day(2)), tick=False):
            shown = finance.get(page).content.decode()
            refused = finance.post(page, {"seen": ""})

        assert "Held until Nov 11, 2026: They call back" in shown
        assert "Send now" not in shown
        assert refused.status_code == 422
        assert "They call back" in refused.content.decode()

    def test_the_card_shows_the_hold_and_lifts_it(self, finance, line):
        run(1)
        hold(line, 9, by=staff("director"))
        page = line.invoice.get_absolute_url()
        with time_machine.travel(at(day(2)), tick=False):
            shown = finance.get(page).content.decode()
            finance.post(reverse("consortium:release_dues", args=[line.invoice_id]))
            after = finance.get(page).content.decode()

        assert "They call back" in shown
        assert "Lift the hold" in shown
        assert "Lift the hold" not in after

    def test_a_hold_that_ends_too_early_is_refused_at_its_field(self, finance, line):
        page = reverse("consortium:hold_dues", args=[line.invoice_id])
        body = {"until_on": "2020-01-01", "reason": "They asked", "rung": ""}

        answer = finance.post(page, body)

        assert answer.status_code == 422
        assert "A hold lasts until today at least." in answer.content.decode()
        assert "They asked" in answer.content.decode()
