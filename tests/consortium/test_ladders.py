"""By which ladder who is reminded: versions, those of some, and what members chose."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import DateField, Value

from consortium import services
from consortium.models import (
    ContactRole,
    PolicyRung,
    ReminderCopy,
    ReminderPolicy,
)
from consortium.notifications.dues import DUES
from consortium.services.interests import HasInterest
from consortium.services.ladder_effects import effect_of, proposed, tried_out
from consortium.services.ladders import ladders, standard
from consortium.services.reminder_choices import (
    ChosenMeanwhile,
    NoSuchNotice,
    ReaderOfAnother,
    TooManyReaders,
)
from consortium.services.reminder_policies import (
    AnotherWaits,
    BeginsThatDay,
    DayOutOfReach,
    EndsBeforeItBegins,
    FirstDayOver,
    LadderChanged,
    NoMoreInForce,
    NoSuchRungs,
    NotAMail,
    NothingOn,
    OutOfOrder,
)
from consortium.services.two_people import SaysNoReason, TakesTwo
from inm_portal.kernel.models import JournalEntry, Message, ReminderDelivery, Task
from inm_portal.kernel.reminders import rules
from inm_portal.kernel.reminders.sweeping import sweep

from ..factories.accounts import staff
from ..factories.billing import acting
from ..factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from ..factories.credits import at
from ..factories.receivables import invoiced
from ..races import at_once

pytestmark = pytest.mark.django_db

#: A Monday.
DUE = date(2026, 11, 2)
ISSUED = date(2026, 10, 1)


def day(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.fixture(autouse=True)
def dues_alone(monkeypatch):
    monkeypatch.setattr(rules, "_rules", {DUES.name: DUES})


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def siemens(db):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.BILLING)
    person_at(siemens, ContactRole.TECHNICAL)
    return siemens


@pytest.fixture
def line(siemens):
    return invoiced(siemens, 100_000, due_on=DUE, issued_on=ISSUED)


def rungs(**changes):
    """Return the ladder that the portal begins with, changed: `"+3": {...}`."""
    told = {one.key: one for one in standard()}
    for key, change in changes.items():
        told[key] = replace(told[key], **change)
    return list(told.values())


def propose(finance, *, first_on, today, **changes):
    return services.propose_ladder(
        rungs=rungs(**changes),
        first_on=first_on,
        reason="As the board asked",
        based_on=services.latest(),
        today=today,
        at=at(today),
        by=finance,
    )


def in_force(finance, director, *, first_on, today, **changes):
    policy = propose(finance, first_on=first_on, today=today, **changes)
    return services.approve_ladder(policy, **acting(on=today, by=director))


def give(subject, finance, *, today, until_on, **changes):
    return services.give_ladder(
        subject,
        rungs=rungs(**changes),
        until_on=until_on,
        reason="They asked",
        **acting(on=today, by=finance),
    )


def run(*days: int) -> None:
    for each in days:
        assert sweep(at=at(day(each)))


def planned(line=None) -> dict[str, date]:
    rows = ReminderDelivery.objects.filter(state="planned")
    rows = rows.filter(subject_id=line.pk) if line else rows
    return dict(rows.values_list("rung", "planned_on"))


class TestVersions:
    def test_what_falls_due_from_its_first_day_on_follows_it_and_nothing_before(
        self, line, finance, director
    ):
        in_force(
            finance,
            director,
            first_on=day(10),
            today=day(-20),
            **{"+3": {"days": 5}, "+15": {"days": 20}},
        )

        run(-14)

        assert planned() == {
            "-7": day(-7),
            "+3": day(3),
            "+15": day(21),  # twenty days after is a Sunday
            "+30": day(30),
            "call": day(30),
        }

    def test_what_went_out_is_not_sent_again_nor_changed(self, line, finance, director):
        run(3)
        (before,) = Message.objects.filter(kind="kernel/mail/reminders").values()
        in_force(
            finance, director, first_on=day(5), today=day(4), **{"+3": {"days": 8}}
        )

        run(5, 8, 9, 10)

        assert list(Message.objects.filter(kind="kernel/mail/reminders").values()) == [
            before
        ]
        assert ReminderDelivery.objects.get(rung="+3").days == 3

    def test_a_rung_that_is_left_out_falls_away_from_its_day_on(
        self, line, finance, director
    ):
        off = {"+3": {"is_on": False}, "+30": {"is_on": False}}
        in_force(finance, director, first_on=day(10), today=day(-20), **off)

        run(-14)

        assert sorted(planned()) == ["+15", "+3", "-7", "call"]
        run(10, 30)
        assert not ReminderDelivery.objects.filter(rung="+30").exists()

    def test_what_a_rung_would_have_sent_before_goes_out_on_the_first_day(
        self, line, finance, director
    ):
        moved = {"+15": {"days": 8}, "+30": {"days": 31}}
        in_force(finance, director, first_on=day(10), today=day(-20), **moved)
        run(-7, 3, 9)
        assert planned()["+15"] == day(10)

        run(10)

        assert ReminderDelivery.objects.get(rung="+15").state == "written"

    def test_a_later_due_date_opens_a_new_cycle_and_an_earlier_one_does_not(
        self, line, finance, director, monkeypatch
    ):
        run(3)
        in_force(
            finance, director, first_on=day(5), today=day(4), **{"+3": {"days": 4}}
        )
        self.move(day(42), monkeypatch)

        run(6, 46)

        told = ReminderDelivery.objects.filter(rung="+3").order_by("cycle")
        assert list(told.values_list("cycle", "days", "state")) == [
            (DUE, 3, "written"),
            (day(42), 4, "written"),
        ]
        self.move(day(20), monkeypatch)
        run(47)
        assert ReminderDelivery.objects.filter(rung="+3").count() == 2

    def move(self, due_on, monkeypatch):
        """Let the same lines be due on another day, which nobody can write."""

        def candidates(audience, *, on):
            rows = DUES.candidates(audience, on=on)
            return rows.annotate(anchor_on=Value(due_on, DateField()))

        moved = replace(DUES, candidates=candidates, at_once=None)
        monkeypatch.setattr(rules, "_rules", {DUES.name: moved})

    def test_the_delivery_tells_the_version_and_the_mail_reads_as_it_says(
        self, line, finance, director
    ):
        firm = {"+3": {"wording": "firm", "copied": ("lead", "sponsor")}}
        policy = in_force(finance, director, first_on=day(-30), today=day(-40), **firm)

        run(3)

        delivery = ReminderDelivery.objects.get(rung="+3")
        assert delivery.variant == policy.pk
        assert delivery.copies == ["technical@siemens.example"]
        assert delivery.message.subject.endswith("are late: pay now")

    def test_a_mail_may_be_a_call_instead(self, line, finance, director):
        call = {"+15": {"is_task": True}}
        in_force(finance, director, first_on=day(-30), today=day(-40), **call)

        run(3, 15)

        assert not ReminderDelivery.objects.filter(rung="+15").exists()
        task = Task.objects.get(kind=f"{DUES.name}.+15 call")
        assert task.person == line.invoice.organization.owner

    def test_it_takes_two_and_nothing_of_it_changes_after(
        self, line, finance, director
    ):
        policy = propose(finance, first_on=day(10), today=day(0))
        now = acting(on=day(0), by=finance)
        with pytest.raises(TakesTwo), transaction.atomic():
            services.approve_ladder(policy, **now)

        services.approve_ladder(policy, **acting(on=day(0), by=director))

        for sql in [
            "UPDATE consortium_reminderpolicy SET first_on = '2027-01-01'",
            "UPDATE consortium_policyrung SET days = 9",
            "DELETE FROM consortium_policyrung",
            "INSERT INTO consortium_policyrung"
            " (policy_id, key, is_on, days, is_task, copied, wording)"
            f" VALUES ({policy.pk}, 'more', true, 9, false, '{{}}', '')",
        ]:
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)
        verbs = JournalEntry.objects.filter(
            subject_type="consortium.reminderpolicy", verb__startswith="consortium"
        )
        assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
            "consortium.ladder_proposed",
            "consortium.ladder_recorded",
        ]

    def test_a_director_is_asked_and_the_proposer_told(self, finance, director):
        policy = propose(finance, first_on=day(10), today=day(0))
        task = Task.objects.get(kind="consortium.second_person")
        assert task.url == policy.get_absolute_url()

        services.refuse_ladder(policy, at=at(day(0)), by=director)

        kinds = Message.objects.order_by("pk").values_list("kind", "recipient")
        assert list(kinds) == [
            ("consortium/mail/second_person_asked", director.email),
            ("consortium/mail/second_person_decided", finance.email),
        ]
        assert not Task.objects.open().exists()

    @pytest.mark.parametrize(
        ("changes", "refusal", "field"),
        [
            ({"+3": {"days": 0}}, DayOutOfReach, "+3_days"),
            ({"-7": {"days": 3}}, DayOutOfReach, "-7_days"),
            ({"-7": {"days": -61}}, DayOutOfReach, "-7_days"),
            ({"note": {"days": 366}}, DayOutOfReach, "note_days"),
            ({"+15": {"days": 2}}, OutOfOrder, "+15_days"),
            ({"-7": {"is_task": True}}, NotAMail, None),
            (
                {key: {"is_on": False} for key in ("+3", "+15", "+30")},
                NothingOn,
                None,
            ),
        ],
    )
    def test_what_is_no_ladder_is_refused(self, finance, changes, refusal, field):
        with pytest.raises(refusal) as refused:
            propose(finance, first_on=day(10), today=day(0), **changes)

        assert field in (None, refused.value.field)

    def test_each_rung_is_said_once(self, finance):
        for told in ([], [*rungs(), *rungs()]):
            with pytest.raises(NoSuchRungs):
                services.propose_ladder(
                    rungs=told,
                    first_on=day(1),
                    reason="So",
                    based_on=None,
                    **acting(on=day(0), by=finance),
                )

    def test_its_first_day_lies_ahead_and_after_those_before(self, finance, director):
        with pytest.raises(FirstDayOver):
            propose(finance, first_on=day(0), today=day(0))
        in_force(finance, director, first_on=day(10), today=day(0))
        with pytest.raises(BeginsThatDay):
            propose(finance, first_on=day(10), today=day(0))

    def test_one_whose_first_day_came_meanwhile_is_not_put_in_force(
        self, finance, director
    ):
        policy = propose(finance, first_on=day(1), today=day(0))
        with pytest.raises(FirstDayOver):
            services.approve_ladder(policy, **acting(on=day(1), by=director))

    def test_two_editors_do_not_overwrite_each_other(self, finance, director):
        propose(finance, first_on=day(10), today=day(0))
        with pytest.raises(AnotherWaits):
            propose(staff("finance"), first_on=day(11), today=day(0))

    def test_who_read_an_older_ladder_compares_first(self, finance, director):
        in_force(finance, director, first_on=day(10), today=day(0))
        with pytest.raises(LadderChanged):
            services.propose_ladder(
                rungs=rungs(),
                first_on=day(20),
                reason="So",
                based_on=None,
                **acting(on=day(0), by=finance),
            )


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_at_once_make_one_proposal():
    people = [staff("finance"), staff("finance")]

    def try_it(by):
        try:
            propose(by, first_on=day(10), today=day(0))
        except AnotherWaits:
            return "waits"
        return "proposed"

    told = at_once(*[lambda by=by: try_it(by) for by in people])

    assert ReminderPolicy.objects.count() == 1
    assert sorted(told) == ["proposed", "waits"]


class TestOverrides:
    def test_that_of_an_invoice_counts_before_that_of_its_member(
        self, siemens, line, finance
    ):
        other = invoiced(siemens, 50_000, due_on=DUE, issued_on=ISSUED, year=2)
        later = {"+3": {"days": 6}}
        give(siemens, finance, today=day(-20), until_on=day(90), **later)
        give(
            *(line.invoice, finance),
            today=day(-20),
            until_on=day(90),
            **{"+3": {"days": 10}},
        )

        run(-7)

        assert planned(line)["+3"] == day(10)
        assert planned(other)["+3"] == day(7)  # a Sunday before

    def test_it_counts_up_to_its_last_day(self, line, finance):
        late = {"+3": {"days": 9}, "+15": {"days": 16}}
        give(line.invoice, finance, today=day(-20), until_on=day(12), **late)

        run(-7)

        assert planned() == {
            "+3": day(10),  # Veterans Day
            "+15": day(15),
            "+30": day(30),
            "call": day(30),
        }

    def test_what_falls_between_two_ladders_is_not_forgotten(self, line, finance):
        late = {"+3": {"days": 9}}
        give(line.invoice, finance, today=day(-7), until_on=day(5), **late)

        run(-7)

        assert planned()["+3"] == day(6)  # the first day of the ladder of all
        run(6, 7)
        assert ReminderDelivery.objects.get(rung="+3").state == "written"

    def test_what_no_version_says_tells_none(self, line, finance):
        late = {"+3": {"days": 9}}
        policy = give(line.invoice, finance, today=day(-7), until_on=day(5), **late)

        run(-7)

        told = ReminderDelivery.objects.values_list("rung", "variant")
        assert set(told) == {
            ("-7", policy.pk),
            ("+3", None),
            ("+15", None),
            ("+30", None),
            ("call", None),
        }

    def test_once_it_is_ended_the_ladder_of_all_counts_again(
        self, siemens, line, finance
    ):
        policy = give(
            *(siemens, finance),
            today=day(-20),
            until_on=day(90),
            **{"+3": {"days": 9}},
        )
        run(-7)
        now = acting(on=day(-6), by=finance)
        services.end_ladder(policy, reason="They pay again", **now)

        run(-6)

        assert planned()["+3"] == day(3)
        with pytest.raises(NoMoreInForce):
            services.end_ladder(policy, reason="Again", **now)
        verbs = JournalEntry.objects.about(siemens).values_list("verb", flat=True)
        assert {"consortium.ladder_given", "consortium.ladder_ended"} <= set(verbs)

    def test_the_last_given_counts(self, siemens, line, finance):
        for days in (9, 11):
            told = {"+3": {"days": days}}
            give(siemens, finance, today=day(-20), until_on=day(90), **told)

        run(-7)

        assert planned()["+3"] == day(11)

    def test_it_has_a_last_day_a_reason_and_something_on(self, siemens, finance):
        with pytest.raises(EndsBeforeItBegins):
            give(siemens, finance, today=day(0), until_on=day(-1))
        with pytest.raises(NothingOn):
            off = {one.key: {"is_on": False} for one in standard()}
            give(siemens, finance, today=day(0), until_on=day(1), **off)
        with pytest.raises(SaysNoReason):
            services.give_ladder(
                siemens,
                rungs=rungs(),
                until_on=day(9),
                reason=" ",
                **acting(on=day(0), by=finance),
            )

    def test_whoever_has_an_interest_in_the_member_gives_it_none(
        self, siemens, finance
    ):
        services.disclose_interest(
            siemens,
            person=finance,
            reason="Shares",
            from_on=day(-30),
            at=at(day(-30)),
            by=None,
        )
        with pytest.raises(HasInterest):
            give(siemens, finance, today=day(0), until_on=day(9))

    def test_how_many_there_are_costs_no_further_statement(
        self, siemens, line, finance, django_assert_num_queries
    ):
        def ask():
            with django_assert_num_queries(2):
                ladders(on=day(0))

        give(siemens, finance, today=day(0), until_on=day(9))
        ask()
        for _time in range(3):
            give(line.invoice, finance, today=day(0), until_on=day(9))
        ask()


class TestEffect:
    def test_it_tells_what_moves_appears_and_falls_away_and_changes_nothing(
        self, siemens, line, finance
    ):
        run(-8)
        before = planned()
        told = rungs(
            **{
                "-7": {"copied": ("lead",)},
                "+3": {"days": 5},
                "+15": {"is_on": False},
                "hand-over": {"days": 40},
            }
        )

        found = effect_of(
            tried_out(None, rungs=told, first_on=day(-7)), at=at(day(-8)), on=day(-8)
        )

        said = {str(one.rung): one.difference.effect.value for one in found.shown}
        assert said == {
            "before it is due": "changes",
            "first reminder": "moves",
            "second reminder": "falls_away",
            "task: hand over": "appears",
        }
        assert planned() == before

    def test_of_one_member_it_touches_no_other(self, siemens, line, finance):
        flex = OrganizationFactory(name="Flex")
        sign(draft(flex))
        person_at(flex, ContactRole.BILLING)
        invoiced(flex, 100, due_on=DUE, issued_on=ISSUED)
        told = rungs(**{"+3": {"days": 5}})

        for subject in (flex, flex.invoices.get()):
            version = tried_out(subject, rungs=told, first_on=day(-8), until_on=day(90))
            found = effect_of(version, at=at(day(-8)), on=day(-8))
            members = {one.line.invoice.organization for one in found.shown}
            assert members == {flex}
            assert found.total == 1

    def test_it_is_what_comes_of_it(self, siemens, line, finance, director):
        run(-8)
        policy = propose(
            *(finance,), first_on=day(2), today=day(-8), **{"+15": {"days": 20}}
        )
        found = effect_of(proposed(policy), at=at(day(-8)), on=day(-8))
        services.approve_ladder(policy, **acting(on=day(-8), by=director))
        run(-7)

        (one,) = found.shown
        assert one.difference.after.on == planned()["+15"] == day(21)


class TestChoices:
    def choose(self, siemens, *readers, first_notice=7, version=0, by=None):
        return services.choose_reminders(
            siemens,
            first_notice=first_notice,
            readers=readers,
            version=version,
            by=by,
        )

    def test_whom_the_member_added_reads_each_mail(self, siemens, line):
        extra = ContactFactory(organization=siemens, email="cfo@siemens.example")
        self.choose(siemens, extra)

        run(-7)

        delivery = ReminderDelivery.objects.get(rung="-7")
        assert delivery.copies == ["cfo@siemens.example"]

    def test_who_left_reads_no_more(self, siemens, line):
        extra = ContactFactory(organization=siemens, email="cfo@siemens.example")
        self.choose(siemens, extra)
        services.depart_contact(extra, on=day(-8), today=day(-8), by=None)

        run(-7)

        assert ReminderDelivery.objects.get(rung="-7").copies == []

    def test_the_first_notice_comes_as_early_as_was_asked(self, siemens, line):
        self.choose(siemens, first_notice=21)
        other = OrganizationFactory(name="Flex")
        sign(draft(other))
        person_at(other, ContactRole.BILLING)
        of_other = invoiced(other, 100, due_on=DUE, issued_on=ISSUED)

        run(-30)

        assert planned(line)["-7"] == day(-20)  # the day before is a holiday
        assert planned(of_other)["-7"] == day(-7)
        assert planned(line)["+3"] == planned(of_other)["+3"] == day(3)

    def test_a_ladder_that_leaves_it_out_is_not_undone_by_it(
        self, siemens, line, finance
    ):
        off = {"-7": {"is_on": False}}
        give(siemens, finance, today=day(-30), until_on=day(30), **off)
        self.choose(siemens, first_notice=30)

        run(-30)

        assert "-7" not in planned()

    def test_what_is_late_cannot_be_chosen_away(self, siemens):
        with pytest.raises(NoSuchNotice):
            self.choose(siemens, first_notice=0)

    def test_only_people_of_the_company_and_five_at_most(self, siemens):
        stranger = ContactFactory()
        with pytest.raises(ReaderOfAnother):
            self.choose(siemens, stranger)
        many = [
            ContactFactory(organization=siemens, email=f"p{n}@siemens.example")
            for n in range(6)
        ]
        with pytest.raises(TooManyReaders):
            self.choose(siemens, *many)

    def test_the_database_knows_too_whose_contact_it_is(self, siemens):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReminderCopy.objects.create(organization=siemens, contact=ContactFactory())
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_two_who_choose_at_once_compare_first(self, siemens):
        row = self.choose(siemens, first_notice=14)
        self.choose(siemens, first_notice=21, version=row.version)
        with pytest.raises(ChosenMeanwhile):
            self.choose(siemens, first_notice=30, version=row.version)

    def test_the_journal_tells_once_of_what_changed(self, siemens):
        row = self.choose(siemens, first_notice=14)
        self.choose(siemens, first_notice=14, version=row.version)

        verbs = JournalEntry.objects.about(siemens)
        assert verbs.filter(verb="consortium.reminders_chosen").count() == 1


def test_the_ladder_that_the_portal_begins_with_is_that_of_domain_md(line):
    run(-14)
    assert PolicyRung.objects.count() == 0
    assert planned() == {
        "-7": day(-7),
        "+3": day(3),
        "+15": day(15),
        "+30": day(30),
        "call": day(30),
    }
