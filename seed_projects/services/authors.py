"""Who takes part in a proposal, and what they may do with it."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.invitations import AlreadyInvited, invite
from inm_portal.accounts.models import InvitationKind, User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal

from ..models import (
    AuthorRight,
    AuthorRole,
    Proposal,
    ProposalComment,
    ProposalPerson,
)
from ..verbs import Verb
from .drafts import ask_to_take_part, open_draft, pi_of


class AuthorKnown(Refusal):
    code = "author_known"
    field = "email"


class OnePI(Refusal):
    """The PI leads the proposal: one alone, who always reads, writes and submits."""

    code = "one_pi"
    field = "role"


class NotTheirPart(Refusal):
    code = "not_their_part"


@transaction.atomic
def add_author(
    proposal: Proposal,
    *,
    email: str,
    name: str,
    role: str,
    right: str = AuthorRight.READ,
    at: datetime,
    by: User,
) -> ProposalPerson:
    """
    Ask somebody to take part; who has no account is invited to make one.

    Whether an address has an account is told to nobody.

    :raises OnePI: if that would be a second PI.
    :raises AuthorKnown: if somebody of that address takes part already.
    """
    proposal = open_draft(proposal, at=at)
    if role == AuthorRole.PI:
        raise OnePI(_("A proposal has one PI."))
    email = email.lower()
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    known = proposal.people.filter(email__iexact=email)
    if known.exists() or (
        person is not None and proposal.people.filter(person=person).exists()
    ):
        raise AuthorKnown(_("Somebody of this address takes part already."))
    part = proposal.people.create(
        person=person,
        name=name,
        email=email,
        role=role,
        right=right,
        added_by=by,
        added_at=at,
    )
    if person is None:
        _invite(part, at=at, by=by)
    ask_to_take_part(part, at=at, by=by)
    facts = {"part": part.pk, "role": role, "right": right}
    journal.record(Verb.AUTHOR_ADDED, proposal, by=by, **facts)
    return part


def _invite(part: ProposalPerson, *, at: datetime, by: User) -> None:
    place = _("a proposal for seed funding")
    told: dict[str, Any] = {"kind": InvitationKind.CAMPUS, "place": place, "at": at}
    # Who is invited already comes in by the invitation that they have.
    with suppress(AlreadyInvited):
        invite(part.email, part.name, **told, by=by)


@transaction.atomic
def change_author(
    part: ProposalPerson, *, role: str, right: str, at: datetime, by: User | None
) -> ProposalPerson:
    """
    Give somebody of a draft another part or other rights.

    :raises OnePI: if it is the PI, or would be a second one.
    """
    proposal = open_draft(part.proposal, at=at)
    part = proposal.people.get(pk=part.pk)
    if AuthorRole.PI in (part.role, role):
        raise OnePI(_("A proposal has one PI, who keeps all rights."))
    part.role, part.right = role, right
    part.save(update_fields=["role", "right"])
    facts = {"part": part.pk, "role": role, "right": right}
    journal.record(Verb.AUTHOR_CHANGED, proposal, by=by, **facts)
    return part


@transaction.atomic
def remove_author(part: ProposalPerson, *, at: datetime, by: User | None) -> Proposal:
    """
    Let somebody take part in a draft no more; from then on they read nothing of it.

    :raises OnePI: if it is the PI.
    """
    proposal = open_draft(part.proposal, at=at)
    part = proposal.people.get(pk=part.pk)
    if part.role == AuthorRole.PI:
        raise OnePI(_("A proposal keeps its PI."))
    facts = {"part": part.pk, "role": part.role}
    journal.record(Verb.AUTHOR_REMOVED, proposal, by=by, **facts)
    part.delete()
    return proposal


@transaction.atomic
def confirm_part(part: ProposalPerson, *, at: datetime, by: User) -> ProposalPerson:
    """
    Say that one takes part, also once it was submitted (case 52); again is no harm.

    Who was asked by address takes the part over with the account of that address.

    :raises NotTheirPart: if somebody else was asked.
    """
    proposal: Proposal = Proposal.objects.locked(part.proposal)
    part = proposal.people.get(pk=part.pk)
    _require_theirs(part, by)
    if part.confirmed_at is None:
        part.person, part.confirmed_at = by, at
        part.save(update_fields=["person", "confirmed_at"])
        journal.record(Verb.PART_CONFIRMED, proposal, by=by, part=part.pk)
    return part


def _require_theirs(part: ProposalPerson, by: User) -> None:
    is_theirs = part.person == by if part.person else part.email == by.email.lower()
    if not is_theirs:
        raise NotTheirPart(_("Somebody else was asked to take part."))


@transaction.atomic
def decline_part(part: ProposalPerson, *, at: datetime, by: User) -> None:
    """
    Say that one takes no part in a draft; the PI is told, and asks somebody else.

    :raises NotTheirPart: if somebody else was asked.
    :raises OnePI: if it is the PI, who leads it.
    """
    proposal = open_draft(part.proposal, at=at)
    part = proposal.people.get(pk=part.pk)
    _require_theirs(part, by)
    if part.role == AuthorRole.PI:
        raise OnePI(_("A proposal keeps its PI."))
    facts = {"part": part.pk, "role": part.role}
    journal.record(Verb.PART_DECLINED, proposal, by=by, **facts)
    mails.write(
        "seed_projects/mail/part_declined",
        to=pi_of(proposal),
        slot=str(part.pk),
        at=at,
        about=proposal,
        context={"proposal": proposal, "part": part},
    )
    part.delete()


@transaction.atomic
def comment_on(
    proposal: Proposal, *, text: str, at: datetime, by: User
) -> ProposalComment:
    """Say something to the others of a proposal; it stays, and only they read it."""
    row = proposal.comments.create(text=text, written_by=by, written_at=at)
    journal.record(Verb.PROPOSAL_COMMENTED, proposal, by=by, comment=row.pk)
    return row
