"""A second person is asked, and the proposer is told what came of it."""

from decimal import Decimal

import pytest

from consortium import services
from consortium.policies import SECOND_PERSON
from inm_portal.kernel import tasklist
from inm_portal.kernel.models import Message, Task
from inm_portal.kernel.tasklist import NotForYou
from tests.factories.accounts import staff
from tests.factories.credits import at
from tests.factories.receivables import TODAY, cash, invoiced, member, receive

pytestmark = pytest.mark.django_db

NOW = at(TODAY)


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def director(db):
    return staff("director")


def told(person) -> list[str]:
    return list(
        Message.objects.filter(recipient=person.email).values_list("subject", flat=True)
    )


def doubtful(finance, **more):
    receive(900, payer_name="Acme Inc.", by=finance)
    return receive(900, payer_name="Acme Inc.", reason="Two wires", by=finance, **more)


def refund_of(finance):
    share = cash(900, member(name="Acme"), by=finance)
    return services.propose_refund(
        share, amount=Decimal(300), reason="Paid twice", at=NOW, by=finance
    )


def write_off_of(finance):
    return services.write_off(
        invoiced(member(), 900),
        **{"kind": "bad_debt", "amount": Decimal(900), "reason": "Gone"},
        **{"today": TODAY, "at": NOW, "by": finance},
    )


def test_who_may_record_it_is_asked_by_a_task_and_a_mail(finance, director):
    refund = refund_of(finance)

    task = Task.objects.open().get(kind=SECOND_PERSON)
    assert "the refund of $300" in task.what
    assert task.url == refund.share.receipt.get_absolute_url()
    assert ["Please decide on the refund of $300" in one for one in told(director)] == [
        True
    ]
    assert told(finance) == []


@pytest.mark.parametrize("make", [doubtful, refund_of, write_off_of])
def test_the_proposer_is_told_and_nobody_is_asked_any_more(finance, director, make):
    act = make(finance)
    refuse = {
        doubtful: services.refuse_receipt,
        refund_of: services.refuse_refund,
        write_off_of: services.refuse_write_off,
    }[make]

    refuse(act, at=NOW, by=director)

    assert not Task.objects.open().filter(kind=SECOND_PERSON).exists()
    [subject] = told(finance)
    assert subject.startswith("Not recorded:")


def test_who_takes_back_their_own_proposal_is_told_nothing(finance, director):
    services.refuse_refund(refund_of(finance), at=NOW, by=finance)

    assert told(finance) == []
    assert not Task.objects.open().exists()


def test_what_is_recorded_is_told(finance, director):
    services.approve_receipt(doubtful(finance), at=NOW, by=director)

    [subject] = told(finance)
    assert subject.startswith("Recorded: RC-")


def test_what_one_person_may_do_asks_nobody(finance, director):
    services.write_off(
        invoiced(member(), 900),
        **{"kind": "bank_charge", "amount": Decimal(25)},
        **{"today": TODAY, "at": NOW, "by": finance},
    )

    assert not Task.objects.exists()
    assert told(director) == []


@pytest.mark.parametrize("make", [doubtful, refund_of, write_off_of])
def test_the_proposer_does_not_finish_the_task(finance, director, make):
    make(finance)
    task = Task.objects.open().get(kind=SECOND_PERSON)

    with pytest.raises(NotForYou):
        tasklist.finish_task(task, outcome="Done", at=NOW, by=finance)
    tasklist.finish_task(task, outcome="Done", at=NOW, by=director)
