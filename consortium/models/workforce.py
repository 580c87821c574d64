"""Workforce programs, who takes part with how many seats, and what they give."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import CURRENCIES, MoneyField
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from .credits import ContributionCredit
from .organizations import Organization

#: The seats of all who take part are never more than there are.
SEATS_SUFFICE = """
IF (
    SELECT coalesce(sum(p.seats), 0) FROM consortium_programpart p
    WHERE p.program_id = NEW.program_id AND p.left_on IS NULL
) > (
    SELECT coalesce(w.seats, 2147483647) FROM consortium_workforceprogram w
    WHERE w.id = NEW.program_id
) THEN
    RAISE EXCEPTION 'more seats than the program has'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""

HAS_SO_MANY = """
IF NEW.seats IS NOT NULL AND NEW.seats < (
    SELECT coalesce(sum(p.seats), 0) FROM consortium_programpart p
    WHERE p.program_id = NEW.id AND p.left_on IS NULL
) THEN
    RAISE EXCEPTION 'fewer seats than members have'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

#: A credit that a contribution names is of the same member.
CREDIT_OF_THE_SAME = """
IF NEW.credit_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM consortium_contributioncredit c
    JOIN consortium_programpart p ON p.organization_id = c.organization_id
    WHERE c.id = NEW.credit_id AND p.id = NEW.part_id
) THEN
    RAISE EXCEPTION 'the credit is of another member'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class ProgramKind(models.TextChoices):
    TECHAMP = "techamp", _("TechAMP")
    EDUCATION = "education", _("Professional education")
    OBSERVATORY = "observatory", _("Factory observatory")
    INTERNSHIPS = "internships", _("Internships")
    OTHER = "other", _("Other")


class WorkforceProgramQuerySet(PortalQuerySet):
    def with_seats(self) -> Self:
        """Annotate ``members`` that take part, ``taken`` seats, and those ``left``."""
        parts = ProgramPart.objects.filter(program=OuterRef("pk"), left_on=None)
        each = parts.order_by().values("program")
        taken = each.values(found=Sum("seats"))
        rows = self.annotate(
            members=Coalesce(Subquery(each.values(found=Count("pk"))), 0),
            taken=Coalesce(Subquery(taken), 0, output_field=models.IntegerField()),
        )
        return rows.annotate(left=F("seats") - F("taken"))

    def matching(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | Q(summary__icontains=text))


class WorkforceProgram(VersionedModel):
    """
    A program that trains people, or brings students and plants together.

    ``seats`` are those that members share; without a number there is no limit.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=ProgramKind)
    name = models.CharField(_("name"), max_length=200)
    summary = models.TextField(
        _("summary"), max_length=4000, help_text=_("For whom it is, and what it asks.")
    )
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    seats = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        help_text=_("That members share; empty if there is no limit."),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )
    added_at = models.DateTimeField(_("added"), editable=False)

    objects = WorkforceProgramQuerySet.as_manager()

    #: Annotated by with_seats().
    members: int
    taken: int
    left: int | None

    class Meta:
        verbose_name = _("workforce program")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="program_name_is_unique"),
            models.CheckConstraint(
                name="program_says_what_it_is",
                condition=~Q(name="") & ~Q(summary=""),
            ),
            models.CheckConstraint(
                name="program_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="program_by_start")]
        triggers = [
            pgtrigger.Trigger(
                name="has_so_many_seats",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("seats"),
                func=HAS_SO_MANY,
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:program", self.pk)

    @property
    def kind_label(self) -> str:
        return str(ProgramKind(self.kind).label)

    def is_over(self, *, on: date) -> bool:
        return self.ends_on is not None and self.ends_on < on


class ProgramPart(VersionedModel):
    """That a member takes part in a program, with so many seats, until it leaves."""

    program = models.ForeignKey(
        WorkforceProgram, on_delete=models.PROTECT, related_name="parts"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    seats = models.PositiveIntegerField(_("seats"))
    joined_on = models.DateField(_("joined"))
    left_on = models.DateField(_("left"), null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)

    objects = PortalQuerySet.as_manager()

    may_change: bool  # annotated by with_permissions()
    may_contribute: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("part in a program")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "organization"],
                condition=Q(left_on=None),
                name="program_part_is_there_once",
            ),
            models.CheckConstraint(
                name="program_part_ends_after_it_began",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="seats_suffice",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SEATS_SUFFICE,
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        told = {"company": self.organization.name, "program": self.program.name}
        return _("%(company)s in %(program)s") % told

    def get_absolute_url(self) -> str:
        return self.program.get_absolute_url()


class ContributionKind(models.TextChoices):
    MONEY = "money", _("Money")
    EQUIPMENT = "equipment", _("Equipment or software")
    TIME = "time", _("Time of its people")
    HOSTING = "hosting", _("Hosting")
    CURRICULUM = "curriculum", _("Curriculum")


class ProgramContributionQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that were not taken back."""
        return self.filter(reverses=None, reversal=None)


class ProgramContribution(AppendOnlyModel):
    """
    What a member gives to a program it takes part in.

    What of it counts toward the commitment is decided with its ``credit``, and
    nowhere here. One that was wrong is taken back by a further row.
    """

    part = models.ForeignKey(
        ProgramPart, on_delete=models.PROTECT, related_name="contributions"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ContributionKind)
    what = models.CharField(_("what"), max_length=500)
    amount = MoneyField(_("worth"), null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCIES, default="USD"
    )
    contributed_on = models.DateField(_("day"))
    credit = models.ForeignKey(
        ContributionCredit,
        verbose_name=_("contribution credit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = ProgramContributionQuerySet.as_manager()

    may_take_back: bool  # annotated by with_permissions()
    reversal: Any

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("contribution to a program")
        constraints = [
            models.CheckConstraint(
                name="program_contribution_says_what", condition=~Q(what="")
            ),
            models.CheckConstraint(
                name="program_contribution_is_worth_something",
                condition=Q(amount=None) | Q(amount__gt=0),
            ),
            models.CheckConstraint(
                name="program_contribution_reason_iff_it_takes_back",
                condition=iff(Q(reverses=None), Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["part", "-contributed_on"], name="contribution_of_part"
            )
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="credit_of_the_same_member",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CREDIT_OF_THE_SAME,
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return self.part.get_absolute_url()

    @property
    def kind_label(self) -> str:
        return str(ContributionKind(self.kind).label)
