"""What the journal can say about the portal itself."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from . import vocabulary


class Verb(TextChoices):
    LIST_EXPORTED = "kernel.list_exported", _("List exported")
    MESSAGE_HELD = "kernel.message_held", _("Message held")
    MESSAGE_RELEASED = "kernel.message_released", _("Message released")
    MESSAGE_CANCELLED = "kernel.message_cancelled", _("Message cancelled")
    MESSAGE_SENT_AGAIN = "kernel.message_sent_again", _("Message sent again")
    MAIL_HELD = "kernel.mail_held", _("All mail held")
    MAIL_RELEASED = "kernel.mail_released", _("All mail released")
    ADDRESS_BOUNCED = "kernel.address_bounced", _("Address refused mail")
    BOUNCE_CLEARED = "kernel.bounce_cleared", _("Mark of an address cleared")
    JOB_ASKED = "kernel.job_asked", _("Job asked for")
    JOB_DONE = "kernel.job_done", _("Job done")
    JOB_PARKED = "kernel.job_parked", _("Job parked")
    JOB_CANCELLED = "kernel.job_cancelled", _("Job cancelled")
    JOB_RETRIED = "kernel.job_retried", _("Job tried again")
    DOCUMENT_ADDED = "kernel.document_added", _("Document added")
    DOCUMENT_SUPERSEDED = "kernel.document_superseded", _("Document superseded")
    DOCUMENT_DOWNLOADED = "kernel.document_downloaded", _("Document downloaded")
    DOCUMENT_INFECTED = "kernel.document_infected", _("Infected document held back")
    TASK_OPENED = "kernel.task_opened", _("Task opened")
    TASK_DONE = "kernel.task_done", _("Task done")
    REMINDERS_HELD = "kernel.reminders_held", _("Reminders held")
    HOLD_LIFTED = "kernel.hold_lifted", _("Hold of reminders lifted")
    REMINDERS_STOPPED = "kernel.reminders_stopped", _("Reminders stopped")
    STOP_RELEASED = "kernel.stop_released", _("Stopped reminders released")
    STOP_CANCELLED = "kernel.stop_cancelled", _("Stopped reminders cancelled")
    REMINDER_FILLED = "kernel.reminder_filled", _("Reminder seen to by hand")
    REMINDER_SENT = "kernel.reminder_sent", _("Reminder sent by hand")
    CLOSURE_ADDED = "kernel.closure_added", _("Closure added")
    CLOSURE_WITHDRAWN = "kernel.closure_withdrawn", _("Closure withdrawn")


vocabulary.register(Verb)
