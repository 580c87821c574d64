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


vocabulary.register(Verb)
