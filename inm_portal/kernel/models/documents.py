"""Files as rows; what they hold lies in the private storage."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, Steps, lifecycle_triggers
from inm_portal.kernel.querysets import PortalQuerySet


class ScanState(models.TextChoices):
    UNSCANNED = "unscanned", _("Not scanned")
    CLEAN = "clean", _("Clean")
    INFECTED = "infected", _("Infected")


SCAN_STEPS: Steps = {
    ScanState.UNSCANNED: [ScanState.CLEAN, ScanState.INFECTED],
    ScanState.CLEAN: [],
    ScanState.INFECTED: [],
}

#: What changes after a file was taken in.
CHANGING = ["state", "scanned_at", "superseded_at"]


class DocumentQuerySet(PortalQuerySet):
    def current(self) -> Self:
        """Keep those that nothing has taken the place of."""
        return self.filter(superseded_at=None)


class Document(LifecycleModel):
    """
    A private file of one object; its kind says of which model, and who may read it.

    Kept for good, but for one that was made to expire: what takes its place is
    a further document.
    """

    State = ScanState
    steps = SCAN_STEPS

    kind = models.CharField(_("kind"), max_length=100)
    subject_id = models.BigIntegerField(_("object"))
    name = models.CharField(_("name"), max_length=150)
    stored = models.CharField(_("where it lies"), max_length=100, unique=True)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("added"))
    expires_at = models.DateTimeField(_("expires"), null=True)
    state = models.CharField(
        _("scan"),
        max_length=9,
        choices=ScanState,
        default=ScanState.UNSCANNED,
        editable=False,
    )
    scanned_at = models.DateTimeField(_("scanned"), null=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True)

    objects = DocumentQuerySet.as_manager()

    subject: Any = None  # its object, once `documents.subject_of` was asked
    is_fixed = False  # whether it stays in use for good, on the page of its object
    is_unchecked = False  # whether it waits for the scanner, on the page of its object

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.CheckConstraint(
                name="document_scanned_at_iff_scanned",
                condition=iff(Q(state=ScanState.UNSCANNED), Q(scanned_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="document_digest_is_sha256",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_id", "id"], name="document_of_object")
        ]
        triggers = [
            *lifecycle_triggers(SCAN_STEPS, initial=ScanState.UNSCANNED),
            pgtrigger.ReadOnly(name="taken_in_once", exclude=CHANGING),
            pgtrigger.Protect(
                name="kept_for_good",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__expires_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk, self.name])

    @property
    def is_held_back(self) -> bool:
        return self.is_unchecked or self.state == ScanState.INFECTED
