"""What is not as the template and the program ask for, of all members in one list."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Concat, Left, Length, Right
from django.utils.translation import gettext as _
from django_countries import countries

from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from .agreements import Agreement
from .amendments import Amendment
from .commitment_years import CommitmentYear
from .organizations import Organization


class ExceptionKind(models.TextChoices):
    WAIVER = "waiver", _("Floor waived")
    DEVIATION = "deviation", _("Deviation")
    FOREIGN_ENTITY = "foreign_entity", _("Foreign entity")
    LATE_SIGNATURE = "late_signature", _("Signed late")
    SCREENING_HOLD = "screening_hold", _("Held by the screening")
    SHORTFALL = "shortfall", _("Shortfall waived")


class CountryName(Func):
    """The name of the country whose code stands at the end of a text, as ``(DE)``."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = models.TextField()

    def __init__(self, text: str) -> None:
        names = {code: str(name) for code, name in countries}
        code = Left(Right(text, 3), 2)
        super().__init__(Value(names, models.JSONField()), code)


class AgreementExceptionQuerySet(PortalQuerySet):
    def in_words(self) -> Self:
        """Annotate ``words``: what it is, with the country of an entity by its name."""
        entity = Left(
            "what", Length("what") - len(" (DE)"), output_field=models.TextField()
        )
        of = Value(", of ", models.TextField())
        of_country = Concat(entity, of, CountryName("what"))
        told = When(Q(kind=ExceptionKind.FOREIGN_ENTITY), then=of_country)
        return self.annotate(words=Coalesce(Case(told), F("what")))


class AgreementException(models.Model):
    """
    One exception, read from the rows that make it one.

    A view of the database: nothing is kept here, and nothing is forgotten.
    """

    kind = models.CharField(_("kind"), max_length=14, choices=ExceptionKind)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement"),
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
    )
    amendment = models.ForeignKey(
        Amendment,
        verbose_name=_("amendment"),
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
    )
    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
    )
    noted_on = models.DateField(_("since"))
    what = models.TextField(_("what"))
    amount = MoneyField(_("amount"), null=True)
    currency = models.CharField(_("currency"), max_length=3, null=True)  # noqa: DJ001

    objects = AgreementExceptionQuerySet.as_manager()

    words: str  # annotated by in_words()

    class Meta:
        managed = False
        db_table = "consortium_exception"
        verbose_name = _("exception")

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        about = self.commitment_year or self.amendment or self.agreement
        return (about or self.organization).get_absolute_url()

    @property
    def kind_label(self) -> str:
        return str(ExceptionKind(self.kind).label)

    @property
    def paper(self) -> str:
        """Return the number of what it is about; empty for a whole company."""
        if self.agreement is None:
            return ""
        if self.commitment_year is not None:
            return _("%(agreement)s, year %(number)s") % {
                "agreement": self.agreement.number,
                "number": self.commitment_year.number,
            }
        if self.amendment is None:
            return self.agreement.number
        return f"{self.agreement.number}/{self.amendment.number}"
