"""The ledger of what counts toward each year."""

from datetime import date
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.constraints import iff
from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.money import MoneyField
from inm_portal.kernel.querysets import PortalQuerySet

from .commitment_years import CommitmentYear
from .credits import ContributionCredit
from .positions import end_of


class EntryKind(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    RAISED = "raised", _("Raised")
    REDUCED = "reduced", _("Reduced")
    CAPPED = "capped", _("Above the cap")
    REVERSED = "reversed", _("Reversed")
    CARRIED = "carried_forward", _("Carried forward")


TAKES_BACK = [EntryKind.REDUCED, EntryKind.CAPPED, EntryKind.REVERSED]

ENTRY_FITS = """
IF NEW.credit_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM consortium_contributioncredit c
    JOIN consortium_commitmentyear y ON y.id = NEW.commitment_year_id
    JOIN consortium_agreement a ON a.id = y.agreement_id
    WHERE c.id = NEW.credit_id AND c.state = 'decided'
        AND c.organization_id = a.organization_id
) THEN
    RAISE EXCEPTION 'an entry is of a decided credit of the same member'
        USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.carried_from_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM consortium_commitmentyear y, consortium_commitmentyear f
    WHERE y.id = NEW.commitment_year_id AND f.id = NEW.carried_from_id
        AND y.agreement_id = f.agreement_id AND y.number IN (f.number, f.number + 1)
) THEN
    RAISE EXCEPTION 'what is carried goes from a year to the next'
        USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.credit_id IS NOT NULL AND least(
    NEW.amount + (SELECT coalesce(sum(n.amount), 0) FROM consortium_creditentry n
                  WHERE n.credit_id = NEW.credit_id),
    NEW.recognized + (SELECT coalesce(sum(n.recognized), 0)
                      FROM consortium_creditentry n WHERE n.credit_id = NEW.credit_id)
) < 0 THEN
    RAISE EXCEPTION 'more is taken back than was given'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.kind IN ('accepted', 'raised') AND NEW.amount + NEW.recognized + (
    SELECT coalesce(sum(n.amount + n.recognized), 0)
    FROM consortium_creditentry n WHERE n.credit_id = NEW.credit_id
) > (
    SELECT greatest(c.accepted, max(o.value)) FROM consortium_contributioncredit c
    LEFT JOIN consortium_inkinditem i ON i.credit_id = c.id
    LEFT JOIN consortium_valuationdispute d ON d.item_id = i.id
    LEFT JOIN consortium_disputeoutcome o ON o.dispute_id = d.id
    WHERE c.id = NEW.credit_id GROUP BY c.id
) THEN
    RAISE EXCEPTION 'more is given than was accepted, or held in a dispute'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

#: Once a credit is reversed, nothing of it stands in any year: neither what was
#: given, nor what a cut had put into another year than its own.
REVERSED_WHOLE = """
IF EXISTS (
    SELECT FROM consortium_creditentry n
    WHERE n.credit_id = NEW.credit_id AND n.kind = 'reversed'
) AND EXISTS (
    SELECT FROM consortium_creditentry n WHERE n.credit_id = NEW.credit_id
    GROUP BY n.commitment_year_id HAVING (sum(n.amount), sum(n.recognized)) <> (0, 0)
) THEN
    RAISE EXCEPTION 'what is reversed stands at zero in each year'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class EntryQuerySet(PortalQuerySet):
    def known(self, *, on: date) -> Self:
        """Keep what was recorded by the end of a day."""
        return self.filter(recorded_at__lt=end_of(on))

    def told(self, on: date, *, restated: bool) -> Self:
        """Keep what was `known` on a day; ``restated``, what is known of it now."""
        return self.filter(value_on__lte=on) if restated else self.known(on=on)


class CreditEntry(AppendOnlyModel):
    """
    What counts toward a year, more or less of it; the sum is what is credited.

    ``recognized`` stands beside it: accepted, and not credited, because of the
    cap or because its category never counts. What is carried forward is two
    entries: one takes it out of its year, one brings it into the next. A reversal
    is one for each year in which something stands, and brings that to zero. What
    a cap that fell leaves no room for is recognized instead.
    """

    credit = models.ForeignKey(
        ContributionCredit,
        verbose_name=_("credit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
    )
    commitment_year = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("commitment year"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=EntryKind)
    amount = MoneyField(_("credited"))
    recognized = MoneyField(_("recognized, not credited"), default=0)
    carried_from = models.ForeignKey(
        CommitmentYear,
        verbose_name=_("carried from"),
        on_delete=models.PROTECT,
        null=True,
        related_name="carried",
    )
    value_on = models.DateField(_("value date"))
    recorded_at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("credit entry")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="entry_is_of_a_credit_or_carried",
                condition=iff(Q(kind=EntryKind.CARRIED), Q(credit=None))
                & iff(Q(kind=EntryKind.CARRIED), Q(carried_from__isnull=False)),
            ),
            models.CheckConstraint(
                name="entry_that_gives_is_not_negative",
                condition=~Q(kind__in=[EntryKind.ACCEPTED, EntryKind.RAISED])
                | Q(amount__gte=0),
            ),
            models.CheckConstraint(
                name="entry_that_takes_back_says_why",
                condition=~Q(kind__in=TAKES_BACK) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="entry_that_reduces_is_negative",
                condition=~Q(kind=EntryKind.REDUCED)
                | Q(amount__lte=0, recognized__lte=0),
            ),
            models.CheckConstraint(
                name="entry_above_the_cap_is_recognized_instead",
                condition=~Q(kind=EntryKind.CAPPED)
                | Q(amount__lt=0, recognized=-F("amount")),
            ),
            models.CheckConstraint(
                name="entry_changes_something",
                condition=~Q(amount=0) | ~Q(recognized=0),
            ),
            models.UniqueConstraint(
                fields=["credit"],
                condition=Q(kind=EntryKind.ACCEPTED),
                name="entry_accepts_a_credit_once",
            ),
            models.UniqueConstraint(
                fields=["credit", "commitment_year"],
                condition=Q(kind=EntryKind.REVERSED),
                name="entry_reverses_a_credit_once_a_year",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commitment_year", "recorded_at"],
                include=["amount", "recognized", "credit"],
                name="entry_of_year",
            )
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="entry_fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ENTRY_FITS,
            ),
            pgtrigger.Trigger(
                name="reversed_whole",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=REVERSED_WHOLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"
