"""Two at once on a body: one seat, one vote, and the moment of closing."""

import pytest

from consortium import services
from consortium.models import Cast, Motion, Sitting
from consortium.services.bodies import SeatTaken
from consortium.services.motions import NotADraftMotion, VotingClosed
from tests.factories.accounts import UserFactory
from tests.factories.governance import (
    CLOSES,
    OPENS,
    motion,
    opened,
    seat,
    sits,
    steering,
    vote,
)
from tests.races import at_once, refusals, while_held

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_seat_is_taken_by_one_of_two():
    place, people = seat(steering()), [UserFactory(), UserFactory()]

    outcomes = at_once(*[lambda who=who: sits(place, who) for who in people])

    assert refusals(outcomes) == [SeatTaken]
    assert Sitting.objects.count() == 1


def test_a_motion_is_opened_once():
    body = steering()
    sits(seat(body))
    row = motion(body)
    told = {"closes_at": CLOSES, "at": OPENS, "by": None}

    outcomes = at_once(*[lambda: services.open_motion(row, **told)] * 3)

    assert refusals(outcomes) == [NotADraftMotion] * 2
    assert row.electors.count() == 1


def test_two_votes_of_one_seat_are_both_kept_and_one_counts():
    body = steering()
    holder = sits(seat(body))
    alternate = sits(holder.seat, is_alternate=True)
    row = opened(body)

    casts = at_once(
        lambda: vote(row, holder, "for"), lambda: vote(row, alternate, "against")
    )

    last = max(casts, key=lambda cast: cast.pk)
    assert Cast.objects.count() == 2
    row = services.close_motion(row, at=CLOSES, by=None)
    counted = {"for": row.in_favor, "against": row.against}
    assert counted == {"for": 0, "against": 0} | {last.choice: 1}


def test_a_vote_under_way_is_counted_and_one_that_comes_late_is_not():
    body = steering()
    one, two = sits(seat(body, "One")), sits(seat(body, "Two"))
    row = opened(body)

    row = while_held(
        lambda: vote(row, one),
        lambda: services.close_motion(row, at=CLOSES, by=None),
    )
    assert (row.in_favor, row.electorate) == (1, 2)

    again = opened(body, title="Again")
    with pytest.raises(VotingClosed):
        while_held(
            lambda: services.close_motion(again, at=CLOSES, by=None),
            lambda: vote(again, two),
        )
    assert Motion.objects.get(pk=again.pk).in_favor == 0


def test_the_database_refuses_a_vote_that_waited_for_the_closing():
    """Without the service's own lock: the trigger waits, and reads anew."""
    body = steering()
    one = sits(seat(body))
    row = opened(body)
    place = row.electors.get()
    late = {"choice": "for", "capacity": "holder", "cast_by": one.person, "at": OPENS}

    with pytest.raises(Exception, match="This motion is not open"):
        while_held(
            lambda: services.close_motion(row, at=CLOSES, by=None),
            lambda: Cast.objects.create(elector=place, **late),
        )
    assert not Cast.objects.exists()
