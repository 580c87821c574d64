"""Money that arrived, whose it is, and what of it went back."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.contrib.postgres.aggregates import StringAgg
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import join_view
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import of_number

from ..states import ActState, ReceiptStanding
from . import receivables
from .account_numbers import ACCOUNT_NUMBER
from .evidence import CURRENCY_CODE
from .ledger import LedgerEntry, PostedQuerySet, Restated, at_commit
from .organizations import Organization
from .two_people import TwoPeople, two_people_triggers


class ReceiptMethod(models.TextChoices):
    ACH = "ach", _("ACH")
    WIRE = "wire", _("Wire")
    CHEQUE = "cheque", _("Check")
    CARD = "card", _("Card")
    JOURNAL = "journal", _("Journal")


RECEIPT_FACTS = [
    *["received_on", "amount", "currency", "foreign_amount", "foreign_currency"],
    *["method", "payer_name", "organization", "bank_account", "bank_reference"],
    *["external_id", "note", "replaces"],
]

REPLACES_REVERSED = """
IF NOT EXISTS (
    SELECT FROM consortium_receipt r
    JOIN consortium_ledgerentry e ON e.reverses_id = r.entry_id
    WHERE r.id = NEW.replaces_id
) THEN
    RAISE EXCEPTION 'only a receipt that was reversed is recorded anew'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""

NOT_REVERSED = """NOT EXISTS (
    SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = {of}.entry_id)"""

#: Whoever shares one receipt at once waits for the other.
SHARED_ONCE = f"""
PERFORM FROM consortium_receipt WHERE id = NEW.receipt_id FOR UPDATE;
IF (
    SELECT sum(s.amount) FROM consortium_receiptshare s
    WHERE s.receipt_id = NEW.receipt_id AND {NOT_REVERSED.format(of="s")}
) > coalesce((
    SELECT c.amount FROM consortium_receipt c
    WHERE c.id = NEW.receipt_id AND c.entry_id IS NOT NULL
        AND {NOT_REVERSED.format(of="c")}
), 0) THEN
    RAISE EXCEPTION 'no more is shared than arrived'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""  # noqa: S608 - words of our own


class ReceiptQuerySet(PostedQuerySet):
    def kept(self) -> Self:
        """Keep what stands in the books, or waits for a second person."""
        waits = Q(state=ActState.PROPOSED)
        return self.filter(waits | Q(pk__in=Receipt.objects.live()))

    def with_left(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """Annotate ``shared``, ``unapplied``, ``unidentified``: what is nobody's."""
        view = receivables.receipts(on, restated)
        return join_view(self, "shares_of_receipt", view)

    def unidentified(
        self, on: date | None = None, *, restated: Restated = False
    ) -> Self:
        """Keep those of which something is nobody's, ``with_left()``."""
        shared = ReceiptShare.objects.live(on, restated=restated)
        some = self.exclude(pk__in=receivables.made_up(shared, "receipt"))
        return some.with_left(on, restated=restated).filter(unidentified__gt=0)

    def with_members(self) -> Self:
        """Annotate ``members``: the names of those whose money it is."""
        live: Any = ReceiptShare.objects.live().filter(receipt=OuterRef("pk"))
        name = "organization__name"
        names = StringAgg(name, ", ", distinct=True, order_by=name)
        told = Subquery(live.order_by().values("receipt").values(_names=names))
        return self.annotate(
            members=Coalesce(told, Value(""), output_field=TextField())
        )

    def with_refunds(self) -> Self:
        """Annotate ``has_refunds``: whether some of it was, or may be, paid back."""
        refunds = Refund.objects.filter(share__receipt=OuterRef("pk"))
        return self.annotate(has_refunds=Exists(refunds))

    def of_member(self, organization: int) -> Self:
        """Keep those that are a member's, in whole or in part."""
        shares = ReceiptShare.objects.live().filter(organization=organization)
        own = Q(organization=organization) | Q(pk__in=shares.values("receipt"))
        return self.filter(own)

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        shares = ReceiptShare.objects.live().filter(organization__in=members)
        told = Q(payer_name__icontains=text) | Q(bank_reference__icontains=text)
        found = told | of_number(text, "RC-") | Q(organization__in=members)
        return self.filter(found | Q(pk__in=shares.values("receipt")))


