"""The tables of people, by subject."""

from .invitations import (
    Invitation,
    InvitationKind,
    InvitationState,
    InvitationStatus,
    digest_of,
)
from .merges import UserMerge, UserMergeMove
from .people import Standing, User, UserManager, UserQuerySet
from .tokens import ApiToken, TokenScope

__all__ = [
    "ApiToken",
    "Invitation",
    "InvitationKind",
    "InvitationState",
    "InvitationStatus",
    "Standing",
    "TokenScope",
    "User",
    "UserManager",
    "UserMerge",
    "UserMergeMove",
    "UserQuerySet",
    "digest_of",
]
