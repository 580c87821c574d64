"""How companies belong together: parents, mergers, spin-offs, each from a day."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .commitment_years import CommitmentYear
from .organizations import Organization


class LinkKind(models.TextChoices):
    PARENT = "parent", _("Belongs to")
    MERGED = "merged", _("Merged into")
    SPUN_OFF = "spun_off", _("Spun off from")


class OrganizationLinkQuerySet(PortalQuerySet):
    def present(self) -> Self:
        return self.filter(until_on=None)

    def mergers(self) -> Self:
        return self.filter(kind=LinkKind.MERGED)

    def of(self, organization: Organization) -> Self:
        """Keep those that a company has to others, or others to it."""
        about = Q(organization=organization) | Q(other=organization)
        return self.filter(about).select_related("organization", "other")

    def with_reduction(self, user: Any = None) -> Self:
        """
        Annotate ``reduce_on``: when a merger leaves one council seat.

        That is the first day of the survivor's next agreement year, told to a
        ``user`` who may see that year.
        """
        years = CommitmentYear.objects.all()
        if user is not None:
            years = years.permitted(user, "view")
        years = years.filter(
            agreement__organization=OuterRef("other"),
            starts_on__gt=OuterRef("from_on"),
        ).asking()
        first = Subquery(years.order_by("starts_on").values("starts_on")[:1])
        return self.annotate(reduce_on=Case(When(kind=LinkKind.MERGED, then=first)))


class OrganizationLink(models.Model):
    """
    What one company is to another since a day.

    A link moves nothing and opens nothing: people, agreements and history stay
    with the company that they are of. What a company merged into may see of it,
    it sees once the lawyers confirmed.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="links"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=LinkKind)
    other = models.ForeignKey(
        Organization,
        verbose_name=_("company"),
        on_delete=models.PROTECT,
        related_name="links_from_others",
    )
    from_on = models.DateField(_("since"))
    until_on = models.DateField(_("until"), null=True, editable=False)
    history_open_on = models.DateField(
        _("history open since"), null=True, editable=False
    )

    objects = OrganizationLinkQuerySet.as_manager()

    reduce_on: date | None  # annotated by with_reduction()

    class Meta:
        verbose_name = _("link between companies")
        constraints = [
            models.CheckConstraint(
                name="link_is_between_two", condition=~Q(organization=F("other"))
            ),
            models.CheckConstraint(
                name="link_lasts",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="link_opens_the_history_of_a_merger",
                condition=Q(history_open_on=None) | Q(kind=LinkKind.MERGED),
            ),
            models.UniqueConstraint(
                fields=["organization", "kind"],
                condition=Q(until_on=None) & ~Q(kind=LinkKind.SPUN_OFF),
                name="link_of_a_kind_is_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["other", "kind"], name="link_of_other")]
        triggers = [
            pgtrigger.Protect(
                name="link_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *["organization", "kind", "other", "from_on"]
                ),
            ),
            pgtrigger.Protect(
                name="what_was_said_of_it_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__until_on__isnull=False)
                | pgtrigger.Q(old__history_open_on__isnull=False),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.kind_label.lower()} {self.other}"

    def get_absolute_url(self) -> str:
        return f"{self.organization.get_absolute_url()}#group"

    @property
    def kind_label(self) -> str:
        return str(LinkKind(self.kind).label)
