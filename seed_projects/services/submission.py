"""Submit a proposal, take it back, withdraw it; what was handed in stays."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.money import written

from ..models import (
    INVESTIGATORS,
    AsideText,
    AuthorRole,
    Call,
    EligibilityException,
    Proposal,
    ProposalPerson,
    ProposalSnapshot,
    Question,
    QuestionKind,
    RuleKind,
)
from ..states import ProposalState
from ..verbs import Verb
from .answers import asked_of, too_many_words
from .attachments import infected
from .budgets import Budget, budget_of
from .drafts import in_time, pi_of
from .opening import in_zone, tells

TABLE = QuestionKind.TABLE


class NotComplete(Refusal):
    """The proposal lacks what its form or its call asks; the words say what."""

    code = "not_complete"


class OverTheLimit(Refusal):
    """Somebody would hand in more than the call takes of one person (case 53)."""

    code = "over_the_limit"


class StillSealed(Refusal):
    code = "still_sealed"


class StillWithdrawn(Refusal):
    code = "still_withdrawn"


class NotWithdrawn(Refusal):
    code = "not_withdrawn"


@dataclass(frozen=True)
class Lack:
    """What a proposal lacks, and where: a field, ``budget``, a question or a rule."""

    where: str
    words: str


@tells
def _who_proposes(call: Call) -> Iterable[User]:
    parts = ProposalPerson.objects.filter(proposal__call=call)
    return User.objects.filter(pk__in=parts.values("person"))


def lacks_of_proposal(proposal: Proposal, *, at: datetime) -> list[Lack]:
    """Return what a draft still needs before it can be submitted."""
    return [
        *_of_form(proposal),
        *_of_texts(proposal),
        *_of_files(proposal),
        *_of_budget(proposal),
        *_of_eligibility(proposal, at=at),
    ]


def _of_form(proposal: Proposal) -> Iterable[Lack]:
    if not proposal.abstract.strip():
        yield Lack("abstract", _("Write the abstract."))
    if proposal.track is None and proposal.call.tracks.exists():
        yield Lack("track", _("Choose a track."))
    has_lines = proposal.budget_lines.exists()
    for question, answer in asked_of(proposal):
        where, value = f"question-{question.pk}", answer.value if answer else ""
        label = {"question": question.label}
        is_missing = not (value.strip() if isinstance(value, str) else value)
        if question.kind == QuestionKind.BUDGET:
            is_missing = not has_lines
        if question.is_required and is_missing:
            yield Lack(where, _("“%(question)s” is not answered.") % label)
        if more := too_many_words(question, value):
            words = _("“%(question)s” is %(more)s words too long.")
            yield Lack(where, words % (label | {"more": more}))


def _of_texts(proposal: Proposal) -> Iterable[Lack]:
    waiting = AsideText.objects.unsettled().filter(answer__proposal=proposal)
    for row in Question.objects.filter(answers__asides__in=waiting).distinct():
        words = _("Two texts wait for your choice at “%(question)s”.")
        yield Lack(f"question-{row.pk}", words % {"question": row.label})


def _of_files(proposal: Proposal) -> Iterable[Lack]:
    for question in Question.objects.filter(pk__in=infected(proposal)).in_order():
        words = _("The file at “%(question)s” is infected; attach another.")
        yield Lack(f"question-{question.pk}", words % {"question": question.label})


def _of_budget(proposal: Proposal) -> Iterable[Lack]:
    budget = budget_of(proposal)
    call, track = proposal.call, proposal.track
    for rate in budget.unknown:
        yield Lack("budget", _("INM has yet to record %(rate)s.") % {"rate": rate})
    most = track.ceiling if track and track.ceiling else call.ceiling
    if budget.total > most:
        words = _("The budget of %(total)s is more than the %(most)s allowed.")
        facts = {"total": written(budget.total), "most": written(most)}
        yield Lack("budget", words % facts)
    for year in budget.years:
        if call.year_ceiling is not None and year.total > call.year_ceiling:
            words = _("Year %(year)s costs more than the %(most)s allowed a year.")
            facts = {"year": str(year.year), "most": written(call.year_ceiling)}
            yield Lack("budget", words % facts)
    least = proposal.smallest_budget
    if budget.years and least is None:
        yield Lack("smallest_budget", _("Say the smallest useful budget."))
    if least is not None and least > budget.total:
        words = _("The smallest useful budget is more than the budget.")
        yield Lack("smallest_budget", words)


def _of_eligibility(proposal: Proposal, *, at: datetime) -> Iterable[Lack]:
    said = {row.rule_id: row.is_met for row in proposal.declarations.all()}
    left = _exceptions(proposal, at=at)
    for rule in proposal.call.rules.filter(kind=RuleKind.DECLARED):
        if said.get(rule.pk) or rule.pk in left:
            continue
        where, statement = f"rule-{rule.pk}", {"rule": rule.statement}
        if rule.pk in said:
            words = _("You do not meet: %(rule)s Ask INM for an exception.")
        else:
            words = _("Say whether you meet: %(rule)s")
        yield Lack(where, words % statement)


def _exceptions(proposal: Proposal, *, at: datetime) -> set[int]:
    rows = EligibilityException.objects.filter(rule__call=proposal.call)
    today = at.astimezone(proposal.call.time_zone).date()
    return set(
        rows.granted_to(pi_of(proposal))
        .standing(on=today)
        .values_list("rule", flat=True)
    )


@transaction.atomic
def submit_proposal(proposal: Proposal, *, at: datetime, by: User) -> ProposalSnapshot:
    """
    Hand a draft in as it is now; its people get a receipt with the hash.

    Co-investigators who did not confirm yet are marked as such, and no obstacle
    (case 52).

    :raises TooLate: once the deadline of the PI and the grace are over.
    :raises IllegalTransition: if it is submitted already.
    :raises NotComplete: if anything is missing, too long or above a ceiling.
    :raises OverTheLimit: if an investigator would hand in too many.
    """
    proposal = in_time(proposal, at=at)
    proposal.move_to(ProposalState.SUBMITTED)
    require_limits(proposal)
    if lacks := lacks_of_proposal(proposal, at=at):
        raise NotComplete(" ".join(lack.words for lack in lacks))
    proposal.submitted_at = at
    _save(proposal, "submitted_at")
    content = content_of(proposal, at=at)
    snapshot = proposal.snapshots.create(
        number=proposal.snapshots.count() + 1,
        content=content,
        sha256=digest_of_content(content),
        submitted_by=by,
        submitted_at=at,
    )
    facts = {"submission": snapshot.number, "sha256": snapshot.sha256}
    journal.record(Verb.PROPOSAL_SUBMITTED, proposal, by=by, **facts)
    told: dict[str, Any] = {"snapshot": snapshot, "when": in_zone(at, proposal.call)}
    _tell("proposal_receipt", proposal, slot=str(snapshot.number), at=at, **told)
    return snapshot


def require_limits(proposal: Proposal) -> None:
    """
    :raises OverTheLimit: if an investigator handed in as many others as may be.
    """
    call = proposal.call
    parts = proposal.people.filter(role__in=INVESTIGATORS, person__isnull=False)
    # One of two that one person hands in at the same instant waits for the other.
    for part in sorted(parts.select_related("person"), key=lambda p: p.person_id or 0):
        take_turns(f"seed_projects.stage:{proposal.stage_id}:{part.person_id}")
        theirs = ProposalPerson.objects.filter(
            person=part.person,
            role__in=INVESTIGATORS,
            proposal__in=Proposal.objects.handed_in().filter(stage=proposal.stage_id),
        ).exclude(proposal=proposal)
        roles = list(theirs.values_list("role", flat=True))
        if words := words_of_limits(call, part, roles):
            raise OverTheLimit(words)


def words_of_limits(call: Call, part: ProposalPerson, others: Sequence[str]) -> str:
    """Return in words whether somebody with parts in ``others`` has too many."""
    limits = [(len(others), call.most_in_all)]
    if part.role == AuthorRole.PI:
        limits.append((others.count(AuthorRole.PI), call.most_as_pi))
    for handed_in, most in limits:
        if most is not None and handed_in >= most:
            words = _("%(name)s handed in as many as the call takes: %(most)s.")
            return words % {"name": part.name, "most": most}
    return ""


def content_of(proposal: Proposal, *, at: datetime) -> dict[str, Any]:
    """Return all of a proposal as plain values, each amount as text."""
    call, track = proposal.call, proposal.track
    least = proposal.smallest_budget
    left = _exceptions(proposal, at=at)
    return {
        "number": proposal.number,
        "former": proposal.former and proposal.former.number,
        "call": {"number": call.number, "title": call.title},
        "stage": proposal.stage.kind,
        "track": track.name if track else None,
        "form": {
            "title": proposal.form.form.title,
            "version": proposal.form.number,
        },
        "title": proposal.title,
        "abstract": proposal.abstract,
        "starts_on": proposal.starts_on and proposal.starts_on.isoformat(),
        "smallest_budget": None if least is None else str(least),
        "people": [
            {
                "name": part.name,
                "role": part.role,
                "is_confirmed": part.confirmed_at is not None,
            }
            for part in proposal.people.all()
        ],
        "eligibility": [
            {
                "rule": row.rule.statement,
                "is_met": row.is_met,
                "by_exception": row.rule_id in left,
            }
            for row in proposal.declarations.select_related("rule")
        ],
        "answers": [
            {
                "key": str(question.key),
                "section": question.section.title,
                "question": question.label,
                "kind": question.kind,
                "columns": question.options if question.kind == TABLE else [],
                "value": answer.value if answer else None,
            }
            for question, answer in asked_of(proposal)
        ],
        "lines": [
            {
                "year": line.year,
                "category": line.category,
                "what": line.what,
                "payee": line.payee,
                "quantity": str(line.quantity),
                "unit_amount": line.unit_amount and str(line.unit_amount),
                "justification": line.justification,
            }
            for line in proposal.budget_lines.all()
        ],
        "budget": _plain(budget_of(proposal)),
        "submitted_at": at.isoformat(),
    }


def _plain(budget: Budget) -> dict[str, Any]:
    return {
        "years": [
            {
                "year": year.year,
                "costs": {key: str(cost) for key, cost in year.costs.items()},
                "base": str(year.base),
                "indirect": str(year.indirect),
                "rates": {str(key): str(rate) for key, rate in year.rates.items()},
                "total": str(year.total),
            }
            for year in budget.years
        ],
        "total": str(budget.total),
    }


def digest_of_content(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a snapshot: of its JSON with sorted keys, no spaces."""
    plain = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return sha256(plain.encode()).hexdigest()


