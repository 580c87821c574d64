"""The switch that stops all mail, and the addresses that refuse it."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import bounces, exports, message_steps
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import Bounce, BounceKind, MailHold
from inm_portal.kernel.views import CreateView, StepView, UseCaseView

from .views import MESSAGES

BOUNCES = (_("Refusing addresses"), reverse_lazy("bounces"))


class HoldAllMail(CreateView):
    permission = "kernel.add_mailhold"
    form_class = ReasonForm
    done = _("All mail is held.")
    extra_context = {
        "heading": _("Hold all mail"),
        "breadcrumbs": [MESSAGES],
        "cancel_url": reverse_lazy("messages"),
        "submit_label": _("Hold all mail"),
        "intro": _(
            "Nothing goes out until somebody releases it, but for what its own"
            " recipient asks for, such as a link to choose a password."
        ),
    }

    def perform(self, **data: Any) -> MailHold:
        return message_steps.hold_all(**data, at=timezone.now(), by=self.user)


class ReleaseAllMail(StepView):
    queryset = MailHold.objects.all()
    action = "release"
    done = _("Mail goes out again.")

    def perform(self, _hold: MailHold, /) -> MailHold:
        return message_steps.release_all(at=timezone.now(), by=self.user)


class BounceFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        field_name="address", lookup_expr="icontains", label=_("Address")
    )
    kind = django_filters.ChoiceFilter(
        choices=BounceKind, label=_("Kind"), empty_label=_("Any kind")
    )

    class Meta:
        model = Bounce
        fields: list[str] = []


class BounceRows(Rows):
    queryset = Bounce.objects.select_related("by")
    filter_class = BounceFilter
    default_sort = "-at"
    columns = [
        Column("at", _("When"), ("pk",)),
        Column("address", _("Address"), ("address",)),
        Column("kind", _("What")),
        Column("codes", _("What the server said")),
        Column("step", ""),
    ]


class BounceList(BounceRows, RecordList):
    template_name = "home/bounces.html"
    noun = (_("entry"), _("entries"))
    export_url = reverse_lazy("export_bounces")
    extra_context = {
        "heading": _("Refusing addresses"),
        "breadcrumbs": [MESSAGES],
        "empty_title": _("Every address takes mail"),
        "empty_text": _("Addresses that mail servers refused stand here."),
    }

    def get_queryset(self) -> QuerySet:
        return (
            super().get_queryset().with_standing().with_permissions(self.user, "clear")
        )


class ExportBounces(BounceRows, RecordExport):
    name = "bounces"
    export_columns = {
        "id": "pk",
        "at": "at",
        "address": exports.text("address"),
        "kind": "kind",
        "codes": exports.text("codes"),
        "message": "message_id",
        "by": exports.text("by__email"),
        "reason": exports.text("reason"),
    }


class ClearBounce(UseCaseView):
    queryset = Bounce.objects.all()
    action = "clear"
    form_class = ReasonForm
    done = _("Mail goes to the address again.")
    extra_context = {
        "heading": _("Allow mail to an address again"),
        "submit_label": _("Allow mail"),
        "intro": _("Ask first whether the address is right. What is held goes out."),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            pretitle=self.object.address,
            breadcrumbs=[MESSAGES, BOUNCES],
            cancel_url=str(BOUNCES[1]),
            **kwargs,
        )

    def perform(self, **data: Any) -> Bounce:
        return bounces.clear(self.object, **data, at=timezone.now(), by=self.user)
