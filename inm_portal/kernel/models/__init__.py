"""Tables that all apps share."""

from .append_only import AppendOnlyModel
from .bounces import Bounce, BounceKind
from .checks import InvariantCheck
from .closures import Closure
from .documents import Document, ScanState
from .idempotency import KeptAnswer
from .jobs import Job, JobState
from .journal import GivenName, JournalEntry, JournalSeal
from .mail_holds import MailHold
from .merges import Merge, MergeQuerySet, undoable
from .messages import OVER, Because, Letter, Message, MessageState
from .reminders import (
    PENDING,
    REVIVED,
    ReminderDelivery,
    ReminderHold,
    ReminderReason,
    ReminderState,
    ReminderStop,
    ReminderSweep,
)
from .requests import RequestCount
from .sessions import Session
from .tasks import Task

__all__ = [
    "OVER",
    "PENDING",
    "REVIVED",
    "AppendOnlyModel",
    "Because",
    "Bounce",
    "BounceKind",
    "Closure",
    "Document",
    "GivenName",
    "InvariantCheck",
    "Job",
    "JobState",
    "JournalEntry",
    "JournalSeal",
    "KeptAnswer",
    "Letter",
    "MailHold",
    "Merge",
    "MergeQuerySet",
    "Message",
    "MessageState",
    "ReminderDelivery",
    "ReminderHold",
    "ReminderReason",
    "ReminderState",
    "ReminderStop",
    "ReminderSweep",
    "RequestCount",
    "ScanState",
    "Session",
    "Task",
    "undoable",
]
