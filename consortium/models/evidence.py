"""The documents that show what a member contributed."""

from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Value
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.computed import View, add_up, join_view
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import PENDING_CLAIMS
from .organizations import Organization
from .positions import sum_of


def folded(text: Any) -> Func:
    """Return the letters and digits of a text, in one way of writing: "inv1"."""
    alike = Func(text, template="normalize(%(expressions)s, NFKC)")
    parts = [Lower(alike), Value("[^[:alnum:]]"), Value(""), Value("g")]
    return Func(*parts, function="regexp_replace", output_field=models.TextField())


class EvidenceQuerySet(PortalQuerySet):
    def of_document(self, organization: Organization, payer: str, number: str) -> Self:
        """Keep the one document that a payer calls by a number."""
        shown = self.filter(organization=organization, invoice=None)
        found = shown.filter(payer_key=folded(Value(payer)))
        return found.numbered(number)

    def numbered(self, number: str) -> Self:
        """Keep those of a number, however it is written."""
        return self.filter(number_key=folded(Value(number)))

    def of_others(self, evidence: "Evidence") -> Self:
        """Keep what other members show by a document of that number: it may be it."""
        others = self.filter(number_key=evidence.number_key)
        others = others.exclude(organization=evidence.organization_id)
        is_worth = Q(amount=evidence.amount, currency=evidence.currency)
        return others.filter(Q(payer_key=evidence.payer_key) | is_worth)

    def like(self, evidence: "Evidence") -> Self:
        """Keep other documents of the same member that may be this one, misspelled."""
        others = self.filter(organization=evidence.organization_id)
        is_worth = Q(amount=evidence.amount, currency=evidence.currency)
        looks_alike = Q(is_worth, dated_on=evidence.dated_on)
        found = others.filter(Q(number_key=evidence.number_key) | looks_alike)
        return found.exclude(pk=evidence.pk)

    def with_used(self) -> Self:
        """Annotate ``used`` and ``left``: what its claims ask for, or were given."""
        return join_view(self, "uses", uses())


@lru_cache(maxsize=1)
def uses() -> View:
    """Return what is used of every document."""
    # Credits stand on evidence, so their modules are not imported here.
    credits = apps.get_model("consortium", "ContributionCredit").objects
    claims = credits.filter(evidence=OuterRef("pk"))
    posted = apps.get_model("consortium", "CreditEntry").objects
    entries = posted.filter(credit__evidence=OuterRef("pk"))
    rows: Any = add_up(
        *(Evidence.objects.all(), "claims", claims.filter(state__in=PENDING_CLAIMS)),
        asked=sum_of("amount"),
    )
    given = sum_of(F("amount") + F("recognized"))
    rows = add_up(rows, "entries", entries, given=given)
    rows = rows.annotate(used=F("asked") + F("given"))
    return View(rows.annotate(left=F("amount") - F("used")), "used", "left")


CURRENCY_CODE = "^[A-Z]{3}$"

#: What a document says is put right; which document it is stays.
DOCUMENT = [
    *["organization", "payer", "number", "currency", "invoice"],
    *["recorded_by", "recorded_at"],
]

COVERS_ITS_CLAIMS = """
IF NEW.amount < (
    SELECT coalesce(sum(c.amount), 0) FROM consortium_contributioncredit c
    WHERE c.evidence_id = NEW.id AND c.state NOT IN ('decided', 'withdrawn')
) + (
    SELECT coalesce(sum(n.amount + n.recognized), 0) FROM consortium_creditentry n
    JOIN consortium_contributioncredit c ON c.id = n.credit_id
    WHERE c.evidence_id = NEW.id
) THEN
    RAISE EXCEPTION 'the claims on one document exceed its amount'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Evidence(VersionedModel):
    """
    A document that shows a contribution: an invoice, an award, a letter, a receipt.

    One payer's document of one number is there once; what is claimed on it, over
    years and categories, never exceeds its amount. That is in the currency of the
    agreement; what a document in another one says stands beside it (case 36). An
    ``invoice`` of INM is a document too: what is paid of it counts by itself.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    payer = models.CharField(
        _("payer"),
        max_length=200,
        help_text=_("Who paid or gave, as the document names them."),
    )
    number = models.CharField(
        _("document number"),
        max_length=100,
        help_text=_("Of the invoice, award, letter or receipt."),
    )
    payer_key = models.GeneratedField(
        expression=folded("payer"), output_field=models.TextField(), db_persist=True
    )
    number_key = models.GeneratedField(
        expression=folded("number"), output_field=models.TextField(), db_persist=True
    )
    amount = MoneyField(_("amount of the document"))
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    foreign_amount = MoneyField(
        _("in its own currency"),
        null=True,
        blank=True,
        help_text=_("As the document says, if that is not the agreement's currency."),
    )
    foreign_currency = models.CharField(
        _("its currency"),
        max_length=3,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(CURRENCY_CODE, _("Three letters, as in EUR."))],
    )
    dated_on = models.DateField(_("dated"))
    invoice = models.OneToOneField(
        "consortium.Invoice",
        verbose_name=_("invoice of INM"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="evidence",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = EvidenceQuerySet.as_manager()

    used: Decimal  # annotated by with_used()
    left: Decimal  # annotated by with_used()

    class Meta:
        verbose_name = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "payer_key", "number_key"],
                condition=Q(invoice=None),
                name="evidence_is_there_once",
            ),
            models.CheckConstraint(
                name="evidence_has_an_amount", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="evidence_is_foreign_iff_in_another_currency",
                condition=Q(foreign_amount=None, foreign_currency="")
                | Q(foreign_amount__isnull=False, foreign_amount__gt=0)
                & Q(foreign_currency__regex=CURRENCY_CODE)
                & ~Q(foreign_currency=F("currency")),
            ),
        ]
        indexes = [
            models.Index(fields=["number_key"], name="evidence_by_number"),
            GinIndex(
                OpClass(Upper("number"), name="gin_trgm_ops"), name="evidence_by_words"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="document_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*DOCUMENT),
            ),
            pgtrigger.Trigger(
                name="covers_its_claims",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("amount"),
                func=COVERS_ITS_CLAIMS,
            ),
            pgtrigger.Protect(
                name="invoice_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__invoice__isnull=False),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.payer}, {self.number}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:evidence", self.pk)

    @property
    def rate(self) -> Decimal | None:
        """Return what one unit of its own currency was counted at, if it has one."""
        if self.foreign_amount is None:
            return None
        return (self.amount / self.foreign_amount).quantize(Decimal("0.000001"))
