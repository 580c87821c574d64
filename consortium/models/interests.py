"""Interests in a member that somebody at INM disclosed, and what they bar."""

from datetime import date
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .organizations import Organization

#: What was disclosed; only its end is said later.
DISCLOSED = ["organization", "reason", "from_on", "disclosed_at", "recorded_by"]

#: An interest goes along to the account that its person has now, and back.
OF_ONE_PERSON = """
IF NOT EXISTS (
    SELECT FROM accounts_usermerge m
    WHERE (NEW.person_id, OLD.person_id)
        IN ((m.survivor_id, m.merged_id), (m.merged_id, m.survivor_id))
) THEN
    RAISE EXCEPTION 'an interest is of one person'
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


class InterestQuerySet(PortalQuerySet):
    def standing(self, *, on: date) -> Self:
        """Keep those that bar somebody on a day."""
        begun = self.filter(from_on__lte=on)
        return begun.filter(Q(until_on=None) | Q(until_on__gt=on))


class Interest(models.Model):
    """
    A disclosed interest of a person in a member, from a day up to another.

    While it stands, the person is barred from waivers, decisions on credits
    and approvals of agreements of that member (case 15).
    """

    #: What goes along when accounts are merged.
    moves_with_person = ("person",)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="interests",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="interests",
    )
    reason = models.CharField(_("what the interest is"), max_length=500)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without it.")
    )
    disclosed_at = models.DateTimeField(_("disclosed"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = InterestQuerySet.as_manager()

    may_end: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("disclosed interest")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="interest_does_not_end_before_it_starts",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="interest_has_a_reason", condition=~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["person", "organization"], name="interest_of_person")
        ]
        triggers = [
            pgtrigger.Protect(
                name="disclosed_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*DISCLOSED),
            ),
            pgtrigger.Trigger(
                name="of_one_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("person"),
                func=OF_ONE_PERSON,
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()
