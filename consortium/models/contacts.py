"""People at companies, and the roles they hold there from day to day."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext as _

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

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


class ContactQuerySet(PortalQuerySet):
    def current(self) -> Self:
        """Keep those who have not left."""
        return self.filter(departed_on=None)

    def with_roles(self, *, on: date) -> Self:
        """Read ``current_roles``: the assignments of each contact on a day."""
        roles = RoleAssignment.objects.held(on=on).order_by("role")
        return self.prefetch_related(
            Prefetch("roles", queryset=roles, to_attr="current_roles")
        )

    def matching(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def unconfirmed(self, *, on: date) -> Self:
        """Keep those whose details nobody confirmed for 180 days."""
        return self.current().exclude(confirmed_on__gt=on - Contact.CONFIRM_EVERY)


class Contact(VersionedModel):
    """
    A person at an organization, for as long as they are there.

    Somebody who moves to another member becomes a second contact of the same
    user; nothing of the first follows them.
    """

    CONFIRM_EVERY = timedelta(days=180)

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="contacts",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signs in as"),
        on_delete=models.PROTECT,
        null=True,
        related_name="contacts",
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("work e-mail"))
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    confirmed_on = models.DateField(_("last confirmed"), null=True, editable=False)
    departed_on = models.DateField(_("left"), null=True, editable=False)

    objects = ContactQuerySet.as_manager()

    current_roles: "list[RoleAssignment]"  # read by with_roles()
    may_confirm: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(departed_on=None),
                name="contact_email_is_unique_in_organization",
            ),
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=Q(departed_on=None),
                name="contact_user_is_unique_in_organization",
            ),
            # The target of the key that ties a role to its contact's organization.
            models.UniqueConstraint(
                fields=["id", "organization"], name="contact_with_organization"
            ),
        ]
        indexes = [
            models.Index(Lower("name"), "id", name="contact_by_name"),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                name="contact_by_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("consortium:contact", self.pk)

    def is_confirmed(self, *, on: date) -> bool:
        """Say whether the details were confirmed within 180 days."""
        return self.confirmed_on is not None and (
            self.confirmed_on > on - self.CONFIRM_EVERY
        )


class RoleAssignmentQuerySet(PortalQuerySet):
    def held(self, *, on: date) -> Self:
        """Keep those in force on a day."""
        return self.filter(held(on=on))


def held(*, on: date, prefix: str = "") -> Q:
    """Return the condition that a role assignment is in force on a day."""
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}until_on": None}) | Q(**{f"{prefix}until_on__gt": on})
    )


class RoleAssignment(models.Model):
    """One role of one contact, from a day up to, not on, another."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="roles")
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

    def __str__(self) -> str:
        return self.get_role_display()

    def get_absolute_url(self) -> str:
        return self.contact.get_absolute_url()

    def is_held(self, *, on: date) -> bool:
        """Say whether the role is in force on a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)
