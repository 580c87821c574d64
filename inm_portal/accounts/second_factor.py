"""The second factor: who needs one, whether a session has shown it, how it is lost."""

from typing import Any
from uuid import uuid4

from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, mails

from .models import User
from .sessions import end_sessions
from .tokens import revoke_tokens
from .verbs import Verb

CODES = Authenticator.Type.RECOVERY_CODES

#: Where a session keeps whose second factor it has seen.
SHOWN_BY = "second_factor"


class WhyReset(models.TextChoices):
    LOST = "lost", _("Phone or key lost")
    BROKEN = "broken", _("Phone or key does not work")
    EXPOSED = "exposed", _("Somebody else may have it")


def is_required_of(user: User) -> bool:
    """Say whether ``user`` may work only with a second factor (AUT-05)."""
    return not settings.DEMO and user.is_at_inm


def factors_of(user: User) -> Any:
    """Return what ``user`` can show, apart from recovery codes."""
    return Authenticator.objects.filter(user=user).exclude(type=CODES)


def note_shown(request: Any, user: User) -> None:
    """Note in the session that its person has shown the second factor."""
    request.session[SHOWN_BY] = str(user.pk)


def is_missing(request: Any) -> bool:
    """Say whether who is signed in may not go on without a second factor."""
    user = request.user
    if not user.is_authenticated or not is_required_of(user):
        return False
    return request.session.get(SHOWN_BY) != str(user.pk)


def is_last_of(factor: Authenticator) -> bool:
    """Say whether the person would be left without one; holds others off meanwhile."""
    User.objects.locked(factor.user)
    return not factors_of(factor.user).exclude(pk=factor.pk).exists()


@transaction.atomic
def reset_factors(user: User, *, reason: str, by: User | None) -> User:
    """
    Take from a person every second factor, so that they set up another.

    Sessions and tokens end: whoever has the phone has nothing.
    """
    user = User.objects.locked(user)
    count, _tables = Authenticator.objects.filter(user=user).delete()
    end_sessions(user, by=by)
    revoke_tokens(user, by=by)
    journal.record(Verb.FACTORS_RESET, user, by=by, count=count, reason=reason)
    mails.write(
        "accounts/mail/factors_reset",
        to=user,
        slot=uuid4().hex,
        at=timezone.now(),
        context={"name": user.name},
        asked=True,
    )
    return user


@receiver(post_save, sender=Authenticator)
@transaction.atomic
def record_added(
    sender: Any, instance: Authenticator, *, created: bool, **kwargs: Any
) -> None:
    """Journal a new factor in the transaction that writes it; it counts as shown."""
    if not created:
        return
    user = instance.user
    if instance.type == CODES:
        journal.record(Verb.RECOVERY_CODES_MADE, user, by=user)
        return
    journal.record(Verb.FACTOR_ADDED, user, by=user, type=instance.type)
    request = context.request
    if request is not None and request.user == user:
        note_shown(request, user)


@receiver(signals.authenticator_removed)
@transaction.atomic
def record_removed(
    sender: Any, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    journal.record(Verb.FACTOR_REMOVED, user, by=user, type=authenticator.type)


@receiver(signals.authenticator_used)
@transaction.atomic
def record_used(
    sender: Any, request: Any, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    used_code = authenticator.type == CODES
    verb = Verb.RECOVERY_CODE_USED if used_code else Verb.FACTOR_USED
    journal.record(verb, user, by=user, type=authenticator.type)
    note_shown(request, user)


@receiver(signals.authentication_failed)
@transaction.atomic
def record_refused(sender: Any, user: User, **kwargs: Any) -> None:
    journal.record(Verb.FACTOR_REFUSED, user, by=None)
