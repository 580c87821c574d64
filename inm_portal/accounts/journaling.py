"""Sign-in and sign-out, as Django tells of them, in the journal."""

from typing import Any

from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from inm_portal.kernel import journal

from .models import User
from .sso.entry import note_connected
from .verbs import Verb


@receiver(user_logged_in)
@transaction.atomic
def record_sign_in(sender: Any, user: User, **kwargs: Any) -> None:
    journal.record(Verb.SIGNED_IN, user, by=user)


@receiver(user_logged_out)
@transaction.atomic
def record_sign_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        journal.record(Verb.SIGNED_OUT, user, by=user)


@receiver(user_login_failed)
@transaction.atomic
def record_refusal(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Record a wrong password of a known person; an unknown address is nobody."""
    email = credentials.get("email") or credentials.get("username") or ""
    if user := User.objects.filter(email=email.lower()).first():
        journal.record(Verb.SIGN_IN_REFUSED, user, by=None)


@receiver(social_account_added)
@transaction.atomic
def record_connection(sender: Any, sociallogin: Any, **kwargs: Any) -> None:
    """Record what somebody connected from inside."""
    institution = sociallogin.provider.institution
    note_connected(sociallogin.user, institution, at=timezone.now())