@transaction.atomic
def take_back(proposal: Proposal, *, at: datetime, by: User | None) -> Proposal:
    """
    Make a submitted proposal a draft again before the deadline; its snapshot stays.

    :raises TooLate: once the deadline is over.
    :raises StillWithdrawn: if it was withdrawn.
    """
    proposal = in_time(proposal, at=at)
    if proposal.state == ProposalState.WITHDRAWN:
        raise StillWithdrawn(_("It was withdrawn; make it a draft again instead."))
    proposal.move_to(ProposalState.DRAFT)
    return _drafted_again(proposal, Verb.PROPOSAL_TAKEN_BACK, by)


@transaction.atomic
def revive(proposal: Proposal, *, at: datetime, by: User | None) -> Proposal:
    """
    Make a withdrawn proposal a draft again before the deadline (case 77).

    :raises TooLate: once the deadline is over.
    :raises NotWithdrawn: if it was not withdrawn.
    """
    proposal = in_time(proposal, at=at)
    if proposal.state != ProposalState.WITHDRAWN:
        raise NotWithdrawn(_("It was not withdrawn."))
    proposal.move_to(ProposalState.DRAFT)
    return _drafted_again(proposal, Verb.PROPOSAL_REVIVED, by)


def _drafted_again(proposal: Proposal, verb: Verb, by: User | None) -> Proposal:
    proposal.submitted_at = proposal.withdrawn_at = None
    proposal.reason = ""
    _save(proposal, "submitted_at", "withdrawn_at", "reason")
    journal.record(verb, proposal, by=by)
    return proposal


