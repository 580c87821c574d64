"""People at companies."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext as _

from inm_portal.accounts.models import Invitation
from inm_portal.accounts.passwords import names_about
from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.querysets import PortalQuerySet
from inm_portal.kernel.versions import VersionedModel

from .organizations import Organization
from .roles import ContactRole, RoleAssignment

#: A mailbox that several people read holds the billing role and no other (case 44).
BECOMES_SHARED_MAILBOX = """
IF NEW.is_shared_mailbox AND EXISTS (
    SELECT FROM consortium_roleassignment r
    WHERE r.contact_id = NEW.id AND r.role <> 'billing'
        AND (r.until_on IS NULL OR r.until_on > greatest(current_date, r.from_on))
) THEN
    RAISE EXCEPTION 'a shared mailbox holds the billing role only'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


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

    def recipients(
        self, organization: Organization, role: ContactRole, *, on: date
    ) -> Self:
        """
        Return who gets what is meant for a role of a member on a day.

        Where nobody holds it, that is the executive sponsor (case 41).
        """

        present = self.current().filter(organization=organization)
        holders = present.holding(role, on=on)
        if holders.exists():
            return holders
        return present.holding(ContactRole.SPONSOR, on=on)

    def holding(self, role: ContactRole, *, on: date) -> Self:
        """Keep those who hold a role on a day."""
        assignments = RoleAssignment.objects.held(on=on).filter(role=role)
        return self.filter(pk__in=assignments.values("contact"))

    def matching(self, text: str) -> Self:
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def resembling(self, contact: "Contact") -> Self:
        """Return others of the same company, the most similar names first."""
        others = self.current().filter(organization=contact.organization_id)
        likeness = TrigramSimilarity("name", contact.name)
        return (
            others.exclude(pk=contact.pk)
            .annotate(likeness=likeness)
            .order_by("-likeness", "name", "pk")
        )

    def of_person(self, user: Any) -> Self:
        """Keep the contacts of a person, and all that lead to them after merges."""
        return self.filter(user=user).with_merged()

    def with_merged(self) -> Self:
        """Keep these, and add all contacts that lead to one of them after merges."""
        everybody: Any = Contact.objects
        found = gone = {*self.values_list("pk", flat=True)}
        while gone:
            rows = everybody.filter(merged_into__in=gone)
            gone = {*rows.values_list("pk", flat=True)} - found
            found = found | gone
        return everybody.filter(pk__in=found)

    def unconfirmed(self, *, on: date) -> Self:
        """Keep those whose details nobody confirmed for 180 days."""
        return self.current().exclude(confirmed_on__gt=on - Contact.CONFIRM_EVERY)


@names_about
def companies_named(user: Any) -> Iterable[str]:
    """Return the names of somebody's companies, of which no password is made."""
    theirs = Organization.objects.filter(contacts__user=user).values_list
    return [name for names in theirs("name", "legal_name") for name in names]


class Contact(VersionedModel):
    """
    A person at an organization, for as long as they are there.

    Somebody who moves to another member becomes a second contact of the same
    user; nothing of the first follows them.
    """

    CONFIRM_EVERY = timedelta(days=180)

    #: What goes along when accounts are merged.
    moves_with_person = ("user",)

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
    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="contact",
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("work e-mail"))
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_shared_mailbox = models.BooleanField(
        _("shared mailbox"),
        default=False,
        db_default=False,
        help_text=_("Several people read it, as ap@…: it may hold the billing role."),
    )
    confirmed_on = models.DateField(_("last confirmed"), null=True, editable=False)
    departed_on = models.DateField(_("left"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_from",
    )

    objects = ContactQuerySet.as_manager()

    current_roles: "list[RoleAssignment]"  # read by with_roles()
    histories: list[int]  # read by ties.contacts_of()
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
            models.CheckConstraint(
                name="contact_who_is_merged_is_not_present",
                condition=Q(merged_into=None) | Q(departed_on__isnull=False),
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
        triggers = [
            pgtrigger.Trigger(
                name="shared_mailbox",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("is_shared_mailbox"),
                func=BECOMES_SHARED_MAILBOX,
            )
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
