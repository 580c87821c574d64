"""Contacts without an account who were erased."""

from django.db import models
from django.utils.translation import gettext as _

from inm_portal.accounts.models import ErasureRecord

from .contacts import Contact


class ContactErasure(ErasureRecord):
    """That a contact without an account was erased, and cannot come back."""

    contact = models.OneToOneField(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        related_name="erasure",
    )

    class Meta(ErasureRecord.Meta):
        verbose_name = _("erasure of a contact")

    def __str__(self) -> str:
        return self.contact.name
