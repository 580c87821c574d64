"""Companies and their sites, as they are today and as they were called before."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext as _
from django_countries.fields import CountryField

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from ..states import MembershipStatus
from .membership import membership, open_years, signed_agreements
from .ranges import DateRange


class Sector(models.TextChoices):
    AEROSPACE = "aerospace", _("Aerospace and defense")
    AUTOMOTIVE = "automotive", _("Automotive and transportation")
    BIOMANUFACTURING = "biomanufacturing", _("Biomanufacturing")
    CONSUMER = "consumer", _("Consumer products")
    ELECTRONICS = "electronics", _("Electronics manufacturing")
    ENERGY = "energy", _("Energy")
    INDUSTRIAL = "industrial", _("Industrial automation")
    MEDICAL = "medical", _("Medical devices and health care")
    SEMICONDUCTORS = "semiconductors", _("Semiconductors")
    SOFTWARE = "software", _("Software and computing")
    OTHER = "other", _("Other")


class OrganizationQuerySet(PortalQuerySet):
    def with_membership(self, *, on: date) -> Self:
        """Annotate ``status`` and ``member_since``, from the signed agreements."""
        return self.annotate(**membership(on))

    def with_commitment(self, user: Any, *, on: date) -> Self:
        """
        Annotate ``required`` of the year open on a day, and ``term_ends_on``.

        Both stay empty where ``user`` may not see the agreement.
        """
        years = open_years(on).permitted(user, "view")
        terms = signed_agreements().permitted(user, "view").order_by("-ends_on")
        return self.annotate(
            required=Subquery(years.with_terms().values("required_now")[:1]),
            term_ends_on=Subquery(terms.values("ends_on")[:1]),
        )

    def with_year_number(self, user: Any, *, on: date) -> Self:
        """Annotate ``year_number``, of the year that ``required`` is for."""
        years = open_years(on).permitted(user, "view")
        return self.annotate(year_number=Subquery(years.values("number")[:1]))

    def matching(self, text: str) -> Self:
        """Keep those whose present or former name holds ``text``."""
        named = Q(name__icontains=text) | Q(legal_name__icontains=text)
        former = FormerName.objects.filter(named).values("organization")
        return self.filter(named | Q(pk__in=former))


class Organization(VersionedModel):
    """
    A company of the consortium, or one that may join.

    Its people see it, and those whose role at INM lets them see all members.
    Being a member is derived from signed agreements.
    """

    #: What goes along when accounts are merged.
    moves_with_person = ("owner",)

    name = models.CharField(
        _("name"), max_length=200, help_text=_("As people say it, without Inc. or AG.")
    )
    legal_name = models.CharField(_("legal name"), max_length=200)
    named_since_on = models.DateField(
        _("so named since"), help_text=_("Earlier names keep their own dates.")
    )
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    website = models.URLField(_("website"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("relationship owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who at INM looks after this company."),
    )
    is_founding = models.BooleanField(
        _("founding member"),
        default=False,
        help_text=_("Part of the first group announced; stays for good."),
    )

    objects = OrganizationQuerySet.as_manager()

    status: str  # annotated by with_membership()
    member_since: date | None  # annotated by with_membership()

    class Meta:
        verbose_name = _("organization")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organization_name_is_unique"),
        ]
        indexes = [
            models.Index(Lower("name"), "id", name="organization_by_name"),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                OpClass(Upper("legal_name"), name="gin_trgm_ops"),
                name="organization_by_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:member", self.pk)

    @property
    def sector_label(self) -> str:
        return str(Sector(self.sector).label)

    @property
    def status_label(self) -> str:
        """Return what the company is today, as in "Founding member"."""
        if self.is_founding and self.status == MembershipStatus.ACTIVE:
            return _("Founding member")
        return str(MembershipStatus(self.status).label)

    @property
    def status_tone(self) -> str:
        return MembershipStatus(self.status).tone

    def legal_name_on(self, day: date, former: "Iterable[FormerName]") -> str:
        """Return the legal name that documents of ``day`` bear."""
        for past in former:
            if past.from_on <= day < past.until_on:
                return past.legal_name
        return self.legal_name


class FormerName(AppendOnlyModel):
    """A name that an organization had, from a day until the day of the next."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="former_names"
    )
    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=200)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), help_text=_("First day of the next name."))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("former name")
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                name="former_name_lasted", condition=Q(from_on__lt=F("until_on"))
            ),
            ExclusionConstraint(
                name="former_names_do_not_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    (DateRange("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    HEADQUARTERS = "headquarters", _("Headquarters")
    PLANT = "plant", _("Plant")
    RESEARCH = "research", _("Research and development")
    OFFICE = "office", _("Office")


class Site(models.Model):
    """A place of an organization; plants are where visits go."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="sites"
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=SiteKind)
    city = models.CharField(_("city"), max_length=100)
    region = models.CharField(_("state or region"), max_length=100, blank=True)
    country = CountryField(_("country"), default="US")

    class Meta:
        verbose_name = _("site")
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind=SiteKind.HEADQUARTERS),
                name="site_one_headquarters",
            ),
            models.UniqueConstraint(
                "organization", Lower("name"), name="site_name_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name
