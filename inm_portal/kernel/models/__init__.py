"""Tables that all apps share."""

from .append_only import AppendOnlyModel
from .idempotency import KeptAnswer
from .journal import JournalEntry, JournalSeal
from .messages import Message, MessageState
from .requests import RequestCount

__all__ = [
    "AppendOnlyModel",
    "JournalEntry",
    "JournalSeal",
    "KeptAnswer",
    "Message",
    "MessageState",
    "RequestCount",
]
