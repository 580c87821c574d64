"""The roles that contacts hold at their companies, from day to day."""

from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .organizations import Organization
from .ranges import DateRange


class ContactRole(models.TextChoices):
    SPONSOR = "sponsor", _("Executive sponsor")
    TECHNICAL = "technical", _("Technical lead")
    BILLING = "billing", _("Billing")
    LEGAL = "legal", _("Legal and IP")
    COUNCIL = "council", _("Council representative")
    ALTERNATE = "alternate", _("Council alternate")
    RECRUITING = "recruiting", _("Recruiting")
    MENTOR = "mentor", _("Project mentor")
    EVENTS = "events", _("Event coordinator")


#: Roles with one holder at a time (docs/worked-examples.md, contacts).
HELD_BY_ONE = [
    ContactRole.SPONSOR,
    ContactRole.LEGAL,
    ContactRole.COUNCIL,
    ContactRole.ALTERNATE,
]

#: Roles that a member must not leave vacant.
EXPECTED = [
    ContactRole.SPONSOR,
    ContactRole.TECHNICAL,
    ContactRole.BILLING,
    ContactRole.LEGAL,
    ContactRole.COUNCIL,
    ContactRole.ALTERNATE,
]

#: Roles that see what the company committed; the others serve one purpose each.
SEES_COMMITMENT = EXPECTED

#: Roles that see what the company is invoiced, and say what it pays.
SEES_INVOICES = [ContactRole.SPONSOR, ContactRole.BILLING]


#: A mailbox that several people read holds the billing role and no other (case 44).
SHARED_MAILBOX_BILLS = """
IF (NEW.until_on IS NULL OR NEW.until_on > current_date) AND NEW.role <> 'billing'
    AND EXISTS (SELECT FROM consortium_contact c
                WHERE c.id = NEW.contact_id AND c.is_shared_mailbox) THEN
    RAISE EXCEPTION 'a shared mailbox holds the billing role only'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class RoleAssignmentQuerySet(PortalQuerySet):
    def held(self, *, on: date) -> Self:
        """Keep those in force on a day."""
        return self.filter(held(on=on))

    def lasting(self, *, after: date) -> Self:
        """Keep those held on or after a day; what ended as it began never was."""
        is_open = Q(until_on=None) | Q(until_on__gt=after)
        return self.filter(is_open).exclude(until_on=F("from_on"))


def held(*, on: date, prefix: str = "") -> Q:
    """Return the condition that a role assignment is in force on a day."""
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}until_on": None}) | Q(**{f"{prefix}until_on__gt": on})
    )


class RoleAssignment(models.Model):
    """One role of one contact, from a day up to, not on, another."""

    contact = models.ForeignKey(
        "Contact", on_delete=models.PROTECT, related_name="roles"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="roles"
    )
    role = models.CharField(_("role"), max_length=12, choices=ContactRole)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.CheckConstraint(
                name="role_does_not_end_before_it_starts",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
            ExclusionConstraint(
                name="role_is_held_once_by_a_contact",
                expressions=[
                    ("contact", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="role_has_one_holder",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=HELD_BY_ONE),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_shared_mailbox",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SHARED_MAILBOX_BILLS,
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    def get_absolute_url(self) -> str:
        return self.contact.get_absolute_url()

    def is_held(self, *, on: date) -> bool:
        """Say whether the role is in force on a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)
