"""Contacts without an account who were erased."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from inm_portal.accounts.models import Ground
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .contacts import Contact


class ContactErasure(AppendOnlyModel):
    """That a contact without an account was erased, and cannot come back."""

    contact = models.OneToOneField(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        related_name="erasure",
    )
    ground = models.CharField(_("ground"), max_length=9, choices=Ground)
    reference = models.CharField(
        _("reference"),
        max_length=50,
        blank=True,
        help_text=_("The number of the request, and nothing about the person."),
    )
    erased_at = models.DateTimeField(_("erased"))
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("erasure of a contact")

    def __str__(self) -> str:
        return self.contact.name
