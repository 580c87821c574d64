"""Case 28: who asks to pay or be paid elsewhere is called back by somebody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from consortium import services
from consortium.models import CallBack
from consortium.services.call_backs import (
    NamesAccount,
    NoKnownNumber,
    NothingSaid,
    ReceivedInFuture,
)
from consortium.services.two_people import SaysNoReason, TakesTwo
from consortium.states import CallBackStanding
from inm_portal.accounts.merging import merge_users
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Task
from tests.factories.accounts import UserFactory
from tests.factories.consortium import ContactFactory, OrganizationFactory
from tests.factories.credits import at
from tests.factories.receivables import TODAY, call_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def flex(db):
    return OrganizationFactory(name="Flex")


def confirm(row, *, by=None, answer="Yes, we moved."):
    now = at(TODAY)
    by = by or UserFactory()
    return services.confirm_call_back(row, answer=answer, at=now, by=by)


def test_case_28_a_request_becomes_a_task_to_call_the_number_that_was_known(flex):
    row = call_back(flex)

    assert row.standing == CallBackStanding.PROPOSED
    assert row.phone == row.contact.phone
    task = Task.objects.open().get()
    assert task.what == f"Call {row.contact.name} of Flex back"
    assert (task.due_on, task.url) == (TODAY, row.get_absolute_url())


def test_case_28_the_number_stays_that_of_the_day_of_the_request(flex):
    row = call_back(flex)
    services.change_contact(row.contact, phone="+1 999", on=TODAY, by=UserFactory())

    row.refresh_from_db()
    assert row.phone == "+1 617 555 0100"


def test_case_28_a_second_person_writes_down_what_the_contact_said(flex):
    first, other = UserFactory(), UserFactory()
    row = call_back(flex, by=first)

    with pytest.raises(TakesTwo):
        confirm(row, by=first)
    row = confirm(row, by=other)

    assert (row.standing, row.decided_by) == (CallBackStanding.CONFIRMED, other)
    assert not Task.objects.open().exists()
    verbs = JournalEntry.objects.about(row).values_list("verb", flat=True)
    assert "consortium.call_back_confirmed" in verbs


def test_an_account_that_was_merged_is_no_second_person(flex):
    first, other = UserFactory(), UserFactory()
    row = call_back(flex, by=first)
    merge_users(other, merged=first, at=at(TODAY), by=None)

    with pytest.raises(TakesTwo):
        confirm(row, by=other)


def test_what_the_contact_did_not_ask_for_is_refused_once(flex):
    row, by = call_back(flex), UserFactory()
    how = {"answer": "Nobody there wrote it.", "at": at(TODAY), "by": by}

    row = services.refuse_call_back(row, **how)

    assert row.standing == CallBackStanding.REFUSED
    with pytest.raises(IllegalTransition):
        services.refuse_call_back(row, **how)
    with pytest.raises(IllegalTransition):
        confirm(row)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": " "}, SaysNoReason),
        ({"reason": "Pay to 123456789 from now on"}, NamesAccount),
        ({"received_on": TODAY + timedelta(days=1)}, ReceivedInFuture),
    ],
)
def test_what_no_request_says_is_refused(flex, given, refusal):
    contact = ContactFactory(organization=flex, phone="+1 617 555 0100")
    told = {"asked_by": "A letter", "reason": "Elsewhere", "received_on": TODAY}

    with pytest.raises(refusal):
        services.ask_for_call_back(
            flex,
            **{"contact": contact, **told, **given},
            **{"today": TODAY, "at": at(TODAY), "by": UserFactory()},
        )
    assert not CallBack.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"phone": ""}, {"departed_on": TODAY}, {"organization": None}]
)
def test_who_is_called_is_of_the_member_and_has_a_known_number(flex, fields):
    given = {"organization": flex, "phone": "+1 617 555 0100"} | fields
    if given["organization"] is None:
        given["organization"] = OrganizationFactory()
    told = {"asked_by": "A letter", "reason": "Elsewhere", "received_on": TODAY}

    with pytest.raises(NoKnownNumber):
        services.ask_for_call_back(
            flex,
            **{"contact": ContactFactory(**given), **told},
            **{"today": TODAY, "at": at(TODAY), "by": UserFactory()},
        )


def test_a_call_of_which_nothing_is_told_decides_nothing(flex):
    row = call_back(flex)

    for answer, refusal in [
        *[(" ", NothingSaid), ("To 987654321", NamesAccount)],
        ("To DE89 3704 0044 0532 0130 00", NamesAccount),
    ]:
        with pytest.raises(refusal):
            confirm(row, answer=answer)


def test_the_database_keeps_no_number_of_an_account(flex):
    row = call_back(flex)
    row.pk, row.reason = None, "Pay to 123456789"

    with pytest.raises(IntegrityError, match="no_account_number"), transaction.atomic():
        CallBack.objects.bulk_create([row])
