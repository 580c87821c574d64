"""What is issued under a number: one after the other, each with its PDF."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models import Func, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES

from .ledger import LedgerEntry

#: The month in which MIT's fiscal year begins; it is named for the one of its end.
FISCAL_YEAR_STARTS_IN = 7


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year of a day: July 1, 2026 is the first of 2027."""
    return day.year + (day.month >= FISCAL_YEAR_STARTS_IN)


class FiscalYear(Func):
    """The same in SQL."""

    template = (
        "EXTRACT(YEAR FROM %(expressions)s"
        f" + INTERVAL '{13 - FISCAL_YEAR_STARTS_IN} months')::integer"
    )
    output_field = models.IntegerField()


class Series(models.TextChoices):
    """What is numbered by itself, and how its numbers begin."""

    INVOICES = "INM", _("Invoices")
    CREDIT_NOTES = "INM-CN", _("Credit notes")


NEXT = """
INSERT INTO consortium_numbercounter (series, fiscal_year, last)
VALUES (%s, %s, 1)
ON CONFLICT (series, fiscal_year)
DO UPDATE SET last = consortium_numbercounter.last + 1
RETURNING last
"""


class NumberCounter(models.Model):
    """The last number taken in a fiscal year; held until who takes one commits."""

    series = models.CharField(_("series"), max_length=6, choices=Series)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("counter of numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "fiscal_year"], name="counter_is_unique"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="counts_by_one",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.series, NEW.fiscal_year, NEW.last) IS DISTINCT FROM "
                    "(OLD.series, OLD.fiscal_year, OLD.last + 1))"
                ),
            ),
            pgtrigger.Protect(
                name="counts_from_one",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__last__gt=1) | pgtrigger.Q(new__last__lt=1),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.fiscal_year}"


def take_number(series: Series, *, on: date) -> tuple[int, int]:
    """Return the fiscal year of a day and its next number; others wait for theirs."""
    fiscal_year = fiscal_year_of(on)
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series.value, fiscal_year])
        return fiscal_year, cursor.fetchone()[0]


class IssuedNumber(Func):
    """A number as people write it, as in INM-2027-0001."""

    template = (
        "'%(series)s-' || fiscal_year::text || '-' || "
        "lpad(serial::text, greatest(4, length(serial::text)), '0')"
    )
    output_field = models.CharField(max_length=24)


def number_in(series: Series) -> models.GeneratedField:
    """Return the column of the number of what is issued in a series."""
    return models.GeneratedField(
        verbose_name=_("number"),
        expression=IssuedNumber(series=series.value),
        output_field=models.CharField(max_length=24, null=True),
        db_persist=True,
        unique=True,
    )


#: What a row is given when it is issued; it never changes again.
GIVEN = [
    *["fiscal_year", "serial", "check_code", "entry"],
    *["issued_on", "issued_at", "issued_by"],
]


class IssuedModel(models.Model):
    """A paper that counts once it is issued: with its number, day and check code."""

    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"), null=True, editable=False
    )
    serial = models.PositiveIntegerField(_("serial number"), null=True, editable=False)
    check_code = models.CharField(
        _("check code"), max_length=12, blank=True, editable=False
    )
    drafted_at = models.DateTimeField(_("drafted"), editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drafted by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    issued_on = models.DateField(_("issued"), null=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    entry = models.OneToOneField(
        LedgerEntry,
        verbose_name=_("ledger entry"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="%(class)s",
    )

    class Meta:
        abstract = True


#: It has all that is given at its issue, or nothing of it.
IS_NUMBERED = Q(
    ~Q(check_code=""),
    fiscal_year__isnull=False,
    serial__isnull=False,
    issued_on__isnull=False,
    issued_at__isnull=False,
    entry__isnull=False,
)
NOT_NUMBERED = Q(
    *[Q(fiscal_year=None), Q(serial=None), Q(check_code=""), Q(entry=None)],
    *[Q(issued_on=None), Q(issued_at=None), Q(issued_by=None)],
)


def numbered_once(what: str) -> list[models.UniqueConstraint]:
    """Return the constraints by which a number and a check code are given once."""
    return [
        models.UniqueConstraint(
            fields=["fiscal_year", "serial"], name=f"{what}_serial_is_unique"
        ),
        models.UniqueConstraint(
            fields=["check_code"],
            condition=~Q(check_code=""),
            name=f"{what}_check_code_is_unique",
        ),
    ]


def issued_whole(
    table: str, lines: str, pdfs: str, key: str, kind: str
) -> pgtrigger.Trigger:
    """Return the trigger that lets nothing be issued without posting, PDF or number."""
    func = f"""
    IF NEW.state = 'issued' AND NOT (
        EXISTS (SELECT FROM {pdfs} p WHERE p.{key} = NEW.id)
        AND EXISTS (
            SELECT FROM consortium_ledgerentry e
            WHERE e.id = NEW.entry_id AND e.kind = '{kind}'
                AND (e.amount, e.currency, e.value_on) = (
                    (SELECT sum(l.amount) FROM {lines} l WHERE l.{key} = NEW.id),
                    NEW.currency, NEW.issued_on
                )
        )
        AND (NEW.serial = 1 OR EXISTS (
            SELECT FROM {table} o
            WHERE o.fiscal_year = NEW.fiscal_year AND o.serial = NEW.serial - 1
        ))
    ) THEN
        RAISE EXCEPTION 'what is issued is posted, has a PDF and the next number'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'voided' AND NEW.entry_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = NEW.entry_id
    ) THEN
        RAISE EXCEPTION 'what is voided is reversed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
    """  # noqa: S608 - names of our own
    return pgtrigger.Trigger(
        name="issued_whole",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=func,
    )


class DigestOf(Func):
    """The SHA-256 of bytes, in hexadecimal digits."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = models.CharField(max_length=64)


class IssuedPdf(AppendOnlyModel):
    """The PDF of what was issued: its bytes, and their digest, which both stay."""

    content: Any = models.BinaryField(_("PDF"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta(AppendOnlyModel.Meta):
        abstract = True


def fits_its_digest(name: str) -> models.CheckConstraint:
    """Return the constraint by which a PDF has the digest that stands beside it."""
    return models.CheckConstraint(name=name, condition=Q(sha256=DigestOf("content")))
