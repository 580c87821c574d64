"""The tables of people, by subject."""

from .access_requests import AccessRequest, Outcome
from .delegations import Delegation
from .email_changes import EmailChange
from .erasures import Erasure, Ground
from .people import User, UserManager, UserQuerySet
from .tokens import ApiToken, TokenScope
from .viewings import Viewing

__all__ = [
    "AccessRequest",
    "ApiToken",
    "Delegation",
    "EmailChange",
    "Erasure",
    "Ground",
    "Outcome",
    "TokenScope",
    "User",
    "UserManager",
    "UserQuerySet",
    "Viewing",
]
