"""Two who agree at once do not pass the cap of the faculty."""

import pytest

from consortium import services
from consortium.models import OneToOneRequest
from consortium.services.one_to_ones import CapReached
from tests.factories.engagement import agree, faculty, one_to_one
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_at_once_do_not_pass_the_cap(cast):
    mina = services.cap_one_to_ones(faculty(), one_to_one_cap=1, by=None)
    talks = [
        one_to_one(contact, faculty=mina)
        for contact in (cast.contact, cast["amgen sponsor"].contacts.get())
    ]

    outcomes = at_once(*[lambda one=one: agree(one) for one in talks])

    assert refusals(outcomes) == [CapReached]
    assert OneToOneRequest.objects.filter(state="agreed").count() == 1