class Receipt(TwoPeople):
    """
    Money that arrived at the bank, whoever it is from.

    It takes two people where it may be there already. The payer's name is that of
    the bank line, and no number of an account is kept.
    """

    received_on = models.DateField(_("received"), help_text=_("Its value date."))
    amount = MoneyField(_("amount"))
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    foreign_amount = MoneyField(
        _("as it was sent"),
        null=True,
        blank=True,
        help_text=_("If that was in another currency."),
    )
    foreign_currency = models.CharField(
        _("currency in which it was sent"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(CURRENCY_CODE, _("Three letters, as in EUR."))],
    )
    method = models.CharField(_("method"), max_length=8, choices=ReceiptMethod)
    payer_name = models.CharField(_("payer on the bank line"), max_length=200)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        help_text=_("Empty while nobody knows whose it is."),
    )
    bank_account = models.CharField(
        _("bank account"),
        max_length=30,
        blank=True,
        help_text=_("What it is called here, as in Lockbox; never its number."),
    )
    bank_reference = models.CharField(_("bank reference"), max_length=100, blank=True)
    external_id = models.CharField(_("number elsewhere"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("recorded anew for"),
        on_delete=models.PROTECT,
        null=True,
        related_name="replacement",
    )
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="receipt"
    )

    objects = ReceiptQuerySet.as_manager()

    shared: Decimal  # annotated by with_left()
    standing: Decimal  # annotated by with_left()
    unapplied: Decimal  # annotated by with_left()
    unidentified: Decimal  # annotated by with_left()
    members: str  # annotated by with_members()
    has_refunds: bool  # annotated by with_refunds()
    may_share: bool  # annotated by with_permissions()

    class Meta(TwoPeople.Meta):
        abstract = False
        verbose_name = _("receipt")
        permissions = [
            ("approve_receipt", "Can record a receipt that may be there already")
        ]
        ordering = ["-received_on", "-pk"]
        constraints = [
            *TwoPeople.Meta.constraints,
            models.CheckConstraint(
                name="receipt_has_an_amount", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="receipt_is_posted_iff_recorded",
                condition=iff(Q(state=ActState.RECORDED), Q(entry__isnull=False)),
            ),
            models.CheckConstraint(
                name="receipt_names_no_account_number",
                condition=~Q(bank_account__regex=ACCOUNT_NUMBER),
            ),
            models.CheckConstraint(
                name="receipt_is_foreign_iff_in_another_currency",
                condition=Q(foreign_amount=None, foreign_currency="")
                | Q(foreign_amount__isnull=False, foreign_amount__gt=0)
                & Q(foreign_currency__regex=CURRENCY_CODE)
                & ~Q(foreign_currency=F("currency")),
            ),
            models.UniqueConstraint(
                fields=["bank_account", "bank_reference", "received_on", "amount"],
                condition=~Q(bank_reference="")
                & ~Q(state=ActState.REFUSED)
                & Q(replaces=None),
                name="receipt_of_a_bank_line_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["amount", "received_on"], name="receipt_by_amount"),
            models.Index(fields=["-received_on", "-id"], name="receipt_by_date"),
            models.Index(fields=["bank_reference"], name="receipt_by_reference"),
        ]
        triggers = [
            *two_people_triggers(*RECEIPT_FACTS),
            pgtrigger.Trigger(
                name="replaces_reversed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__replaces__isnull=False),
                func=REPLACES_REVERSED,
            ),
        ]

    def __str__(self) -> str:
        return f"RC-{self.pk:05}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:receipt", self.pk)

    @property
    def standing_now(self) -> ReceiptStanding:
        """What became of it, where it was read ``with_left()``."""
        if self.state == ActState.RECORDED and not self.standing:
            return ReceiptStanding.REVERSED
        return ReceiptStanding(self.state)


class ReceiptShareQuerySet(PostedQuerySet):
    def with_unapplied(
        self, on: date | None = None, *, restated: Restated = False
    ) -> Self:
        """Annotate ``allocated``, ``refunded``, and ``unapplied``: what is left."""
        return join_view(self, "use_of_share", receivables.shares(on, restated))

    def unused(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """Keep those of which something is left, with what ``with_unapplied`` tells."""
        # What is used stands on shares, so its module is not imported here.
        used = apps.get_model("consortium", "Allocation").objects
        live = used.live(on, restated=restated)
        some = self.exclude(pk__in=receivables.made_up(live, "share"))
        return some.with_unapplied(on, restated=restated).filter(unapplied__gt=0)


class ReceiptShare(AppendOnlyModel):
    """What of a receipt is a member's: all of it, or its part of a wire for two."""

    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="shares"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="receipt_shares",
    )
    amount = MoneyField(_("amount"))
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, related_name="share"
    )

    objects = ReceiptShareQuerySet.as_manager()

    allocated: Decimal  # annotated by with_unapplied()
    refunded: Decimal  # annotated by with_unapplied()
    unapplied: Decimal  # annotated by with_unapplied()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("share of a receipt")
        ordering = ["receipt", "pk"]
        constraints = [
            models.CheckConstraint(
                name="share_has_an_amount", condition=Q(amount__gt=0)
            )
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            at_commit("shared_once", SHARED_ONCE),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}: {self.organization}"


class Refund(TwoPeople):
    """Money paid back out of a member's share of a receipt, always by two people."""

    share = models.ForeignKey(
        ReceiptShare, on_delete=models.PROTECT, related_name="refunds"
    )
    amount = MoneyField(_("amount"))
    paid_on = models.DateField(_("paid"), null=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="refund"
    )

    objects = PostedQuerySet.as_manager()

    class Meta(TwoPeople.Meta):
        abstract = False
        verbose_name = _("refund")
        permissions = [("approve_refund", "Can record a refund of somebody else")]
        ordering = ["-pk"]
        constraints = [
            *TwoPeople.Meta.constraints,
            models.CheckConstraint(
                name="refund_has_an_amount", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="refund_takes_two", condition=Q(takes_two=True)
            ),
            models.CheckConstraint(
                name="refund_is_posted_iff_recorded",
                condition=iff(Q(state=ActState.RECORDED), Q(entry__isnull=False))
                & iff(Q(state=ActState.RECORDED), Q(paid_on__isnull=False)),
            ),
        ]
        triggers: list[Any] = [
            *two_people_triggers("share", "amount"),
            receivables.used_once("share_id", on=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"RF-{self.pk:05}"
