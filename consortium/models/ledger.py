"""
The ledger of receivables: double entry, written once.

Each posted row of the receivables has its entry here, and is *reversed* when that
has a reversal: there is no flag, and nothing is taken away.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet, of_number

from .organizations import Organization
from .positions import end_of


class LedgerAccount(models.TextChoices):
    RECEIVABLE = "receivable", _("Receivable")
    DEFERRED_DUES = "deferred_dues", _("Deferred dues")
    CASH_CLEARING = "cash_clearing", _("Cash clearing")
    UNAPPLIED_CASH = "unapplied_cash", _("Unapplied member cash")
    DUES_INCOME = "dues_income", _("Dues income")
    BAD_DEBT = "bad_debt", _("Bad debt")
    BANK_CHARGES = "bank_charges", _("Bank charges")
    WITHHOLDING = "withholding_receivable", _("Withholding receivable")
    EXCHANGE_DIFFERENCE = "exchange_difference", _("Exchange difference")


#: Accounts of cash, which may be there before anybody knows whose it is.
OF_CASH = [LedgerAccount.CASH_CLEARING, LedgerAccount.UNAPPLIED_CASH]


class PostingKind(models.TextChoices):
    INVOICE_ISSUED = "invoice_issued", _("Invoice issued")
    CASH_RECORDED = "cash_recorded", _("Cash recorded")
    CASH_SHARED = "cash_shared", _("Cash of a member")
    CASH_ALLOCATED = "cash_allocated", _("Cash allocated")
    CREDIT_NOTE = "credit_note", _("Credit note")
    WRITE_OFF = "write_off", _("Written off")
    BANK_CHARGE = "bank_charge", _("Bank charge")
    TAX_WITHHELD = "tax_withheld", _("Tax withheld")
    EXCHANGE_DIFFERENCE = "exchange_difference", _("Exchange difference")
    REFUND = "refund", _("Refund")
    INCOME_RECOGNISED = "income_recognised", _("Income recognized")
    REVERSAL = "reversal", _("Reversal")


#: Whoever posts shares this turn; whoever closes or opens a month has it alone.
BOOKS = "consortium.books"

IN_OPEN_MONTH = f"""
PERFORM pg_advisory_xact_lock_shared(hashtextextended('{BOOKS}', 0));
IF EXISTS (
    SELECT FROM consortium_periodclose c
    WHERE NEW.posted_on < c.month + interval '1 month' AND NOT EXISTS (
        SELECT FROM consortium_periodreopening r
        WHERE r.close_id = c.id AND r.state = 'recorded'
    )
) THEN
    RAISE EXCEPTION 'nothing is posted in a month that is closed'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""  # noqa: S608 - a name of our own

#: What an entry moves is said by itself, so that no line joins it later.
BALANCES = """
IF EXISTS (
    SELECT FROM consortium_ledgerentry e WHERE e.id = NEW.{entry}
    AND (e.amount, e.amount) IS DISTINCT FROM (
        SELECT (sum(l.debit), sum(l.credit)) FROM consortium_ledgerline l
        WHERE l.entry_id = e.id
    )
) THEN
    RAISE EXCEPTION 'an entry balances, at the amount that it says'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""

MIRRORS = """
IF EXISTS (
    SELECT FROM consortium_ledgerentry e WHERE e.id = NEW.reverses_id AND (
        e.kind = 'reversal' OR NEW.value_on < e.value_on
        OR (e.amount, e.currency) <> (NEW.amount, NEW.currency)
    )
) OR EXISTS (
    (SELECT account, organization_id, credit, debit FROM consortium_ledgerline
     WHERE entry_id = NEW.reverses_id)
    EXCEPT ALL
    (SELECT account, organization_id, debit, credit FROM consortium_ledgerline
     WHERE entry_id = NEW.id)
) THEN
    RAISE EXCEPTION 'a reversal mirrors what it reverses, and is not reversed'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def at_commit(name: str, func: str, condition: Any = None) -> pgtrigger.Trigger:
    """Return what is checked of a row once all of its transaction is there."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        condition=condition,
        func=func,
    )


#: What is reversed takes along what was made of it: nothing live hangs on it.
LEAVES_NOTHING = """
IF EXISTS (
    SELECT FROM consortium_receipt c
    JOIN consortium_receiptshare s ON s.receipt_id = c.id
    WHERE c.entry_id = NEW.reverses_id AND NOT EXISTS (
        SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = s.entry_id)
    UNION ALL
    SELECT FROM consortium_receiptshare s
    JOIN (
        SELECT share_id, entry_id FROM consortium_allocation
        UNION ALL SELECT share_id, entry_id FROM consortium_refund
        WHERE entry_id IS NOT NULL
    ) u ON u.share_id = s.id
    WHERE s.entry_id = NEW.reverses_id AND NOT EXISTS (
        SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = u.entry_id)
) THEN
    RAISE EXCEPTION 'what was made of it is reversed with it'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


#: Whether a day is told by what is known of it now, or was on another day.
Restated = bool | date


def known_by(on: date, restated: Restated) -> date | None:
    """Return by the end of which day a day is told; none if by all that is known."""
    return restated if isinstance(restated, date) else None if restated else on


