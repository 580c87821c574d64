"""Bearer tokens: given once, taken away one by one or with the password."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal

from .models import ApiToken, User
from .verbs import Verb

LONGEST = timedelta(days=366)
MOST = 20


class TokenLivesTooLong(Refusal):
    code = "token_lives_too_long"


class TooManyTokens(Refusal):
    code = "too_many_tokens"


@transaction.atomic
def issue_token(
    user: User,
    *,
    scope: str,
    lifetime: timedelta,
    name: str = "",
    by: User | None = None,
) -> str:
    """
    Return a new token in clear, for the only time; its person is told by mail.

    :raises TokenLivesTooLong: for more than a year, or less than a moment.
    :raises TooManyTokens: if the person has as many as anybody needs.
    """
    if not timedelta() < lifetime <= LONGEST:
        raise TokenLivesTooLong(_("A token lives a day at least and a year at most."))
    User.objects.locked(user)
    now = timezone.now()
    if ApiToken.objects.filter(user=user).live(at=now).count() >= MOST:
        raise TooManyTokens(_("There are %(most)s already; end one.") % {"most": MOST})
    created: tuple[Any, str] = ApiToken.objects.create(
        user=user, expiry=lifetime, scope=scope, name=name
    )
    journal.record(Verb.TOKEN_ISSUED, user, by=by, scope=scope, days=lifetime.days)
    _tell(created[0], at=now)
    return created[1]


def _tell(token: ApiToken, *, at: datetime) -> None:
    mails.write(
        "accounts/mail/token_issued",
        to=token.user,
        slot=uuid4().hex,
        at=at,
        context={"user": token.user, "token": token},
        asked=True,
    )


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """End one token at once."""
    ApiToken.objects.filter(pk=token.pk).delete()
    journal.record(Verb.TOKENS_REVOKED, token.user, by=by, count=1)


@transaction.atomic
def revoke_tokens(user: User, *, by: User | None) -> int:
    """End every token of a person at once; return how many there were."""
    count, _tables = ApiToken.objects.filter(user=user).delete()
    if count:
        journal.record(Verb.TOKENS_REVOKED, user, by=by, count=count)
    return count
