"""The tables of people, by subject."""

from .people import User, UserManager, UserQuerySet
from .tokens import ApiToken, TokenScope
from .viewings import Viewing

__all__ = [
    "ApiToken",
    "TokenScope",
    "User",
    "UserManager",
    "UserQuerySet",
    "Viewing",
]
