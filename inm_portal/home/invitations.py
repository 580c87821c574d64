"""Invitations: the list, each one, and sending, repeating and revoking them."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.services import resend_invitation
from inm_portal.accounts import invitations
from inm_portal.accounts.models import (
    Invitation,
    InvitationKind,
    InvitationStatus,
    User,
)
from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, StepView

from .directory import PEOPLE, RoleField

INVITATIONS = (_("Invitations"), reverse_lazy("invitations"))
ENTRIES_SHOWN = 20


class InvitationFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    status = django_filters.ChoiceFilter(
        choices=InvitationStatus, label=_("Status"), empty_label=_("Any status")
    )
    kind = django_filters.ChoiceFilter(
        choices=InvitationKind, label=_("Kind"), empty_label=_("Any kind")
    )

    class Meta:
        model = Invitation
        fields: list[str] = []

    def find(self, queryset: Any, _name: str, text: str) -> Any:
        return queryset.matching(text)


class InvitationRows(Rows):
    queryset = Invitation.objects.select_related("role", "contact")
    filter_class = InvitationFilter
    default_sort = "-sent"
    columns = [
        Column("name", _("Name"), (Lower("name"),)),
        Column("place", _("To"), ("place",)),
        Column("status", _("Status")),
        Column("sent", _("Sent"), ("sent_at",)),
        Column("expires", _("Expires"), ("expires_at",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_status(at=timezone.now())


class InvitationList(InvitationRows, RecordList):
    template_name = "accounts/invitation_list.html"
    noun = (_("invitation"), _("invitations"))
    export_url = reverse_lazy("export_invitations")
    extra_context = {
        "heading": _("Invitations"),
        "breadcrumbs": [PEOPLE],
        "empty_title": _("Nobody is invited yet"),
        "empty_text": _("Invite people here, or a company's people on their page."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_invite = self.user.has_perm("accounts.add_invitation")
        return super().get_context(page) | {"may_invite": may_invite}


class ExportInvitations(InvitationRows, RecordExport):
    name = "invitations"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "email": exports.text("email"),
        "kind": "kind",
        "place": exports.text("place"),
        "role": "role__name",
        "status": "status",
        "sent_at": "sent_at",
        "expires_at": "expires_at",
    }


class InvitationDetail(RecordDetail):
    queryset = Invitation.objects.select_related("role", "invited_by", "contact")
    template_name = "accounts/invitation_detail.html"
    buttons = ("resend", "revoke")

    def get_queryset(self) -> Any:
        return super().get_queryset().with_status(at=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.object.name,
            pretitle=_("Invitation"),
            breadcrumbs=[PEOPLE, INVITATIONS],
            entries=history_of(self.object, user=self.user, most=ENTRIES_SHOWN),
            **kwargs,
        )


class InvitationForm(forms.Form):
    """Whom to invite; a role only for those who give roles."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("Work e-mail"))
    role = RoleField(
        label=_("Role at INM"),
        queryset=Group.objects.order_by("name"),
        to_field_name="name",
        required=False,
        empty_label=_("None: faculty, reviewer, speaker, guest"),
    )

    def __init__(self, *args: Any, gives_roles: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not gives_roles:
            del self.fields["role"]


class InvitePerson(CreateView):
    permission = "accounts.add_invitation"
    form_class = InvitationForm
    done = _("Invitation sent.")
    extra_context = {
        "heading": _("Invite somebody"),
        "intro": _(
            "They get a link to this address, good once and for 14 days. People of a "
            "company are invited on their contact's page."
        ),
        "breadcrumbs": [PEOPLE, INVITATIONS],
        "cancel_url": reverse_lazy("invitations"),
        "submit_label": _("Send invitation"),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"gives_roles": gives_roles(self.user)}

    def perform(self, **data: Any) -> Invitation:
        return invite(**data, by=self.user)


def gives_roles(user: Any) -> bool:
    return user.has_perm("accounts.change_user")


def invite(*, name: str, email: str, by: User, role: Group | None = None) -> Invitation:
    """
    Invite somebody to a role at INM, or on campus without one.

    :raises PermissionDenied: for a role by somebody who gives none.
    """
    if role is not None and not gives_roles(by):
        raise PermissionDenied
    return invitations.invite(
        email,
        name,
        kind=InvitationKind.INM if role else InvitationKind.CAMPUS,
        place="INM" if role else _("On campus"),
        role=role,
        at=timezone.now(),
        by=by,
    )


class ResendInvitation(StepView):
    queryset = Invitation.objects.select_related("contact")
    action = "resend"
    done = _("A new link is on its way; the one before opens nothing any more.")

    def perform(self, invitation: Invitation, /) -> Any:
        resend_invitation(invitation, at=timezone.now(), by=self.user)
        return page_of(invitation)


class RevokeInvitation(StepView):
    queryset = Invitation.objects.select_related("contact")
    action = "revoke"
    done = _("Invitation revoked.")

    def perform(self, invitation: Invitation, /) -> Any:
        invitations.revoke_invitation(invitation, by=self.user)
        return page_of(invitation)


def page_of(invitation: Invitation) -> Any:
    """Return whose page tells of an invitation: its contact's, if it has one."""
    return getattr(invitation, "contact", invitation)
