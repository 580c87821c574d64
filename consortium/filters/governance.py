"""What lists of bodies, meetings and motions can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Attendance,
    Body,
    BodyKind,
    Decision,
    Elector,
    Meeting,
    MeetingPaper,
    Motion,
    Sitting,
)
from ..states import MeetingState, MotionState
from .days import IsoDayFilter


class BodyFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        "name", lookup_expr="icontains", label=_("Search")
    )
    kind = django_filters.ChoiceFilter(
        choices=BodyKind.choices, label=_("Kind"), empty_label=_("Every kind")
    )

    class Meta:
        model = Body
        fields: list[str] = []


class MeetingFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        "title", lookup_expr="icontains", label=_("Search")
    )
    state = django_filters.ChoiceFilter(
        choices=MeetingState.choices, label=_("State"), empty_label=_("Every state")
    )
    since = IsoDayFilter("starts_at__date", lookup_expr="gte", label=_("Since"))
    until = IsoDayFilter("starts_at__date", lookup_expr="lte", label=_("Until"))
    body = KeyFilter(label=_("Body"))

    class Meta:
        model = Meeting
        fields: list[str] = []


class MotionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        "title", lookup_expr="icontains", label=_("Search")
    )
    state = django_filters.ChoiceFilter(
        choices=MotionState.choices, label=_("State"), empty_label=_("Every state")
    )
    body = KeyFilter(label=_("Body"))

    class Meta:
        model = Motion
        fields: list[str] = []


class PaperFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        "title", lookup_expr="icontains", label=_("Search")
    )

    class Meta:
        model = MeetingPaper
        fields: list[str] = []


class SittingFilter(django_filters.FilterSet):
    body = KeyFilter(label=_("Body"))

    class Meta:
        model = Sitting
        fields: list[str] = []


class AttendanceFilter(django_filters.FilterSet):
    meeting = KeyFilter(label=_("Meeting"))

    class Meta:
        model = Attendance
        fields: list[str] = []


class DecisionFilter(django_filters.FilterSet):
    meeting = KeyFilter(label=_("Meeting"))

    class Meta:
        model = Decision
        fields: list[str] = []


class ElectorFilter(django_filters.FilterSet):
    motion = KeyFilter(label=_("Motion"))

    class Meta:
        model = Elector
        fields: list[str] = []
