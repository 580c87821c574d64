"""Files of the bank: how those of an account are read, and what came of each."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from .account_numbers import ACCOUNT_NUMBER
from .receipts import Receipt, ReceiptMethod


class BankFormat(models.TextChoices):
    CSV = "csv", _("CSV")
    CAMT053 = "camt053", _("camt.053 (ISO 20022)")
    BAI2 = "bai2", _("BAI2")


class Delimiter(models.TextChoices):
    COMMA = ",", _("Comma")
    SEMICOLON = ";", _("Semicolon")
    TAB = "\t", _("Tab")
    BAR = "|", _("Bar")


class DayFormat(models.TextChoices):
    """How a file writes a day; the value is what reads it."""

    ISO = "%Y-%m-%d", "2026-11-22"
    AMERICAN = "%m/%d/%Y", "11/22/2026"
    SHORT = "%m/%d/%y", "11/22/26"
    BRITISH = "%d/%m/%Y", "22/11/2026"
    GERMAN = "%d.%m.%Y", "22.11.2026"
    PLAIN = "%Y%m%d", "20261122"


class DecimalMark(models.TextChoices):
    POINT = ".", _("Point, as in 1,234.56")
    COMMA = ",", _("Comma, as in 1.234,56")


def column(label: str, help_text: str = "") -> Any:
    """Return the field that holds the heading of a column of CSV files."""
    return models.CharField(label, max_length=100, blank=True, help_text=help_text)


#: A CSV file says on which day, from whom, and how much: in one column or in two.
IS_MAPPED = (
    ~Q(day_column="")
    & ~Q(payer_column="")
    & (
        ~Q(amount_column="") & Q(credit_column="", debit_column="")
        | Q(amount_column="") & ~Q(credit_column="")
    )
)


class BankAccount(VersionedModel):
    """
    An account whose files are taken in, by what it is called, never its number.

    For CSV it says which column holds what, by the headings of the file.
    """

    name = models.CharField(
        _("name"),
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                ACCOUNT_NUMBER,
                _("Say what the account is called, not its number."),
                inverse_match=True,
            )
        ],
        help_text=_("What it is called here, as in Lockbox; never its number."),
    )
    format = models.CharField(
        _("format"), max_length=8, choices=BankFormat, default=BankFormat.CSV
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    method = models.CharField(
        _("method"),
        max_length=8,
        choices=ReceiptMethod,
        default=ReceiptMethod.WIRE,
        help_text=_("How most of the money arrives."),
    )
    delimiter = models.CharField(
        _("columns are parted by"),
        max_length=1,
        choices=Delimiter,
        default=Delimiter.COMMA,
    )
    day_format = models.CharField(
        _("days are written"), max_length=8, choices=DayFormat, default=DayFormat.ISO
    )
    decimal_mark = models.CharField(
        _("decimal mark"),
        max_length=1,
        choices=DecimalMark,
        default=DecimalMark.POINT,
    )
    day_column = column(_("day"))
    amount_column = column(
        _("amount"), _("What arrived is above zero, what was paid out below.")
    )
    credit_column = column(
        _("credit"), _("Where what arrives has a column of its own.")
    )
    debit_column = column(_("debit"))
    payer_column = column(_("payer"))
    reference_column = column(
        _("reference of the bank"),
        _("Only what is of one line alone; else it stays empty."),
    )
    note_column = column(_("what it is for"))
    currency_column = column(_("currency"))

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank account")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="bank_account_is_not_named_by_its_number",
                condition=~Q(name__regex=ACCOUNT_NUMBER),
            ),
            models.CheckConstraint(
                name="bank_account_of_csv_says_its_columns",
                condition=~Q(format=BankFormat.CSV) | IS_MAPPED,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:bank_account", self.pk)


class BankFile(AppendOnlyModel):
    """
    What a file of the bank says, as it was read and shown.

    The lines are kept as they were read, without numbers of accounts; of the file
    itself, which has them, only the digest.
    """

    account = models.ForeignKey(
        BankAccount,
        verbose_name=_("bank account"),
        on_delete=models.PROTECT,
        related_name="files",
    )
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    lines: Any = models.JSONField(_("lines"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = PortalQuerySet.as_manager()

    may_take_in: bool  # annotated by with_permissions()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("bank file")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["account", "sha256"], name="bank_file_by_digest")
        ]

    def __str__(self) -> str:
        return f"BF-{self.pk:05}"

    def get_absolute_url(self) -> str:
        return page_of("consortium:bank_file", self.pk)


class BankImport(AppendOnlyModel):
    """That a file was taken in: all of it, once, and what it brought."""

    file = models.OneToOneField(
        BankFile, on_delete=models.PROTECT, related_name="taken_in"
    )
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, related_name="imports"
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    line_count = models.PositiveIntegerField(_("lines"))
    receipt_count = models.PositiveIntegerField(_("receipts"))
    known_count = models.PositiveIntegerField(_("known before"))
    debit_count = models.PositiveIntegerField(_("paid out"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    imported_at = models.DateTimeField(_("imported"))

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("import from the bank")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256"], name="bank_file_is_taken_in_once"
            ),
            models.CheckConstraint(
                name="bank_import_counts_each_line",
                condition=Q(
                    line_count=models.F("receipt_count")
                    + models.F("known_count")
                    + models.F("debit_count")
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)

    def get_absolute_url(self) -> str:
        return page_of("consortium:bank_file", self.file_id)


class BankLine(AppendOnlyModel):
    """A line of a bank account that became a receipt, and so is taken in once."""

    source = models.ForeignKey(
        BankImport, on_delete=models.PROTECT, related_name="lines"
    )
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, related_name="lines"
    )
    key = models.CharField(_("what tells it from others"), max_length=110)
    number = models.PositiveIntegerField(_("row"))
    receipt = models.OneToOneField(
        Receipt, on_delete=models.PROTECT, related_name="bank_line"
    )

    objects = PortalQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("bank line")
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"], name="bank_line_is_taken_in_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.number}"
