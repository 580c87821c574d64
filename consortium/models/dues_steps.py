"""What people do at the last rungs of the ladder of dues (domain.md 3.5)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import LifecycleModel, lifecycle_triggers
from inm_portal.kernel.models import Message, Task
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import NOTE_STEPS, NoteState
from .chasing import DUES_RULE
from .invoice_answers import OfInvoice, of_invoice, of_members_matching
from .invoices import Invoice, InvoiceLine


class StepKind(models.TextChoices):
    HANDED_OVER = "handed_over", _("Handed over to MIT AR")
    KEPT = "kept", _("Benefits kept")
    LIMITED = "limited", _("Benefits limited")
    SUSPENDED = "suspended", _("Benefits suspended")
    PLAN = "plan", _("Payment plan")
    WRITE_OFF = "write_off", _("Write-off to be proposed")
    TOLD = "told", _("Steering committee told")


#: What a director decides on, 120 days after the due date.
DECISIONS = [
    *[StepKind.KEPT, StepKind.LIMITED, StepKind.SUSPENDED],
    *[StepKind.PLAN, StepKind.WRITE_OFF],
]


#: What keeps a member from using benefits as a matter of course.
LIMITING = [StepKind.LIMITED, StepKind.SUSPENDED]


class DuesStepQuerySet(PortalQuerySet):
    def limiting(self, organization: int, *, on: date) -> Self:
        """
        Keep the decisions that limit or suspend a member's benefits on a day.

        One does until its invoice is settled, or something else is decided about it.
        """
        decided = DuesStep.objects.filter(kind__in=DECISIONS, on__lte=on)
        later = decided.filter(invoice=OuterRef("invoice"), pk__gt=OuterRef("pk"))
        of_member = Invoice.objects.issued().filter(organization=organization)
        rows = self.filter(kind__in=LIMITING, on__lte=on).exclude(Exists(later))
        return rows.filter(invoice__in=of_member.owing().values("pk"))

    def matching(self, text: str) -> Self:
        return self.filter(of_members_matching(text))


class DuesStep(OfInvoice):
    """
    What a person did about an invoice that is long overdue: written once, with why.

    Of several decisions the last one counts. While benefits are limited or suspended
    by one, each use of them needs a reason; what else is decided, people do where that
    is done.
    """

    invoice = of_invoice("dues_steps")
    kind = models.CharField(_("what"), max_length=11, choices=StepKind)
    on = models.DateField(_("on"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reference = models.CharField(
        _("reference"),
        max_length=100,
        blank=True,
        help_text=_("Of the case, as MIT AR names it."),
    )

    objects = DuesStepQuerySet.as_manager()

    class Meta(OfInvoice.Meta):
        verbose_name = _("step about overdue dues")
        verbose_name_plural = _("steps about overdue dues")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="dues_decision_says_why",
                condition=~Q(kind__in=DECISIONS) | ~Q(reason=""),
            )
        ]
        indexes = [models.Index(fields=["on", "id"], name="dues_step_by_day")]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.invoice.get_absolute_url()}#steps"


#: The task to write to a sponsor.
NOTE_TASK = f"{DUES_RULE}.note"


class SponsorNoteQuerySet(PortalQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(of_members_matching(text))

    def with_need(self) -> Self:
        """Annotate ``is_needed``: whether its task waits for a director."""
        lines = InvoiceLine.objects.filter(invoice=OuterRef(OuterRef("invoice")))
        tasks = Task.objects.open().filter(
            kind=NOTE_TASK,
            subject_type=InvoiceLine._meta.label_lower,
            subject_id__in=lines.values("pk"),
        )
        return self.annotate(is_needed=Exists(tasks))


class SponsorNote(LifecycleModel, VersionedModel):
    """
    A personal note from the executive director to the sponsor of a late member.

    The ladder drafts it 90 days after the due date; a director reads, changes, and
    sends it or does not. Nothing goes out by itself.
    """

    State = NoteState
    steps = NOTE_STEPS

    invoice = of_invoice("sponsor_notes")
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=NoteState,
        default=NoteState.DRAFT,
        editable=False,
    )
    cycle = models.DateField(_("due date"), editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=5000)
    drafted_at = models.DateTimeField(_("drafted"))
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = SponsorNoteQuerySet.as_manager()

    is_needed: bool  # annotated by with_need()
    may_send: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("note to a sponsor")
        verbose_name_plural = _("notes to sponsors")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "cycle"], name="sponsor_note_once_a_cycle"
            ),
            models.CheckConstraint(
                name="sponsor_note_decided_iff_no_draft",
                condition=iff(Q(state=NoteState.DRAFT), Q(decided_at=None)),
            ),
            models.CheckConstraint(
                name="sponsor_note_message_iff_sent",
                condition=iff(Q(state=NoteState.SENT), Q(message__isnull=False)),
            ),
            models.CheckConstraint(
                name="sponsor_note_declined_says_why",
                condition=iff(Q(state=NoteState.DECLINED), ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["drafted_at", "id"], name="sponsor_note_by_age")
        ]
        triggers = lifecycle_triggers(NOTE_STEPS, initial=NoteState.DRAFT)

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("consortium:sponsor_note", args=[self.pk])

    @property
    def status(self) -> Any:
        return NoteState(self.state)

    @property
    def is_draft(self) -> bool:
        return self.state == NoteState.DRAFT
