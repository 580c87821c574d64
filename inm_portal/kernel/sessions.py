"""
Sessions in the database: each with a limit of idleness and one in all.

Both limits are kept in the row's ``expire_date``, which every request reads
anyway; once a minute at most, a request moves it on.
"""

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from . import context
from .models import Session
from .prepared import prepared

#: What cannot be a key is not looked for.
KEY = re.compile(r"[a-z0-9]{32}")

#: A session is noted as seen once in this time.
COARSE = timedelta(minutes=1)

#: Where a session keeps how it began.
SIGN_IN = "sign_in"


@dataclass(frozen=True)
class Limits:
    """How many seconds a session lives without a request, and in all."""

    idle: int
    lasts: int


UNKNOWN = Limits(idle=settings.SESSION_COOKIE_AGE, lasts=settings.SESSION_COOKIE_AGE)


@dataclass(frozen=True)
class SignIn:
    """How a session began: when, where, and what limits it has."""

    at: str
    limits: Limits
    device: str
    address: str | None

    def ends_at(self, now: datetime) -> datetime:
        """Return when the session runs out, if nothing happens after ``now``."""
        over = self.began_at + timedelta(seconds=self.limits.lasts)
        return min(now + timedelta(seconds=self.limits.idle), over)

    @property
    def began_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


class SessionStore(DatabaseStore):
    #: Why the session that a browser showed is none any more.
    why_ended = ""
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def begin(self, limits: Limits, *, device: str, address: str | None) -> None:
        """Note that somebody has just signed in here."""
        sign_in = SignIn(timezone.now().isoformat(), limits, device, address)
        self[SIGN_IN] = asdict(sign_in)

    @property
    def is_to_be_noted(self) -> bool:
        """Say whether it is a while ago that the session was noted as seen."""
        return self.seen_at is not None and timezone.now() - self.seen_at >= COARSE

    def keep_alive(self, limits: Limits) -> None:
        """Move the end of an idle session on; new limits hold from then on."""
        now = timezone.now()
        sign_in = sign_in_of(self, now)
        if sign_in.limits != limits:
            self[SIGN_IN] = asdict(sign_in) | {"limits": asdict(limits)}
            return
        row = Session.objects.filter(pk=self.session_key)
        row.update(seen_at=now, expire_date=sign_in.ends_at(now))

    def create_model_instance(self, data: Any) -> Session:
        row: Any = super().create_model_instance(data)
        now = timezone.now()
        sign_in = sign_in_of(data, now)
        row.handle = handle_of(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        row.began_at, row.seen_at = sign_in.began_at, now
        row.device, row.address = sign_in.device[:300], sign_in.address
        row.expire_date = sign_in.ends_at(now)
        return row

    def _get_session_from_db(self) -> Any:
        found = _with_key(self.session_key, today=timezone.localdate())
        row = next(iter(found), None)
        now = timezone.now()
        if row is not None and row.expire_date > now:
            self.seen_at = row.seen_at
            context.remember(person_key(row.user_id), get_user_model().of(row))
            return row
        self._session_key = None
        self.why_ended = self._why_ended(row, now)
        return None

    def _why_ended(self, row: Session | None, now: datetime) -> str:
        if row is None:
            return "ended"
        if row.user_id is None:
            return ""
        sign_in = sign_in_of(self.decode(row.session_data), now)
        lasts = timedelta(seconds=sign_in.limits.lasts)
        return "over" if row.began_at + lasts <= now else "idle"

    def _validate_session_key(self, key: Any) -> bool:
        return bool(key and KEY.fullmatch(key))


@prepared
def _with_key(key: Any, *, today: date) -> Any:
    """Return the session of a key with its person, and what holds of them today."""
    return Session.objects.with_person().filter(pk=key)


def person_key(key: Any) -> tuple[str, str]:
    """Return under what a request remembers who is signed in."""
    return "person", str(key)


def sign_in_of(data: Any, now: datetime) -> SignIn:
    """Return how the session that holds ``data`` began; now, for one that did not."""
    kept = data.get(SIGN_IN)
    if kept is None:
        return SignIn(now.isoformat(), UNKNOWN, "", None)
    return SignIn(**kept | {"limits": Limits(**kept["limits"])})


def handle_of(key: str) -> str:
    """Return what a session is called where its key may not be known."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
