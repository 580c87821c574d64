"""People who came in by an institution: staff find each a place, or close the door."""

from typing import Any

import django_filters
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.accounts import access_requests
from inm_portal.accounts.models import AccessRequest
from inm_portal.kernel import exports
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import StepView

OUTCOMES = [("open", _("Unanswered")), *AccessRequest.Outcome.choices]


class AccessRequestFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    outcome = django_filters.ChoiceFilter(
        choices=OUTCOMES,
        method="ending",
        label=_("Answer"),
        empty_label=_("Any answer"),
    )

    class Meta:
        model = AccessRequest
        fields: list[str] = []

    def find(self, queryset: Any, _name: str, text: str) -> Any:
        return queryset.matching(text)

    def ending(self, queryset: Any, _name: str, outcome: str) -> Any:
        return queryset.filter(outcome="" if outcome == "open" else outcome)


class AccessRequestRows(Rows):
    queryset = AccessRequest.objects.select_related("user", "answered_by")
    filter_class = AccessRequestFilter
    default_sort = "-asked_at"
    columns = [
        Column("person", _("Person"), ("user__name",)),
        Column("institution", _("Signed in at"), ("institution",)),
        Column("asked_at", _("Asked"), ("asked_at",)),
        Column("outcome", _("Answer")),
    ]


class AccessRequestPage(AccessRequestRows, RecordList):
    template_name = "home/access_requests.html"
    noun = (_("request"), _("requests"))
    export_url = reverse_lazy("export_access_requests")
    extra_context = {
        "heading": _("Access requests"),
        "empty_title": _("Nobody is waiting"),
        "empty_text": _(
            "Who signs in by an institution without an invitation stands here, and"
            " belongs to no company until you give them a place."
        ),
    }

    def get_queryset(self) -> Any:
        seen = super().get_queryset()
        return seen.with_permissions(self.user, "welcome", "decline")


class ExportAccessRequests(AccessRequestRows, RecordExport):
    name = "access_requests"
    export_columns = {
        "id": "pk",
        "name": exports.text("user__name"),
        "email": exports.text("user__email"),
        "institution": "institution",
        "asked_at": "asked_at",
        "outcome": "outcome",
        "answered_at": "answered_at",
        "answered_by": exports.text("answered_by__email"),
    }


class WelcomeRequest(StepView):
    queryset = AccessRequest.objects.all()
    action = "welcome"
    done = _("Request settled.")

    def perform(self, request: AccessRequest, /) -> AccessRequest:
        return access_requests.welcome(request, at=timezone.now(), by=self.user)


class DeclineRequest(StepView):
    queryset = AccessRequest.objects.all()
    action = "decline"
    done = _("Account closed.")

    def perform(self, request: AccessRequest, /) -> AccessRequest:
        return access_requests.decline(request, at=timezone.now(), by=self.user)


class AccessRequestSerializer(RecordSerializer):
    class Meta:
        model = AccessRequest
        fields = [
            *["id", "user", "institution", "asked_at"],
            *["outcome", "answered_at", "answered_by"],
        ]


class AccessRequestViewSet(RecordViewSet):
    queryset = AccessRequest.objects.all()
    serializer_class = AccessRequestSerializer
    filterset_class = AccessRequestFilter

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def welcome(self, request: Request, pk: str) -> Response:
        asked, now = self.get_object(), timezone.now()
        return self.answer(access_requests.welcome(asked, at=now, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        asked, now = self.get_object(), timezone.now()
        return self.answer(access_requests.decline(asked, at=now, by=self.user))
