"""What lists of calls, forms, rubrics and problems can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import Call, FormDefinition, ProblemStatement, Rubric
from ..states import CallState


class CallFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=CallState.choices, label=_("State"), empty_label=_("Every state")
    )
    theme = KeyFilter("themes", label=_("Theme"))

    class Meta:
        model = Call
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class ProblemFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = ProblemStatement
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class FormFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        "title", lookup_expr="icontains", label=_("Search")
    )

    class Meta:
        model = FormDefinition
        fields: list[str] = []


class RubricFilter(FormFilter):
    class Meta:
        model = Rubric
        fields: list[str] = []
