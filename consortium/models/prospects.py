"""
Companies that may join, or do more: from their inquiry to what is signed.

Where talks stand is written at each step, and the last one tells: stage, amount,
probability and the day on which a decision is expected.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import Stage
from .organizations import Organization
from .terms import NOTHING


class Offer(models.TextChoices):
    """What a company can do with the initiative (`mission-facts.md`)."""

    MEMBERSHIP = "membership", _("Membership")
    FACTORY = "factory", _("Research factory")
    PARTNERSHIP = "partnership", _("Major partnership")


class InquiryQuerySet(PortalQuerySet):
    def waiting(self) -> Self:
        """Keep those that nobody took up or set aside yet."""
        return self.filter(prospect=None, set_aside_at=None)

    def matching(self, text: str) -> Self:
        named = Q(company__icontains=text) | Q(name__icontains=text)
        return self.filter(named | Q(email__icontains=text))


class Inquiry(models.Model):
    """What somebody asks who found the page for it; nobody vouches for a word."""

    company = models.CharField(_("company"), max_length=200)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    offer = models.CharField(
        _("about"), max_length=20, choices=Offer, default=Offer.MEMBERSHIP
    )
    message = models.TextField(_("message"), max_length=2000)
    #: A digest of what tells the page from others on which it was typed.
    page = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"))
    set_aside_because = models.CharField(
        _("set aside because"), max_length=500, blank=True
    )
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("set aside by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    set_aside_at = models.DateTimeField(_("set aside"), null=True)

    objects = InquiryQuerySet.as_manager()

    prospect: "Prospect"

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        constraints = [
            models.CheckConstraint(
                name="inquiry_is_set_aside_with_a_reason",
                condition=iff(Q(set_aside_at=None), Q(set_aside_because="")),
            ),
            models.CheckConstraint(
                name="inquiry_says_who",
                condition=~Q(company="") & ~Q(name="") & ~Q(email=""),
            ),
        ]
        indexes = [models.Index(fields=["-received_at", "-id"], name="inquiry_by_day")]

    def __str__(self) -> str:
        return _("Inquiry of %(company)s") % {"company": self.company}

    def get_absolute_url(self) -> str:
        return page_of("consortium:inquiry", self.pk)

    @property
    def standing(self) -> str:
        if self.set_aside_at:
            return _("Set aside")
        return _("Taken up") if hasattr(self, "prospect") else _("New")


class ProspectQuerySet(PortalQuerySet):
    def with_standing(self) -> Self:
        """Annotate what the last step says of each, and its ``weighted`` amount."""
        steps = ProspectStep.objects.filter(prospect=OuterRef("pk")).order_by("-pk")
        names = ["stage", "amount", "probability", "expected_on", "recorded_at"]
        told = {name: Subquery(steps.values(name)[:1]) for name in names}
        weighed: Any = F("amount") * F("probability") / 100
        amount = Round(ExpressionWrapper(weighed, MoneyField()), 2)
        return self.annotate(**told).annotate(
            weighted=Coalesce(amount, NOTHING, output_field=MoneyField())
        )

    def open(self) -> Self:
        """Keep those that are neither won nor lost."""
        return self.with_standing().filter(stage__in=Stage.open_ones())

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        return self.filter(organization__in=members)


class Prospect(models.Model):
    """Talks with a company about one offer."""

    #: Who follows it up passes it on with all else they look after.
    moves_with_person = ("owner",)

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("company"),
        on_delete=models.PROTECT,
        related_name="prospects",
    )
    offer = models.CharField(_("offer"), max_length=20, choices=Offer)
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default=CURRENCIES[0][0]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    inquiry = models.OneToOneField(
        Inquiry, on_delete=models.PROTECT, null=True, related_name="prospect"
    )
    opened_on = models.DateField(_("opened"))

    objects = ProspectQuerySet.as_manager()

    #: Annotated by with_standing().
    stage: str
    amount: Decimal
    probability: int
    expected_on: date
    weighted: Decimal

    class Meta:
        verbose_name = _("prospect")
        constraints = [
            models.CheckConstraint(
                name="prospect_is_of_an_offer", condition=Q(offer__in=Offer.values)
            )
        ]

    def __str__(self) -> str:
        facts = {"company": self.organization.name, "offer": self.offer_label}
        return _("%(company)s: %(offer)s") % facts

    def get_absolute_url(self) -> str:
        return page_of("consortium:prospect", self.pk)

    @property
    def offer_label(self) -> str:
        return str(Offer(self.offer).label)

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def stage_tone(self) -> str:
        return Stage(self.stage).tone


class ProspectStep(AppendOnlyModel):
    """Where talks stood when somebody wrote it down, and what was said of it."""

    prospect = models.ForeignKey(
        Prospect, on_delete=models.PROTECT, related_name="steps"
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    amount = MoneyField(_("amount a year"))
    probability = models.PositiveSmallIntegerField(
        _("probability in percent"), validators=[MaxValueValidator(100)]
    )
    expected_on = models.DateField(_("decision expected"))
    note = models.CharField(_("note"), max_length=500)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("step of a prospect")
        constraints = [
            models.CheckConstraint(
                name="prospect_step_is_a_percentage_with_a_note",
                condition=Q(probability__lte=100) & ~Q(note=""),
            ),
            models.CheckConstraint(
                name="prospect_step_has_an_amount", condition=Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="prospect_step_is_certain_once_decided",
                condition=~Q(stage__in=[Stage.WON, Stage.LOST])
                | Q(stage=Stage.WON, probability=100)
                | Q(stage=Stage.LOST, probability=0),
            ),
        ]
        indexes = [models.Index(fields=["prospect", "-id"], name="prospect_latest")]

    def __str__(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def tone(self) -> str:
        return Stage(self.stage).tone
