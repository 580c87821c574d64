"""The tables of people, by subject."""

from .access_requests import AccessRequest, Outcome
from .erasures import Erasure, Ground
from .people import User, UserManager, UserQuerySet
from .tokens import ApiToken, TokenScope

__all__ = [
    "AccessRequest",
    "ApiToken",
    "Erasure",
    "Ground",
    "Outcome",
    "TokenScope",
    "User",
    "UserManager",
    "UserQuerySet",
]
