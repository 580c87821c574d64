"""Proposals: begun, written, submitted in time, taken back, withdrawn, returned."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from inm_portal.accounts.models import Invitation
from inm_portal.kernel.errors import EditConflict, IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message
from seed_projects import services
from seed_projects.models import AsideText, Proposal, ProposalSnapshot
from seed_projects.services.answers import AlreadySettled, NotSuchAValue
from seed_projects.services.authors import AuthorKnown, NotTheirPart, OnePI
from seed_projects.services.budgets import CostBarred, LineIncomplete, RateIncomplete
from seed_projects.services.drafts import NotDraft, NotTaking, OfAnotherCall, TooLate
from seed_projects.services.opening import DeadlineAhead
from seed_projects.services.submission import (
    NotComplete,
    NotWithdrawn,
    OverTheLimit,
    StillSealed,
    StillWithdrawn,
)
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.accounts import UserFactory
from tests.factories.calls import DAY, NOON
from tests.factories.proposals import MINUTE, line

pytestmark = pytest.mark.django_db

CLOSES = NOON + 10 * DAY
ACT = {"at": NOON, "by": None}


def write(proposal, value, version, *, at=NOON):
    asked = proposals.question(proposal)
    return services.save_answer(
        proposal, asked, value=value, version=version, at=at, by=None
    )


def sees(user, proposal) -> bool:
    return Proposal.objects.permitted(user, "view").filter(pk=proposal.pk).exists()


def test_a_draft_has_a_number_its_pi_and_the_form_with_which_it_was_begun():
    call = make.opened()
    proposal = proposals.draft(call)
    services.replace_form(call.stages.get(), form=make.form("Later"), by=None)

    assert proposal.number == f"SP-{proposal.pk:05}"
    assert proposal.people.get().right == "submit"
    assert Proposal.objects.get().form.form.title != "Later"
    assert JournalEntry.objects.filter(verb=Verb.PROPOSAL_BEGUN).count() == 1


def test_who_begins_for_a_pi_writes_as_administrator():
    pi, delegate = UserFactory(), UserFactory()
    proposal = proposals.draft(pi=pi, by=delegate)

    part = proposal.people.get(person=delegate)
    assert (part.role, part.right) == ("administrator", "write")
    assert delegate.has_perm("seed_projects.answer_proposal", proposal)
    assert not delegate.has_perm("seed_projects.submit_proposal", proposal)
    assert pi.has_perm("seed_projects.submit_proposal", proposal)
    assert Message.objects.get(kind__endswith="proposal_invitation").to == pi


def test_no_draft_begins_before_the_opening_after_the_deadline_or_uninvited():
    call = make.opened()
    with pytest.raises(NotTaking):
        proposals.draft(call, at=NOON - 2 * DAY)
    with pytest.raises(TooLate):
        proposals.draft(call, at=CLOSES + MINUTE)
    with pytest.raises(NotTaking):
        proposals.draft(make.ready("Not open"))


def test_nobody_but_its_people_reads_a_draft(cast):
    proposal = proposals.complete()
    pi = proposals.pi_of(proposal)

    assert sees(pi, proposal)
    assert not sees(cast["staff"], proposal)
    assert not sees(UserFactory(), proposal)

    services.submit_proposal(proposal, at=NOON, by=pi)
    assert sees(cast["staff"], proposal)
    assert not sees(UserFactory(), proposal)

    services.take_back(proposal, at=NOON, by=pi)
    assert not sees(cast["staff"], proposal)
    snapshots = ProposalSnapshot.objects
    assert not snapshots.permitted(cast["staff"], "view").exists()
    assert snapshots.permitted(pi, "view").exists()


def test_a_sealed_call_shows_nothing_to_inm_until_it_closes(cast):
    call = make.opened(is_sealed=True)
    proposal = proposals.submitted(call)

    assert not sees(cast["staff"], proposal)
    with pytest.raises(StillSealed):
        services.return_proposal(proposal, reason="Too long", **ACT)

    services.close_call(call, at=CLOSES + MINUTE, by=None)
    assert sees(cast["staff"], proposal)


def test_two_texts_upon_one_version_are_both_kept_and_settled():
    proposal = proposals.complete()
    assert write(proposal, "Mine", 1).aside is None
    saved = write(proposal, "Yours", 1)

    assert (saved.answer.value, saved.aside.value) == ("Mine", "Yours")
    assert "Both texts are kept" in saved.words
    assert write(proposal, "Yours", 1).aside == saved.aside  # sent again
    assert write(proposal, "Mine", 1).aside is None  # what stands already
    assert AsideText.objects.count() == 1
    with pytest.raises(NotComplete, match="Two texts wait"):
        services.submit_proposal(proposal, at=NOON, by=proposals.pi_of(proposal))

    settle = {"value": "Ours", **ACT}
    with pytest.raises(EditConflict):
        services.settle_texts(saved.aside, version=1, **settle)
    answer = services.settle_texts(saved.aside, version=2, **settle)
    assert (answer.value, answer.version) == ("Ours", 3)
    assert AsideText.objects.get().value == "Yours"
    with pytest.raises(AlreadySettled):
        services.settle_texts(saved.aside, version=3, **settle)


def test_an_answer_is_of_its_questions_kind():
    proposal = proposals.draft()
    with pytest.raises(NotSuchAValue):
        write(proposal, ["A list"], 0)
    other = make.form("Another").questions.first()
    with pytest.raises(OfAnotherCall):
        services.save_answer(proposal, other, value="x", version=0, **ACT)


def test_too_many_words_are_kept_and_not_submitted():
    proposal = proposals.complete()
    write(proposal, "word " * 203, 1)

    with pytest.raises(NotComplete, match="3 words too long"):
        services.submit_proposal(proposal, at=NOON, by=proposals.pi_of(proposal))


def test_a_draft_says_all_that_it_lacks():
    proposal = proposals.draft()

    where = [lack.where for lack in services.lacks_of_proposal(proposal, at=NOON)]
    asked = [f"question-{q.pk}" for q in proposal.form.questions.in_order()]
    rule = proposal.call.rules.get()
    assert where == ["abstract", *asked, f"rule-{rule.pk}"]


def test_a_rule_that_is_not_met_needs_an_exception_that_still_holds():
    proposal = proposals.complete()
    pi = proposals.pi_of(proposal)
    rule = proposal.call.rules.get()
    services.declare(proposal, met={rule: False}, **ACT)
    with pytest.raises(NotComplete, match="You do not meet"):
        services.submit_proposal(proposal, at=NOON, by=pi)

    services.grant_exception(
        rule,
        person=pi,
        reason="New hire",
        until_on=NOON.date(),
        today=NOON.date(),
        **ACT,
    )
    with pytest.raises(NotComplete):
        services.submit_proposal(proposal, at=NOON + DAY, by=pi)
    snapshot = services.submit_proposal(proposal, at=NOON, by=pi)
    assert snapshot.content["eligibility"][0]["by_exception"] is True


def test_a_submission_keeps_all_and_its_hash_and_sends_receipts():
    proposal = proposals.submitted()
    snapshot = proposal.snapshots.get()

    assert snapshot.sha256 == services.digest_of_content(snapshot.content)
    assert snapshot.content["budget"]["total"] == "10000"
    assert {row["value"] for row in snapshot.content["answers"]} == {"Some words"}
    receipt = Message.objects.get(kind="seed_projects/mail/proposal_receipt")
    assert snapshot.sha256 in receipt.text
    with pytest.raises(DatabaseError), transaction.atomic():
        ProposalSnapshot.objects.update(number=7)
    with pytest.raises(IllegalTransition):
        services.submit_proposal(proposal, at=NOON, by=proposals.pi_of(proposal))


def test_what_was_submitted_changes_by_no_path_until_it_is_taken_back():
    proposal = proposals.submitted()
    with pytest.raises(NotDraft):
        write(proposal, "Late thought", 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        proposal.answers.update(value="Around Python")
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.update(title="Around Python")

    services.take_back(proposal, **ACT)
    write(proposal, "Better words", 1)
    services.submit_proposal(proposal, at=NOON, by=proposals.pi_of(proposal))
    first, second = proposal.snapshots.all()
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256


def test_every_path_of_writing_is_shut_after_the_deadline():
    proposal = proposals.complete()
    handed_in = proposals.submitted(proposal.call)
    part = services.add_author(
        proposal, email="s@mit.example", name="S", role="student", at=NOON,
        by=proposals.pi_of(proposal),
    )  # fmt: skip
    aside = [write(proposal, text, 1) for text in ("a", "b")][1].aside
    late = {"at": CLOSES + MINUTE, "by": proposals.pi_of(proposal)}
    rule = proposal.call.rules.get()
    author = {"email": "t@mit.example", "name": "T", "role": "student"}

    for act in [
        lambda: proposals.draft(proposal.call, at=late["at"]),
        lambda: write(proposal, "Late", 2, at=late["at"]),
        lambda: services.settle_texts(aside, value="x", version=2, **late),
        lambda: services.change_proposal(proposal, title="Late", **late),
        lambda: services.declare(proposal, met={rule: True}, **late),
        lambda: services.set_budget(proposal, lines=[], **late),
        lambda: services.add_author(proposal, **author, **late),
        lambda: services.change_author(part, role="co_pi", right="read", **late),
        lambda: services.remove_author(part, **late),
        lambda: services.submit_proposal(proposal, **late),
        lambda: services.take_back(handed_in, **late),
    ]:
        with pytest.raises(TooLate):
            act()


def test_the_grace_of_the_call_is_the_same_for_all_and_its_last_minute_counts():
    proposal = proposals.complete(make.opened(grace_minutes=15))
    pi = proposals.pi_of(proposal)

    with pytest.raises(TooLate):
        services.submit_proposal(proposal, at=CLOSES + 16 * MINUTE, by=pi)
    with pytest.raises(DeadlineAhead):
        services.close_call(proposal.call, at=CLOSES + 10 * MINUTE, by=None)
    assert services.submit_proposal(proposal, at=CLOSES + 15 * MINUTE, by=pi)


def test_an_extension_of_the_pi_holds_for_that_proposal_alone():
    call = make.opened()
    longer, other = proposals.complete(call), proposals.complete(call)
    services.extend_deadline(
        call.stages.get(),
        until_at=CLOSES + DAY,
        reason="Illness",
        person=proposals.pi_of(longer),
        **ACT,
    )
    late = CLOSES + MINUTE

    assert services.submit_proposal(longer, at=late, by=proposals.pi_of(longer))
    with pytest.raises(TooLate):
        services.submit_proposal(other, at=late, by=proposals.pi_of(other))


def test_a_person_hands_in_no_more_than_the_call_takes():
    call = make.opened(most_as_pi=1, most_in_all=2)
    pi = UserFactory()
    first = proposals.submitted(call, pi=pi)
    second = proposals.complete(call, pi=pi)
    with pytest.raises(OverTheLimit):
        services.submit_proposal(second, at=NOON, by=pi)

    services.withdraw_proposal(first, reason="Another idea", at=NOON, by=pi)
    assert services.submit_proposal(second, at=NOON, by=pi)


def test_withdrawn_comes_back_before_the_deadline_alone():
    proposal = proposals.submitted()
    with pytest.raises(NotWithdrawn):
        services.revive(proposal, **ACT)
    services.withdraw_proposal(proposal, reason="Funded elsewhere", **ACT)

    with pytest.raises(StillWithdrawn):
        services.take_back(proposal, **ACT)
    with pytest.raises(TooLate):
        services.revive(proposal, at=CLOSES + MINUTE, by=None)
    assert services.revive(proposal, **ACT).is_draft


def test_returned_says_why_and_is_not_taken_back():
    proposal = proposals.submitted()
    services.return_proposal(proposal, reason="No budget", **ACT)

    mail = Message.objects.get(kind="seed_projects/mail/proposal_returned")
    assert "No budget" in mail.text
    with pytest.raises(IllegalTransition):
        services.take_back(proposal, **ACT)


def test_who_has_no_account_is_invited_and_takes_part_by_that_address_alone():
    proposal = proposals.draft()
    pi = proposals.pi_of(proposal)
    asked = {"email": "New@mit.example", "name": "New", "role": "co_pi"}
    part = services.add_author(proposal, **asked, right="write", at=NOON, by=pi)

    assert Invitation.objects.get().email == "new@mit.example"
    assert part.person is None
    with pytest.raises(AuthorKnown):
        services.add_author(proposal, **asked, at=NOON, by=pi)
    with pytest.raises(OnePI):
        services.add_author(
            proposal, email="x@mit.example", name="X", role="pi", at=NOON, by=pi
        )
    newcomer = UserFactory(email="new@mit.example")
    assert not sees(newcomer, proposal)
    with pytest.raises(NotTheirPart):
        services.confirm_part(part, at=NOON, by=UserFactory())
    services.confirm_part(part, at=NOON, by=newcomer)
    assert sees(newcomer, proposal)
    assert newcomer.has_perm("seed_projects.answer_proposal", proposal)

    part.refresh_from_db()
    services.remove_author(part, at=NOON, by=pi)
    assert not sees(newcomer, proposal)


def test_a_co_pi_who_did_not_confirm_is_no_obstacle_and_marked():
    proposal = proposals.complete()
    pi, asked = proposals.pi_of(proposal), UserFactory()
    services.add_author(
        proposal, email=asked.email, name="Co", role="co_pi", at=NOON, by=pi
    )

    snapshot = services.submit_proposal(proposal, at=NOON, by=pi)
    assert [one["is_confirmed"] for one in snapshot.content["people"]] == [True, False]


def test_the_base_of_indirect_cost_as_in_the_worked_example_w8():
    proposal = proposals.draft(proposals.w8())
    budget = services.set_budget(
        proposal,
        lines=[
            line("research_staff", 60_000),
            line("materials", 10_000),
            line("travel_domestic", 5_000),
            line("student_tuition", 30_000),
            line("equipment", 20_000),
            line("subaward", 40_000, payee="Another university"),
        ],
        **ACT,
    )

    (year,) = budget.years
    assert (year.direct, year.base) == (165_000, 100_000)
    assert (year.indirect, budget.total) == (60_000, 225_000)


def test_of_each_subaward_the_base_takes_25_000_over_all_years():
    proposal = proposals.draft(proposals.w8())
    budget = services.set_budget(
        proposal,
        lines=[
            line("subaward", 20_000, payee="A"),
            line("subaward", 20_000, payee="a ", year=2),
            line("subaward", 20_000, payee="B", year=2),
        ],
        **ACT,
    )

    assert [year.base for year in budget.years] == [20_000, 25_000]


def test_benefits_tuition_and_indirect_follow_the_rates_of_each_year():
    call = make.opened(indirect_rule="full")
    proposal = proposals.complete(call)  # starts on 1 June 2027
    for kind, day, told in [
        ("benefits", date(2027, 1, 1), {"percent": Decimal(25)}),
        ("benefits", date(2028, 1, 1), {"percent": Decimal("28.5")}),
        ("tuition", date(2026, 9, 1), {"amount": Decimal(40_000)}),
        ("indirect", date(2026, 7, 1), {"percent": Decimal(50)}),
    ]:
        services.record_rate(kind=kind, starts_on=day, **told, **ACT)
    lines = [line("postdoc", 10_000, year=year) for year in (1, 2)]
    lines.append(line("student_tuition", None, quantity=Decimal("0.5")))
    budget = services.set_budget(proposal, lines=lines, **ACT)

    first, second = budget.years
    assert first.costs["benefits"] == 2_500
    assert second.costs["benefits"] == 2_850
    assert first.costs["student_tuition"] == 20_000
    assert (first.base, first.indirect) == (12_500, 6_250)
    assert second.indirect == 6_425

    # What was submitted keeps the rates that it used.
    pi = proposals.pi_of(proposal)
    snapshot = services.submit_proposal(proposal, at=NOON, by=pi)
    services.record_rate(
        kind="benefits", starts_on=date(2027, 1, 2), percent=Decimal(90), **ACT
    )
    snapshot.refresh_from_db()
    assert snapshot.content["budget"]["years"][0]["rates"]["benefits"] == "25.00"


def test_a_rate_that_nobody_recorded_is_no_rate_of_nothing():
    proposal = proposals.complete(make.opened(indirect_rule="full"))

    words = [lack.words for lack in services.lacks_of_proposal(proposal, at=NOON)]
    assert len(words) == 1
    assert "INM has yet to record the rate of year 1" in words[0]


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (line("subaward", payee="A"), CostBarred),
        (line("benefits"), CostBarred),
        (line("materials", None), LineIncomplete),
        (line(payee="A"), LineIncomplete),
        (line(year=3), LineIncomplete),
        (line(amount=-1), LineIncomplete),
    ],
)
def test_lines_that_a_budget_refuses(told, refusal):
    with pytest.raises(refusal):
        services.set_budget(proposals.draft(), lines=[told], **ACT)


def test_a_budget_stays_below_the_ceilings_and_above_the_smallest_useful_one():
    call = make.opened(year_ceiling=Decimal(100_000))
    proposal = proposals.complete(call)
    lines = [line(amount=100_001), line(amount=60_000, year=2)]
    services.set_budget(proposal, lines=lines, **ACT)
    words = [lack.words for lack in services.lacks_of_proposal(proposal, at=NOON)]
    assert [("more than" in one) for one in words] == [True, True]

    services.set_budget(proposal, lines=[line(amount=4_000)], **ACT)
    (lack,) = services.lacks_of_proposal(proposal, at=NOON)
    assert lack.where == "smallest_budget"


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        ("tuition", {"percent": Decimal(5)}, "percent"),
        ("tuition", {}, "amount"),
        ("tuition", {"amount": Decimal(0)}, "amount"),
        ("benefits", {}, "percent"),
        ("indirect", {"percent": Decimal(5), "amount": Decimal(5)}, "amount"),
    ],
)
def test_a_rate_is_a_percentage_or_an_amount(kind, told, field):
    with pytest.raises(RateIncomplete) as refused:
        services.record_rate(kind=kind, starts_on=NOON.date(), **told, **ACT)

    assert refused.value.field == field


def test_who_proposes_hears_of_a_later_deadline():
    proposal = proposals.draft()

    assert proposals.pi_of(proposal) in services.people_of(proposal.call)


def test_who_declines_reads_it_no_more_and_the_pi_alone_is_told():
    proposal = proposals.draft()
    eve = UserFactory(email="eve@mit.example")
    part = services.add_author(
        proposal,
        email=eve.email,
        name="Eve",
        role="co_pi",
        right="write",
        **ACT | {"by": proposals.pi_of(proposal)},
    )

    with pytest.raises(NotTheirPart):
        services.decline_part(part, **ACT | {"by": UserFactory()})
    services.decline_part(part, **ACT | {"by": eve})

    assert not proposal.people.filter(person=eve).exists()
    told = Message.objects.get(kind="seed_projects/mail/part_declined")
    assert told.to == proposals.pi_of(proposal)


def test_the_pi_cannot_decline():
    proposal = proposals.draft()

    with pytest.raises(OnePI):
        services.decline_part(
            proposal.people.get(), **ACT | {"by": proposals.pi_of(proposal)}
        )


def test_what_authors_say_is_read_by_them_alone_and_stays(cast):
    proposal = proposals.submitted()
    pi = proposals.pi_of(proposal)
    said = services.comment_on(proposal, text="Who writes?", **ACT | {"by": pi})

    assert pi.has_perm("seed_projects.view_proposalcomment", said)
    for who in ("staff", "director", "admin", "auditor", "sponsor"):
        assert not cast[who].has_perm("seed_projects.view_proposalcomment", said)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(said).objects.filter(pk=said.pk).update(text="Other")
