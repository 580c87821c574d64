"""How long people stay signed in, and what ends it."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.middleware.csrf import rotate_token
from django.utils import timezone

from inm_portal.kernel import journal
from inm_portal.kernel.models import Session
from inm_portal.kernel.sessions import Limits

from .models import User
from .verbs import Verb

HOUR, DAY = 60 * 60, 24 * 60 * 60

#: Of those who hold a role at INM, and of everybody else (SES-03).
AT_INM = Limits(idle=HOUR, lasts=DAY)
ELSEWHERE = Limits(idle=12 * HOUR, lasts=14 * DAY)


def limits_of(user: User) -> Limits:
    """Return how long ``user`` stays signed in."""
    return AT_INM if user.is_at_inm else ELSEWHERE


@transaction.atomic
def end_sessions(user: User, *, by: User | None, keep: str | None = None) -> int:
    """Sign a person out everywhere, but for the session with the key ``keep``."""
    ended = Session.objects.filter(user=user).exclude(pk=keep or "")
    count = ended.open(at=timezone.now()).count()
    ended.delete()
    if count:
        journal.record(Verb.SESSIONS_ENDED, user, by=by, count=count)
    return count


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """End one of a person's own sessions; its next request is a visitor's."""
    Session.objects.filter(pk=session.pk).delete()
    journal.record(Verb.SESSIONS_ENDED, by, by=by, count=1)


@receiver(user_logged_in)
def begin(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    """Note in the session whose it is, and how long it lives."""
    device = request.META.get("HTTP_USER_AGENT", "")
    request.session.begin(limits_of(user), device=device, address=_address(request))


@receiver(authentication_step_completed)
def change_key(sender: Any, request: Any, **kwargs: Any) -> None:
    """Give the session another key at each proof of who somebody is (SES-01)."""
    request.session.cycle_key()


def renew(request: Any) -> None:
    """Let neither the session's key nor a form of an open page hold any longer."""
    request.session.cycle_key()
    rotate_token(request)


def _address(request: Any) -> str | None:
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
