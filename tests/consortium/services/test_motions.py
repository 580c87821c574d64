"""Motions: who may vote and with what weight, who did, and what came of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from consortium import services
from consortium.models import Cast, Elector, Motion, Proxy
from consortium.services.motions import (
    ClosesBefore,
    MayNotVote,
    NobodyMayVote,
    NoProxies,
    NotADraftMotion,
    NotAnotherElector,
    OfAnotherBody,
    VotingClosed,
    VotingOpen,
)
from consortium.states import MotionState
from consortium.verbs import Verb
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import ContactFactory, OrganizationFactory
from tests.factories.governance import (
    CLOSES,
    OPENS,
    SOON,
    TODAY,
    account,
    council,
    elector,
    meeting,
    member_seat,
    motion,
    opened,
    seat,
    sits,
    steering,
    vote,
)
from tests.factories.receivables import invoiced

pytestmark = pytest.mark.django_db

PROTECTED = (InternalError, ProgrammingError, IntegrityError)


def of_three(**terms):
    """Return a motion that is open, and three who vote on it."""
    body = steering()
    three = [sits(seat(body, name)) for name in ("One", "Two", "Three")]
    return opened(body, **terms), three


def close(row: Motion, *, at=CLOSES):
    return services.close_motion(row, at=at, by=None)


def test_seats_that_are_empty_or_of_no_member_in_good_standing_do_not_vote():
    body = council()
    siemens = member_seat(body, "Siemens")
    chair = sits(seat(body, "Chair"))
    seat(body, "Empty")
    prospect = OrganizationFactory(name="Prospect")
    sits(
        seat(body, "Prospect", organization=prospect),
        contact=ContactFactory(organization=prospect),
    )

    row = opened(body)

    assert {one.seat for one in row.electors.all()} == {siemens.seat, chair.seat}
    entry = JournalEntry.objects.get(verb=Verb.MOTION_OPENED)
    assert entry.facts == {"electors": 2, "votes": 2}


def test_who_votes_stays_as_it_was_when_voting_opened():
    row, three = of_three()
    sits(seat(row.body, "Four"))

    assert row.electors.count() == 3
    services.leave_seat(three[0], until_on=TODAY, by=None)
    after = sits(three[0].seat, from_on=TODAY)
    with pytest.raises(MayNotVote):
        vote(row, three[0])
    vote(row, after)
    with pytest.raises(PROTECTED), transaction.atomic():
        Elector.objects.create(motion=row, seat=seat(row.body, "Five"), weight=1)


@pytest.mark.parametrize(
    ("terms", "weights"),
    [
        ({}, {"Siemens": 1, "Chair": 1}),
        ({"weight_rule": "by_seat"}, {"Siemens": 3, "Chair": 1}),
        ({"weight_rule": "by_seat", "most_votes": 2}, {"Siemens": 2, "Chair": 1}),
        (
            {"weight_rule": "by_fee", "fee_of_a_vote": Decimal(100_000)},
            {"Siemens": 2, "Chair": 1},
        ),
        (
            {"weight_rule": "by_fee", "fee_of_a_vote": Decimal(1_000_000)},
            {"Siemens": 1, "Chair": 1},
        ),
    ],
)
def test_votes_weigh_by_the_rule_of_the_motion_up_to_its_cap(terms, weights):
    """The member's year asks for a fee of $275,000."""
    body = council()
    member_seat(body, "Siemens", votes=3)
    sits(seat(body, "Chair"))

    row = opened(body, **terms)

    assert {str(one): one.weight for one in row.electors.all()} == weights


def test_a_motion_is_opened_once_for_a_while_and_for_somebody():
    body = steering()
    row = motion(body)
    told = {"at": OPENS, "by": None}

    with pytest.raises(NobodyMayVote):
        services.open_motion(row, closes_at=CLOSES, **told)
    sits(seat(body))
    with pytest.raises(ClosesBefore):
        services.open_motion(row, closes_at=OPENS, **told)
    services.open_motion(row, closes_at=CLOSES, **told)
    with pytest.raises(NotADraftMotion):
        services.open_motion(row, closes_at=CLOSES, **told)


