"""What the kernel has to say about its own mails before they go out."""

from . import outbox
from .reminders.rechecking import recheck, recheck_copy
from .reminders.wording import COPY, KIND

outbox.rechecked(KIND)(recheck)
outbox.rechecked(COPY)(recheck_copy)
