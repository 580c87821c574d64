"""Requests to change where money goes: the list, each, and the call that checks it."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import RecordDetail, UseCaseView

from .. import forms, services
from ..filters import CallBackFilter
from ..models import CallBack
from ..states import CallBackStanding
from .organizations import OfOrganization

CALL_BACKS = (_("Call-backs"), reverse_lazy("consortium:call_backs"))


class CallBackRows(Rows):
    queryset = CallBack.objects.all()
    filter_class = CallBackFilter
    default_sort = "-received"
    columns = [
        Column("number", _("Call-back"), ("pk",)),
        Column("received", _("Received"), ("received_on",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("asked_by", _("Asked by"), ("asked_by",)),
        Column("contact", _("To call"), ("contact__name",)),
        Column("standing", _("Standing"), ("state",)),
    ]


class CallBackList(CallBackRows, RecordList):
    queryset = CallBack.objects.with_related("organization__name", "contact__name")
    template_name = "consortium/call_back_list.html"
    noun = (_("call-back"), _("call-backs"))
    export_url = reverse_lazy("consortium:export_call_backs")
    extra_context = {
        "heading": _("Call-backs"),
        "empty_title": _("Nobody asked to change where money goes"),
        "empty_text": _(
            "Such a request is written down on the page of its member, and somebody "
            "else calls a contact at the number that is known."
        ),
    }


class ExportCallBacks(CallBackRows, RecordExport):
    name = "call-backs"
    export_columns = {
        "id": "pk",
        "received_on": "received_on",
        "organization": exports.text("organization__name"),
        "asked_by": exports.text("asked_by"),
        "asked_for": exports.text("reason"),
        "contact": exports.text("contact__name"),
        "phone": exports.text("phone"),
        "standing": "state",
        "standing_words": exports.words("state", CallBackStanding.choices),
        "answer": exports.text("answer"),
    }


class CallBackDetail(RecordDetail):
    queryset = CallBack.objects.with_related(
        *["organization__name", "contact__name", "contact__confirmed_on"],
        *["proposed_by__name", "decided_by__name"],
    )
    template_name = "consortium/call_back_detail.html"
    buttons = ("confirm", "refuse")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=str(self.object),
            pretitle=self.object.organization.name,
            breadcrumbs=[CALL_BACKS],
            call_back=self.object,
            entries=history_of(self.object, user=self.user),
            **kwargs,
        )


class AskForCallBack(OfOrganization):
    action = "call_back"
    form_class = forms.CallBackForm
    heading = _("Have a request checked by a call")
    done = _("Written down; somebody else calls back.")
    extra_context = {
        "submit_label": _("Write it down"),
        "intro": _(
            "Somebody asked to change where money goes. Nothing changes before a "
            "contact, called at the number that is known, says so too."
        ),
    }

    def get_initial(self) -> dict[str, Any]:
        return {"received_on": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}

    def perform(self, **data: Any) -> CallBack:
        return services.ask_for_call_back(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class OfCallBack(UseCaseView):
    """What came of a call."""

    queryset = CallBack.objects.with_related("organization__name", "contact__name")
    form_class = forms.CallForm
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        called = {"name": row.contact.name, "phone": row.phone}
        return super().get_context_data(
            heading=self.heading,
            intro=_("%(name)s was called at %(phone)s.") % called,
            breadcrumbs=[CALL_BACKS, (str(row), row.get_absolute_url())],
            cancel_url=row.get_absolute_url(),
            **kwargs,
        )


class ConfirmCallBack(OfCallBack):
    action = "confirm"
    heading = _("The contact asked for it")
    done = _("Confirmed.")
    extra_context = {"submit_label": _("Confirm")}

    def perform(self, **data: Any) -> CallBack:
        now = timezone.now()
        return services.confirm_call_back(self.object, **data, at=now, by=self.user)


class RefuseCallBack(OfCallBack):
    action = "refuse"
    heading = _("The contact did not ask for it")
    done = _("Not confirmed: nothing changes.")
    extra_context = {"submit_label": _("Do not confirm")}

    def perform(self, **data: Any) -> CallBack:
        now = timezone.now()
        return services.refuse_call_back(self.object, **data, at=now, by=self.user)
