"""Write to those who answer a call: fields, a preview on real data, sent once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal

from ..models import (
    COUNTED_ALONE,
    Audience,
    AuthorRole,
    Call,
    CallLetter,
    Proposal,
    ProposalPerson,
    ScreenedProposal,
)
from ..states import LetterState, ProposalState
from ..verbs import Verb
from .screening import require_unsealed

MAIL = "seed_projects/mail/call_letter"
FIELD = re.compile(r"\{(\w*)\}")
#: What a letter can name, and what stands there.
FIELDS = {
    "name": _("who gets it"),
    "call": _("title of the call"),
    "number": _("number of the proposal"),
    "title": _("title of the proposal, as it was handed in"),
}
#: What a letter names to people of drafts: nothing of a proposal.
FIELDS_OF_ALL = ["name", "call"]


class UnknownField(Refusal):
    code = "unknown_field"
    field = "body"


class NobodyToWriteTo(Refusal):
    code = "nobody_to_write_to"
    field = "audience"


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a letter about a proposal, with what it says to them."""

    person: User
    proposal: int
    subject: str
    body: str


def require_fields(audience: str, *texts: str) -> None:
    """
    :raises UnknownField: if a text names what is not known, or not told to all.
    """
    known = FIELDS_OF_ALL if audience in COUNTED_ALONE else list(FIELDS)
    for name in FIELD.findall(" ".join(texts)):
        if name not in known:
            words = _("There is no field {%(name)s} here; use %(known)s.")
            told = ", ".join(f"{{{one}}}" for one in known)
            raise UnknownField(words % {"name": name, "known": told})


@transaction.atomic
def write_letter(
    call: Call,
    *,
    audience: str,
    subject: str,
    body: str,
    is_for_pis: bool = False,
    chosen: Sequence[int] = (),
    at: datetime,
    by: User,
) -> CallLetter:
    """
    Write a letter, to be looked at before it is sent.

    :raises UnknownField: if it names a field that is not known.
    :raises NobodyToWriteTo: if proposals are to be chosen and none was.
    :raises StillSealed: if it is to people of what nobody at INM reads yet.
    """
    require_fields(audience, subject, body)
    if audience not in COUNTED_ALONE:
        require_unsealed(call)
    if audience == Audience.CHOSEN and not chosen:
        raise NobodyToWriteTo(_("Tick proposals in the queue first."))
    told: dict[str, Any] = {"audience": audience, "subject": subject, "body": body}
    told |= {"is_for_pis": is_for_pis, "chosen": sorted(set(chosen))}
    letter = CallLetter.objects.create(call=call, **told, written_by=by, written_at=at)
    journal.record(Verb.LETTER_WRITTEN, call, by=by, letter=letter.pk)
    return letter


@transaction.atomic
def change_letter(
    letter: CallLetter,
    *,
    version: int | None = None,
    subject: str,
    body: str,
    is_for_pis: bool = False,
    by: User,
) -> CallLetter:
    """
    Change a letter that was not sent.

    :raises IllegalTransition: once it was.
    :raises EditConflict: if somebody else changed it since it was read.
    :raises UnknownField: if it names a field that is not known.
    """
    letter = CallLetter.objects.locked(letter)
    if letter.state != LetterState.DRAFT:
        letter.move_to(LetterState.DRAFT)
    require_fields(letter.audience, subject, body)
    told: dict[str, Any] = {"subject": subject, "body": body}
    told |= {"is_for_pis": is_for_pis}
    if letter.edit(version, **told):
        journal.record(Verb.LETTER_CHANGED, letter.call, by=by, letter=letter.pk)
    return letter


