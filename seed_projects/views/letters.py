"""Letters about calls: written, looked at as each would read it, sent once."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import LetterFilter
from ..models import Audience, CallLetter
from ..states import LetterState
from .calls import OfCall

LETTERS = (_("Letters"), reverse_lazy("seed_projects:letters"))
#: So many of who would get it are shown, each with what they would read.
SHOWN = 10


class LetterRows(Rows):
    queryset = CallLetter.objects.select_related("call", "written_by", "sent_by")
    filter_class = LetterFilter
    default_sort = "-written"
    columns = [
        Column("subject", _("Subject"), ("subject",)),
        Column("call", _("Call"), ("call__title",)),
        Column("audience", _("To"), ("audience",)),
        Column("state", _("State"), ("state",)),
        Column("mails", _("Mails"), ("recipients",), is_numeric=True),
        Column("written", _("Written"), ("written_at",)),
    ]


class LetterList(LetterRows, RecordList):
    template_name = "seed_projects/callletter_list.html"
    noun = (_("letter"), _("letters"))
    export_url = reverse_lazy("seed_projects:export_letters")
    extra_context = {
        "heading": _("Letters about calls"),
        "empty_title": _("No letters yet"),
        "empty_text": _("Write one from the figures of a call."),
    }


class ExportLetters(LetterRows, RecordExport):
    name = "letters"
    export_columns = {
        "id": "pk",
        "call": exports.text("call__title"),
        "subject": exports.text("subject"),
        "audience": "audience",
        "audience_words": exports.words("audience", Audience.choices),
        "state": "state",
        "state_words": exports.words("state", LetterState.choices),
        "mails": "recipients",
        "written_by": exports.text("written_by__name"),
        "written_at": "written_at",
        "sent_by": exports.text("sent_by__name"),
        "sent_at": "sent_at",
    }


class LetterDetail(RecordDetail):
    """A letter with what each who gets it would read; of drafts only how many."""

    queryset = CallLetter.objects.select_related("call", "written_by", "sent_by")
    template_name = "seed_projects/callletter_detail.html"
    buttons = ("change", "send")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter = self.object
        is_draft = letter.state == LetterState.DRAFT
        is_listed = is_draft and not letter.is_counted_alone
        told = services.recipients_of(letter, by=self.user, most=SHOWN)
        return super().get_context_data(
            heading=letter.subject,
            pretitle=letter.call.title,
            breadcrumbs=[LETTERS],
            letter=letter,
            is_draft=is_draft,
            count=services.count_of_letter(letter, by=self.user) if is_draft else 0,
            previews=list(told) if is_listed else [],
            **kwargs,
        )


class WriteLetter(OfCall):
    action = "write_letter"
    form_class = forms.LetterForm
    heading = _("Write to those who answer the call")
    done = _("Written. Look at what each would read, then send it.")
    extra_context = {
        "submit_label": _("Look at it"),
        "intro": _(
            "Nothing is sent yet. Of people with drafts you learn how many they are, "
            "and their letter names no proposal."
        ),
    }

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("audience", Audience.SUBMITTED.value)
        return {"audience": Audience.CHOSEN.value if self.chosen else asked}

    @property
    def chosen(self) -> list[int]:
        keys = [key_of(text) for text in self.request.GET.getlist("proposals")]
        return [key for key in keys if key is not None]

    def perform(self, **data: Any) -> CallLetter:
        return services.write_letter(
            self.object, **data, chosen=self.chosen, at=timezone.now(), by=self.user
        )


class ChangeLetter(UseCaseView):
    queryset = CallLetter.objects.select_related("call")
    action = "change"
    form_class = forms.ChangeLetterForm
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Change the letter"),
            pretitle=self.object.call.title,
            intro=forms.fields_help(),
            breadcrumbs=[LETTERS],
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> CallLetter:
        return services.change_letter(self.object, **data, by=self.user)


class SendLetter(StepView):
    queryset = CallLetter.objects.select_related("call")
    action = "send"
    done = _("Sent.")

    def perform(self, letter: CallLetter, /) -> CallLetter:
        return services.send_letter(letter, at=timezone.now(), by=self.user)
