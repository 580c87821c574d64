"""What the journal can say about the portal itself."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from . import vocabulary


class Verb(TextChoices):
    LIST_EXPORTED = "kernel.list_exported", _("List exported")


vocabulary.register(Verb)
