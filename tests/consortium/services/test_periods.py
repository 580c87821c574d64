"""Months that are closed in their order, and opened again by two people."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from consortium import services
from consortium.models import LedgerEntry, PeriodClose, PeriodReopening
from consortium.services.ledger import reverse
from consortium.services.periods import (
    ClosedAlready,
    MonthNotOver,
    NotClosedLast,
    ReopeningProposed,
)
from consortium.services.two_people import SaysNoReason, TakesTwo
from consortium.states import ActState
from inm_portal.accounts.merging import merge_users
from inm_portal.accounts.models import User
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at
from tests.factories.ledger import MARCH, recognize, refused
from tests.races import at_once, refusals, while_held

pytestmark = pytest.mark.django_db

FEBRUARY, IN_MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def member(db):
    return OrganizationFactory()


def close(month, *, by, today=TODAY) -> PeriodClose:
    return services.close_period(month, today=today, at=at(today), by=by)


def propose(closed, *, by, reason="A payment was missing"):
    return services.propose_reopening(closed, reason=reason, at=at(TODAY), by=by)


def reopen(closed, *, by, approved_by):
    proposal = propose(closed, by=by)
    return services.approve_reopening(proposal, at=at(TODAY), by=approved_by)


def test_a_close_keeps_the_trial_balance_and_its_digest(member, finance):
    recognize(member)
    recognize(member, "100.00", value_on=APRIL)

    closed = close(MARCH, by=finance)

    assert closed.month == IN_MARCH
    assert closed.trial_balance == [
        ["USD", "deferred_dues", "275000.00", "0.00"],
        ["USD", "dues_income", "0.00", "275000.00"],
    ]
    assert len(closed.sha256) == 64
    assert list(invariants.broken()) == []
    assert JournalEntry.objects.about(closed).get().facts["sha256"] == closed.sha256


def test_case_35_a_march_payment_found_in_april_is_posted_in_april(member, finance):
    close(IN_MARCH, by=finance, today=date(2026, 4, 3))

    entry = recognize(member, value_on=MARCH, at=at(date(2026, 4, 9)))

    assert (entry.value_on, entry.posted_on) == (MARCH, APRIL)
    march = date(2026, 3, 31)
    assert entry not in LedgerEntry.objects.told(march)
    assert entry in LedgerEntry.objects.told(march, restated=True)
    assert list(invariants.broken()) == []


def test_what_is_reversed_after_its_month_was_closed_is_posted_later(member, finance):
    entry = recognize(member)
    close(IN_MARCH, by=finance)

    reversal = reverse(entry, value_on=MARCH, reason="Wrong", by=None, at=at(TODAY))

    assert (reversal.value_on, reversal.posted_on) == (MARCH, APRIL)
    assert list(invariants.broken()) == []


def test_nothing_is_posted_in_a_closed_month_by_sql(finance):
    close(IN_MARCH, by=finance)

    with refused("month that is closed"):
        LedgerEntry.objects.create(
            **{"kind": "write_off", "amount": Decimal(1), "currency": "USD"},
            **{"value_on": FEBRUARY, "posted_on": FEBRUARY, "recorded_at": at(TODAY)},
        )


def test_a_month_is_closed_once_it_is_over(finance):
    with pytest.raises(MonthNotOver):
        close(IN_MARCH, by=finance, today=date(2026, 3, 31))

    close(IN_MARCH, by=finance, today=APRIL)


@pytest.mark.parametrize("month", [FEBRUARY, IN_MARCH])
def test_a_month_is_closed_once_and_with_all_before_it(finance, month):
    closed = close(IN_MARCH, by=finance)

    with pytest.raises(ClosedAlready):
        close(month, by=finance)
    with refused("in their order"):
        PeriodClose.objects.create(
            **{"month": month, "trial_balance": [], "sha256": "0" * 64},
            **{"closed_by": closed.closed_by, "closed_at": at(TODAY)},
        )


def test_two_people_open_a_month_and_it_is_closed_anew(member, finance):
    closed = close(IN_MARCH, by=finance)

    reopening = reopen(closed, by=finance, approved_by=staff("director"))

    assert reopening.state == ActState.RECORDED
    assert recognize(member).posted_on == MARCH
    close(IN_MARCH, by=finance)
    assert list(invariants.broken()) == []


def test_who_proposes_to_open_a_month_does_not_open_it(finance):
    reopening = propose(close(IN_MARCH, by=finance), by=finance)

    with pytest.raises(TakesTwo):
        services.approve_reopening(reopening, at=at(TODAY), by=finance)
    with refused("recorded_by_another"):
        PeriodReopening.objects.update(
            state="recorded", decided_by=finance, decided_at=at(TODAY)
        )


def test_an_account_that_was_merged_is_no_second_person(finance):
    reopening = propose(close(IN_MARCH, by=finance), by=finance)
    survivor = UserFactory()
    merge_users(survivor, merged=finance, at=at(TODAY), by=None)

    with pytest.raises(TakesTwo):
        services.approve_reopening(reopening, at=at(TODAY), by=survivor)


def test_a_reopening_says_why_and_is_asked_for_once(finance):
    closed = close(IN_MARCH, by=finance)

    with pytest.raises(SaysNoReason):
        propose(closed, by=finance, reason=" ")
    propose(closed, by=finance)
    with pytest.raises(ReopeningProposed):
        propose(closed, by=staff("director"))


def told(person) -> list[str]:
    mails = Message.objects.filter(recipient=person.email, subject__contains="March")
    return [*mails.values_list("subject", flat=True)]


def test_whoever_may_agree_to_open_a_month_is_asked_and_who_asked_is_told(finance):
    director, gone = staff("director"), staff("director")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    reopening = propose(close(IN_MARCH, by=finance), by=finance)

    assert told(director) == ["Please decide whether March 2026 is opened again"]
    assert told(finance) == told(gone) == []
    text = Message.objects.get(recipient=director.email).text
    assert reopening.reason in text
    assert reopening.close.get_absolute_url() in text

    services.approve_reopening(reopening, at=at(TODAY), by=director)

    assert told(finance) == ["March 2026 is open again"]


def test_that_a_month_stays_closed_is_told_unless_it_was_taken_back(finance):
    director = staff("director")
    closed = close(IN_MARCH, by=finance)
    services.refuse_reopening(propose(closed, by=finance), at=at(TODAY), by=finance)
    taken_back = told(finance)
    services.refuse_reopening(propose(closed, by=finance), at=at(TODAY), by=director)

    assert taken_back == []
    assert told(finance) == ["March 2026 stays closed"]


def test_the_month_that_was_closed_last_is_opened_first(finance):
    first = close(IN_MARCH, by=finance)
    reopening = propose(first, by=finance)
    close(APRIL, by=finance)
    director = staff("director")

    with pytest.raises(NotClosedLast):
        services.approve_reopening(reopening, at=at(TODAY), by=director)
    with refused("closed last"):
        PeriodReopening.objects.update(
            state="recorded", decided_by=director, decided_at=at(TODAY)
        )


def test_what_was_decided_about_opening_a_month_stays(finance):
    reopening = propose(close(IN_MARCH, by=finance), by=finance)
    services.refuse_reopening(reopening, at=at(TODAY), by=finance)

    with pytest.raises(IllegalTransition):
        services.approve_reopening(reopening, at=at(TODAY), by=staff("director"))
    with refused("Cannot update"):
        PeriodReopening.objects.update(decided_by=staff("director"))
    with refused("Cannot delete|permission denied"):
        PeriodReopening.objects.all()._raw_delete(PeriodReopening.objects.db)


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("view", {"director", "finance", "admin", "auditor"}),
        ("approve", {"director"}),
        ("refuse", {"director", "finance"}),
    ],
)
def test_who_opens_a_month(cast, action, who):
    reopening = propose(close(IN_MARCH, by=cast["finance"]), by=cast["finance"])

    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm(f"consortium.{action}_periodreopening", reopening)
    }

    assert may == who


@pytest.mark.django_db(transaction=True)
def test_one_month_is_closed_once_by_two_at_once():
    people = [UserFactory(), UserFactory()]

    outcomes = at_once(*[partial(close, IN_MARCH, by=one) for one in people])

    assert refusals(outcomes) == [ClosedAlready]


@pytest.mark.django_db(transaction=True)
def test_whoever_posts_while_a_month_is_closed_posts_after_it():
    member, person = OrganizationFactory(), UserFactory()

    entry = while_held(lambda: close(IN_MARCH, by=person), lambda: recognize(member))

    assert entry.posted_on == APRIL
    assert list(invariants.broken()) == []


@pytest.mark.django_db(transaction=True)
def test_a_close_waits_for_what_is_being_posted_and_counts_it():
    member, person = OrganizationFactory(), UserFactory()

    closed = while_held(lambda: recognize(member), lambda: close(IN_MARCH, by=person))

    assert closed.trial_balance[0] == ["USD", "deferred_dues", "275000.00", "0.00"]
    assert list(invariants.broken()) == []


@pytest.mark.django_db(transaction=True)
def test_a_close_is_no_older_than_what_it_waited_for():
    member, person = OrganizationFactory(), UserFactory()
    later = at(TODAY) + timedelta(seconds=1)

    while_held(lambda: recognize(member, at=later), lambda: close(IN_MARCH, by=person))

    assert list(invariants.broken()) == []