def _proposals(letter: CallLetter, by: User) -> Any:
    call = letter.call_id
    if letter.audience == Audience.DRAFTS:
        out = ScreenedProposal.objects.sent_back().values("pk")
        drafts = Proposal.objects.filter(call=call, state=ProposalState.DRAFT)
        return drafts.exclude(pk__in=out)
    if letter.audience == Audience.BEGUN:
        rows = Proposal.objects.filter(call=call)
        return rows.exclude(state=ProposalState.WITHDRAWN)
    rows = ScreenedProposal.objects.permitted(by, "view").filter(call=call)
    if letter.audience == Audience.CHOSEN:
        return rows.filter(pk__in=letter.chosen)
    if letter.audience == Audience.SENT_BACK:
        return rows.sent_back()
    if letter.audience == Audience.UNCONFIRMED:
        return rows.exclude(state=ProposalState.DRAFT)
    return rows.filter(state=letter.audience)


def _parts(letter: CallLetter, by: User) -> Any:
    """Return the parts of people who get a letter, by what ``by`` may read."""
    rows = ProposalPerson.objects.filter(
        proposal__in=_proposals(letter, by).order_by().values("pk"),
        person__is_active=True,
    )
    if letter.audience == Audience.UNCONFIRMED:
        rows = rows.waiting()
    elif letter.is_for_pis:
        rows = rows.filter(role=AuthorRole.PI)
    return rows.order_by("proposal", "pk")


def count_of_letter(letter: CallLetter, *, by: User) -> int:
    """Return how many mails a letter would be."""
    rows = _parts(letter, by)
    if letter.is_counted_alone:
        return int(rows.order_by().values("person").distinct().count())
    return int(rows.count())


def recipients_of(
    letter: CallLetter, *, by: User, most: int | None = None
) -> Iterator[Recipient]:
    """
    Yield who gets a letter, with what it says to them.

    For audiences that are a number alone this is for sending, not for showing.
    """
    parts = _parts(letter, by).select_related("person")
    titles = {} if letter.is_counted_alone else _titles(letter, by)
    seen = set()
    for part in parts[:most]:
        if letter.is_counted_alone and part.person_id in seen:
            continue
        seen.add(part.person_id)
        number = Proposal(pk=part.proposal_id).number
        told = {"name": part.person.name, "call": letter.call.title}
        if not letter.is_counted_alone:
            told |= {"number": number, "title": titles[part.proposal_id]}
        yield Recipient(
            part.person,
            0 if letter.is_counted_alone else part.proposal_id,
            filled(letter.subject, told),
            filled(letter.body, told),
        )


def _titles(letter: CallLetter, by: User) -> dict[int, str]:
    rows = _proposals(letter, by).with_screening()
    return dict(rows.order_by().values_list("pk", "shown_title"))


def filled(text: str, told: dict[str, str]) -> str:
    """Return a text with its fields filled in; what is not known stays as it is."""
    return FIELD.sub(lambda found: told.get(found[1], found[0]), text)


@transaction.atomic
def send_letter(letter: CallLetter, *, at: datetime, by: User) -> CallLetter:
    """
    Send a letter, once; each who gets it has a mail of their own.

    :raises IllegalTransition: if it was sent.
    :raises NobodyToWriteTo: if nobody would get it.
    :raises StillSealed: if it is to people of what nobody at INM reads yet.
    """
    letter = CallLetter.objects.locked(letter)
    letter.move_to(LetterState.SENT)
    if not letter.is_counted_alone:
        require_unsealed(letter.call)
    count = 0
    for one in recipients_of(letter, by=by):
        mails.write(
            MAIL,
            to=one.person,
            slot=str(one.proposal),
            at=at,
            about=letter,
            once=True,
            context={"subject_line": one.subject, "text": one.body, "letter": letter}
            | {"call": letter.call},
        )
        count += 1
    if not count:
        raise NobodyToWriteTo(_("Nobody would get it now."))
    letter.sent_by, letter.sent_at, letter.recipients = by, at, count
    letter.version += 1
    letter.save()
    facts = {"letter": letter.pk, "mails": count, "audience": letter.audience}
    journal.record(Verb.LETTER_SENT, letter.call, by=by, **facts)
    return letter
