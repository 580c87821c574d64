"""The tables of people, by subject."""

from .access_requests import AccessRequest, Outcome
from .delegations import Delegation
from .email_changes import EmailChange
from .erasures import Erasure, ErasureRecord, Ground
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
from .viewings import Viewing

__all__ = [
    "AccessRequest",
    "ApiToken",
    "Delegation",
    "EmailChange",
    "Erasure",
    "ErasureRecord",
    "Ground",
    "Invitation",
    "InvitationKind",
    "InvitationState",
    "InvitationStatus",
    "Outcome",
    "Standing",
    "TokenScope",
    "User",
    "UserManager",
    "UserMerge",
    "UserMergeMove",
    "UserQuerySet",
    "Viewing",
    "digest_of",
]
