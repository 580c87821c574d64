"""What bars a person: an interest in a member, or what they did themselves."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import NOBODY

from ..ties import accounts_of, barring


def unbarred(user: Any, name: str, member: str = "organization") -> Q:
    """Everywhere for those whose group holds ``name``, but where they are barred."""
    if not user.has_perm(name):
        return NOBODY
    return ~Q(**{f"{member}__in": barring(user)})


def by_person(user: Any, field: str) -> Q:
    """What somebody did, under their account or one that leads to it."""
    return Q(**{f"{field}__in": accounts_of(user)})
