"""What the lists of the office can be narrowed by: what was handed in, and appeals."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _

from ..models import (
    Appeal,
    AuthorRole,
    Call,
    CallLetter,
    Ground,
    MoveKind,
    ProposalPerson,
    ScreenedProposal,
    ScreeningMove,
    Theme,
)
from ..states import PUBLISHED, LetterState, ScreeningState


def published_calls() -> list[tuple[Any, Any]]:
    rows = Call.objects.filter(state__in=PUBLISHED).order_by("-pk")
    return list(rows.values_list("pk", "title"))


def _themes() -> list[tuple[Any, Any]]:
    names = Theme.objects.order_by("position").values_list("name", flat=True)
    return [(name, name) for name in names]


CHECKED = [
    ("none", _("Not checked yet")),
    ("some", _("Checked in part")),
    ("passed", _("Passed every check")),
    ("failed", _("Failed a check")),
]
#: How many checks there are.
ALL = 5


def typed(words: str) -> forms.TextInput:
    """Return a box that says what is typed there."""
    return forms.TextInput(attrs={"placeholder": words})


class ScreeningFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="find", label=_("Title, number or person")
    )
    call = django_filters.ChoiceFilter(
        choices=published_calls, label=_("Call"), empty_label=_("Every call")
    )
    state = django_filters.ChoiceFilter(
        choices=ScreeningState.choices, label=_("State"), empty_label=_("Every state")
    )
    checks = django_filters.ChoiceFilter(
        method="checked",
        choices=CHECKED,
        label=_("Checks"),
        empty_label=_("Whatever the checks"),
    )
    confirmed = django_filters.ChoiceFilter(
        method="all_confirmed",
        choices=[("no", _("Somebody did not confirm")), ("yes", _("All confirmed"))],
        label=_("Co-investigators"),
        empty_label=_("Confirmed or not"),
    )
    theme = django_filters.ChoiceFilter(
        choices=_themes, label=_("Theme"), empty_label=_("Every theme")
    )
    track = django_filters.CharFilter(
        "track__name",
        lookup_expr="icontains",
        label=_("Track"),
        widget=typed(_("Track")),
    )
    department = django_filters.CharFilter(
        lookup_expr="icontains",
        label=_("Department"),
        widget=typed(_("Department")),
    )
    pi = django_filters.CharFilter(method="of_pi", label=_("PI"), widget=typed(_("PI")))

    class Meta:
        model = ScreenedProposal
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def of_pi(self, queryset, _name, text):
        pis = ProposalPerson.objects.filter(role=AuthorRole.PI)
        return queryset.filter(
            pk__in=pis.filter(name__icontains=text).values("proposal")
        )

    def all_confirmed(self, queryset, _name, answer):
        waiting = ProposalPerson.objects.waiting().values("proposal")
        if answer == "no":
            return queryset.filter(pk__in=waiting)
        return queryset.exclude(pk__in=waiting)

    def checked(self, queryset, _name, how):
        if how == "none":
            return queryset.filter(passed=0, failed=0)
        if how == "passed":
            return queryset.filter(passed=ALL)
        if how == "failed":
            return queryset.filter(failed__gt=0)
        return queryset.filter(failed=0, passed__gt=0, passed__lt=ALL)


class MoveFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        choices=MoveKind.choices, label=_("Move"), empty_label=_("Every move")
    )
    ground = django_filters.ChoiceFilter(
        choices=Ground.choices, label=_("Rule"), empty_label=_("Every rule")
    )
    call = django_filters.ChoiceFilter(
        "snapshot__proposal__call",
        choices=published_calls,
        label=_("Call"),
        empty_label=_("Every call"),
    )

    class Meta:
        model = ScreeningMove
        fields: list[str] = []


class AppealFilter(django_filters.FilterSet):
    decided = django_filters.ChoiceFilter(
        method="is_decided",
        choices=[("no", _("To be decided")), ("yes", _("Decided"))],
        label=_("Decision"),
        empty_label=_("Decided or not"),
    )

    class Meta:
        model = Appeal
        fields: list[str] = []

    def is_decided(self, queryset, _name, answer):
        return queryset.filter(decision__isnull=answer == "no")


class LetterFilter(django_filters.FilterSet):
    call = django_filters.ChoiceFilter(
        choices=published_calls, label=_("Call"), empty_label=_("Every call")
    )
    state = django_filters.ChoiceFilter(
        choices=LetterState.choices, label=_("State"), empty_label=_("Sent or not")
    )

    class Meta:
        model = CallLetter
        fields: list[str] = []
