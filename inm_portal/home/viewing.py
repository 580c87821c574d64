"""Seeing the portal as another person does: the form, the way out, who did it."""

from typing import Any

import django_filters
from django.db.models import F, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import RedirectView

from inm_portal.accounts import view_as
from inm_portal.accounts.models import User, Viewing
from inm_portal.accounts.viewing import start_viewing
from inm_portal.kernel import exports
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import UseCaseView, Visited

from .directory import trail_of


class ViewAs(UseCaseView):
    queryset = User.objects.all()
    action = "view_as"
    context_object_name = "person"
    form_class = ReasonForm
    asks_again = False
    done = _("You see what they see.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("View as %(name)s") % {"name": self.object.name},
            intro=_(
                "For half an hour at most you see the portal as this person does, "
                "and change nothing. The journal has both names, and they can read it."
            ),
            submit_label=_("View"),
            breadcrumbs=trail_of(self.object),
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> str:
        now, person = timezone.now(), self.object
        view_as.begin(self.request, start_viewing(person, **data, at=now, by=self.user))
        return "home"


class EndViewAs(Visited, RedirectView):
    """The way out; `ViewAsMiddleware` has ended the viewing before this is asked."""

    http_method_names = ["post"]

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        person = getattr(self.request, "viewed", None)
        return person.get_absolute_url() if person else reverse("home")


class ViewingFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Who, or as whom"))
    since = django_filters.DateFilter(
        field_name="started_at", lookup_expr="date__gte", label=_("Since")
    )
    until = django_filters.DateFilter(
        field_name="started_at", lookup_expr="date__lte", label=_("Until")
    )
    by = KeyFilter(label=_("Who"))
    person = KeyFilter(label=_("As whom"))

    class Meta:
        model = Viewing
        fields: list[str] = []

    def find(self, queryset: Any, _name: str, text: str) -> Any:
        either = Q(by__name__icontains=text) | Q(person__name__icontains=text)
        return queryset.filter(either)


class ViewingPageFilter(ViewingFilter):
    """On the page, without what only programs ask for."""

    by = person = None  # type: ignore[assignment]


class ViewingRows(Rows):
    queryset = Viewing.objects.with_people()
    filter_class = ViewingPageFilter
    default_sort = "-started"
    columns = [
        Column("started", _("From"), ("started_at",)),
        Column("until", _("Until"), (F("ended_at").asc(nulls_last=True),)),
        Column("by", _("Who"), ("by__name",)),
        Column("person", _("As whom"), ("person__name",)),
        Column("reason", _("Reason")),
    ]


class ViewingList(ViewingRows, RecordList):
    template_name = "home/viewing_list.html"
    noun = (_("viewing"), _("viewings"))
    export_url = reverse_lazy("export_viewings")
    extra_context = {
        "heading": _("Viewing as others"),
        "breadcrumbs": [(_("Journal"), reverse_lazy("journal"))],
        "empty_title": _("Nobody has viewed the portal as another person"),
        "empty_text": _("It begins on the page of a contact, and is listed here."),
    }


class ExportViewings(ViewingRows, RecordExport):
    name = "viewings"
    export_columns = {
        "id": "pk",
        "by": exports.text("by__email"),
        "as": exports.text("person__email"),
        "reason": exports.text("reason"),
        "started_at": "started_at",
        "ended_at": "ended_at",
    }


class ViewingSerializer(RecordSerializer):
    class Meta:
        model = Viewing
        fields = ["id", "by", "person", "reason", "started_at", "until", "ended_at"]


class ViewingViewSet(RecordViewSet):
    """Who viewed the portal as whom; beginning one needs a browser's session."""

    queryset = Viewing.objects.all()
    serializer_class = ViewingSerializer
    filterset_class = ViewingFilter
