"""
Accounts of mailboxes that several people read (case 44).

Whoever acts by one is asked at each action who they are, and is named in the
journal beside the account. What makes an account one of these, the apps say.
"""

import unicodedata
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Func, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import GivenName

#: The only letters that nobody sees; NFKC makes one of these of the others.
UNSEEN = "\u115f\u1160"

NONE_GIVEN = _("Several people use this account: enter your name.")

_conditions: list[type[Func]] = []


class NameNeeded(Refusal):
    code = "name_needed"


def shared_if(condition: type[Func]) -> None:
    """Register what of the key of an account says that several people share it."""
    _conditions.append(condition)


def is_shared(key: str) -> Any:
    """Return whether several people share the account with this key."""
    return reduce(or_, (Q(condition(key)) for condition in _conditions))


def letters(text: str) -> str:
    """Return the letters and digits that people see, however they are written."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum() and sign not in UNSEEN)


def named(typed: str, *, account: Any) -> str:
    """
    Return the name of whoever acts by a shared account, as the journal keeps it.

    :raises NameNeeded: for none, for what nobody is called, or the account's own.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        raise NameNeeded(NONE_GIVEN)
    if letters(name) in {letters(account.name), letters(account.email)}:
        raise NameNeeded(_("Enter your own name, not that of the account."))
    if len(name) > GivenName.LONGEST:
        raise NameNeeded(_("Enter a name of up to 200 characters."))
    if not name.isprintable() or not any(map(str.isalpha, letters(name))):
        raise NameNeeded(_("Enter a name in letters, without control characters."))
    return name
