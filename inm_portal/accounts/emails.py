"""Another address to sign in with: asked for, confirmed there, told to the old one."""

import secrets
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import bounces, journal, mails
from inm_portal.kernel.errors import Refusal

from .models import EmailChange, User, digest_of
from .people import AddressTaken
from .sessions import end_sessions
from .verbs import Verb


class SameAddress(Refusal):
    code = "same_address"
    field = "email"


class LinkSpent(Refusal):
    code = "link_spent"


@transaction.atomic
def ask_email_change(user: User, *, email: str, at: datetime) -> None:
    """
    Send a link to the new address, and word of it to the present one.

    Whether somebody signs in with the new one already, only they learn (AUT-01).

    :raises SameAddress: if it is the present one.
    """
    user = User.objects.locked(user)
    email = email.lower()
    if email == user.email:
        raise SameAddress(_("You sign in with this address already."))
    key = secrets.token_urlsafe(32)
    EmailChange.objects.update_or_create(
        user=user,
        defaults={
            "email": email,
            "digest": digest_of(key),
            "asked_at": at,
        },
    )
    journal.record(Verb.EMAIL_CHANGE_ASKED, user, by=user)
    _tell(user, "email_change_asked", at=at)
    owner = User.objects.filter(email=email).first()
    if owner is not None:
        _tell(owner, "address_in_use", at=at)
        return
    mails.write(
        "accounts/mail/confirm_email",
        to=email,
        slot=uuid4().hex,
        at=at,
        context={"key": key},
        expires_at=at + EmailChange.LASTS,
        asked=True,
        opens_something=True,
    )


@transaction.atomic
def confirm_email_change(
    user: User, *, key: str, at: datetime, keep: str | None
) -> User:
    """
    Let a person sign in with the address at which they read the link.

    Their other sessions end, all but ``keep``; the old address is told.

    :raises LinkSpent: if the link is none of theirs, too old, or replaced.
    :raises AddressTaken: if somebody signs in with that address by now.
    """
    user = User.objects.locked(user)
    change = EmailChange.objects.filter(user=user).open(at=at).of_key(key).first()
    if change is None:
        raise LinkSpent(_("This link does not work any more."))
    _tell(user, "email_changed", at=at)
    before, user.email = user.email, change.email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise AddressTaken(_("Somebody signs in with this address.")) from None
    change.delete()
    end_sessions(user, by=user, keep=keep)
    bounces.note_given_up(before, at=at, by=user)
    journal.record(Verb.EMAIL_CHANGED, user, by=user)
    return user


def _tell(user: User, what: str, *, at: datetime) -> None:
    """Tell somebody, at the address that they have now."""
    mails.write(
        f"accounts/mail/{what}",
        to=user.email,
        slot=uuid4().hex,
        at=at,
        context={"name": user.name},
        asked=True,
    )
