"""What is read of a person once in each request, and no longer."""

import pytest
from django.db import transaction

from inm_portal.accounts.models import User
from inm_portal.kernel import context, journal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory


@pytest.fixture
def asked():
    """Return the people of whom something was read, in turn."""
    return []


@pytest.fixture
def read(asked):
    @context.once_a_request
    def read(user):
        asked.append(user)
        return f"about {user}"

    return read


def test_it_is_read_once_in_a_request(read, asked):
    ada = UserFactory.build(pk=1, name="Ada")

    with context.request():
        assert [read(ada), read(ada)] == ["about Ada"] * 2

    assert asked == [ada]


def test_each_person_is_read_and_whoever_acts_for_them_apart(read, asked):
    ada, bob = UserFactory.build_batch(2)
    ada.pk, bob.pk = 1, 2
    by_bob = UserFactory.build(pk=1)
    by_bob.delegate = bob

    with context.request():
        read(ada), read(bob), read(by_bob), read(by_bob)

    assert [id(user) for user in asked] == [id(ada), id(bob), id(by_bob)]


def test_the_next_request_reads_it_anew(read, asked):
    ada = UserFactory.build(pk=1)

    for _ in range(2):
        with context.request():
            read(ada)

    assert len(asked) == 2


def test_outside_of_requests_nothing_is_remembered(read, asked):
    ada = UserFactory.build(pk=1)

    read(ada), read(ada)

    assert len(asked) == 2


def test_after_something_has_happened_it_is_read_anew(read, asked, db):
    ada = UserFactory()

    with context.request():
        read(ada)
        journal.record(Verb.LIST_EXPORTED, ada, by=ada)
        read(ada)

    assert len(asked) == 2


@pytest.mark.parametrize(
    "wait",
    [
        lambda ada: User.objects.locked(ada),
        lambda ada: list(User.objects.select_for_update()),
        lambda ada: take_turns("something"),
    ],
    ids=["a row", "rows", "what has no row"],
)
def test_behind_a_lock_it_is_read_anew(read, asked, db, wait):
    ada = UserFactory()

    with context.request(), transaction.atomic():
        read(ada)
        wait(ada)
        read(ada)

    assert len(asked) == 2
