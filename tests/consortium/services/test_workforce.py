"""Workforce programs: seats that suffice, parts that end, contributions that stay."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from consortium import services
from consortium.models import (
    ContributionCredit,
    ProgramContribution,
    ProgramPart,
    WorkforceProgram,
)
from consortium.services.two_people import SaysNoReason
from consortium.services.workforce import (
    CreditOfAnother,
    DayOutOfPlace,
    EndsBeforeItStarts,
    HasLeft,
    NoSeatsLeft,
    ProgramNamed,
    ProgramOver,
    TakenBackAlready,
    TakesPartAlready,
)
from consortium.verbs import Verb
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import JournalEntry
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at, claim, year_of
from tests.factories.workforce import TODAY, contribution, part, program
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db


def seats(of) -> tuple[int, int, int]:
    row = WorkforceProgram.objects.with_seats().get(pk=of.pk)
    return row.members, row.taken, row.left


def test_members_share_the_seats_of_a_program():
    one = program(seats=10)
    first, second = part(OrganizationFactory(), one, seats=4), OrganizationFactory()

    with pytest.raises(NoSeatsLeft):
        part(second, one, seats=7)
    part(second, one, seats=6)
    with pytest.raises(NoSeatsLeft):
        services.change_seats(first, seats=5, by=None)

    assert seats(one) == (2, 10, 0)
    services.leave_program(first, on=TODAY, by=None)
    assert seats(one) == (1, 6, 4)


def test_a_program_is_not_cut_below_what_members_have():
    one = program(seats=10)
    part(OrganizationFactory(), one, seats=4)

    with pytest.raises(NoSeatsLeft):
        services.change_program(one, seats=3, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkforceProgram.objects.filter(pk=one.pk).update(seats=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramPart.objects.update(seats=11)

    assert services.change_program(one, seats=None, by=None).seats is None


def test_a_member_takes_part_once_until_it_left():
    company, one = OrganizationFactory(), program()
    first = part(company, one)
    with pytest.raises(TakesPartAlready):
        part(company, one)

    with pytest.raises(DayOutOfPlace):
        services.leave_program(first, on=TODAY - timedelta(days=1), by=None)
    services.leave_program(first, on=TODAY, by=None)

    for act in (
        lambda: services.leave_program(first, on=TODAY, by=None),
        lambda: services.change_seats(first, seats=1, by=None),
    ):
        with pytest.raises(HasLeft):
            act()
    assert part(company, one).pk != first.pk


def test_what_makes_no_sense_is_refused():
    one = program(ends_on=TODAY + timedelta(days=1))

    with pytest.raises(ProgramNamed):
        program("TECHAMP 2026")
    with pytest.raises(EndsBeforeItStarts):
        program("Other", ends_on=TODAY - timedelta(days=1))
    with pytest.raises(EndsBeforeItStarts):
        services.change_program(one, ends_on=TODAY - timedelta(days=1), by=None)
    with pytest.raises(ProgramOver):
        part(OrganizationFactory(), one, on=TODAY + timedelta(days=2))


def test_a_change_that_came_too_late_is_refused():
    one = program()
    first = part(OrganizationFactory(), one)
    services.change_program(one, version=1, seats=9, by=None)
    services.change_seats(first, version=1, seats=3, by=None)

    with pytest.raises(EditConflict):
        services.change_program(one, version=1, seats=8, by=None)
    with pytest.raises(EditConflict):
        services.change_seats(first, version=1, seats=2, by=None)


def test_the_journal_says_who_joined_with_how_many_seats():
    company = OrganizationFactory()
    first = part(company)
    services.change_seats(first, seats=2, by=None)

    entries = JournalEntry.objects.filter(subject_id=company.pk).order_by("pk")
    facts = {entry.verb: entry.facts for entry in entries}
    assert facts[Verb.PROGRAM_JOINED]["seats"] == 4
    assert facts[Verb.PROGRAM_SEATS_CHANGED]["was"] == 4


def test_a_contribution_names_a_credit_of_its_member(cast):
    mine = part(cast.siemens)
    credit = claim(year_of(cast.signed), 1000)
    theirs = claim(year_of(cast.amgens), 1000)

    row = contribution(mine, amount=Decimal("84000.00"), credit=credit)
    with pytest.raises(CreditOfAnother):
        contribution(mine, credit=theirs)

    assert row.credit == credit
    assert ContributionCredit.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramContribution.objects.create(
            **{"part": mine, "kind": "money", "what": "x", "credit": theirs},
            **{"contributed_on": TODAY, "recorded_at": at(TODAY)},
        )


def test_a_contribution_is_taken_back_once_by_a_further_row():
    row = contribution(part(OrganizationFactory()))
    with pytest.raises(SaysNoReason):
        services.take_back_contribution(row, reason="", at=at(TODAY), by=None)
    told = {"reason": "Of another program", "at": at(TODAY), "by": None}

    back = services.take_back_contribution(row, **told)

    assert not ProgramContribution.objects.standing().exists()
    for one in (row, back):
        with pytest.raises(TakenBackAlready):
            services.take_back_contribution(one, **told)


def test_a_contribution_comes_after_its_member_joined():
    with pytest.raises(DayOutOfPlace):
        contribution(
            part(OrganizationFactory()), contributed_on=TODAY - timedelta(days=1)
        )


@pytest.mark.django_db(transaction=True)
def test_the_last_seats_go_to_one_of_two():
    one = program(seats=5)
    first, second = OrganizationFactory(), OrganizationFactory()

    outcomes = at_once(lambda: part(first, one), lambda: part(second, one))

    assert refusals(outcomes) == [NoSeatsLeft]
    assert seats(one) == (1, 4, 1)
