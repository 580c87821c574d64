"""What lists of organizations and their people can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.accounts.models import User
from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Contact,
    ContactRole,
    Organization,
    OrganizationLink,
    RoleAssignment,
    Screening,
    Sector,
)
from ..models import held as role_held
from ..states import (
    MembershipStatus,
    ScreeningResult,
)


def owners(request: Any) -> QuerySet[User]:
    """Return those who look after an organization that the visitor may see."""
    seen = Organization.objects.permitted(request.user, "view")
    used = seen.exclude(owner=None).values("owner")
    return User.objects.filter(pk__in=used).order_by("name")


class OrganizationFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    status = django_filters.ChoiceFilter(
        choices=MembershipStatus, label=_("Status"), empty_label=_("Any status")
    )
    sector = django_filters.ChoiceFilter(
        choices=Sector, label=_("Sector"), empty_label=_("Any sector")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=owners, label=_("Owner"), empty_label=_("Any owner")
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class ContactFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    role = django_filters.ChoiceFilter(
        choices=ContactRole,
        method="holding",
        label=_("Role"),
        empty_label=_("Any role"),
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = Contact
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def holding(self, queryset, _name, role):
        today = timezone.localdate()
        return queryset.filter(role_held(on=today, prefix="roles__"), roles__role=role)


class RoleAssignmentFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    contact = KeyFilter(label=_("Contact"))
    role = django_filters.ChoiceFilter(choices=ContactRole, label=_("Role"))

    class Meta:
        model = RoleAssignment
        fields: list[str] = []


class LinkFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    other = KeyFilter(label=_("Other company"))

    class Meta:
        model = OrganizationLink
        fields: list[str] = []


class ScreeningFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    result = django_filters.ChoiceFilter(choices=ScreeningResult, label=_("Result"))

    class Meta:
        model = Screening
        fields: list[str] = []
