"""Tables that all apps share."""

from .append_only import AppendOnlyModel
from .journal import JournalEntry, JournalSeal
from .messages import Message, MessageState
from .requests import RequestCount

__all__ = [
    "AppendOnlyModel",
    "JournalEntry",
    "JournalSeal",
    "Message",
    "MessageState",
    "RequestCount",
]
