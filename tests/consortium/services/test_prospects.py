"""Companies that may join: inquiries, talks and what they come to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from consortium import services
from consortium.models import Inquiry, Organization, Prospect, ProspectStep
from consortium.services import prospects as said
from consortium.services.organizations import NameTaken
from consortium.services.two_people import SaysNoReason
from consortium.states import Stage
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Task
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.prospects import NOW, inquiry, move, prospect
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db):
    return staff("program staff")


def take_up(row, by, **told):
    given = {"organization": None, "sector": "energy", "owner": by}
    given |= {"today": TODAY, "at": NOW, "by": by}
    return services.take_up_inquiry(row, **given | told)


def standing(row) -> Prospect:
    return Prospect.objects.with_standing().get(pk=row.pk)


def test_an_inquiry_asks_staff_to_answer_within_three_days():
    row = inquiry()

    task = Task.objects.get()
    assert task.due_on == TODAY + timedelta(days=3)
    assert task.url == row.get_absolute_url()
    told = JournalEntry.objects.get(verb=Verb.INQUIRY_RECEIVED).facts
    assert told == {"offer": "membership"}


def test_an_inquiry_that_is_taken_up_becomes_a_prospect_of_a_new_company(keeper):
    row = take_up(inquiry(), keeper)

    company = Organization.objects.get(name="Northfield")
    assert (company.sector, company.owner) == ("energy", keeper)
    told = standing(row)
    assert (told.organization, told.stage, told.weighted) == (company, "inquiry", 0)
    assert Task.objects.get().done_at is not None


def test_it_may_be_of_a_company_that_is_known(keeper):
    known = OrganizationFactory(name="Northfield Group")

    assert take_up(inquiry(), keeper, organization=known).organization == known


def test_a_new_company_has_no_name_of_another(keeper):
    OrganizationFactory(name="Northfield")

    with pytest.raises(NameTaken):
        take_up(inquiry(), keeper)
    assert not Prospect.objects.exists()


def test_an_inquiry_is_dealt_with_once(keeper):
    row = inquiry()
    services.set_aside_inquiry(row, reason="Advertising", at=NOW, by=keeper)

    with pytest.raises(said.DealtWith):
        take_up(row, keeper)
    taken = inquiry("Ostrow")
    take_up(taken, keeper)
    with pytest.raises(said.DealtWith):
        services.set_aside_inquiry(taken, reason="Late", at=NOW, by=keeper)
    with pytest.raises(SaysNoReason):
        services.set_aside_inquiry(inquiry("X"), reason="", at=NOW, by=keeper)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_up_at_once_one_does():
    row, first, second = inquiry(), staff("program staff"), staff("director")

    told = at_once(lambda: take_up(row, first), lambda: take_up(row, second))

    assert refusals(told) == [said.DealtWith]
    assert Prospect.objects.count() == 1


def test_what_was_set_aside_is_erased_after_30_days_and_nothing_else(keeper):
    aside, taken = inquiry(), inquiry("Ostrow")
    services.set_aside_inquiry(aside, reason="Advertising", at=NOW, by=keeper)
    take_up(taken, keeper)

    assert services.forget_inquiries(at=NOW + timedelta(days=30)) == 0
    assert services.forget_inquiries(at=NOW + timedelta(days=30, seconds=1)) == 1

    assert list(Inquiry.objects.all()) == [taken]


def test_the_last_step_tells_where_it_stands_and_what_it_weighs(keeper):
    row = prospect(owner=keeper)

    move(row, Stage.NEGOTIATING, probability=65, amount=Decimal("333333.33"))

    told = standing(row)
    assert (told.stage, told.probability) == ("negotiating", 65)
    assert told.weighted == Decimal("216666.66")
    assert row.steps.count() == 2


@pytest.mark.parametrize(
    ("stage", "typed", "kept"), [("lost", 40, 0), ("won", 40, 100), ("talks", 40, 40)]
)
def test_what_is_decided_is_certain(keeper, stage, typed, kept):
    row = prospect(owner=keeper, offer="partnership")

    assert move(row, stage, probability=typed).probability == kept


def test_a_membership_is_won_by_a_signed_agreement_alone(keeper):
    company = OrganizationFactory(name="Verran")
    row = prospect(company, owner=keeper)
    with pytest.raises(said.NotSigned):
        move(row, Stage.WON)

    agreement = sign(draft(company, effective_on=TODAY))
    type(row).objects.filter(pk=row.pk).update(opened_on=agreement.signed_on)

    assert move(standing(row), Stage.WON).probability == 100
    with pytest.raises(said.IsDecided):
        move(row, Stage.TALKS)


def test_what_was_lost_can_be_taken_up_again(keeper):
    row = prospect(owner=keeper)
    move(row, Stage.LOST)

    move(row, Stage.TALKS)

    assert standing(row).stage == "talks"


def test_talks_about_one_offer_are_open_once(keeper):
    row = prospect(owner=keeper)
    with pytest.raises(said.FollowedUpAlready):
        prospect(row.organization, owner=keeper)
    prospect(row.organization, owner=keeper, offer="factory")
    move(row, Stage.LOST)

    assert prospect(row.organization, owner=keeper).pk


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"probability": 101}, said.SaysNoProbability),
        ({"probability": -1}, said.SaysNoProbability),
        ({"amount": Decimal(-1)}, said.BelowNothing),
        ({"note": " "}, SaysNoReason),
        ({"stage": "won"}, said.IsDecided),
    ],
)
def test_what_is_not_right_is_refused_and_nothing_is_kept(keeper, wrong, refused):
    with pytest.raises(refused), transaction.atomic():
        prospect(owner=keeper, **wrong)
    assert not Prospect.objects.exists()


def test_somebody_at_inm_follows_it_up(keeper):
    with pytest.raises(said.NotOfStaff):
        prospect(owner=UserFactory())


def test_the_database_keeps_what_is_decided_certain(keeper):
    row = prospect(owner=keeper)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProspectStep.objects.create(
            **{"prospect": row, "stage": "won", "amount": 1, "probability": 50},
            **{"expected_on": TODAY, "note": "So", "recorded_at": NOW},
        )


def test_each_step_is_journaled_without_names(keeper):
    row = prospect(owner=keeper)

    move(row, Stage.OFFERED, by=keeper)

    entry = JournalEntry.objects.get(verb=Verb.PROSPECT_MOVED)
    assert entry.facts == {
        **{"stage": "offered", "amount": "500000"},
        "probability": 60,
    }
