"""Who visits: demo people with a session or a token of their own."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as PlainStore

from inm_portal.accounts.models import ApiToken, TokenScope, User
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel.models import Session
from inm_portal.kernel.sessions import SessionStore

STAFF = "staff@inm.example"
DIRECTOR = "director@inm.example"
FINANCE = "finance@inm.example"
SPONSOR = "sponsor@siemens.example"
ROLES = ("director", "staff", "finance", "admin", "auditor")
#: Those at INM who read everything; each has a rate limit of their own.
READERS = [f"{role}@inm.example" for role in ROLES]
PLAIN_BACKEND = "django.contrib.auth.backends.ModelBackend"


def forget_all() -> None:
    """Remove what earlier runs signed in."""
    PlainStore.get_model_class().objects.all().delete()
    Session.objects.all().delete()
    ApiToken.objects.all().delete()


def cookie_of(email: str, backend: str = "") -> dict[str, str]:
    """Sign somebody in, by Django alone with a ``backend``; return the header."""
    user = User.objects.get(email=email)
    session = PlainStore() if backend else SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend or settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


@cache
def token_of(email: str) -> dict[str, str]:
    """Give somebody one token for the whole run; return the header that shows it."""
    user = User.objects.get(email=email)
    token = issue_token(user, scope=TokenScope.READ, lifetime=timedelta(days=1))
    return {"Authorization": f"Bearer {token}"}
