"""What members say of their renewals, goodwill after a term, and farewell."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from consortium import services
from consortium.models import Agreement, GoodwillAccess, LateNoticeRuling, Organization
from consortium.services import renewals
from consortium.services.interests import HasInterest
from consortium.services.two_people import SaysNoReason
from consortium.states import MembershipStatus
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Task
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import ContactFactory, OrganizationFactory, draft, sign
from tests.factories.credits import at
from tests.factories.renewals import answer, ended, farewell, health, late_notice
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db

#: The term ends on May 26, 2028, and notice is given 90 days before.
NOTICE_BY = date(2028, 2, 26)


@pytest.fixture
def agreement(db):
    return sign(draft(OrganizationFactory(name="Siemens")))


@pytest.fixture
def director(db):
    return staff("director")


def decide(row, by, is_accepted=True, reason="It was in the post"):
    told = {"is_accepted": is_accepted, "reason": reason}
    return services.rule_late_notice(row, **told, at=at(TODAY), by=by)


def grant(agreement, by, days=20, reason="Their counsel reads it", **told):
    given = {"until_on": TODAY + timedelta(days=days), "reason": reason}
    given |= {"today": TODAY, "at": at(TODAY), "by": by}
    return services.grant_goodwill(agreement, **given | told)


def status(agreement, on=TODAY) -> str:
    rows = Organization.objects.with_membership(on=on)
    return rows.get(pk=agreement.organization_id).status


def test_an_answer_is_kept_with_the_last_day_of_then(agreement):
    row = answer(agreement, words="The board said so")

    assert (row.notice_on, row.days_late) == (NOTICE_BY, 0)
    entry = JournalEntry.objects.get(verb=Verb.RENEWAL_ANSWERED)
    assert entry.facts == {"answer": "leaves", "days_late": 0}


@pytest.mark.parametrize(("days", "late"), [(-1, 0), (0, 0), (1, 1), (30, 30)])
def test_case_8_a_late_notice_is_told_as_late_and_accepted_by_nobody(
    agreement, days, late
):
    day = NOTICE_BY + timedelta(days=days)

    row = answer(agreement, received_on=day, today=day)

    assert row.days_late == late
    assert not LateNoticeRuling.objects.exists()
    waits = [task.what for task in Task.objects.open()]
    assert waits == (["Accept or refuse the late notice of Siemens"] if late else [])


def test_who_renews_is_never_late(agreement):
    day = NOTICE_BY + timedelta(days=9)

    row = answer(agreement, "renews", received_on=day, today=day)

    assert row.days_late == 0
    assert not Task.objects.exists()


@pytest.mark.parametrize("is_accepted", [True, False])
def test_case_8_a_director_accepts_or_refuses_it_with_a_reason(
    agreement, director, is_accepted
):
    day = NOTICE_BY + timedelta(days=1)
    row = answer(agreement, received_on=day, today=day)

    ruling = decide(row, director, is_accepted)

    assert (ruling.is_accepted, ruling.ruled_by) == (is_accepted, director)
    assert Task.objects.get().done_at is not None
    assert JournalEntry.objects.filter(verb=Verb.LATE_NOTICE_RULED).exists()


def test_a_late_notice_is_decided_once_with_a_reason_and_by_nobody_with_an_interest(
    agreement, director
):
    row = late_notice(agreement)
    with pytest.raises(SaysNoReason):
        decide(row, director, reason=" ")
    with pytest.raises(renewals.NotLate):
        decide(answer(agreement), director)
    services.disclose_interest(
        agreement.organization,
        **{"person": director, "reason": "Shares", "from_on": TODAY},
        **{"at": at(TODAY), "by": director},
    )
    with pytest.raises(HasInterest):
        decide(row, director)

    decide(row, staff("director"))

    with pytest.raises(renewals.RuledAlready):
        decide(row, staff("director"))


@pytest.mark.django_db(transaction=True)
def test_of_two_directors_at_once_one_decides():
    row = late_notice(sign(draft(OrganizationFactory(name="Siemens"))))
    first, second = staff("director"), staff("director")

    told = at_once(lambda: decide(row, first), lambda: decide(row, second))

    assert refusals(told) == [renewals.RuledAlready]
    assert LateNoticeRuling.objects.count() == 1


def test_nothing_is_answered_ahead_or_of_a_term_that_is_over(agreement):
    with pytest.raises(renewals.ReceivedAhead):
        answer(agreement, received_on=TODAY + timedelta(days=1))
    with pytest.raises(renewals.NothingToRenew):
        answer(ended())


def test_case_9_goodwill_lets_a_member_read_on_until_its_day(director):
    over = ended(days_ago=10)
    assert status(over) == MembershipStatus.ENDED

    grant(over, director, days=20)

    assert status(over) == MembershipStatus.GOODWILL
    last = TODAY + timedelta(days=20)
    assert status(over, last) == MembershipStatus.GOODWILL
    assert status(over, last + timedelta(days=1)) == MembershipStatus.ENDED
    assert JournalEntry.objects.get(verb=Verb.GOODWILL_GRANTED).facts == {
        "until_on": str(last)
    }


def test_of_several_goodwills_the_last_one_counts(director):
    over = ended(days_ago=10)
    grant(over, director, days=40)

    grant(over, director, days=0)

    assert status(over, TODAY + timedelta(days=1)) == MembershipStatus.ENDED


@pytest.mark.parametrize("days", [-1, 51])
def test_goodwill_lasts_no_more_than_60_days_after_the_term(director, days):
    with pytest.raises(renewals.TooLong):
        grant(ended(days_ago=10), director, days=days)


def test_the_database_keeps_goodwill_short_too(director):
    over = ended(days_ago=10)

    with pytest.raises(IntegrityError, match="goodwill"), transaction.atomic():
        GoodwillAccess.objects.create(
            agreement=over,
            until_on=TODAY + timedelta(days=51),
            reason="Longer",
            recorded_at=at(TODAY),
        )


def test_no_goodwill_while_a_term_runs_or_the_next_is_signed(agreement, director):
    with pytest.raises(renewals.NotOver):
        grant(agreement, director)
    over = ended(days_ago=10)
    sign(draft(over.organization, effective_on=TODAY))
    with pytest.raises(renewals.NotOver):
        grant(over, director)
    with pytest.raises(SaysNoReason):
        grant(ended("Talbrook"), director, reason="")


def test_who_leaves_says_why(agreement):
    contact = ContactFactory(organization=agreement.organization)
    with pytest.raises(renewals.DoesNotLeave):
        farewell(agreement, contact)
    answer(agreement)

    row = farewell(agreement, contact, reasons=["service", "budget"])

    assert row.reason_labels == ["Its budget", "How it was looked after"]
    entry = JournalEntry.objects.get(verb=Verb.EXIT_INTERVIEW_RECORDED)
    assert entry.facts == {"reasons": ["budget", "service"], "may_return": True}


def test_an_exit_interview_is_of_the_member_and_of_a_day_that_was(agreement):
    answer(agreement)
    with pytest.raises(renewals.NotOfTheMember):
        farewell(agreement, ContactFactory())
    own = ContactFactory(organization=agreement.organization)
    with pytest.raises(renewals.HeldAheadOfIt):
        farewell(agreement, own, held_on=TODAY + timedelta(days=1))


def test_what_was_said_is_never_changed(agreement):
    row = answer(agreement)

    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(answer="renews")


def test_the_health_of_a_member_is_that_of_the_last_note(agreement):
    company = agreement.organization
    health(company, "good", noted_on=TODAY - timedelta(days=3))
    health(company, "watch")

    with pytest.raises(services.health.NotedSince):
        health(company, "good", noted_on=TODAY - timedelta(days=1))
    with pytest.raises(services.health.NotedAhead):
        health(company, "good", noted_on=TODAY + timedelta(days=1))
    with pytest.raises(SaysNoReason):
        health(company, "good", reason="")
    assert [note.health for note in company.health_notes.order_by("pk")] == [
        *["good", "watch"]
    ]


def test_an_answer_stands_on_the_agreement_it_is_of(agreement):
    answer(agreement)

    assert services.is_leaving(agreement, today=TODAY)
    assert not services.is_leaving(
        Agreement.objects.get(pk=sign(draft(OrganizationFactory())).pk), today=TODAY
    )
