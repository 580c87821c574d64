"""What the general ledger of the university was given."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery, Value
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from .ledger import LedgerEntry

DIGEST = Func(
    Func(F("content"), function="sha256"),
    Value("hex"),
    function="encode",
    output_field=models.CharField(),
)


class ExportBatchQuerySet(PortalQuerySet):
    def with_entries(self) -> Self:
        """Annotate ``entries``: how many there are in each; without the files."""
        exported = ExportedEntry.objects.filter(batch=OuterRef("pk")).order_by()
        counted = exported.values("batch").annotate(found=Count("pk")).values("found")
        return self.defer("content").annotate(entries=Subquery(counted))


class ExportBatch(AppendOnlyModel):
    """A file of entries for the general ledger, kept as it was made."""

    posted_until = models.DateField(_("posted up to"))
    content = models.BinaryField(_("file"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))

    objects = ExportBatchQuerySet.as_manager()

    entries: int  # annotated by with_entries()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("export to the general ledger")
        verbose_name_plural = _("exports to the general ledger")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_batch_fits_its_digest",
                condition=Q(sha256=DIGEST),
            )
        ]

    def __str__(self) -> str:
        return f"GL-{self.pk:05}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:export_batch", self.pk)

    @property
    def file_name(self) -> str:
        return f"{self}.csv"


class ExportedEntry(AppendOnlyModel):
    """That an entry is in a batch, and so in no other."""

    batch = models.ForeignKey(
        ExportBatch, on_delete=models.PROTECT, related_name="exported"
    )
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="exported"
    )

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("exported entry")

    def __str__(self) -> str:
        return f"{self.batch}: {self.entry_id}"
