"""Who acts for whom: the list of those at INM, who may end it."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts import delegations
from inm_portal.accounts.models import Delegation
from inm_portal.kernel import exports
from inm_portal.kernel.delegation import scopes
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import UseCaseView

DELEGATIONS = (_("Standing in"), reverse_lazy("delegations"))


def scope_choices() -> list[tuple[str, Any]]:
    return [(scope.key, scope.title) for scope in scopes()]


class DelegationFilter(django_filters.FilterSet):
    """Those that are open, unless it is asked for others."""

    search = django_filters.CharFilter(method="find", label=_("Who, or for whom"))
    scope = django_filters.ChoiceFilter(
        choices=scope_choices, method="of_scope", label=_("Scope")
    )
    state = django_filters.ChoiceFilter(
        choices=[("all", _("All"))],
        method="that_are",
        label=_("State"),
        empty_label=_("Open"),
    )

    class Meta:
        model = Delegation
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data["state"]:
            return found
        return found.open(on=timezone.localdate())

    def find(self, queryset: Any, _name: str, text: str) -> Any:
        return queryset.matching(text)

    def of_scope(self, queryset: Any, _name: str, scope: str) -> Any:
        return queryset.filter(scopes__contains=[scope])

    def that_are(self, queryset: Any, _name: str, _state: str) -> Any:
        return queryset


class DelegationRows(Rows):
    queryset = Delegation.objects.with_people()
    filter_class = DelegationFilter
    default_sort = "until"
    columns = [
        Column("principal", _("For"), ("principal__name",)),
        Column("delegate", _("Who acts"), ("delegate__name",)),
        Column("scopes", _("Scope")),
        Column("from", _("From"), ("starts_on",)),
        Column("until", _("Until"), ("ends_on",)),
        Column("end", ""),
    ]


class DelegationList(DelegationRows, RecordList):
    template_name = "home/delegation_list.html"
    noun = (_("delegation"), _("delegations"))
    export_url = reverse_lazy("export_delegations")
    extra_context = {
        "heading": _("Standing in"),
        "empty_title": _("Nobody acts for anybody"),
        "empty_text": _("People let a colleague act for them on their account page."),
    }

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().with_permissions(self.user, "end")


class ExportDelegations(DelegationRows, RecordExport):
    name = "delegations"
    export_columns = {
        "id": "pk",
        "for": exports.text("principal__email"),
        "who_acts": exports.text("delegate__email"),
        "scopes": "scopes",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "reason": exports.text("reason"),
        "revoked_at": "revoked_at",
        "ended_because": exports.text("ended_because"),
    }


class EndDelegation(UseCaseView):
    """End somebody's leave to act, as INM, and say why."""

    queryset = Delegation.objects.with_people()
    action = "end"
    form_class = ReasonForm
    done = _("Nobody acts by it any more; both get a mail about it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = {
            "delegate": self.object.delegate.name,
            "principal": self.object.principal.name,
        }
        return super().get_context_data(
            heading=_("Let %(delegate)s no longer act for %(principal)s") % names,
            intro=_("Both get a mail with the reason."),
            breadcrumbs=[DELEGATIONS],
            cancel_url=str(DELEGATIONS[1]),
            submit_label=_("End it"),
            **kwargs,
        )

    def perform(self, **data: Any) -> str:
        delegations.revoke(self.object, **data, at=timezone.now(), by=self.user)
        return str(DELEGATIONS[1])
