"""
Accounts of mailboxes that several people read (case 44).

Whoever acts by one is asked at each action who they are, and is named in the
journal beside the account. What makes an account one of these, the apps say.
"""

import unicodedata
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import GivenName

_conditions: list[Q] = []


class NameNeeded(Refusal):
    code = "name_needed"


def shared_if(condition: Q) -> None:
    """Register a condition on people: whose account several people share."""
    _conditions.append(condition)


def is_shared(key: str) -> Exists:
    """Return whether several people share the account with this key."""
    shared = Q(pk__in=[])
    for condition in _conditions:
        shared |= condition
    people = get_user_model()._base_manager.filter(pk=OuterRef(key))
    return Exists(people.filter(shared))


def named(typed: str, *, account: Any) -> str:
    """
    Return the name of whoever acts by a shared account, as the journal keeps it.

    :raises NameNeeded: for none, for what nobody is called, or the account's own.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        raise NameNeeded(_("Several people use this account: enter your name."))
    of_account = {str(account.name).casefold(), str(account.email).casefold()}
    if name.casefold() in of_account:
        raise NameNeeded(_("Enter your own name, not that of the account."))
    if len(name) > GivenName.LONGEST:
        raise NameNeeded(_("Enter a name of up to 200 characters."))
    if not name.isprintable() or not any(map(str.isalpha, name)):
        raise NameNeeded(_("Enter a name in letters, without control characters."))
    return name
