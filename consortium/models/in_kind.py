"""What a member gives in kind: the thing, its valuations, and disputes of them."""

from decimal import ROUND_HALF_UP, Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.lifecycle import (
    ChangedAfter,
    LifecycleModel,
    lifecycle_triggers,
)
from inm_portal.kernel.models import AppendOnlyModel, Document
from inm_portal.kernel.money import CENT, MoneyField, PercentField, share
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import ITEM_STEPS, ItemStage, ItemState
from .credits import ContributionCredit


class Method(models.TextChoices):
    """How a thing is valued; the basis is the amount that each starts from."""

    LIST = "list", _("List price less educational discount")
    COMPARABLES = "comparables", _("Comparable offers, for what is used")
    LEASE = "lease", _("Lease value a month, for the term of a loan")
    EDUCATIONAL = "educational", _("Educational price")
    APPRAISAL = "appraisal", _("Independent appraisal")
    NONE = "none", _("Donated time: no value")


def value_of(
    method: str, *, basis: Decimal, discount_percent: Decimal, months: int
) -> Decimal:
    """Return the value by a method; W1: 120,000 less 40% is 72,000."""
    if method == Method.NONE:
        return Decimal()
    if method == Method.LEASE:
        return (basis * months).quantize(CENT, ROUND_HALF_UP)
    if method == Method.LIST:
        return basis - share(basis, discount_percent)
    return basis


class ApprovingOffice(models.TextChoices):
    """Who at MIT approves a thing before it can be agreed to."""

    EHS = "ehs", _("Environment, health and safety")
    SPACE = "space", _("Space")


#: What was offered; another thing is another offer.
OFFERED = ["credit", "name", "serial", "donor_tax_value"]

#: What the assessment says, until it is agreed to or declined.
ASSESSED = [
    *["site", "condition", "restrictions", "running_cost", "export_classification"],
    *["needs_ehs_approval", "needs_space_approval"],
]

