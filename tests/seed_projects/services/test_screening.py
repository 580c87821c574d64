"""Screening: checked, accepted, returned, sent back, undone, appealed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from inm_portal.accounts import roles
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message, Task
from seed_projects import services
from seed_projects.models import (
    Appeal,
    AppealDecision,
    Proposal,
    ScreenedProposal,
    ScreeningCheck,
    ScreeningMove,
)
from seed_projects.services import appeals, drafts, moves, screening
from seed_projects.services.submission import OverTheLimit, StillSealed
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories import screening as screen
from tests.factories.accounts import UserFactory, staff
from tests.factories.calls import DAY, NOON
from tests.factories.proposals import MINUTE
from tests.factories.screening import ACT, LATER

pytestmark = pytest.mark.django_db


def now(proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)


def sees(user, proposal) -> bool:
    rows = ScreenedProposal.objects.permitted(user, "view")
    return rows.filter(pk=proposal.pk).exists()


def mails(kind: str):
    return Message.objects.filter(kind=f"seed_projects/mail/{kind}")


def test_the_office_screens_what_was_handed_in_and_no_draft(cast):
    draft, waiting = proposals.complete(make.opened("A")), screen.waiting()

    for name in ["staff", "director", "auditor"]:
        assert sees(cast[name], waiting)
        assert not sees(cast[name], draft)
    for name in ["finance", "admin", "sponsor", "stranger"]:
        assert not sees(cast[name], waiting)


def test_a_sealed_call_shows_nothing_until_it_closes(cast):
    call = make.opened(is_sealed=True)
    proposal = proposals.submitted(call)

    assert not sees(cast["staff"], proposal)
    for act in [
        lambda: screen.checked(proposal),
        lambda: services.accept_proposal(proposal, **ACT),
        lambda: screen.sent_back(proposal),
    ]:
        with pytest.raises(StillSealed):
            act()


def test_nobody_of_the_office_screens_a_proposal_they_take_part_in():
    member = staff(roles.PROGRAM_STAFF)
    theirs = screen.waiting(pi=member)

    assert not sees(member, theirs)
    assert not member.has_perm(
        "seed_projects.accept_screenedproposal", screen.seen(theirs)
    )


def test_checks_are_added_and_the_last_of_a_kind_holds():
    proposal, by = screen.waiting(), staff(roles.PROGRAM_STAFF)
    screen.checked(proposal, fails="budget", by=by)
    with pytest.raises(screening.NotScreened, match="Failed: Budget"):
        services.accept_proposal(proposal, **ACT)
    finding = services.Finding("budget", passes=True)
    services.record_checks(proposal, [finding], at=LATER, by=by)

    assert ScreeningCheck.objects.count() == 6
    assert ScreeningCheck.objects.standing().filter(passes=True).count() == 5
    row = ScreenedProposal.objects.with_screening().get()
    assert (row.passed, row.failed) == (5, 0)
    assert JournalEntry.objects.filter(verb=Verb.PROPOSAL_CHECKED).count() == 2


def test_checks_are_refused_without_words_and_with_a_theme_of_another_call():
    proposal = screen.waiting()
    other = make.Theme.objects.exclude(pk__in=proposal.call.themes.all())[0]

    def find(**told):
        finding = services.Finding(**{"kind": "scope", "passes": True} | told)
        return services.record_checks(proposal, [finding], **ACT)

    with pytest.raises(screening.NotSaid):
        find(passes=False)
    with pytest.raises(screening.NotATheme):
        find(theme=other)
    with pytest.raises(screening.NotATheme):
        find(kind="budget", theme=proposal.call.themes.get())
    find(theme=proposal.call.themes.get())
    row = ScreenedProposal.objects.with_screening().get()
    assert row.theme == proposal.call.themes.get().name


def test_checks_stay_as_they_were_written_around_python_too():
    screen.passed()

    for change in [
        lambda: ScreeningCheck.objects.update(passes=False),
        lambda: ScreeningCheck.objects.all().delete(),
    ]:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_is_accepted_is_told_after_ten_minutes():
    proposal = screen.passed()
    move = services.accept_proposal(proposal, **ACT)

    assert now(proposal).state == "in_review"
    mail = mails("proposal_accepted").get()
    assert mail.not_before == move.told_at == LATER + timedelta(minutes=10)
    assert mail.to == proposals.pi_of(proposal)
    with pytest.raises(IllegalTransition):
        services.accept_proposal(proposal, **ACT)


def test_nothing_is_accepted_while_the_call_is_open_or_unchecked():
    open_still = proposals.submitted(make.opened("Open"))
    with pytest.raises(screening.StillOpen):
        services.accept_proposal(screen.checked(open_still), **ACT)
    with pytest.raises(screening.NotScreened, match="Not checked: Complete"):
        services.accept_proposal(screen.waiting(), **ACT)


def test_who_is_over_the_limit_by_a_part_confirmed_later_is_not_accepted():
    """Case 53."""
    call = make.opened(most_in_all=1)
    one = proposals.submitted(call)
    other = proposals.submitted(call)
    pi = proposals.pi_of(other)
    one.people.create(
        **{"person": pi, "name": pi.name, "email": pi.email, "role": "co_pi"},
        **{"added_at": NOON, "confirmed_at": NOON},
    )
    services.close_call(call, at=LATER, by=None)

    with pytest.raises(OverTheLimit):
        services.accept_proposal(screen.checked(one), **ACT)


def test_a_co_pi_who_never_confirms_is_left_out_after_three_days():
    """Case 52."""
    call = make.opened()
    proposal = proposals.complete(call)
    pi, co = proposals.pi_of(proposal), UserFactory()
    told = {"name": co.name, "email": co.email, "role": "co_pi"}
    part = services.add_author(proposal, **told, at=NOON, by=pi)
    services.submit_proposal(proposal, at=LATER - 2 * DAY, by=pi)
    services.close_call(call, at=LATER, by=None)
    screen.checked(proposal)

    with pytest.raises(screening.NotScreened, match="did not confirm"):
        services.accept_proposal(proposal, **ACT)
    with pytest.raises(screening.NotDue):
        services.leave_out(part, **ACT)
    services.leave_out(part, at=LATER + DAY, by=None)
    services.accept_proposal(proposal, at=LATER + DAY, by=None)

    content = proposal.snapshots.get().content
    assert content["people"][1]["is_confirmed"] is False
    assert proposal.people.count() == 1


def test_a_return_says_the_rule_and_can_be_undone_before_it_is_told():
    proposal = screen.waiting()
    move = screen.returned(proposal)

    assert now(proposal).state == "returned"
    assert (move.ground, now(proposal).reason) == ("out_of_scope", "It is about bread")
    letter = mails("proposal_returned").get()
    services.undo_move(move, at=move.told_at - MINUTE, by=None)
    assert (now(proposal).state, now(proposal).reason) == ("submitted", "")
    assert screening.unless_undone(letter, at=move.told_at)
    with pytest.raises(screening.MovedOn):
        services.undo_move(move, at=LATER, by=None)


def test_a_letter_of_a_move_that_stands_is_sent():
    screen.returned()

    letter = mails("proposal_returned").get()
    assert screening.unless_undone(letter, at=letter.not_before) == ""
    assert "It is about bread" in letter.text
    assert "Not what the call asks for" in letter.text


def test_nothing_is_undone_once_it_is_told_or_something_followed():
    move = screen.returned()
    with pytest.raises(screening.AlreadyTold):
        services.undo_move(move, at=move.told_at, by=None)

    proposal = screen.passed(make.opened("Another"))
    services.close_call(proposal.call, at=LATER, by=None)
    accepted = services.accept_proposal(proposal, **ACT)
    services.withdraw_proposal(proposal, reason="No time", **ACT)
    with pytest.raises(screening.MovedOn):
        services.undo_move(accepted, at=LATER + MINUTE, by=None)


def test_what_is_sent_back_is_written_within_its_time_and_no_longer():
    proposal = screen.waiting()
    pi, until = proposals.pi_of(proposal), LATER + 3 * DAY
    screen.sent_back(proposal, until_at=until)
    asked = proposals.question(proposal)
    told = {"value": "The mill pays", "by": pi}

    assert now(proposal).state == "draft"
    services.save_answer(proposal, asked, version=1, at=until, **told)
    with pytest.raises(drafts.TooLate):
        late = until + timedelta(seconds=1)
        services.save_answer(proposal, asked, version=2, at=late, **told)
    with pytest.raises(drafts.NotTaking):
        services.begin_proposal(proposal.stage, title="Another", pi=pi, at=LATER, by=pi)
    services.submit_proposal(proposal, at=until, by=pi)

    assert proposal.snapshots.count() == 2
    assert now(proposal).state == "submitted"
    with pytest.raises(drafts.NotTaking):
        services.take_back(proposal, at=LATER + DAY, by=pi)


def test_while_it_is_out_the_office_reads_what_was_handed_in_before(cast):
    proposal = screen.waiting()
    pi = proposals.pi_of(proposal)
    screen.sent_back(proposal)
    told = {"abstract": "A secret", "at": LATER, "by": pi}
    services.change_proposal(proposal, title="Another title", **told)

    assert sees(cast["staff"], proposal)
    assert not cast["staff"].has_perm("seed_projects.view_proposal", now(proposal))
    row = ScreenedProposal.objects.with_screening().get()
    assert row.shown_title == "Cold spray"
    assert list(ScreenedProposal.objects.sent_back()) == [row]


def test_a_draft_taken_back_by_its_people_is_no_longer_seen(cast):
    call = make.opened()
    proposal = proposals.submitted(call)
    pi = proposals.pi_of(proposal)
    screen.sent_back(proposal, at=NOON, until_at=NOON + DAY)
    services.submit_proposal(proposal, at=NOON, by=pi)
    assert sees(cast["staff"], proposal)
    services.take_back(proposal, at=NOON, by=pi)

    assert not sees(cast["staff"], proposal)


def test_more_time_is_given_and_what_does_not_come_is_returned():
    proposal = screen.waiting()
    screen.sent_back(proposal)
    with pytest.raises(screening.NotAhead):
        screen.sent_back(proposal, until_at=LATER + 2 * DAY)
    screen.sent_back(proposal, until_at=LATER + 5 * DAY)
    with pytest.raises(screening.NotDue):
        screen.returned(proposal, at=LATER + 4 * DAY)

    move = screen.returned(proposal, ground="not_completed", at=LATER + 6 * DAY)
    assert now(proposal).state == "returned"
    assert move.told_at == move.moved_at
    with pytest.raises(screening.AlreadyTold):
        services.undo_move(move, at=move.moved_at, by=None)


def test_a_draft_that_nobody_sent_back_is_not_returned():
    proposal = proposals.complete()

    with pytest.raises(screening.NotInScreening):
        screen.returned(proposal)
    with pytest.raises(screening.NotInScreening):
        screen.sent_back(proposal)


def test_another_topic_than_invited_is_a_rule_of_its_own():
    """Case 76."""
    move = screen.returned(ground="other_topic", reason="The pre-proposal was of dust")

    assert move.ground_label == "Another topic than the one invited"


def test_who_withdrew_after_the_deadline_comes_back_by_an_exception_alone():
    """Case 77."""
    call = make.opened()
    proposal = proposals.submitted(call)
    pi = proposals.pi_of(proposal)
    services.withdraw_proposal(proposal, reason="Ill", at=NOON, by=pi)
    late = NOON + 10 * DAY + MINUTE
    with pytest.raises(drafts.TooLate):
        services.revive(proposal, at=late, by=pi)
    services.extend_deadline(
        call.stages.get(), person=pi, until_at=late + DAY, reason="Well", at=late, by=pi
    )
    assert services.revive(proposal, at=late, by=pi).state == "draft"


def test_the_pi_appeals_once_and_in_time():
    move = screen.returned()
    with pytest.raises(appeals.NotReturned):
        screen.appealed(move, at=LATER)
    with pytest.raises(appeals.AppealOver):
        screen.appealed(move, at=move.until_at + MINUTE)
    row = screen.appealed(move, at=move.until_at)
    with pytest.raises(appeals.AppealedAlready):
        screen.appealed(move)

    assert Task.objects.open().get(kind=appeals.DECIDE).subject_id == row.pk


def test_the_time_to_appeal_skips_weekends_and_ends_with_the_day():
    move = screen.returned()

    # From Thursday, December 3, over a weekend.
    there = move.until_at.astimezone(make.BOSTON)
    assert f"{there:%Y-%m-%d %H:%M:%S}" == "2026-12-10 23:59:59"


def test_an_undone_return_is_not_appealed():
    move = screen.returned()
    services.undo_move(move, at=LATER, by=None)

    with pytest.raises(appeals.NotReturned):
        screen.appealed(move)


def test_a_director_who_did_not_return_it_decides_once():
    mover, other = staff(roles.DIRECTOR), staff(roles.DIRECTOR)
    row = screen.appealed(screen.returned(by=mover))
    told = {"is_upheld": True, "words": "Bread is made", "at": LATER + DAY}

    assert not mover.has_perm("seed_projects.decide_appeal", row)
    assert not staff(roles.PROGRAM_STAFF).has_perm("seed_projects.decide_appeal", row)
    assert other.has_perm("seed_projects.decide_appeal", row)
    with pytest.raises(appeals.ReturnedByYou):
        services.decide_appeal(row, **told, by=mover)
    services.decide_appeal(row, **told, by=other)
    with pytest.raises(appeals.DecidedAlready):
        services.decide_appeal(row, **told, by=other)

    proposal = row.move.snapshot.proposal
    assert now(proposal).state == "submitted"
    assert not Task.objects.open().filter(kind=appeals.DECIDE).exists()
    assert "Back in the queue" in mails("appeal_decided").get().text


def test_an_appeal_that_is_not_upheld_leaves_it_returned():
    row = screen.appealed()
    by = staff(roles.DIRECTOR)
    told = {"words": "It is bread", "at": LATER + DAY, "by": by}
    services.decide_appeal(row, is_upheld=False, **told)

    assert now(row.move.snapshot.proposal).state == "returned"


def test_appeals_are_held_to_the_rules_around_python_too():
    mover = staff(roles.DIRECTOR)
    move = screen.returned(by=mover)
    late = {"made_at": move.until_at + MINUTE, "made_by": mover}
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.create(move=move, text="Late", **late)
    row = screen.appealed(move)
    with pytest.raises(DatabaseError), transaction.atomic():
        AppealDecision.objects.create(
            **{"appeal": row, "is_upheld": False, "words": "No"},
            **{"decided_by": mover, "decided_at": LATER},
        )


def test_several_are_moved_at_once_and_those_that_cannot_stay():
    call, by = make.opened(), staff(roles.PROGRAM_STAFF)
    ready = [screen.passed(call) for _each in range(2)]
    unchecked = screen.waiting(call)
    services.close_call(call, at=LATER, by=None)
    every = Proposal.objects.select_related("call")
    looks = services.preview_moves(every, kind="accepted", by=by)
    assert [look.is_moved for look in looks] == [True, True, False]
    assert set(every.values_list("state", flat=True)) == {"submitted"}

    batch = services.move_together(every, kind="accepted", at=LATER, by=by)

    assert [now(one).state for one in ready] == ["in_review"] * 2
    assert now(unchecked).state == "submitted"
    assert [row["proposal"] for row in batch.refused] == [unchecked.pk]
    assert mails("proposal_accepted").count() == 2

    services.undo_together(batch, at=LATER + MINUTE, by=by)
    assert [now(one).state for one in ready] == ["submitted"] * 2
    with pytest.raises(moves.MovedOn):
        services.undo_together(batch, at=LATER + MINUTE, by=by)


def test_several_are_not_moved_if_none_can_be_or_to_be_sent_back():
    proposal, by = screen.waiting(), staff(roles.PROGRAM_STAFF)

    with pytest.raises(moves.NobodyMoved, match="Not checked"):
        services.move_together([proposal], kind="accepted", at=LATER, by=by)
    with pytest.raises(moves.NobodyMoved):
        services.move_together([], kind="accepted", at=LATER, by=by)
    with pytest.raises(moves.NotTogether):
        services.move_together([proposal], kind="sent_back", at=LATER, by=by)
    batch = services.move_together(
        [proposal], kind="returned", reason="No", at=LATER, by=by
    )
    with pytest.raises(screening.AlreadyTold):
        services.undo_together(batch, at=batch.told_at, by=by)


def test_an_undo_of_several_leaves_what_something_followed():
    call, by = make.opened(), staff(roles.PROGRAM_STAFF)
    kept, gone = screen.waiting(call), screen.waiting(call)
    services.close_call(call, at=LATER, by=None)
    batch = services.move_together(
        [kept, gone], kind="returned", reason="No", at=LATER, by=by
    )
    services.undo_move(batch.moves.get(snapshot__proposal=kept), at=LATER, by=by)
    again = screen.returned(kept, at=LATER)

    undone = services.undo_together(batch, at=LATER + MINUTE, by=by)

    assert [move.snapshot.proposal_id for move in undone] == [gone.pk]
    assert now(kept).state == "returned"
    assert ScreeningMove.objects.standing().get() == again


def test_its_people_read_of_a_move_once_they_are_told_and_no_undone_one(cast):
    move = screen.returned(at=LATER)
    pi = proposals.pi_of(move.snapshot.proposal)
    recent = ScreeningMove.objects.permitted(pi, "view")
    from django.utils import timezone

    told = move.told_at <= timezone.now()
    assert recent.filter(pk=move.pk).exists() == told
    assert cast["staff"].has_perm("seed_projects.view_screeningmove", move)
    assert not cast["stranger"].has_perm("seed_projects.view_screeningmove", move)
