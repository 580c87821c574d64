"""How a member wants to be invoiced, and its orders to pay."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import View, join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import Document
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import CreditNoteState, InvoiceState, OrderStanding
from .organizations import Organization

#: How long before a purchase order ends its member is asked for another (case 25).
ORDER_WARNED = timedelta(days=75)


class Terms(models.IntegerChoices):
    NET_30 = 30, _("Net 30 days")
    NET_45 = 45, _("Net 45 days")
    NET_60 = 60, _("Net 60 days")
    NET_90 = 90, _("Net 90 days")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Supplier portal")
    POST = "post", _("Post")


class PayerProfile(VersionedModel):
    """
    To whom at a member invoices go, on which terms, and what its payables ask for.

    It holds no bank details: those stand in the instructions of the finance office.
    """

    organization = models.OneToOneField(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="payer_profile",
    )
    bill_to_entity = models.CharField(_("legal entity billed"), max_length=200)
    bill_to_address = models.TextField(_("billing address"), max_length=500)
    attention = models.CharField(
        _("attention"),
        max_length=200,
        blank=True,
        help_text=_("A department, as Accounts Payable; people are contacts."),
    )
    terms_days = models.PositiveSmallIntegerField(
        _("payment terms"), choices=Terms, default=Terms.NET_30
    )
    budget_year_starts_in = models.PositiveSmallIntegerField(
        _("budget year starts in month"),
        null=True,
        blank=True,
        help_text=_("Invoices then come in the budget year in which they are due."),
    )
    channel = models.CharField(
        _("delivery"), max_length=6, choices=Channel, default=Channel.EMAIL
    )
    supplier_portal = models.CharField(
        _("supplier portal"), max_length=100, blank=True, help_text=_("Its name.")
    )
    needs_order = models.BooleanField(_("pays only against a purchase order"))
    vendor_form_on = models.DateField(_("vendor form sent"), null=True, blank=True)
    tax_form_on = models.DateField(_("tax form sent"), null=True, blank=True)
    entity_confirmed_on = models.DateField(
        _("billed entity confirmed"), null=True, blank=True
    )
    portal_set_up_on = models.DateField(
        _("supplier portal set up"), null=True, blank=True
    )

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("payer profile")
        constraints = [
            models.CheckConstraint(
                name="payer_is_named",
                condition=~Q(bill_to_entity="") & ~Q(bill_to_address=""),
            ),
            models.CheckConstraint(
                name="payer_names_its_supplier_portal",
                condition=iff(Q(channel=Channel.PORTAL), ~Q(supplier_portal="")),
            ),
            models.CheckConstraint(
                name="payer_terms_are_known", condition=Q(terms_days__in=Terms.values)
            ),
            models.CheckConstraint(
                name="payer_budget_year_starts_in_a_month",
                condition=Q(budget_year_starts_in=None)
                | Q(budget_year_starts_in__gte=1, budget_year_starts_in__lte=12),
            ),
        ]

    def __str__(self) -> str:
        return self.bill_to_entity

    def get_absolute_url(self) -> str:
        return reverse("consortium:payer", args=[self.organization_id])

    @property
    def budget_month(self) -> str:
        """Return the name of the month in which its budget year starts, if any."""
        return MONTHS[self.budget_year_starts_in] if self.budget_year_starts_in else ""


class PurchaseOrderQuerySet(PortalQuerySet):
    def with_left(self) -> Self:
        """Annotate ``used``, by what is issued and not credited, and ``left``."""
        return join_view(self, "of_order", _left())

    def valid(self, *, on: date) -> Self:
        """Keep those that have not ended before a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def with_standing(self, *, on: date) -> Self:
        """Annotate ``standing`` of a day, ``used`` and ``left``."""
        return join_view(self, "of_order", _standing(on))

    def ending(self, *, on: date) -> Self:
        """Keep those that end and are followed by no other order of the member."""
        others = self.model._default_manager.filter(
            Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on")),
            organization=OuterRef("organization"),
            replacement=None,
        )
        ending = self.filter(ends_on__gte=on, replacement=None)
        return ending.filter(~models.Exists(others.exclude(pk=OuterRef("pk"))))

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        return self.filter(Q(number__icontains=text) | Q(organization__in=members))