#: A thing is agreed to once each office that it needs approved what was assessed.
AGREED_ONCE_APPROVED = """
IF EXISTS (
    SELECT FROM unnest(ARRAY[
        CASE WHEN NEW.needs_ehs_approval THEN 'ehs' END,
        CASE WHEN NEW.needs_space_approval THEN 'space' END
    ]) AS needed (office)
    WHERE office IS NOT NULL AND office NOT IN (
        SELECT a.office FROM consortium_itemapproval a
        WHERE a.item_id = NEW.id AND a.assessment = NEW.assessment
    )
) THEN
    RAISE EXCEPTION 'an approval that this item needs is missing'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


#: An approval names the assessment that it is of, so another one has its number.
ASSESSMENT_IS_COUNTED = """
IF NEW.assessment <= OLD.assessment THEN
    RAISE EXCEPTION 'another assessment has another number'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class InKindItem(LifecycleModel):
    """
    A thing that a member offers, assessed, agreed to, delivered or returned.

    Its value has three faces that may differ: what is credited (decided on the
    credit), what MIT booked, and what the donor tells its tax office.
    """

    State = ItemState
    steps = ITEM_STEPS

    credit = models.OneToOneField(
        ContributionCredit, on_delete=models.PROTECT, related_name="item"
    )
    name = models.CharField(_("item"), max_length=200)
    serial = models.CharField(_("serial number"), max_length=100, blank=True)
    site = models.CharField(_("where it goes"), max_length=200, blank=True)
    condition = models.CharField(_("condition"), max_length=200, blank=True)
    restrictions = models.CharField(_("restrictions"), max_length=500, blank=True)
    running_cost = MoneyField(_("running cost a year"), default=0)
    export_classification = models.CharField(
        _("export classification"), max_length=100, blank=True
    )
    needs_ehs_approval = models.BooleanField(
        _("needs approval by environment, health and safety"),
        default=False,
        db_default=False,
    )
    needs_space_approval = models.BooleanField(
        _("needs approval of its space"), default=False, db_default=False
    )
    assessment = models.PositiveSmallIntegerField(
        _("assessment"), default=0, db_default=0, editable=False
    )
    donor_tax_value = MoneyField(
        _("donor's tax value"),
        null=True,
        blank=True,
        help_text=_("As the donor declares it; the portal says nothing about it."),
    )
    booked_value = MoneyField(_("booked value"), null=True, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ItemState,
        default=ItemState.OFFERED,
        editable=False,
    )
    delivered_on = models.DateField(_("delivered"), null=True, editable=False)
    returned_on = models.DateField(_("returned"), null=True, editable=False)

    class Meta:
        verbose_name = _("item in kind")
        constraints = [
            models.CheckConstraint(
                name="item_is_delivered_iff_delivered",
                condition=iff(
                    Q(state__in=[ItemState.DELIVERED, ItemState.RETURNED]),
                    Q(delivered_on__isnull=False),
                ),
            ),
            models.CheckConstraint(
                name="item_is_returned_iff_returned",
                condition=iff(
                    Q(state=ItemState.RETURNED), Q(returned_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="item_amounts_are_not_negative",
                condition=Q(running_cost__gte=0)
                & (Q(booked_value=None) | Q(booked_value__gte=0))
                & (Q(donor_tax_value=None) | Q(donor_tax_value__gte=0)),
            ),
        ]
        triggers = [
            *lifecycle_triggers(ITEM_STEPS, initial=ItemState.OFFERED),
            pgtrigger.Protect(
                name="offer_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*OFFERED),
            ),
            pgtrigger.Protect(
                name="assessed_is_fixed",
                operation=pgtrigger.Update,
                condition=ChangedAfter(
                    [ItemState.OFFERED, ItemState.ASSESSING], *ASSESSED, "assessment"
                ),
            ),
            pgtrigger.Trigger(
                name="assessment_is_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*ASSESSED),
                func=ASSESSMENT_IS_COUNTED,
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="agreed_once_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state=ItemState.ASSESSING.value,
                    new__state=ItemState.AGREED.value,
                ),
                func=AGREED_ONCE_APPROVED,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def needed(self) -> list[ApprovingOffice]:
        """Return the offices that approve it before it is agreed to."""
        needs = {
            ApprovingOffice.EHS: self.needs_ehs_approval,
            ApprovingOffice.SPACE: self.needs_space_approval,
        }
        return [office for office, is_needed in needs.items() if is_needed]

    @property
    def missing(self) -> list[ApprovingOffice]:
        """Return the offices that did not approve what the assessment says now."""
        given = {one.office for one in self.approvals.all() if one.is_of(self)}
        return [office for office in self.needed if office not in given]

    @property
    def stage(self) -> ItemStage:
        """Return how far it has come, if its credit says whether ``is_valued``."""
        if self.state != ItemState.DELIVERED:
            return ItemStage(self.state)
        if self.credit.standing:
            return ItemStage.CREDITED
        return ItemStage.VALUED if self.credit.is_valued else ItemStage.DELIVERED


class ItemApproval(AppendOnlyModel):
    """An office's yes to a thing as it was assessed then, recorded by INM."""

    item = models.ForeignKey(
        InKindItem, on_delete=models.PROTECT, related_name="approvals"
    )
    assessment = models.PositiveSmallIntegerField(_("assessment"))
    office = models.CharField(_("office"), max_length=8, choices=ApprovingOffice)
    approved_by = models.CharField(_("approved by"), max_length=200)
    approved_on = models.DateField(_("approved on"))
    note = models.CharField(_("conditions"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("approval of an item")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "office", "assessment"],
                name="item_is_approved_once_by_an_office",
            ),
            models.CheckConstraint(
                name="approval_names_who_gave_it", condition=~Q(approved_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()}: {self.approved_by}"

    def is_of(self, item: InKindItem) -> bool:
        """Say whether it approves what the item's assessment says now."""
        return self.assessment == item.assessment


class Appraisal(AppendOnlyModel):
    """What an independent appraiser found a thing to be worth, with the paper."""

    item = models.ForeignKey(
        InKindItem, on_delete=models.PROTECT, related_name="appraisals"
    )
    appraiser = models.CharField(_("appraiser"), max_length=200)
    appraised_on = models.DateField(_("appraised on"))
    value = MoneyField(_("value"))
    cost = MoneyField(_("cost of the appraisal"), default=0)
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("appraisal")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appraisal_names_its_appraiser",
                condition=Q(value__gte=0, cost__gte=0) & ~Q(appraiser=""),
            )
        ]

    def __str__(self) -> str:
        return self.appraiser


class Valuation(AppendOnlyModel):
    """What somebody says an item is worth, by which method; the last one stands."""

    item = models.ForeignKey(
        InKindItem, on_delete=models.PROTECT, related_name="valuations"
    )
    method = models.CharField(_("method"), max_length=12, choices=Method)
    basis = MoneyField(
        _("basis"),
        help_text=_("List price, mean of the offers, lease a month, or appraisal."),
    )
    discount_percent = PercentField(_("educational discount"), default=0)
    months = models.PositiveSmallIntegerField(_("months of the loan"), default=0)
    value = MoneyField(_("value"))
    note = models.CharField(_("sources"), max_length=500, blank=True)
    valued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    valued_at = models.DateTimeField(_("valued"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("valuation")
        ordering = ["valued_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="valuation_is_not_negative",
                condition=Q(basis__gte=0, value__gte=0)
                & Q(discount_percent__gte=0, discount_percent__lte=100),
            )
        ]

    def __str__(self) -> str:
        return self.get_method_display()


class ValuationDispute(AppendOnlyModel):
    """A figure that somebody holds against the accepted one, and why (case 29)."""

    item = models.ForeignKey(
        InKindItem, on_delete=models.PROTECT, related_name="disputes"
    )
    figure = MoneyField(_("figure"))
    method = models.CharField(_("method"), max_length=12, choices=Method)
    reason = models.CharField(_("reason"), max_length=500)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    raised_at = models.DateTimeField(_("raised"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("dispute of a valuation")
        ordering = ["raised_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="dispute_has_a_figure_and_a_reason",
                condition=Q(figure__gte=0) & ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class DisputeOutcome(AppendOnlyModel):
    """What a second approver found; what it changes is an entry of the credit."""

    dispute = models.OneToOneField(
        ValuationDispute, on_delete=models.PROTECT, related_name="outcome"
    )
    value = MoneyField(_("value that holds"))
    reason = models.CharField(_("reason"), max_length=500)
    appraiser = models.CharField(_("independent appraiser"), max_length=200, blank=True)
    appraisal_cost = MoneyField(_("cost of the appraisal"), default=0)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("outcome of a dispute")
        constraints = [
            models.CheckConstraint(
                name="outcome_has_a_value_and_a_reason",
                condition=Q(value__gte=0, appraisal_cost__gte=0) & ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return self.reason