@transaction.atomic
def withdraw_proposal(
    proposal: Proposal, *, reason: str, at: datetime, by: User | None
) -> Proposal:
    """Withdraw a submitted proposal, also after the deadline; its people are told."""
    proposal = Proposal.objects.locked(proposal)
    proposal.move_to(ProposalState.WITHDRAWN)
    proposal.withdrawn_at, proposal.reason = at, reason
    _save(proposal, "withdrawn_at", "reason")
    journal.record(Verb.PROPOSAL_WITHDRAWN, proposal, by=by)
    _tell("proposal_withdrawn", proposal, slot=at.isoformat(), at=at, reason=reason)
    return proposal


def _tell(
    kind: str, proposal: Proposal, *, slot: str, at: datetime, **told: Any
) -> None:
    """Write to each person of a proposal who has an account and may sign in."""
    parts = proposal.people.filter(person__is_active=True).select_related("person")
    context = {"proposal": proposal, "call": proposal.call, **told}
    for part in parts:
        mails.write(
            f"seed_projects/mail/{kind}",
            to=part.person,
            slot=slot,
            at=at,
            about=proposal,
            context=context,
        )


def _save(proposal: Proposal, *more: str) -> None:
    proposal.version += 1
    fields: list[Any] = ["state", "version", *more]
    proposal.save(update_fields=fields)
