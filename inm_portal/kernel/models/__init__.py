"""Tables that all apps share."""

from .append_only import AppendOnlyModel
from .bounces import Bounce, BounceKind
from .documents import Document, ScanState
from .idempotency import KeptAnswer
from .jobs import Job, JobState
from .journal import JournalEntry, JournalSeal
from .mail_holds import MailHold
from .messages import OVER, Because, Letter, Message, MessageState
from .requests import RequestCount
from .sessions import Session

__all__ = [
    "OVER",
    "AppendOnlyModel",
    "Because",
    "Bounce",
    "BounceKind",
    "Document",
    "Job",
    "JobState",
    "JournalEntry",
    "JournalSeal",
    "KeptAnswer",
    "Letter",
    "MailHold",
    "Message",
    "MessageState",
    "RequestCount",
    "ScanState",
    "Session",
]
