"""Who sees bodies, meetings, motions and votes, and who may vote."""

import pytest

from consortium import services
from consortium.models import Body, Cast, Elector, Meeting, Motion, Sitting
from inm_portal.accounts import roles
from tests.factories.accounts import UserFactory, staff
from tests.factories.governance import (
    CLOSES,
    SOON,
    account,
    council,
    elector,
    meeting,
    motion,
    opened,
    seat,
    sits,
    steering,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(SOON, tick=False)


def seen(model, user, action="view"):
    return {*model.objects.permitted(user, action)}


def test_who_sits_sees_the_own_body_and_what_is_of_it_alone():
    body, other = council(), steering()
    one, two = sits(seat(body)), sits(seat(other))
    mine, theirs = meeting(body), meeting(other)
    drafted, put = motion(body), opened(body)
    elsewhere = opened(other)
    user = account(one)

    assert seen(Body, user) == {body}
    assert seen(Sitting, user) == {one}
    assert seen(Meeting, user) == {mine}
    assert seen(Motion, user) == {put}
    for thing in (other, two, theirs, drafted, elsewhere):
        assert not user.has_perm(f"consortium.view_{thing._meta.model_name}", thing)


def test_inm_sees_all_and_others_nothing():
    body = council()
    sits(seat(body))
    rows = {Body: body, Meeting: meeting(body), Motion: motion(body)}

    for role in (roles.PROGRAM_STAFF, roles.DIRECTOR, roles.AUDITOR):
        user = staff(role)
        assert [seen(model, user) for model in rows] == [{row} for row in rows.values()]
    for model in rows:
        assert seen(model, UserFactory()) == set()


def test_who_left_the_seat_sees_the_body_no_longer():
    sitting = sits(seat(council()))
    services.leave_seat(sitting, until_on=SOON.date(), by=None)

    assert seen(Body, account(sitting)) == set()


def test_a_seat_votes_for_itself_and_for_those_whose_proxy_it_has():
    body = steering()
    one, two = sits(seat(body, "One")), sits(seat(body, "Two"))
    row = opened(body)
    first, second = elector(row, one), elector(row, two)

    assert seen(Elector, account(two), "vote") == {second}
    services.give_proxy(first, to=second, at=SOON, by=account(one))
    assert seen(Elector, account(two), "vote") == {first, second}
    assert seen(Elector, account(two), "give_proxy") == {second}
    assert seen(Elector, staff(roles.DIRECTOR), "vote") == set()
    services.close_motion(row, at=CLOSES, by=None)
    assert seen(Elector, account(two), "vote") == set()


@pytest.mark.parametrize("is_secret", [True, False])
def test_what_a_seat_voted_is_its_own_until_a_vote_that_is_not_secret_closes(is_secret):
    body = steering()
    one, two = sits(seat(body, "One")), sits(seat(body, "Two"))
    row = opened(body, is_secret=is_secret)
    cast, director = vote(row, one), staff(roles.DIRECTOR)

    assert seen(Cast, account(one)) == {cast}
    assert seen(Cast, director) == set()
    services.close_motion(row, at=CLOSES, by=None)

    assert seen(Cast, director) == (set() if is_secret else {cast})
    assert seen(Cast, account(two)) == set()


def test_staff_opens_and_closes_and_a_director_certifies():
    body = steering()
    sitting = sits(seat(body))
    row = motion(body)
    keeper, director = staff(roles.PROGRAM_STAFF), staff(roles.DIRECTOR)

    assert seen(Motion, keeper, "open") == {row}
    row = services.open_motion(row, closes_at=CLOSES, at=SOON, by=keeper)
    assert seen(Motion, keeper, "close") == {row}
    row = services.close_motion(row, at=CLOSES, by=keeper)

    assert seen(Motion, director, "certify") == {row}
    for user in (keeper, account(sitting), staff(roles.AUDITOR)):
        assert seen(Motion, user, "certify") == set()
