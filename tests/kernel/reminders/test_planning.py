"""MSG-05: what is planned follows the database, once for each object, rung, cycle."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import Case, JSONField, Value, When
from django.db.models.functions import JSONObject

from consortium.models import Organization
from inm_portal.accounts.models import User
from inm_portal.kernel.models import Closure, Message, ReminderDelivery
from inm_portal.kernel.reminders import rules
from inm_portal.kernel.reminders.planning import plan
from inm_portal.kernel.reminders.rules import Rung

from ...factories.accounts import UserFactory
from .ladder import (
    DUES,
    MONDAY,
    NOW,
    company,
    declared,
    move,
    owing,
    pay,
    states,
    sweep,
)

pytestmark = pytest.mark.django_db

DUE = MONDAY + timedelta(days=21)


def days() -> dict[str, date]:
    rows = ReminderDelivery.objects.filter(state="planned")
    return dict(rows.values_list("rung", "planned_on"))


def test_each_rung_is_planned_on_its_open_day():
    company("Flex", date(2026, 11, 23))

    sweep()

    assert days() == {
        "-7": date(2026, 11, 16),
        "+3": date(2026, 11, 27),  # Thanksgiving is the 26th
        "+15": date(2026, 12, 8),
        "+30": date(2026, 12, 23),
    }


def test_plans_are_made_sixty_days_ahead():
    company("Flex", MONDAY + timedelta(days=56))

    sweep()

    assert set(days()) == {"-7", "+3"}


def test_what_is_planned_names_the_company_and_whom_to_ask():
    flex = company("Flex", DUE)

    sweep()

    row = ReminderDelivery.objects.get(rung="+3")
    assert (row.organization_key, row.person, row.address) == (
        flex.pk,
        flex.owner,
        "flex@pay.example",
    )
    assert (row.subject_type, row.subject_id) == ("consortium.organization", flex.pk)


def test_a_second_sweep_plans_nothing_twice():
    """Case 107."""
    company("Flex", DUE)

    for _time in range(3):
        sweep()

    assert ReminderDelivery.objects.count() == 4


def test_the_database_refuses_a_second_plan_of_an_object_rung_and_cycle():
    company("Flex", DUE)
    sweep()
    row = ReminderDelivery.objects.get(rung="+3")

    row.pk = None
    with pytest.raises(IntegrityError, match="reminder_is_planned_once_a_cycle"):
        row.save()


def test_what_no_longer_holds_is_cancelled():
    flex = company("Flex", DUE)
    sweep()

    pay(flex)
    sweep()

    assert set(states().values()) == {"cancelled not_true"}


def test_what_holds_again_is_planned_again():
    flex = company("Flex", DUE)
    sweep()
    pay(flex)
    sweep()

    Organization.objects.update(website="")
    sweep()

    assert set(states().values()) == {"planned"}
    assert ReminderDelivery.objects.count() == 4


def test_a_new_recipient_takes_over_what_is_planned():
    flex = company("Flex", DUE)
    sweep()

    flex.owner = UserFactory(email="new@pay.example")
    flex.save()
    sweep()

    addresses = ReminderDelivery.objects.values_list("address", flat=True)
    assert set(addresses) == {"new@pay.example"}


def test_a_date_that_moves_before_anything_went_out_is_planned_anew():
    flex = company("Flex", DUE)
    sweep()

    move(flex, DUE + timedelta(days=7))
    sweep()

    assert set(states(cycle=DUE).values()) == {"cancelled moved"}
    assert days()["-7"] == date(2026, 11, 23)


class TestCycle:
    """A later due date opens a new cycle, an earlier one does not."""

    @pytest.fixture
    def flex(self):
        """Somebody who was warned a week before the due date."""
        flex = company("Flex", MONDAY + timedelta(days=7))
        sweep()
        assert states()["-7"] == "written"
        return flex

    def test_a_later_date_begins_the_ladder_again(self, flex):
        later = MONDAY + timedelta(days=21)

        move(flex, later)
        sweep(1)

        assert states(cycle=later)["-7"] == "planned"
        assert states(cycle=MONDAY + timedelta(days=7)) == {
            "-7": "cancelled moved",
            "+3": "cancelled moved",
            "+15": "cancelled moved",
            "+30": "cancelled moved",
        } | {"-7": "written"}

    def test_an_earlier_date_moves_what_is_left(self, flex):
        move(flex, MONDAY + timedelta(days=3))
        sweep(1)

        assert states() == {
            "-7": "written",
            "+3": "planned",
            "+15": "planned",
            "+30": "planned",
        }
        assert days()["+3"] == date(2026, 11, 9)  # the 8th is a Sunday

    def test_a_date_that_moves_back_and_forth_sends_nothing_again(self, flex):
        for weeks in (3, 1, 3, 1):
            move(flex, MONDAY + timedelta(weeks=weeks))
            sweep(1)

        written = ReminderDelivery.objects.filter(state="written")
        assert [row.rung for row in written] == ["-7"]


def test_a_closure_moves_what_falls_on_it():
    company("Flex", DUE)
    Closure.objects.create(on=date(2026, 12, 8), name="Inventory", added_by=None)

    sweep()

    assert days()["+15"] == date(2026, 12, 9)


def test_what_is_planned_of_a_rule_that_is_gone_is_cancelled(dues):
    company("Flex", DUE)
    sweep()

    rules.forget(DUES)
    sweep()
    rules.declare(DUES)

    assert set(states().values()) == {"cancelled no_rule"}


def test_somebody_who_may_not_sign_in_is_not_asked():
    flex = company("Flex", DUE)
    User.objects.filter(pk=flex.owner_id).update(is_active=False)

    sweep()

    assert set(ReminderDelivery.objects.values_list("person", flat=True)) == {None}


def test_planning_costs_the_same_for_one_object_and_for_many(django_assert_num_queries):
    from inm_portal.kernel.reminders import planning

    company("Flex", DUE)
    company("Amgen", DUE)

    with django_assert_num_queries(4):  # the closures; three for the rule
        planning.plan(DUES, at=None, on=MONDAY)
    assert connection.in_atomic_block


class TestVariants:
    """Some objects have a ladder of their own: other days, fewer rungs."""

    @pytest.fixture
    def varied(self):
        """The company of this name is reminded by variant 5, and others plainly."""
        rungs = [replace(one, days=9) if one.key == "+3" else one for one in DUES.rungs]
        ladder = replace(
            DUES,
            variants=lambda *, on: {5: [one for one in rungs if one.key != "+15"]},
            candidates=lambda audience, *, on: DUES.candidates(
                audience, on=on
            ).annotate(variant_key=Case(When(name="Flex", then=Value(5)))),
        )
        rules.forget(DUES)
        yield from declared(ladder)
        rules.declare(DUES)

    def test_each_object_is_planned_by_its_own(self, varied):
        company("Flex", MONDAY)
        company("Siemens", MONDAY)

        plan(varied, at=NOW, on=MONDAY)

        planned = ReminderDelivery.objects.filter(days__gt=0).order_by("pk")
        told = {(row.person.email, row.rung, row.days, row.variant) for row in planned}
        assert told == {
            ("flex@pay.example", "+3", 9, 5),
            ("flex@pay.example", "+30", 30, 5),
            ("siemens@pay.example", "+3", 3, None),
            ("siemens@pay.example", "+15", 15, None),
            ("siemens@pay.example", "+30", 30, None),
        }

    def test_another_variant_moves_what_is_planned_and_sends_nothing_again(
        self, varied
    ):
        siemens = company("Siemens", MONDAY)
        sweep(3)
        assert states() == {
            **{"-7": "skipped too_old", "+3": "written"},
            **{"+15": "planned", "+30": "planned"},
        }

        Organization.objects.filter(pk=siemens.pk).update(name="Flex")
        sweep(9)

        assert states() == {
            **{"-7": "skipped too_old", "+3": "written"},
            **{"+15": "cancelled policy", "+30": "planned"},
        }
        assert Message.objects.count() == 1

        Organization.objects.filter(pk=siemens.pk).update(name="Siemens")
        sweep(10)
        assert states()["+15"] == "planned"


def test_who_is_copied_reads_the_same_mail():
    ladder = replace(
        DUES,
        rungs=[Rung("+3", 3, "billing", copied=("lead",))],
        candidates=lambda _audience, *, on: owing(_audience, on=on).annotate(
            copied=JSONObject(
                lead=Value(["lead@pay.example"], output_field=JSONField()),
                sponsor=Value(["boss@pay.example"], output_field=JSONField()),
            )
        ),
    )
    rules.forget(DUES)
    rules.declare(ladder)
    company("Siemens", MONDAY)
    try:
        sweep(3)
    finally:
        rules.forget(ladder)
        rules.declare(DUES)

    assert ReminderDelivery.objects.get().copies == ["lead@pay.example"]
    to = Message.objects.order_by("pk").values_list("recipient", "kind")
    assert list(to) == [
        ("siemens@pay.example", "kernel/mail/reminders"),
        ("lead@pay.example", "kernel/mail/reminders_copied"),
    ]
