"""Months of the ledger: closed in their order, opened again by two people."""

from datetime import date
from typing import Any, Self

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.models import AppendOnlyModel
from inm_portal.kernel.querysets import PortalQuerySet

from ..states import ActState
from .ledger import BOOKS
from .two_people import TwoPeople, two_people_triggers

#: The sums of all that was posted up to the end of a month, by currency and account.
#: As rows of text, it has one way to be written and so one digest.
TRIAL_BALANCE = """
SELECT coalesce(jsonb_agg(
    jsonb_build_array(s.currency, s.account, s.debit::text, s.credit::text)
    ORDER BY s.currency COLLATE "C", s.account COLLATE "C"
), '[]') FROM (
    SELECT e.currency, l.account, sum(l.debit) AS debit, sum(l.credit) AS credit
    FROM consortium_ledgerentry e JOIN consortium_ledgerline l ON l.entry_id = e.id
    WHERE e.posted_on < {month} + interval '1 month'
    GROUP BY e.currency, l.account
) s
"""

CLOSED_IN_ORDER = f"""
PERFORM pg_advisory_xact_lock(hashtextextended('{BOOKS}', 0));
IF EXISTS (
    SELECT FROM consortium_periodclose c WHERE c.month >= NEW.month AND NOT EXISTS (
        SELECT FROM consortium_periodreopening r
        WHERE r.close_id = c.id AND r.state = 'recorded'
    )
) THEN
    RAISE EXCEPTION 'months are closed in their order'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""  # noqa: S608 - a name of our own

LAST_IS_REOPENED = f"""
PERFORM pg_advisory_xact_lock(hashtextextended('{BOOKS}', 0));
IF EXISTS (
    SELECT FROM consortium_periodclose c, consortium_periodclose own
    WHERE own.id = NEW.close_id AND c.month > own.month AND NOT EXISTS (
        SELECT FROM consortium_periodreopening r
        WHERE r.close_id = c.id AND r.state = 'recorded'
    )
) THEN
    RAISE EXCEPTION 'the month that was closed last is opened first'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""  # noqa: S608 - a name of our own


class PeriodCloseQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that nobody opened again."""
        reopened = PeriodReopening.objects.filter(state=ActState.RECORDED)
        return self.exclude(Exists(reopened.filter(close=OuterRef("pk"))))

    def closed_until(self) -> date | None:
        """Return the first day that is not closed; none if nothing is."""
        last: Any = self.standing().order_by("-month").first()
        return last.ends_before if last else None


class PeriodClose(AppendOnlyModel):
    """
    A month that is over, with all before it: nothing is posted there any more.

    The trial balance is what the books said at its end, kept with its digest.
    """

    month = models.DateField(_("month"), help_text=_("Its first day."))
    trial_balance: Any = models.JSONField(_("trial balance"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed"))

    objects = PeriodCloseQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("closed month")
        ordering = ["-month", "-pk"]
        permissions = [("reopen_periodclose", "Can open a closed month again")]
        constraints = [
            models.CheckConstraint(
                name="period_close_is_of_a_month", condition=Q(month__day=1)
            )
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="closed_in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CLOSED_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("consortium:month", args=[str(self)])

    @property
    def ends_before(self) -> date:
        """Return the first day after the month."""
        return self.month + relativedelta(months=1)


class PeriodReopening(TwoPeople):
    """A closed month that is opened again; closing it anew is a further close."""

    close = models.ForeignKey(
        PeriodClose, on_delete=models.PROTECT, related_name="reopenings"
    )

    objects = PortalQuerySet.as_manager()

    class Meta(TwoPeople.Meta):
        abstract = False
        verbose_name = _("reopening of a month")
        constraints = [
            *TwoPeople.Meta.constraints,
            models.CheckConstraint(
                name="period_reopening_takes_two", condition=Q(takes_two=True)
            ),
            models.UniqueConstraint(
                fields=["close"],
                condition=~Q(state=ActState.REFUSED),
                name="period_reopening_is_one_at_a_time",
            ),
        ]
        triggers = [
            *two_people_triggers("close"),
            pgtrigger.Trigger(
                name="last_is_reopened",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state=ActState.RECORDED),
                func=LAST_IS_REOPENED,
            ),
        ]

    def __str__(self) -> str:
        return str(self.close)

    def get_absolute_url(self) -> str:
        return self.close.get_absolute_url()
