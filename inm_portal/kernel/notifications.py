"""What the kernel has to say about its own mails before they go out."""

from . import outbox
from .reminders.rechecking import recheck
from .reminders.wording import KIND

outbox.rechecked(KIND)(recheck)
