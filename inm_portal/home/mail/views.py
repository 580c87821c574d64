"""The mails of the portal: what became of each, and what staff do with them."""

from typing import Any

import django_filters
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from inm_portal.kernel import exports, mails, message_steps
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import (
    Bounce,
    MailHold,
    Message,
    MessageState,
)
from inm_portal.kernel.permissions import page_for
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

MESSAGES = (_("Messages"), reverse_lazy("messages"))
ENTRIES_SHOWN = 50

#: A queued message whose time lies ahead is planned.
PLANNED = "planned"
STATES = [(PLANNED, _("Planned")), *MessageState.choices]

#: A mail is shown in a frame that may do nothing, not even be the portal.
FRAMED = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": [],
}


def kinds() -> list[tuple[str, str]]:
    """Return every kind of mail by its name in words."""
    return sorted(
        ((k, Message(kind=k).kind_label) for k in mails.kinds()),
        key=lambda kind: kind[1],
    )


class MessageFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=STATES, method="in_state", label=_("State"), empty_label=_("Any state")
    )
    kind = django_filters.ChoiceFilter(
        choices=kinds, label=_("Kind"), empty_label=_("Any kind")
    )
    since = django_filters.DateFilter(
        field_name="not_before", lookup_expr="date__gte", label=_("Since")
    )
    until = django_filters.DateFilter(
        field_name="not_before", lookup_expr="date__lte", label=_("Until")
    )

    class Meta:
        model = Message
        fields: list[str] = []

    def find(self, queryset: Any, _name: str, text: str) -> QuerySet:
        return queryset.search(text)

    def in_state(self, queryset: Any, _name: str, state: str) -> QuerySet:
        now = timezone.now()
        if state == PLANNED:
            return queryset.filter(state=MessageState.QUEUED, not_before__gt=now)
        return queryset.filter(state=state)


class MessageRows(Rows):
    queryset = Message.objects.defer("text", "html")
    filter_class = MessageFilter
    default_sort = "-written"
    columns = [
        Column("written", _("Written"), ("created_at", "pk")),
        Column("recipient", _("To"), ("recipient",)),
        Column("subject", _("Subject")),
        Column("state", _("State"), ("state",)),
        Column("due", _("Due"), ("not_before",)),
        Column("sent", _("Sent"), ("sent_at",)),
    ]


class MessageList(MessageRows, RecordList):
    template_name = "home/messages.html"
    noun = (_("message"), _("messages"))
    export_url = reverse_lazy("export_messages")
    extra_context = {
        "heading": _("Messages"),
        "empty_title": _("No messages yet"),
        "empty_text": _("Each mail of the portal stands here, with what became of it."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        holds = MailHold.objects.standing().select_related("by")
        return super().get_context(page) | {
            "now": timezone.now(),
            "hold": holds.with_permissions(self.user, "release").first(),
            "may_hold": self.user.has_perm("kernel.add_mailhold"),
        }


class ExportMessages(MessageRows, RecordExport):
    name = "messages"
    export_columns = {
        "id": "pk",
        "kind": "kind",
        "recipient": exports.text("recipient"),
        "subject": exports.text("subject"),
        "state": "state",
        "because": "because",
        "reason": exports.text("reason"),
        "written_at": "created_at",
        "not_before": "not_before",
        "not_after": "expires_at",
        "sent_at": "sent_at",
        "attempts": "attempts",
        "answer": "error",
        "request_id": "request_id",
    }


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class MessagePage(RecordDetail):
    queryset = Message.objects.select_related("to", "copy_of")
    template_name = "home/message.html"
    buttons = ("hold", "release", "cancel", "resend")
    context_object_name = "message"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = self.object
        about = object_of(message)
        bounces = Bounce.objects.current().of([message.recipient])
        return super().get_context_data(
            heading=message.subject,
            pretitle=message.kind_label,
            breadcrumbs=[MESSAGES],
            now=timezone.now(),
            about=about,
            about_url=page_for(self.user, about),
            bounce=bounces.with_permissions(self.user, "clear").first(),
            copies=message.copies.order_by("pk")[:ENTRIES_SHOWN],
            entries=history_of(message, user=self.user, most=ENTRIES_SHOWN),
            **kwargs,
        )


def object_of(message: Message) -> Any:
    """Return what a message is about, if it is still there."""
    if not message.about_type:
        return None
    model = apps.get_model(message.about_type)
    return model._base_manager.filter(pk=message.about_id).first()


@method_decorator(csp(FRAMED), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class MessagePreview(RecordDetail):
    """The HTML of a mail by itself, for a frame on its page."""

    queryset = Message.objects.all()

    def render_to_response(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if not self.object.shown_html:
            raise Http404
        return HttpResponse(self.object.shown_html)


class MessageReasonForm(ReasonForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For those who look into it later; the journal has your name."),
    )


class OfMessage(UseCaseView):
    """A form about one message."""

    queryset = Message.objects.all()
    form_class = MessageReasonForm
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=message.subject,
            breadcrumbs=[MESSAGES, (message.subject, message.get_absolute_url())],
            cancel_url=message.get_absolute_url(),
            **kwargs,
        )


class HoldMessage(OfMessage):
    action = "hold"
    heading = _("Hold a message")
    done = _("Message held.")
    extra_context = {
        "submit_label": _("Hold"),
        "intro": _("It waits until somebody releases or cancels it."),
    }

    def perform(self, **data: Any) -> Message:
        return message_steps.hold(self.object, **data, by=self.user)


class ReleaseMessage(StepView):
    queryset = Message.objects.all()
    action = "release"
    done = _("Message released.")

    def perform(self, message: Message, /) -> Message:
        return message_steps.release(message, by=self.user)


class CancelMessage(OfMessage):
    action = "cancel"
    heading = _("Cancel a message")
    done = _("Message cancelled.")
    extra_context = {
        "submit_label": _("Cancel message"),
        "cancel_label": _("Back"),
        "intro": _("It never goes out. One that is only to wait can be held instead."),
    }

    def perform(self, **data: Any) -> Message:
        return message_steps.cancel(self.object, **data, by=self.user)


class ResendMessage(OfMessage):
    action = "resend"
    heading = _("Send a message again")
    done = _("The message goes out again.")
    extra_context = {
        "submit_label": _("Send again"),
        "intro": _(
            "One that failed or is unclear goes out under its own Message-ID. One that"
            " was sent stays as it is, and a copy goes out."
        ),
    }

    def perform(self, **data: Any) -> Message:
        now = timezone.now()
        return message_steps.resend(self.object, **data, at=now, by=self.user)
