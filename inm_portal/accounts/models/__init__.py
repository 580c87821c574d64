"""The tables of people, by subject."""

from .email_changes import EmailChange
from .people import User, UserManager, UserQuerySet
from .tokens import ApiToken, TokenScope

__all__ = [
    "ApiToken",
    "EmailChange",
    "TokenScope",
    "User",
    "UserManager",
    "UserQuerySet",
]