def test_a_motion_belongs_to_a_meeting_of_its_body():
    with pytest.raises(OfAnotherBody):
        motion(steering(), meeting=meeting(council()))


def test_the_last_vote_of_a_seat_counts_and_all_are_kept():
    row, (one, two, three) = of_three()
    vote(row, one, "for")
    vote(row, one, "against")
    vote(row, two, "against")
    vote(row, three, "abstain")

    row = close(row, at=SOON)

    assert (row.in_favor, row.against, row.abstaining) == (0, 2, 1)
    assert (row.electorate, row.outcome) == (3, "lost")
    assert Cast.objects.count() == 4


def test_the_journal_says_that_somebody_voted_and_not_what():
    row, (one, *_) = of_three(is_secret=True)

    vote(row, one, "against")

    entry = JournalEntry.objects.get(verb=Verb.VOTE_CAST)
    assert entry.facts == {"elector": elector(row, one).pk, "capacity": "holder"}


def test_the_alternate_votes_for_the_seat_and_others_do_not():
    body = steering()
    holder = sits(seat(body))
    alternate = sits(holder.seat, is_alternate=True)
    row = opened(body)

    assert vote(row, alternate).capacity == "alternate"
    assert vote(row, holder).capacity == "holder"
    with pytest.raises(MayNotVote):
        vote(row, holder, by=UserFactory())


def test_nobody_votes_before_it_opens_or_from_its_close_on():
    row, (one, *_) = of_three()

    for moment in (OPENS - timedelta(seconds=1), CLOSES):
        with pytest.raises(VotingClosed):
            vote(row, one, at=moment)
    vote(row, one, at=CLOSES - timedelta(seconds=1))
    close(row)
    with pytest.raises(VotingClosed):
        vote(row, one)


def test_a_proxy_votes_until_it_is_withdrawn_and_is_not_passed_on():
    row, (one, two, three) = of_three()
    first, second = elector(row, one), elector(row, two)
    told = {"at": SOON, "by": account(one)}

    with pytest.raises(MayNotVote):
        vote(row, one, by=account(two))
    services.give_proxy(first, to=second, **told)
    services.give_proxy(second, to=elector(row, three), at=SOON, by=account(two))
    assert vote(row, one, by=account(two)).capacity == "proxy"
    with pytest.raises(MayNotVote):
        vote(row, one, by=account(three))
    services.give_proxy(first, to=None, **told)
    with pytest.raises(MayNotVote):
        vote(row, one, by=account(two))


def test_a_proxy_goes_from_who_votes_to_another_seat_of_the_motion():
    row, (one, two, _) = of_three()
    first, second = elector(row, one), elector(row, two)
    body = council()
    elsewhere = sits(seat(body))
    stranger = elector(opened(body), elsewhere)

    with pytest.raises(MayNotVote):
        services.give_proxy(first, to=second, at=SOON, by=account(two))
    for to in (first, stranger):
        with pytest.raises(NotAnotherElector):
            services.give_proxy(first, to=to, at=SOON, by=account(one))
        with pytest.raises(PROTECTED), transaction.atomic():
            Proxy.objects.create(elector=first, to=to, given_by=account(one), at=SOON)


def test_a_motion_that_allows_no_proxies_takes_none():
    row, (one, two, _) = of_three(allows_proxy=False)

    with pytest.raises(NoProxies):
        services.give_proxy(
            elector(row, one), to=elector(row, two), at=SOON, by=account(one)
        )


