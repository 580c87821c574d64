"""Dues are reminded of once, rightly, and of what is left to pay alone."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q

from consortium import services
from consortium.models import (
    AnswerKind,
    ContactRole,
    InvoiceLine,
    PaymentPromise,
    ReceiptMethod,
    Site,
    SiteKind,
)
from consortium.notifications.dues import DUES, RUNGS, lines_for_all, lines_to_pay
from consortium.services.chasing import stops
from inm_portal.accounts.models import User
from inm_portal.kernel import outbox
from inm_portal.kernel.models import Message, ReminderDelivery, ReminderStop, Task
from inm_portal.kernel.reminders import by_hand
from inm_portal.kernel.reminders.sweeping import sweep

from ..factories.accounts import staff
from ..factories.billing import acting, credited
from ..factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    draft,
    person_at,
    sign,
)
from ..factories.credits import at
from ..factories.receivables import apply, bounce, cash, invoiced, open_of
from ..races import at_once

pytestmark = pytest.mark.django_db

BOSTON = ZoneInfo("America/New_York")

#: A Monday; three days later is Thursday.
DUE = date(2026, 11, 2)
ISSUED = date(2026, 10, 1)
HALF = Decimal(137_500)


def day(days: int) -> date:
    return DUE + timedelta(days=days)


def run(*days: int, hour: int = 11) -> None:
    """Sweep and send on the days so many days after `DUE`."""
    for each in days:
        now = datetime.combine(day(each), datetime.min.time(), BOSTON)
        now = now.replace(hour=hour).astimezone(UTC)  # as the worker's clock tells
        assert sweep(at=now)
        outbox.send_due(at=now)


def mailed(*, copies: bool = False) -> list[tuple[str, str]]:
    """Return to whom reminders, or copies of them, were sent, and what about."""
    kind = "kernel/mail/reminders_copied" if copies else "kernel/mail/reminders"
    sent = Message.objects.filter(kind=kind, state="sent").order_by("sent_at", "pk")
    return list(sent.values_list("recipient", "subject"))


def told() -> str:
    """Return the text of the last reminder."""
    return Message.objects.filter(kind="kernel/mail/reminders").latest("pk").text


def state_of(rung: str, line: InvoiceLine | None = None) -> str:
    rows = ReminderDelivery.objects.filter(rule=DUES.name, rung=rung)
    row = rows.get(subject_id=line.pk) if line else rows.get()
    return f"{row.state} {row.reason}".strip()


def why(line: InvoiceLine, on: date) -> str:
    return stops([line.pk], on=on).get(line.pk, "")


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


#: Days on which each is due; sixty days after is New Year, ninety a Sunday.
LADDER = [
    (-7, {"-7": "written"}),
    (3, {"+3": "written"}),
    (15, {"+15": "written"}),
    (30, {"+30": "written", "call": "task"}),
    (63, {"hand-over": "task"}),
    (91, {"note": "task"}),
    (120, {"decide": "task"}),
    (182, {"steering": "task"}),
]


class TestLadder:
    def test_each_rung_falls_on_its_day_and_the_last_ones_are_tasks(self, line):
        for days, acted in LADDER:
            run(days - 1)
            assert not ReminderDelivery.objects.filter(
                rung__in=acted, settled_at__isnull=False
            ).exists(), days

            run(days)
            assert {rung: state_of(rung) for rung in acted} == acted

        assert [to for to, _what in mailed() if to.startswith("billing")] == [
            "billing@siemens.example"
        ] * 4

    def test_the_technical_lead_is_copied_from_15_days_on(self, line):
        run(-7, 3, 15, 30)

        assert mailed(copies=True) == [
            (
                "technical@siemens.example",
                f"Copy: $137,500 of INM-2027-0001 are {days} days late",
            )
            for days in (15, 30)
        ]

    def test_all_billing_contacts_read_the_one_mail(self, siemens, line):
        second = ContactFactory(organization=siemens, email="ap@siemens.example")
        RoleFactory(contact=second, role=ContactRole.BILLING)

        run(-7)

        (mail,), (copy,) = mailed(), mailed(copies=True)
        assert (mail[0], copy[0]) == ("billing@siemens.example", "ap@siemens.example")
        assert ReminderDelivery.objects.filter(state="written").count() == 1
        assert "A copy goes to ap@siemens.example." in told()

    def test_a_company_gets_one_mail_a_day_of_all_its_lines(self, siemens, line):
        other = invoiced(siemens, 50_000, due_on=DUE, issued_on=ISSUED, year=2)

        run(3)

        assert [to for to, _what in mailed()] == ["billing@siemens.example"]
        assert "$137,500 are late" in told()
        assert "$50,000 are late" in told()
        assert state_of("+3", line) == state_of("+3", other) == "written"

    def test_tasks_go_to_the_owner_and_to_whoever_has_the_role(self, siemens, line):
        run(30, 63, 91, 120, 182)

        tasks = Task.objects.filter(kind__startswith=DUES.name).order_by("pk")
        assert [(task.kind.rpartition(".")[2], task.person) for task in tasks] == [
            ("call", siemens.owner),
            ("hand-over", None),
            ("note", None),
            ("decide", None),
            ("steering", None),
        ]

    def test_nothing_goes_to_the_sponsor_by_itself(self, line):
        for days, _acted in LADDER:
            run(days)

        told_of = [*mailed(), *mailed(copies=True)]
        assert not [to for to, _what in told_of if to.startswith("sponsor")]

    def test_where_nobody_is_left_the_owner_has_a_task_and_it_closes(self):
        flex = OrganizationFactory(name="Flex", owner=staff("program staff"))
        sign(draft(flex))
        invoiced(flex, HALF, due_on=DUE, issued_on=ISSUED)

        run(-7)

        task = Task.objects.get(kind=f"{DUES.name}.nobody")
        assert task.person == flex.owner
        assert state_of("-7") == "skipped nobody"

        person_at(flex, ContactRole.BILLING)
        run(3)
        assert not Task.objects.open().filter(kind=f"{DUES.name}.nobody").exists()
        assert state_of("+3") == "written"

    def test_a_mail_of_dues_is_never_sent_twice(self, line):
        run(3)

        assert Message.objects.filter(is_once=True).count() == 1


class TestOpenAmountDrivesIt:
    def test_w3_b_is_paid_from_what_is_on_account_and_never_reminded_of(self, siemens):
        a = invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)
        apply(cash(100_000, siemens, on=day(10)), a, 100_000, on=day(10))
        run(*range(11, 16))
        assert mailed()[-1][1] == "$37,500 of INM-2027-0001 are 15 days late"
        before = mailed()

        share = cash(175_000, siemens, on=day(17))  # without advice
        b = invoiced(siemens, HALF, due_on=day(180), issued_on=day(150), year=2)
        run(*range(17, 60, 4), 91, 120, 150)
        apply(share, a, 37_500, on=day(155))
        apply(share, b, HALF, on=day(155))
        run(*range(170, 190, 2), 195, 210, 240)

        assert mailed() == before
        assert open_of(b) == 0
        of_b = ReminderDelivery.objects.filter(subject_id=b.pk, state="written")
        assert not of_b.exists()
        assert not Task.objects.filter(kind__startswith=DUES.name).exists()

    def test_case_16_a_part_paid_line_is_reminded_of_the_remainder_only(
        self, siemens, line
    ):
        apply(cash(100_000, siemens, on=day(1)), line, 100_000, on=day(1))

        run(3)

        assert mailed()[0][1] == "Say when you pay INM-2027-0001: $37,500 are late"
        assert "this is what is left to pay" in told()

    def test_case_17_w4_what_a_bank_fee_took_is_not_reminded_of(self, siemens, line):
        apply(cash("137475.00", siemens, on=day(1)), line, "137475.00", on=day(1))

        run(*range(1, 40, 3))

        assert mailed() == []
        assert why(line, day(3)) == "Only $25 are missing: likely a bank fee."

    def test_case_26_a_rejected_invoice_is_not_reminded_of_until_it_is_accepted(
        self, line
    ):
        said = {"answered_on": day(-20), "reason": "No order"}
        services.answer_invoice(
            line.invoice, kind=AnswerKind.REJECTED, **said, **acting(on=day(-20))
        )
        run(-7, 3, 4)
        assert mailed() == []
        assert "rejected" in why(line, day(3))

        said = {"answered_on": day(5), "reason": ""}
        services.answer_invoice(
            line.invoice, kind=AnswerKind.ACCEPTED, **said, **acting(on=day(5))
        )
        run(7)
        assert len(mailed()) == 1

    def test_case_27_the_disputed_half_is_not_asked_for(self, line):
        self.dispute(line, HALF / 2)

        run(3)

        assert mailed()[0][1] == "Say when you pay INM-2027-0001: $68,750 are late"
        assert "$68,750 are in dispute" in told()

    def test_a_wholly_disputed_line_is_not_reminded_of_until_that_is_settled(
        self, line
    ):
        dispute = self.dispute(line, HALF)
        run(-7, 3, 15)
        assert mailed() == []
        assert why(line, day(3)) == "What is open of it is in dispute."

        services.settle_invoice_dispute(
            dispute,
            reason="It is owed",
            at=at(day(16)),
            by=None,
        )
        run(16)
        assert [what for _to, what in mailed()] == [
            "$137,500 of INM-2027-0001 are 15 days late"
        ]

    def dispute(self, line, amount):
        return services.dispute_invoice(
            line.invoice,
            amount=amount,
            reason="The fee differs",
            owner=None,
            settle_by=day(30),
            at=at(day(-20)),
            by=None,
        )

    def test_a_promise_stops_it_up_to_its_day(self, line):
        services.promise_payment(
            line.invoice, pay_on=day(10), amount=HALF, **acting(on=day(1))
        )

        run(*range(1, 11))
        assert mailed() == []
        assert "promised" in why(line, day(10))

        run(11)
        assert len(mailed()) == 1

    def test_a_promise_of_long_ago_for_a_day_far_away_stops_it_no_more(self, line):
        PaymentPromise.objects.create(
            invoice=line.invoice,
            pay_on=date(9999, 12, 31),
            amount=HALF,
            recorded_at=at(day(1)),
        )

        run(3, 15, 30, 91)
        assert mailed() == []

        run(92)
        assert why(line, day(92)) == ""
        assert state_of("note") == "task"

    def test_cash_on_account_that_could_pay_it_stops_it(self, siemens, line):
        share = cash(HALF, siemens, on=day(1))
        run(3, 15)
        assert mailed() == []
        assert "on account" in why(line, day(3))

        bounce(share.receipt, on=day(16))
        run(16)
        assert mailed()[0][1].endswith("15 days late")

    def test_cash_on_account_that_is_too_little_is_told_of(self, siemens, line):
        cash(100_000, siemens, on=day(1))

        run(3)

        assert "$100,000 are on account" in told()

    def test_an_announced_payment_stops_it_for_two_weeks(self, siemens, line):
        services.advise_payment(
            siemens,
            paid_on=day(1),
            amount=HALF,
            method=ReceiptMethod.WIRE,
            reference="",
            invoices=[line.invoice],
            **acting(on=day(1)),
        )

        run(3, 14)
        assert mailed() == []
        run(15)
        assert len(mailed()) == 1

    @pytest.mark.parametrize("rung", [3, 15, 30])
    def test_one_that_is_credited_or_voided_is_reminded_of_no_more(self, line, rung):
        credited(line.invoice, HALF, on=day(1))

        run(-7, rung)

        assert mailed() == []
        assert why(line, day(rung)) == "Nothing of it is open."

    def test_what_is_paid_between_writing_and_sending_is_taken_out_at_the_claim(
        self, siemens, line
    ):
        now = datetime.combine(day(3), datetime.min.time(), BOSTON).replace(hour=11)
        assert sweep(at=now)
        apply(cash(HALF, siemens, on=day(3)), line, HALF, on=day(3))

        outbox.send_due(at=now)

        assert mailed() == []
        assert state_of("+3") == "cancelled not_true"

    def test_a_copy_of_what_was_paid_meanwhile_is_dropped_too(self, siemens, line):
        now = datetime.combine(day(16), datetime.min.time(), BOSTON).replace(hour=11)
        assert sweep(at=now)
        apply(cash(HALF, siemens, on=day(16)), line, HALF, on=day(16))

        outbox.send_due(at=now)

        assert mailed() == mailed(copies=True) == []
        ours = Message.objects.filter(kind__startswith="kernel/mail/reminders")
        assert list(ours.values_list("state", flat=True)) == ["cancelled"] * 2


class TestByHand:
    def test_a_mail_sent_by_hand_fills_its_rung(self, line):
        run(1)
        delivery = ReminderDelivery.objects.get(rung="+3")
        by_hand.fill_reminder(delivery, note="Wrote to them", at=at(day(1)), by=None)

        run(3, 4)
        assert mailed() == []
        run(15)
        assert len(mailed()) == 1

    @pytest.mark.parametrize("what", ["line", "company", "rung"])
    def test_a_hold_keeps_it_back_until_its_end(self, siemens, line, what):
        held = {
            "line": {
                "rule": DUES.name,
                "subject_type": "consortium.invoiceline",
                "subject_id": line.pk,
            },
            "company": {"organization_key": siemens.pk},
            "rung": {"rule": DUES.name, "rung": "+3"},
        }[what]
        by_hand.hold_reminders(
            **held, reason="They call back", until_on=day(8), today=day(0), by=None
        )

        run(3, 7, 8)
        assert mailed() == []
        run(10)  # the day before is Veterans Day
        assert mailed()[0][1].startswith("Say when you pay")


class TestOneMailADay:
    def test_what_falls_due_after_the_mail_of_the_day_waits_for_the_next(
        self, siemens, line
    ):
        run(3)
        late = invoiced(siemens, 50_000, due_on=DUE, issued_on=ISSUED, year=2)

        run(3, hour=15)
        assert len(mailed()) == 1
        assert state_of("+3", late) == "planned"

        run(4)
        assert len(mailed()) == 2
        assert "$50,000 are late" in told()

    def test_two_companies_of_one_person_are_told_in_one_mail(self, siemens, line):
        flex = OrganizationFactory(name="Flex")
        sign(draft(flex))
        same = siemens.contacts.get(email="billing@siemens.example")
        contact = ContactFactory(
            organization=flex, email="billing@siemens.example", user=same.user
        )
        RoleFactory(contact=contact, role=ContactRole.BILLING)
        invoiced(flex, 70_000, due_on=DUE, issued_on=ISSUED)

        run(3)

        assert len(mailed()) == 1
        assert "$70,000" in told()


class TestDays:
    def test_a_day_begins_in_boston_wherever_the_recipient_works(self, siemens, line):
        billing = siemens.contacts.get(email="billing@siemens.example").user
        User.objects.filter(pk=billing.pk).update(time_zone="Asia/Tokyo")

        run(2, hour=20)  # in Tokyo it is the morning of the third day after
        assert mailed() == []
        run(3, hour=11)  # one in the morning
        assert mailed() == []
        run(3, hour=20)
        assert len(mailed()) == 1

    def test_case_37_due_on_a_sunday_goes_out_on_the_next_working_day(self, siemens):
        sunday = date(2026, 11, 8)
        line = invoiced(siemens, HALF, due_on=sunday, issued_on=ISSUED)
        run(9)  # Wednesday: three days after is a holiday, Veterans Day
        assert mailed() == []

        run(10)

        assert len(mailed()) == 1
        assert "It was due on Nov 8, 2026." in told()
        assert line.invoice.due_on == sunday

    def test_case_37_a_holiday_in_the_recipients_country_counts(self, siemens):
        Site.objects.create(
            organization=siemens,
            name="Munich",
            kind=SiteKind.HEADQUARTERS,
            city="Munich",
            country="DE",
        )
        easter = date(2027, 3, 28)  # Good Friday is two days before, Monday is free
        invoiced(siemens, HALF, due_on=easter - timedelta(days=5), issued_on=ISSUED)
        friday = (easter - timedelta(days=2) - DUE).days

        run(friday, friday + 3)
        assert mailed() == []
        run(friday + 4)
        assert len(mailed()) == 1

    @pytest.mark.parametrize(
        ("due_on", "reminded_on"),
        [
            (date(2026, 3, 5), date(2026, 3, 9)),  # the clock goes forward on March 8
            (date(2026, 10, 30), date(2026, 11, 2)),  # and back on November 1
            (date(2026, 1, 30), date(2026, 2, 2)),
            (date(2028, 2, 26), date(2028, 2, 29)),
            (date(2027, 2, 26), date(2027, 3, 1)),
            (date(2028, 2, 29), date(2028, 3, 3)),
            (date(2027, 1, 31), date(2027, 2, 3)),
            (date(2026, 12, 31), date(2027, 1, 4)),
        ],
    )
    def test_month_ends_leap_days_and_daylight_saving(
        self, siemens, due_on, reminded_on
    ):
        invoiced(siemens, HALF, due_on=due_on, issued_on=date(2025, 12, 1))
        for each in range(-3, 5):
            run((reminded_on - DUE).days + each)

        delivery = ReminderDelivery.objects.get(rung="+3")
        assert delivery.settled_at.astimezone(BOSTON).date() == reminded_on


def test_an_import_of_wrong_due_dates_is_stopped_whole(monkeypatch):
    monkeypatch.setitem(DUES.__dict__, "most_per_hour", 3)
    for number in range(5):
        member = OrganizationFactory(name=f"Company{number}")
        sign(draft(member))
        person_at(member, ContactRole.BILLING)
        invoiced(member, HALF, due_on=day(-30), issued_on=ISSUED)

    run(0, 1)

    assert mailed() == []
    assert not Task.objects.filter(kind__startswith=DUES.name).exists()
    stop = ReminderStop.objects.get()
    assert stop.rule == DUES.name
    assert stop.deliveries.count() == 10  # a mail and a call each


class TestInvariants:
    def test_they_hold_in_a_run_and_find_a_reminder_of_what_was_settled(
        self, siemens, line, capsys
    ):
        run(3)
        apply(cash(HALF, siemens, on=day(4)), line, HALF, on=day(4))
        capsys.readouterr()
        call_command("check_invariants")
        assert capsys.readouterr().out == ""

        late = at(day(15))
        ReminderDelivery.objects.filter(rung="+3").update(settled_at=late)
        with pytest.raises(SystemExit):
            call_command("check_invariants")
        assert "after it was settled" in capsys.readouterr().out


class TestDisturbed:
    """
    Two hundred days of a history, swept as it should be, and otherwise.

    A sweep a week is as good as one a minute: what is due is derived each time.
    """

    DAYS = 200

    @pytest.fixture
    def history(self):
        """Return by day what happens: seeded, and other for each seed."""
        chance = random.Random(20261123)
        happens: dict[int, list] = {}
        for number in range(5):
            member = OrganizationFactory(name=f"Company{number}", owner=staff("admin"))
            sign(draft(member))
            person_at(member, ContactRole.BILLING)
            person_at(member, ContactRole.TECHNICAL)
            for year in (1, 2):
                due = chance.randrange(0, 120)
                amount = chance.randrange(100, 900) * 100
                line = invoiced(
                    member, amount, due_on=day(due), issued_on=ISSUED, year=year
                )
                self.add(happens, line, amount, due, chance)
        return happens

    def add(self, happens, line, amount, due, chance):
        member = line.invoice.organization

        def pay(on, part):
            apply(cash(part, member, on=on), line, part, on=on)

        def dispute(on):
            about = {"reason": "Why so much?", "settle_by": on, "by": None}
            services.dispute_invoice(
                line.invoice, amount=Decimal(amount // 4), at=at(on), **about
            )

        def promise(on):
            services.promise_payment(
                line.invoice,
                pay_on=on + timedelta(days=9),
                amount=Decimal(amount // 2),
                **acting(on=on),
            )

        acts = [(due + chance.randrange(-5, 20), promise)]
        acts += [(due + chance.randrange(-5, 20), dispute)]
        acts += [(due + chance.randrange(1, 60), lambda on: pay(on, amount // 3))]
        if chance.random() < 0.6:
            rest = amount - amount // 3
            acts += [(due + chance.randrange(61, 100), lambda on: pay(on, rest))]
        for when, act in acts:
            happens.setdefault(max(when, 0), []).append(act)

    def sent(self, happens, swept) -> set:
        """Return what went to whom in a run in which each day is swept so."""
        with transaction.atomic():
            for number in range(self.DAYS):
                for act in happens.get(number, []):
                    act(day(number))
                if number % 7 == 2:
                    swept(number)
            found = set(
                ReminderDelivery.objects.filter(
                    Q(message__state="sent") | Q(state="task")
                ).values_list("subject_id", "rung", "cycle", "message__recipient")
            )
            copies = Message.objects.filter(kind__endswith="_copied", state="sent")
            found |= set(copies.values_list("recipient", "text"))
            everything = Message.objects.filter(kind__startswith="kernel/mail/rem")
            assert everything.exclude(state="sent").count() == 0
            transaction.set_rollback(True)
        return found

    def now(self, number, hour=11):
        noon = datetime.combine(day(number), datetime.min.time(), BOSTON)
        return noon.replace(hour=hour)

    def once(self, number, hour=11):
        assert sweep(at=self.now(number, hour))
        outbox.send_due(at=self.now(number, hour))

    def test_the_same_mails_go_out(self, history, monkeypatch):
        chance = random.Random(7)
        happens = history
        undisturbed = self.sent(happens, self.once)
        assert len(undisturbed) > 30

        def disturbed(number: int) -> None:
            what = chance.choice(["doubled", "killed", "missed", "late", "none"])
            if what == "doubled":
                self.once(number)
            elif what == "killed":
                self.killed(number, monkeypatch)
            elif what == "missed" and number + 1 not in happens:
                number += 1
            self.once(number, hour=16 if what == "late" else 11)

        assert self.sent(happens, disturbed) == undisturbed

    def killed(self, number, monkeypatch):
        """Sweep until the worker dies, in the middle of what it writes."""

        def dies(*args, **kwargs):
            raise RuntimeError("killed")

        with monkeypatch.context() as patched:
            patched.setattr("inm_portal.kernel.mails.write", dies)
            sweep(at=self.now(number))


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_each_reminder_once():
    for number in range(4):
        member = OrganizationFactory(name=f"Company{number}")
        sign(draft(member))
        person_at(member, ContactRole.BILLING)
        person_at(member, ContactRole.TECHNICAL)
        invoiced(member, HALF, due_on=DUE, issued_on=ISSUED)
    now = datetime.combine(day(15), datetime.min.time(), BOSTON).replace(hour=11)

    at_once(*[lambda: sweep(at=now) for _sweep in range(3)])

    ours = Message.objects.filter(kind__startswith="kernel/mail/reminders")
    assert ours.count() == 8
    assert ReminderDelivery.objects.filter(state="written").count() == 4


class TestPageOfAnInvoice:
    def test_finance_reads_the_ladder_and_what_stops_it(self, sign_in, siemens, line):
        run(3)
        cash(HALF, siemens, on=day(4))
        client = sign_in(staff("finance"))

        with time_machine.travel(at(day(5)), tick=False):
            page = client.get(line.invoice.get_absolute_url()).content.decode()

        assert "Not reminded of today" in page
        assert "$137,500 on account or announced could pay it." in page
        assert "first reminder" in page

    def test_the_member_reads_what_it_was_sent_and_no_more(
        self, sign_in, siemens, line
    ):
        run(3)
        billing = siemens.contacts.get(email="billing@siemens.example")
        client = sign_in(billing.user)

        with time_machine.travel(at(day(5)), tick=False):
            page = client.get(line.invoice.get_absolute_url()).content.decode()

        assert "What you were reminded of" in page
        assert "$137,500 are late" in page
        assert "hand over" not in page


@pytest.mark.parametrize("audience", sorted({rung.audience for rung in RUNGS}))
@pytest.mark.parametrize("days", [-110, -30, -7, 3, 60, 200])
def test_what_all_audiences_are_asked_is_what_each_is(line, audience, days):
    """The sweep reads lines once; whatever else asks, asks for one audience."""
    unreached = OrganizationFactory(name="Unreached", owner=staff("program staff"))
    sign(draft(unreached))
    invoiced(unreached, HALF, due_on=day(40), issued_on=ISSUED)

    each = lines_to_pay(audience, on=day(days))
    together = lines_for_all(on=day(days)).values_list("pk", "asked")

    told = {
        key: (asked[audience]["person"], asked[audience]["address"])
        for key, asked in together
        if asked[audience]
    }
    assert told == {row.pk: (row.person_key, row.address) for row in each}
