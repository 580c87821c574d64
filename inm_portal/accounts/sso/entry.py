"""Whom an institution lets in, and as whom."""

from datetime import datetime
from uuid import uuid4

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import AccessRequest, User
from ..people import address_lock
from ..verbs import Verb
from .exchange import LEEWAY
from .identity import Identity
from .institutions import Institution, institutions, label_of

#: Identities follow a merge of accounts, and go back with it.
SocialAccount.moves_with_person = ("user",)


class NotConnected(Refusal):
    """The identity belongs to no account; whether the address does is not told."""

    code = "not_connected"


class AnotherIdentity(Refusal):
    code = "another_identity"


class AccountClosed(Refusal):
    """Said to the owner of the address alone: the institution named it."""

    code = "account_closed"


class SomebodyElse(Refusal):
    code = "somebody_else"


class NotAnew(Refusal):
    code = "not_anew"


class LastWayIn(Refusal):
    code = "last_way_in"


@transaction.atomic
def admit(institution: Institution, identity: Identity, *, at: datetime) -> User:
    """
    Return the person whose identity this is from now on.

    An identity that no account knows joins the account of its address, or
    opens one that belongs to no company, if the institution verified the
    address and owns its domain. Any other connects from inside.

    :raises NotConnected: if the institution cannot vouch for the address.
    :raises AccountClosed: if the account of the address may not sign in.
    :raises AnotherIdentity: if the account has another identity from there, as
        when an address was given to somebody new.
    """
    known = known_identity(institution, identity)
    if known is not None:
        return known.user
    if not institution.vouches_for(identity):
        raise NotConnected(_("No account here is connected to this sign-in."))
    take_turns(address_lock(identity.email))
    owner = User.objects.filter(email=identity.email).first()
    if owner is None:
        return _newcomer(institution, identity, at)
    user = owner.survivor
    if not user.is_active:
        raise AccountClosed(_("This account is closed."))
    if SocialAccount.objects.filter(user=user, provider=institution.slug).exists():
        raise AnotherIdentity(_("The account of this address has another identity."))
    _connect(user, institution, identity)
    note_connected(user, institution, at=at)
    return user


def known_identity(
    institution: Institution, identity: Identity
) -> SocialAccount | None:
    """Return the account's identity with this issuer and subject, if there is one."""
    return (
        SocialAccount.objects.filter(
            provider=institution.slug, uid=institution.key_of(identity)
        )
        .select_related("user")
        .first()
    )


def require_anew(
    user: User, institution: Institution, identity: Identity, *, since: int
) -> None:
    """
    Let only the person themselves go on, who signed in there a moment ago.

    :raises SomebodyElse: if the identity is not one of theirs.
    :raises NotAnew: if the institution does not say that it asked since then.
    """
    known = known_identity(institution, identity)
    if known is None or known.user_id != user.pk:
        raise SomebodyElse(_("That is not who is signed in here."))
    if identity.signed_in_at is None or identity.signed_in_at < since - LEEWAY:
        raise NotAnew(_("The institution did not ask who you are."))


def _newcomer(institution: Institution, identity: Identity, at: datetime) -> User:
    """Make an account without any place, and ask the program office for one."""
    user = User.objects.create_user(identity.email, identity.name)
    AccessRequest.objects.create(user=user, institution=institution.slug, asked_at=at)
    journal.record(Verb.CAME_IN, user, by=user, institution=institution.slug)
    _connect(user, institution, identity)
    return user


def _connect(user: User, institution: Institution, identity: Identity) -> None:
    SocialAccount.objects.create(
        user=user,
        provider=institution.slug,
        uid=institution.key_of(identity),
        extra_data=institution.details_of(identity),
    )


def note_connected(user: User, institution: Institution, *, at: datetime) -> None:
    """Record a further way into an account, and tell its owner."""
    journal.record(Verb.IDENTITY_CONNECTED, user, by=user, institution=institution.slug)
    _tell("account_connected", user, institution.label, at)


def institutions_of(user: User) -> list[Institution]:
    """Return where a person can show who they are."""
    own = SocialAccount.objects.filter(user=user).values_list("provider", flat=True)
    return [one for one in institutions().values() if one.slug in set(own)]


@transaction.atomic
def remove_identity(identity: SocialAccount, *, at: datetime, by: User) -> None:
    """
    Take one way into an account away.

    :raises LastWayIn: if it is the only one that is left.
    """
    user = User.objects.select_for_update().get(pk=identity.user_id)
    others = SocialAccount.objects.filter(user=user).exclude(pk=identity.pk)
    if not user.has_usable_password() and not others.exists():
        raise LastWayIn(_("Set a password first, or nothing opens this account."))
    identity.delete()
    journal.record(Verb.IDENTITY_REMOVED, user, by=by, institution=identity.provider)
    _tell("account_disconnected", user, label_of(identity.provider), at)


def _tell(what: str, user: User, institution: str, at: datetime) -> None:
    mails.write(
        f"socialaccount/email/{what}",
        to=user,
        slot=uuid4().hex,
        at=at,
        context={"provider": institution},
    )