@pytest.mark.parametrize(
    ("terms", "choices", "outcome"),
    [
        ({"quorum": 67}, ["for", "for"], "no_quorum"),
        ({"quorum": 66}, ["for", "for"], "carried"),
        ({"quorum": 66}, ["for", "abstain"], "carried"),
        ({}, [], "no_quorum"),
        ({}, ["for", "against"], "lost"),
        ({"pass_rule": "two_thirds"}, ["for", "for", "against"], "carried"),
        ({"pass_rule": "two_thirds"}, ["for", "against", "abstain"], "lost"),
        ({"pass_rule": "two_thirds"}, ["abstain", "abstain"], "lost"),
        ({"pass_rule": "of_all"}, ["for", "for"], "carried"),
        ({"pass_rule": "of_all"}, ["for", "abstain", "abstain"], "lost"),
    ],
)
def test_what_the_votes_come_to(terms, choices, outcome):
    row, three = of_three(**terms)
    for sitting, choice in zip(three, choices, strict=False):
        vote(row, sitting, choice)

    assert close(row).outcome == outcome


def test_it_closes_at_its_time_or_when_all_have_voted():
    row, three = of_three()
    vote(row, three[0])

    with pytest.raises(VotingOpen):
        close(row, at=SOON)
    for sitting in three:
        vote(row, sitting)
    assert close(row, at=SOON).outcome == "carried"
    with pytest.raises(VotingClosed):
        close(row)


def test_a_result_is_certified_once_it_is_closed_and_then_stays():
    row, _ = of_three()
    by = UserFactory()
    certify = {"at": CLOSES, "by": by}

    with pytest.raises(IllegalTransition):
        services.certify_motion(row, **certify)
    close(row)
    row = services.certify_motion(row, **certify)

    assert (row.state, row.certified_by) == (MotionState.CERTIFIED, by)
    with pytest.raises(IllegalTransition):
        services.certify_motion(row, **certify)
    same = Motion.objects.filter(pk=row.pk)
    for changed in (
        {"certified_at": SOON},
        {"title": "Other"},
        {"state": "closed"},
        {"in_favor": 3},
    ):
        with pytest.raises(PROTECTED), transaction.atomic():
            same.update(**changed)


def test_the_database_keeps_what_was_put_to_the_vote_and_what_was_cast():
    row, (one, *_) = of_three()
    vote(row, one)
    same = Motion.objects.filter(pk=row.pk)
    late = {"elector": elector(row, one), "choice": "for", "capacity": "holder"}
    late |= {"cast_by": account(one)}

    def refused(act):
        with pytest.raises(PROTECTED), transaction.atomic():
            act()

    for changed in ({"text": "Other"}, {"quorum": 1}, {"closes_at": SOON}):
        refused(lambda changed=changed: same.update(**changed))
    refused(lambda: Cast.objects.update(choice="against"))
    refused(lambda: Cast.objects.all().delete())
    refused(lambda: Elector.objects.update(weight=9))
    refused(lambda: Cast.objects.create(**late, at=CLOSES))
    close(row)
    refused(lambda: same.update(against=3))
    refused(lambda: Cast.objects.create(**late, at=SOON))


def test_a_result_that_is_not_what_was_cast_is_found():
    row, (one, *_) = of_three()
    vote(row, one)
    told = {"in_favor": 2, "against": 0, "abstaining": 0, "electorate": 3}
    assert not [*invariants.broken()]

    Motion.objects.filter(pk=row.pk).update(
        state="closed", outcome="carried", closed_at=CLOSES, **told
    )

    (broken,) = invariants.broken()
    assert broken.startswith("The result of a motion is what its seats cast last.")


@pytest.mark.parametrize(("kind", "votes"), [("suspended", 1), ("kept", 2)])
def test_a_member_whose_benefits_are_suspended_does_not_vote(kind, votes):
    """Siemens has not paid for 130 days, and a director decided about it."""
    body = council()
    siemens = member_seat(body, "Siemens")
    sits(seat(body, "Chair"))
    days = {"issued_on": TODAY - timedelta(160), "due_on": TODAY - timedelta(130)}
    line = invoiced(siemens.seat.organization, Decimal(5_000), **days)
    told = {"kind": kind, "on": TODAY, "reason": "No answer", "today": TODAY}
    services.take_step(line.invoice, **told, at=OPENS, by=staff("director"))

    assert opened(body).electors.count() == votes
