"""Contacts: the list, and what members and staff change about people."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import Invitation
from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import Bounce, BounceKind
from inm_portal.kernel.views import PreparedDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import ContactFilter
from ..models import (
    Contact,
    ContactMerge,
    FormerAddress,
    Organization,
    RoleAssignment,
)
from .organizations import OfOrganization
from .pages import contact_crumbs, member_crumbs

#: Roles on the page of a contact; nobody has held more.
ROLES_SHOWN = 100


class ContactRows(Rows):
    """People who are at their company now."""

    queryset = Contact.objects.current().select_related("organization")
    filter_class = ContactFilter
    default_sort = "name"
    columns = [
        Column("name", _("Name"), (Lower("name"),)),
        Column("organization", _("Organization"), ("organization__name", "name")),
        Column("roles", _("Roles")),
        Column("email", _("Work e-mail"), ("email",)),
        Column("confirmed", _("Last confirmed"), ("confirmed_on",)),
    ]


class ContactList(ContactRows, RecordList):
    template_name = "consortium/contact_list.html"
    noun = (_("contact"), _("contacts"))
    export_url = reverse_lazy("consortium:export_contacts")
    extra_context = {
        "heading": _("Contacts"),
        "empty_title": _("No contacts yet"),
        "empty_text": _("Contacts are added on the page of their organization."),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_roles(on=timezone.localdate())


class ExportContacts(ContactRows, RecordExport):
    name = "contacts"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "name": exports.text("name"),
        "job_title": exports.text("job_title"),
        "email": exports.text("email"),
        "phone": exports.text("phone"),
        "roles": "role_names",
        "last_confirmed_on": "confirmed_on",
    }

    def get_queryset(self) -> Any:
        held = (
            RoleAssignment.objects.held(on=timezone.localdate())
            .filter(contact=OuterRef("pk"))
            .values("contact")
            .values(names=StringAgg("role", Value(" "), order_by="role"))
        )
        return super().get_queryset().annotate(role_names=Subquery(held))


class AddContact(OfOrganization):
    action = "add_contact"
    form_class = forms.ContactForm
    heading = _("Add a contact")
    done = _("Contact added.")

    def perform(self, **data: Any) -> Organization:
        services.add_contact(self.object, **data, on=timezone.localdate(), by=self.user)
        return self.object


class ContactDetail(PreparedDetail):
    queryset = Contact.objects.select_related("organization", "user")
    template_name = "consortium/contact_detail.html"
    buttons = (
        *("change", "confirm", "assign_role", "invite", "merge", "depart"),
        *("hand_out", "erase"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contact, today = self.object, timezone.localdate()
        return super().get_context_data(
            heading=contact.name,
            pretitle=contact.job_title,
            breadcrumbs=member_crumbs(contact.organization),
            is_confirmed=contact.is_confirmed(on=today),
            roles=self.roles(),
            invitation=self.invitation(),
            merges=self.merges(),
            today=today,
            may_view_as=self.may_view_as(),
            refuses_mail=contact.mail_is == BounceKind.HARD,
            **kwargs,
        )

    def may_view_as(self) -> bool:
        """Say whether the visitor may see the portal as this contact does."""
        user = self.object.user
        return bool(user and self.user.has_perm("accounts.view_as_user", user))

    @classmethod
    def rows(cls, **known: Any) -> Any:
        former = FormerAddress.objects.filter(contact=OuterRef("pk"))
        bounced = Bounce.objects.last_kind(Lower(OuterRef("email")))
        merged = ContactMerge.objects.standing().filter(survivor=OuterRef("pk"))
        return (
            super()
            .rows()
            .annotate(
                former_emails=ArraySubquery(former.values("email")),
                mail_is=Subquery(bounced),
                has_merges=Exists(merged),
            )
        )

    def merges(self) -> Any:
        """Return the contacts whose place this one took; few took any."""
        if not self.object.has_merges:
            return []
        return (
            ContactMerge.objects.standing()
            .filter(survivor=self.object)
            .permitted(self.user, "view")
            .with_permissions(self.user, "undo")
            .select_related("merged")
            .order_by("-merged_at")[:ROLES_SHOWN]
        )

    def invitation(self) -> Invitation | None:
        """Return the invitation that stands for the account which is not there yet."""
        contact = self.object
        if contact.invitation_id is None or contact.user_id or contact.departed_on:
            return None
        found = Invitation.objects.filter(pk=contact.invitation_id)
        return (
            found.with_status(at=timezone.now())
            .with_permissions(self.user, "resend", "revoke")
            .first()
        )

    def roles(self) -> Any:
        """Return present, coming and past roles, the latest first."""
        return (
            RoleAssignment.objects.filter(contact=self.object)
            .with_permissions(self.user, "end")
            .order_by("-from_on", "role")[:ROLES_SHOWN]
        )


class OfContact(UseCaseView):
    """A form about a contact."""

    queryset = Contact.objects.select_related("organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=contact_crumbs(self.object),
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )


class ChangeContact(OfContact):
    action = "change"
    form_class = forms.ContactDetailsForm
    heading = _("Change contact")
    done = _("Contact changed and confirmed.")
    extra_context = {"intro": _("Saving confirms the details for the next 180 days.")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Contact:
        return services.change_contact(
            self.object, **data, on=timezone.localdate(), by=self.user
        )


class ConfirmContact(StepView):
    queryset = Contact.objects.select_related("organization")
    action = "confirm"
    done = _("Details confirmed.")

    def perform(self, contact: Contact, /) -> Contact:
        return services.confirm_contact(contact, on=timezone.localdate(), by=self.user)


class InviteContact(StepView):
    queryset = Contact.objects.select_related("organization")
    action = "invite"
    done = _("Invitation sent.")

    def perform(self, contact: Contact, /) -> Contact:
        return services.invite_contact(contact, at=timezone.now(), by=self.user)


class DepartContact(OfContact):
    action = "depart"
    form_class = forms.DepartureForm
    heading = _("Record a departure")
    done = _("Departure recorded.")
    extra_context = {"submit_label": _("Record departure")}

    def perform(self, **data: Any) -> Contact:
        return services.depart_contact(
            self.object, **data, today=timezone.localdate(), by=self.user
        )


class AssignRole(OfContact):
    action = "assign_role"
    form_class = forms.RoleForm
    heading = _("Assign a role")
    done = _("Role assigned.")
    extra_context = {"submit_label": _("Assign")}

    def perform(self, **data: Any) -> Contact:
        services.assign_role(self.object, **data, by=self.user)
        return self.object


class EndRole(UseCaseView):
    queryset = RoleAssignment.objects.select_related("contact__organization")
    action = "end"
    form_class = forms.EndRoleForm
    done = _("Role ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("End a role"),
            pretitle=self.object.get_role_display(),
            breadcrumbs=contact_crumbs(self.object.contact),
            cancel_url=self.object.get_absolute_url(),
            submit_label=_("End role"),
            **kwargs,
        )

    def perform(self, **data: Any) -> RoleAssignment:
        return services.end_role(self.object, **data, by=self.user)
