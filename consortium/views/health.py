"""
Relationships with members: who looks after each, and what tells that it may not renew.
"""

from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows

from .. import forms, services
from ..filters import RelationshipFilter
from ..models import Health, Organization, with_signs
from ..states import Sign
from .organizations import OfOrganization


class RelationshipRows(Rows):
    queryset = Organization.objects.select_related("owner")
    filter_class = RelationshipFilter
    default_sort = "-signs"
    columns = [
        Column("name", _("Member"), (Lower("name"),)),
        Column("owner", _("Owner"), ("owner__name",)),
        Column(
            *("spoken", _("Last spoken with")),
            (F("spoken_on").asc(nulls_first=True), Lower("name")),
        ),
        Column("health", _("Health"), (F("health").asc(nulls_last=True),)),
        Column("notice", _("Notice by"), (F("notice_on").asc(nulls_last=True),)),
        Column("signs", _("Signs"), ("signs", F("notice_on").desc(nulls_first=True))),
    ]

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        rows = self.queryset.permitted(self.user, "see_care")
        return with_signs(rows.with_membership(on=today), on=today)


class RelationshipList(RelationshipRows, RecordList):
    template_name = "consortium/relationship_list.html"
    noun = (_("organization"), _("organizations"))
    told_by_rows = "of_all"
    export_url = reverse_lazy("consortium:export_relationships")
    extra_context = {
        "heading": _("Relationships"),
        "empty_title": _("No members yet"),
        "empty_text": _("Who looks after each, and when they spoke, stands here."),
    }

    def rows(self) -> Any:
        # Signs are worked out of all rows to sort them, so that they count as well.
        return super().rows().annotate(of_all=Window(Count("*")))

    def get_context(self, page: Any) -> dict[str, Any]:
        today = timezone.localdate()
        for member in page:
            member.told = services.signs_of(member, on=today)
            member.health_now = Health(member.health) if member.health else None
        may_note = self.user.has_perm("consortium.add_healthnote")
        return super().get_context(page) | {"may_note": may_note}


class ExportRelationships(RelationshipRows, RecordExport):
    name = "relationships"
    export_columns = {
        "id": "pk",
        "name": exports.text("name"),
        "status": "status",
        "owner": exports.text("owner__name"),
        "spoken_on": "spoken_on",
        "health": "health",
        "health_words": exports.words("health", Health.choices),
        "health_on": "health_on",
        "health_reason": exports.text("health_reason"),
        "notice_on": "notice_on",
        "signs": "signs",
        **{f"is_{sign}": f"is_{sign}" for sign in Sign},
    }


class NoteHealth(OfOrganization):
    action = "note_health"
    form_class = forms.HealthForm
    heading = _("Note its health")
    done = _("Noted.")
    extra_context = {
        "submit_label": _("Note"),
        "intro": _("For INM alone. What was noted before stays as its history."),
    }

    def get_initial(self) -> dict[str, Any]:
        return {"noted_on": timezone.localdate()}

    def perform(self, **data: Any) -> Organization:
        services.note_health(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.object