class LedgerEntryQuerySet(PortalQuerySet):
    def known(self, *, on: date) -> Self:
        """Keep what was recorded by the end of a day."""
        return self.filter(recorded_at__lt=end_of(on))

    def told(self, on: date | None, *, restated: Restated = False) -> Self:
        """
        Keep what is true of a day, as it was known then; everything for no day.

        ``restated`` keeps what is known of that day by now, or was by another.
        """
        if on is None:
            return self
        rows, known = self.filter(value_on__lte=on), known_by(on, restated)
        return rows.known(on=known) if known else rows

    def with_member(self) -> Self:
        """Annotate ``member`` and ``member_key``: whose it is; nobody's without."""
        lines = LedgerLine.objects.filter(entry=OuterRef("pk"))
        named = lines.exclude(organization=None).order_by("pk")
        name = Subquery(named.values("organization__name")[:1])
        return self.annotate(
            member=Coalesce(name, Value(""), output_field=TextField()),
            member_key=Subquery(named.values("organization")[:1]),
        )

    def touching(self, **line: Any) -> Self:
        """Keep those with a line of an account, or of a member."""
        lines = LedgerLine.objects.filter(entry=OuterRef("pk"), **line)
        return self.filter(Exists(lines))

    def matching(self, text: str) -> Self:
        members = Organization.objects.matching(text).values("pk")
        of_members = LedgerLine.objects.filter(organization__in=members)
        told = Q(reason__icontains=text) | of_number(text, "LE-")
        return self.filter(told | Q(pk__in=of_members.values("entry")))


class LedgerEntry(AppendOnlyModel):
    """
    What one act moves between accounts; its lines balance at commit.

    ``value_on`` is the day on which it happened, ``posted_on`` the one under which
    it stands in the books: later, where the month of the former was closed.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=PostingKind)
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    value_on = models.DateField(_("value date"))
    posted_on = models.DateField(_("posting date"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("reverses"),
        on_delete=models.PROTECT,
        null=True,
        related_name="reversal",
    )
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = LedgerEntryQuerySet.as_manager()

    effect: Decimal  # annotated by account_of()
    member: str  # annotated by with_member()
    member_key: int | None  # annotated by with_member()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["posted_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_moves_something", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="ledger_entry_is_a_reversal_iff_it_reverses",
                condition=iff(Q(kind=PostingKind.REVERSAL), Q(reverses__isnull=False)),
            ),
            models.CheckConstraint(
                name="ledger_reversal_says_why",
                condition=~Q(kind=PostingKind.REVERSAL) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="ledger_entry_is_not_posted_before_its_value_date",
                condition=Q(posted_on__gte=models.F("value_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["posted_on", "id"], name="ledger_by_posting_date")
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="posted_in_open_month",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=IN_OPEN_MONTH,
            ),
            at_commit("entry_balances", BALANCES.format(entry="id")),
            at_commit(
                "reversal_mirrors",
                MIRRORS,
                pgtrigger.Q(new__reverses__isnull=False),
            ),
            at_commit(
                "reversal_leaves_nothing",
                LEAVES_NOTHING,
                pgtrigger.Q(new__reverses__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:ledger_entry", self.pk)

    @property
    def number(self) -> str:
        return f"LE-{self.pk:05}"


class LedgerLine(AppendOnlyModel):
    """One side of an entry: so much, to or from an account of a member."""

    entry = models.ForeignKey(
        LedgerEntry,
        verbose_name=_("entry"),
        on_delete=models.PROTECT,
        related_name="lines",
    )
    account = models.CharField(_("account"), max_length=24, choices=LedgerAccount)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("company"),
        on_delete=models.PROTECT,
        null=True,
        related_name="ledger_lines",
    )
    debit = MoneyField(_("debit"), default=0)
    credit = MoneyField(_("credit"), default=0)

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("ledger line")
        ordering = ["entry", "pk"]
        constraints = [
            models.CheckConstraint(
                name="ledger_line_is_a_debit_or_a_credit",
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
            ),
            models.CheckConstraint(
                name="ledger_line_names_a_member_but_for_cash",
                condition=Q(organization__isnull=False) | Q(account__in=OF_CASH),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "account"],
                include=["entry", "debit", "credit"],
                name="ledger_lines_of_member",
            ),
            models.Index(fields=["account", "entry"], name="ledger_lines_of_account"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            at_commit("line_fits_its_entry", BALANCES.format(entry="entry_id")),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()}: {self.debit - self.credit}"


class PostedQuerySet(PortalQuerySet):
    """Rows that stand in the ledger by their ``entry``."""

    def live(self, on: date | None = None, *, restated: Restated = False) -> Self:
        """
        Keep what is posted and not reversed.

        Of a day, what was true then and known by its end; ``restated``, what is
        known of it by now.
        """
        entries = LedgerEntry.objects.told(on, restated=restated)
        reversal = Exists(entries.filter(reverses=OuterRef("entry")))
        if on is None:
            return self.filter(~reversal, entry__isnull=False)
        told = Exists(entries.filter(pk=OuterRef("entry")))
        return self.filter(told, ~reversal)

    def with_reversal(self) -> Self:
        """Annotate ``is_reversed``, and ``reversed_because``: why."""
        reversal = LedgerEntry.objects.filter(reverses=OuterRef("entry"))
        return self.annotate(
            is_reversed=Exists(reversal),
            reversed_because=Subquery(reversal.values("reason")),
        )
