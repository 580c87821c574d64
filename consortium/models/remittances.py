"""Payments that a member announced, before their money is recorded."""

from datetime import date, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, of_number

from ..states import AdviceStanding
from .invoice_answers import Recorded
from .invoices import Invoice
from .organizations import Organization
from .receipts import ReceiptMethod, ReceiptShare

#: Money arrives within so many days before and after the day that was announced.
EARLY, LATE = timedelta(days=5), timedelta(days=30)


class RemittanceAdviceQuerySet(PortalQuerySet):
    def announced(self, organization: Organization | None = None) -> Self:
        """
        Keep what is still expected: not withdrawn, and not arrived.

        Of one member, or of all.
        """
        rows = self if organization is None else self.filter(organization=organization)
        return rows.filter(~Exists(_arrived()), withdrawal=None)

    def about(self, first: date, last: date) -> Self:
        """Keep what money of these days may be: announced about then, not withdrawn."""
        return self.filter(
            withdrawal=None, paid_on__gte=first - LATE, paid_on__lte=last + EARLY
        )

    def with_arrival(self) -> Self:
        """Annotate ``arrived_by``, the share that it is already, and ``named``."""
        share = _arrived().order_by("receipt__received_on", "pk").values("pk")[:1]
        named = AdvisedInvoice.objects.filter(advice=OuterRef("pk")).order_by()
        return self.annotate(
            arrived_by=Subquery(share), named=ArraySubquery(named.values("invoice"))
        )

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        told = Q(reference__icontains=text) | of_number(text, "RA-")
        return self.filter(told | Q(organization__in=members))

    def with_standing(self) -> Self:
        """Annotate ``standing``: whether the money is still expected."""
        rows: Self = self.annotate(
            standing=Case(
                When(withdrawal__isnull=False, then=Value(AdviceStanding.WITHDRAWN)),
                When(Exists(_arrived()), then=Value(AdviceStanding.ARRIVED)),
                default=Value(AdviceStanding.ANNOUNCED),
                output_field=CharField(),
            )
        )
        return rows


def _arrived() -> PortalQuerySet:
    """Return the member's money of that amount that was received about that day."""
    return ReceiptShare.objects.live().filter(
        organization=OuterRef("organization"),
        amount=OuterRef("amount"),
        receipt__currency=OuterRef("currency"),
        receipt__received_on__gte=_shifted(-EARLY),
        receipt__received_on__lte=_shifted(LATE),
    )


def _shifted(by: timedelta) -> models.ExpressionWrapper:
    return models.ExpressionWrapper(
        OuterRef("paid_on") + Value(by.days), output_field=DateField()
    )


class RemittanceAdvice(Recorded):
    """
    What a member says that it paid: so much, on a day, for some of its invoices.

    It posts nothing; it helps finance to match the money when it arrives.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="remittance_advices",
    )
    paid_on = models.DateField(_("paid"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    method = models.CharField(_("method"), max_length=8, choices=ReceiptMethod)
    reference = models.CharField(
        _("reference"),
        max_length=100,
        blank=True,
        help_text=_("As the bank transfers it, so that the money is found."),
    )
    invoices = models.ManyToManyField(
        Invoice, through="AdvisedInvoice", related_name="remittance_advices"
    )

    objects = RemittanceAdviceQuerySet.as_manager()

    standing: str  # annotated by with_standing()
    arrived_by: int | None  # annotated by with_arrival()
    named: list[int]  # annotated by with_arrival()

    class Meta(Recorded.Meta):
        verbose_name = _("remittance advice")
        verbose_name_plural = _("remittance advices")
        ordering = ["-paid_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="advice_is_of_an_amount", condition=Q(amount__gt=0)
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "-paid_on", "-id"], name="advice_of_member"
            )
        ]

    def __str__(self) -> str:
        return f"RA-{self.pk:05}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:remittance_advice", self.pk)

    @property
    def status(self) -> AdviceStanding:
        """What became of it, where it was read ``with_standing()``."""
        return AdviceStanding(self.standing)


OF_ITS_MEMBER = """
IF NOT EXISTS (
    SELECT FROM consortium_remittanceadvice a
    JOIN consortium_invoice i ON i.id = NEW.invoice_id
    WHERE a.id = NEW.advice_id AND i.organization_id = a.organization_id
        AND i.currency = a.currency AND i.issued_on IS NOT NULL
) THEN
    RAISE EXCEPTION 'a payment is announced for issued invoices of its member'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class AdvisedInvoice(AppendOnlyModel):
    """An invoice that an announced payment is for."""

    advice = models.ForeignKey(
        RemittanceAdvice, on_delete=models.PROTECT, related_name="covered"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("invoice of a remittance advice")
        constraints = [
            models.UniqueConstraint(
                fields=["advice", "invoice"], name="advice_names_an_invoice_once"
            )
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="of_its_member",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_ITS_MEMBER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advice}: {self.invoice}"


class RemittanceWithdrawal(Recorded):
    """That a payment was announced by mistake."""

    advice = models.OneToOneField(
        RemittanceAdvice, on_delete=models.PROTECT, related_name="withdrawal"
    )

    class Meta(Recorded.Meta):
        verbose_name = _("withdrawal of a remittance advice")

    def __str__(self) -> str:
        return str(self.advice)
