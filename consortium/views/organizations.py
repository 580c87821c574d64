"""Members: the list, the page of each, and what staff change there."""

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import CreateView, PreparedDetail, UseCaseView

from .. import forms, services
from ..filters import OrganizationFilter
from ..models import Organization, OrganizationLink, Screening, Seat
from .pages import MEMBERS, member_context, member_crumbs

SCREENINGS_SHOWN = 5
LINKS_SHOWN = 20
SEATS_SHOWN = 20


class MemberRows(Rows):
    """Every organization, with what it committed for the year open today."""

    queryset = Organization.objects.select_related("owner")
    filter_class = OrganizationFilter
    default_sort = "name"
    columns = [
        Column("name", _("Member"), (Lower("name"),)),
        Column("status", _("Status")),
        Column("since", _("Since"), ("member_since",)),
        Column(
            *("required", _("This year"), (F("required").asc(nulls_first=True),)),
            is_numeric=True,
        ),
        Column("term_ends", _("Term ends"), ("term_ends_on",)),
        Column("owner", _("Owner"), ("owner__name",)),
    ]

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        rows = super().get_queryset()
        return rows.with_membership(on=today).with_commitment(self.user, on=today)


class MemberList(MemberRows, RecordList):
    template_name = "consortium/organization_list.html"
    keys_first = True
    noun = (_("organization"), _("organizations"))
    export_url = reverse_lazy("consortium:export_members")
    extra_context = {
        "heading": _("Members"),
        "empty_title": _("No members yet"),
        "empty_text": _(
            "Add an organization, draft its agreement, record the signing."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_organization")
        return super().get_context(page) | {"may_add": may_add}


class ExportMembers(MemberRows, RecordExport):
    name = "members"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "legal_name": exports.text("legal_name"),
        "status": "status",
        "sector": "sector",
        "is_founding": "is_founding",
        "member_since": "member_since",
        "year": "year_number",
        "required": "required",
        "currency": Value("USD"),
        "term_ends_on": "term_ends_on",
        "owner": exports.text("owner__name"),
    }

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        return super().get_queryset().with_year_number(self.user, on=today)


class MemberDetail(PreparedDetail):
    queryset = Organization.objects.select_related("owner")
    template_name = "consortium/organization_detail.html"
    buttons = (
        *("change", "rename", "add_site", "add_contact", "draft_agreement"),
        *("disclose_interest", "screen", "link_parent", "merge", "spin_off"),
        "view_payer",
        "call_back",
        *("record_interaction", "open_prospect", "ask_one_to_one"),
    )

    @classmethod
    def rows(cls, **known: Any) -> Any:
        return super().rows().with_membership(**known)

    @property
    def known(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return (
            context
            | member_context(self.object, self.user, on=timezone.localdate())
            | {
                "breadcrumbs": [MEMBERS],
                "heading": self.object.name,
                "pretitle": self.object.sector_label,
                "screenings": self.screenings(),
                "links": self.links(),
                "seats_of_both": self.seats_of_both(),
            }
        )

    def links(self) -> list[OrganizationLink]:
        """Return what this company is to others, and others to it."""
        of_it = OrganizationLink.objects.of(self.object)
        seen = of_it.permitted(self.user, "view").with_reduction(self.user)
        rows = seen.with_permissions(self.user, "open_history")
        return list(rows.order_by("from_on", "pk")[:LINKS_SHOWN])

    def seats_of_both(self) -> list[Seat]:
        """Return the seats of companies that merged, side by side on each body."""
        mergers = OrganizationLink.objects.mergers().present().of(self.object)
        both = {key for one in mergers for key in (one.organization_id, one.other_id)}
        seats = Seat.objects.filter(organization__in=both).permitted(self.user, "view")
        there = seats.standing(on=timezone.localdate())
        rows = there.select_related("body", "organization")
        rows = rows.with_permissions(self.user, "end")
        return list(
            rows.order_by("body__name", "organization__name", "name")[:SEATS_SHOWN]
        )

    def screenings(self) -> list[Screening]:
        """Return the latest screenings, for those who may know of a hit."""
        if not self.user.has_perm("consortium.view_screening"):
            return []
        rows = self.object.screenings.select_related("recorded_by")
        return list(rows.order_by("-pk")[:SCREENINGS_SHOWN])


class AddMember(CreateView):
    permission = "consortium.add_organization"
    form_class = forms.OrganizationForm
    done = _("Organization added.")
    extra_context = {
        "heading": _("Add an organization"),
        "submit_label": _("Add"),
        "breadcrumbs": [MEMBERS],
        "cancel_url": reverse_lazy("consortium:members"),
    }

    def perform(self, **data: Any) -> Organization:
        return services.add_organization(
            **data, today=timezone.localdate(), by=self.user
        )


class OfOrganization(UseCaseView):
    """A form about an organization."""

    queryset = Organization.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=member_crumbs(self.object),
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )


class OfOrganizationFields(OfOrganization):
    """A form that starts from what the organization is."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}


class ChangeMember(OfOrganizationFields):
    action = "change"
    form_class = forms.OrganizationDetailsForm
    heading = _("Change details")
    done = _("Details changed.")

    def perform(self, **data: Any) -> Organization:
        return services.change_organization(self.object, **data, by=self.user)


class RenameMember(OfOrganizationFields):
    action = "rename"
    form_class = forms.RenameForm
    heading = _("Rename")
    done = _("Renamed.")

    def perform(self, **data: Any) -> Organization:
        return services.rename_organization(
            self.object, **data, today=timezone.localdate(), by=self.user
        )


class RecordScreening(OfOrganization):
    action = "screen"
    form_class = forms.ScreeningForm
    heading = _("Record a screening")
    done = _("Screening recorded.")
    extra_context = {
        "submit_label": _("Record"),
        "intro": _(
            "After a hit nothing is signed with this company and nobody there is "
            "invited, until somebody clears it. Only directors see the result."
        ),
    }

    def get_initial(self) -> dict[str, Any]:
        named = {"screened_name": self.object.legal_name}
        return named | {"screened_on": timezone.localdate()}

    def perform(self, **data: Any) -> Organization:
        services.record_screening(
            self.object, **data, today=timezone.localdate(), by=self.user
        )
        return self.object


class AddSite(OfOrganization):
    action = "add_site"
    form_class = forms.SiteForm
    heading = _("Add a site")
    done = _("Site added.")

    def perform(self, **data: Any) -> Organization:
        services.add_site(self.object, **data, by=self.user)
        return self.object
