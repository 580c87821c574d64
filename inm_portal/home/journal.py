"""The journal: who did what when, for those who may read all of it."""

from typing import Any

import django_filters
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from rest_framework import serializers

from inm_portal.accounts.models import User
from inm_portal.kernel import exports, vocabulary
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import GivenName, JournalEntry
from inm_portal.kernel.timeline import with_subjects


def verbs() -> list[tuple[str, Any]]:
    """Return every verb that an entry can have, by its sentence."""
    return sorted(vocabulary.known_verbs().items(), key=lambda verb: str(verb[1]))


class JournalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_name", label=_("Who"))
    verb = django_filters.ChoiceFilter(
        choices=verbs, label=_("What"), empty_label=_("Anything")
    )
    since = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("Since")
    )
    until = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Until")
    )
    subject_type = django_filters.CharFilter(label=_("Kind of object"))
    subject_id = KeyFilter(label=_("Object"))
    request_id = django_filters.CharFilter(label=_("Request"))

    class Meta:
        model = JournalEntry
        fields: list[str] = []

    def by_name(self, entries: Any, name: str, text: str) -> Any:
        """
        Keep what people of a name did, by their own account or a shared one.

        Each of the two is asked of its own table; a join of both takes twice as long.
        """
        people = User.objects.filter(name__icontains=text)
        given = GivenName.objects.filter(name__icontains=text)
        return entries.filter(Q(actor__in=people) | Q(pk__in=given.values("pk")))


class JournalPageFilter(JournalFilter):
    """On the page, without what only programs and links ask for."""

    subject_type = subject_id = request_id = None  # type: ignore[assignment]


class JournalRows(Rows):
    queryset = JournalEntry.objects.select_related("actor", "acting_as", "named")
    filter_class = JournalPageFilter
    default_sort = "-at"
    columns = [
        Column("at", _("When"), ("pk",)),
        Column("actor", _("Who")),
        Column("verb", _("What")),
        Column("subject", _("About")),
    ]


class JournalPage(JournalRows, RecordList):
    template_name = "home/journal.html"
    noun = (_("entry"), _("entries"))
    export_url = reverse_lazy("export_journal")
    extra_context = {
        "heading": _("Journal"),
        "empty_title": _("Nothing has happened yet"),
        "empty_text": _("Each act leaves an entry here."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        page.object_list = with_subjects(page.object_list)
        return super().get_context(page)


class ExportJournal(JournalRows, RecordExport):
    name = "journal"
    export_columns = {
        "id": "pk",
        "at": "at",
        "actor": exports.text("actor__email"),
        "given_name": exports.text("named__name"),
        "acting_as": exports.text("acting_as__email"),
        "verb": "verb",
        "subject_type": "subject_type",
        "subject_id": "subject_id",
        "request_id": "request_id",
    }


class JournalEntrySerializer(RecordSerializer):
    given_name = serializers.CharField(
        read_only=True, help_text=_("Who acted by a shared mailbox, as they said.")
    )

    class Meta:
        model = JournalEntry
        fields = [
            *["id", "at", "actor", "given_name", "acting_as", "verb"],
            *["subject_type", "subject_id", "facts", "request_id"],
        ]


class JournalEntryViewSet(RecordViewSet):
    queryset = JournalEntry.objects.select_related("named")
    serializer_class = JournalEntrySerializer
    filterset_class = JournalFilter
