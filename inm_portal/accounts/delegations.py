"""Let somebody act in one's place, and take it back (case 47)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inm_portal.kernel import delegation as kernel
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal

from .mailboxes import is_shared
from .models import Delegation, User
from .verbs import Verb


class NotACompanion(Refusal):
    code = "not_a_companion"
    field = "delegate"


class NothingDelegated(Refusal):
    code = "nothing_delegated"
    field = "scopes"


class WrongTerm(Refusal):
    code = "wrong_term"
    field = "ends_on"


class AlreadyRevoked(Refusal):
    code = "already_revoked"


class NotInForce(Refusal):
    code = "not_in_force"


@transaction.atomic
def delegate(
    principal: User,
    *,
    delegate: User,
    scopes: Collection[str],
    starts_on: date,
    ends_on: date,
    at: datetime,
    today: date,
    by: User,
    reason: str = "",
) -> Delegation:
    """
    Let ``delegate`` act for ``principal`` in some things, for a while.

    :raises NotACompanion: if the two do not belong together, or INM is part of it.
    :raises NothingDelegated: without a thing that can be delegated.
    :raises WrongTerm: for a term that is over, turned round or longer than a year.
    """
    if not may_stand_in(delegate, principal):
        raise NotACompanion(_("This person cannot stand in here."))
    if not scopes or {*scopes} - {scope.key for scope in kernel.scopes()}:
        raise NothingDelegated(_("Choose what it is about."))
    is_ahead = max(starts_on, today) <= ends_on
    if not is_ahead or ends_on - starts_on > Delegation.LONGEST:
        raise WrongTerm(_("It ends on a day from today on, within a year."))
    made = Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        scopes=sorted({*scopes}),
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        granted_by=by,
        granted_at=at,
    )
    facts = {"delegate": delegate.pk, "scopes": made.scopes}
    term = {"starts_on": starts_on, "ends_on": ends_on}
    journal.record(Verb.DELEGATED, principal, by=by, **facts, **term)
    _tell("delegation_granted", made, at)
    return made


@transaction.atomic
def revoke(made: Delegation, *, at: datetime, by: User, reason: str = "") -> Delegation:
    """
    Take a delegation back: from the next request on nobody acts by it.

    ``reason`` is that of INM, where neither of the two does it; both are told.

    :raises AlreadyRevoked: if it was taken back before.
    """
    made = (
        Delegation.objects.with_people().select_for_update(of=("self",)).get(pk=made.pk)
    )
    if made.revoked_at is not None:
        raise AlreadyRevoked(_("It was taken back before."))
    made.revoked_at, made.ended_because = at, reason
    made.save(update_fields=["revoked_at", "ended_because"])
    facts = {"delegate": made.delegate_id, "delegation": made.pk}
    journal.record(Verb.DELEGATION_REVOKED, made.principal, by=by, **facts)
    _tell("delegation_revoked", made, at)
    return made


def may_stand_in(delegate: User, principal: User) -> bool:
    """Say whether the two belong together, outside of INM."""
    if principal.is_at_inm or not principal.is_active:
        return False
    return stand_ins(principal).filter(pk=delegate.pk).exists()


def stand_ins(principal: User) -> QuerySet[User]:
    """
    Return those who belong together with somebody, and hold no role at INM.

    A shared mailbox is none of them: it is for billing, and not one person.
    """
    together = kernel.companions_of(principal) & Q(groups=None) & ~is_shared("pk")
    found: QuerySet[User] = User.objects.filter(together).distinct()
    return found


def in_force(key: int, delegate: User, *, on: date) -> Delegation | None:
    """Return the delegation by which somebody acts, as long as all of it holds."""
    found = Delegation.objects.in_force(on=on).with_people()
    made = found.filter(pk=key, delegate=delegate).first()
    return made if made and may_stand_in(delegate, made.principal) else None


def _tell(what: str, made: Delegation, at: datetime) -> None:
    """Tell both."""
    for person in (made.principal, made.delegate):
        mails.write(
            f"accounts/mail/{what}",
            to=person,
            about=made,
            slot=what,
            at=at,
            context={"delegation": made, "scopes": ", ".join(made.scope_titles)},
        )