def _with_left() -> Any:
    orders: Any = PurchaseOrder.objects.all()
    return orders.annotate(used=_used()).annotate(left=F("amount") - F("used"))


@cache
def _left() -> View:
    """Return what is used and left of each order."""
    return View(_with_left())


@lru_cache(maxsize=8)
def _standing(on: date) -> View:
    """Return what each order can be used for on a day, and what is left of it."""
    soon = Q(ends_on__lte=on + ORDER_WARNED)
    standing = Case(
        When(replacement__isnull=False, then=Value(OrderStanding.REPLACED)),
        When(ends_on__lt=on, then=Value(OrderStanding.ENDED)),
        When(left__lte=0, then=Value(OrderStanding.EXHAUSTED)),
        When(soon, then=Value(OrderStanding.ENDING)),
        default=Value(OrderStanding.IN_FORCE),
        output_field=CharField(),
    )
    return View(_with_left().annotate(standing=standing))


def _used() -> Any:
    """Return what issued invoices ask for against an order, less what was credited."""
    # Invoices stand on orders, so their modules are not imported here.
    issued = Q(invoice__order=OuterRef("pk"), invoice__state=InvoiceState.ISSUED)
    lines = apps.get_model("consortium", "InvoiceLine").objects.filter(issued)
    credits = apps.get_model("consortium", "CreditNoteLine").objects.filter(
        credit_note__state=CreditNoteState.ISSUED,
        line__invoice__order=OuterRef("pk"),
        line__invoice__state=InvoiceState.ISSUED,
    )
    asked = lines.order_by().values("invoice__order").values(sum=Sum("amount"))
    credited = credits.order_by().values("line__invoice__order")
    nothing = Value(Decimal(), output_field=MoneyField())
    return Coalesce(Subquery(asked), nothing) - Coalesce(
        Subquery(credited.values(sum=Sum("amount"))), nothing
    )


#: Which order it is stays; its amount, last day and paper are put right.
ORDER = ["organization", "number", "currency", "replaces"]
ORDER += ["recorded_by", "recorded_at"]

REPLACES_ITS_MEMBERS = """
IF NOT EXISTS (
    SELECT FROM consortium_purchaseorder o
    WHERE o.id = NEW.replaces_id AND o.organization_id = NEW.organization_id
        AND o.currency = NEW.currency AND o.id <> NEW.id
) THEN
    RAISE EXCEPTION 'an order takes the place of another of its member'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class PurchaseOrder(VersionedModel):
    """A member's approval to pay invoices that quote its number, up to an amount."""

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="purchase_orders",
    )
    number = models.CharField(_("number"), max_length=100)
    amount = MoneyField(_("amount"))
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty, if it has none.")
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("in place of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement",
    )
    document = models.OneToOneField(
        Document,
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = PurchaseOrderQuerySet.as_manager()

    used: Decimal  # annotated by with_left()
    left: Decimal  # annotated by with_left()
    standing: str  # annotated by with_standing()

    class Meta:
        verbose_name = _("purchase order")
        ordering = ["ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organization", Lower("number"), name="order_number_is_unique"
            ),
            models.CheckConstraint(
                name="order_is_of_an_amount", condition=Q(amount__gt=0) & ~Q(number="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="stays_the_order_that_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*ORDER),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="replaces_its_members",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__replaces__isnull=False),
                func=REPLACES_ITS_MEMBERS,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return page_of("consortium:purchase_order", self.pk)

    @property
    def status(self) -> OrderStanding:
        """What it can be used for, where it was read ``with_standing()``."""
        return OrderStanding(self.standing)
