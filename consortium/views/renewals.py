"""Terms that end: how likely each is renewed, what its member says, and farewell."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.templatetags.portal import on as written_day
from inm_portal.kernel.views import RecordDetail, UseCaseView

from .. import forms, services
from ..filters import ExitFilter, RenewalFilter
from ..models import (
    Agreement,
    ExitInterview,
    RenewalAnswer,
    with_answer,
    with_estimate,
)
from ..states import RenewalAnswerKind
from .agreements import OfAgreement, agreement_crumbs

RENEWALS = (_("Renewals"), reverse_lazy("consortium:renewals"))


class RenewalRows(Rows):
    """The terms in force after which nothing is signed yet."""

    queryset = Agreement.objects.select_related("organization")
    filter_class = RenewalFilter
    default_sort = "notice_by"
    columns = [
        Column("organization", _("Member"), ("organization__name",)),
        Column("agreement", _("Agreement")),
        Column("ends_on", _("Term ends"), ("ends_on",)),
        Column("notice_by", _("Notice by"), ("notice_by",)),
        Column("answer", _("The member says"), ("answer",)),
        Column("probability", _("Renews"), ("probability",), is_numeric=True),
        Column("why", _("Reason")),
    ]

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        rows = self.queryset.permitted(self.user, "view_renewal")
        rows = rows.in_force(on=today).without_successor()
        return with_answer(with_estimate(rows.with_notice_by(on=today)))


class RenewalList(RenewalRows, RecordList):
    template_name = "consortium/renewal_list.html"
    noun = (_("term"), _("terms"))
    export_url = reverse_lazy("consortium:export_renewals")
    extra_context = {
        "heading": _("Renewals"),
        "empty_title": _("No term in force"),
        "empty_text": _("Terms after which nothing is signed yet stand here."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        today = timezone.localdate()
        for term in page:
            term.days_left = (term.notice_by - today).days
            term.said = RenewalAnswerKind(term.answer) if term.answer else None
        return super().get_context(page)


class ExportRenewals(RenewalRows, RecordExport):
    name = "renewals"
    export_columns = {
        "agreement": "pk",
        "organization": exports.text("organization__name"),
        "effective_on": "effective_on",
        "ends_on": "ends_on",
        "notice_by": "notice_by",
        "answer": "answer",
        "answered_on": "answered_on",
        "probability_percent": "probability",
        "reason": exports.text("why"),
        "estimated_at": "told_at",
    }


class RenewalDetail(RecordDetail):
    queryset = Agreement.objects.select_related("organization")
    action = "view_renewal"
    template_name = "consortium/renewal_detail.html"
    buttons = (
        *("estimate_renewal", "answer_renewal"),
        *("grant_goodwill", "record_exit"),
    )

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        return super().get_queryset().with_terms(on=today).with_successor()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.object
        estimates = agreement.renewal_estimates.select_related("estimated_by")
        today = timezone.localdate()
        is_open = agreement.ends_on >= today
        answers = RenewalAnswer.objects.filter(agreement=agreement).order_by("-pk")
        answers = answers.select_related("recorded_by", "ruling__ruled_by")
        return super().get_context_data(
            heading=_("Renewal of %(agreement)s") % {"agreement": agreement.number},
            pretitle=agreement.organization.name,
            breadcrumbs=[RENEWALS],
            agreement=agreement,
            estimates=slice_of(
                estimates.order_by("-pk"), "estimates", self.request.GET
            ),
            answers=slice_of(
                answers.with_permissions(self.user, "rule_late_notice"),
                "answers",
                self.request.GET,
            ),
            goodwill=agreement.goodwillaccess_rows.order_by("-pk").first(),
            exits=list(
                agreement.exitinterview_rows.select_related("contact").order_by("-pk")[
                    :5
                ]
            ),
            is_open=is_open and not agreement.is_followed,
            is_over=not is_open and not agreement.is_followed,
            is_leaving=services.is_leaving(agreement, today=today),
            **kwargs,
        )


class OfRenewal(OfAgreement):
    """A form about the renewal of a term."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("consortium:renewal", args=[self.object.pk])
        return super().get_context_data(**kwargs) | {
            "pretitle": self.object.organization.name,
            "breadcrumbs": [RENEWALS, (self.object.number, url)],
            "cancel_url": url,
        }

    @property
    def now(self) -> dict[str, Any]:
        return {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}


class EstimateRenewal(OfRenewal):
    action = "estimate_renewal"
    form_class = forms.RenewalEstimateForm
    heading = _("Estimate the renewal")
    done = _("Estimate saved; the cash forecast weighs the next term by it.")

    def perform(self, **data: Any) -> Any:
        return services.estimate_renewal(self.object, **data, **self.now)


class AnswerRenewal(OfRenewal):
    """What a member says: as staff heard it, or as its executive sponsor sends it."""

    action = "answer_renewal"
    extra_context = {"submit_label": _("Save the answer")}

    @property
    def is_own(self) -> bool:
        return not self.user.has_perm("consortium.add_renewalanswer")

    @property
    def heading(self) -> str:
        return _("Say whether you renew") if self.is_own else _("Record its answer")

    @property
    def done(self) -> str:
        return _("Thank you; INM reads it.") if self.is_own else _("Answer saved.")

    def get_form_class(self) -> Any:
        return forms.MemberAnswerForm if self.is_own else forms.RenewalAnswerForm

    def get_initial(self) -> dict[str, Any]:
        return {} if self.is_own else {"received_on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        terms = Agreement.objects.with_terms(on=timezone.localdate())
        day = terms.get(pk=self.object.pk).renewal_notice_on
        told["intro"] = _("Notice is in time until %(day)s.") % {
            "day": written_day(day)
        }
        if self.is_own:
            url = self.object.get_absolute_url()
            told |= {"breadcrumbs": agreement_crumbs(self.object), "cancel_url": url}
        return told

    def perform(self, **data: Any) -> Any:
        received = data.pop("received_on", timezone.localdate())
        row = services.answer_renewal(
            self.object, **data, received_on=received, **self.now
        )
        return self.object if self.is_own else row


class RuleLateNotice(UseCaseView):
    queryset = RenewalAnswer.objects.select_related("agreement__organization")
    action = "rule_late_notice"
    form_class = forms.LateNoticeForm
    done = _("Decision saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answer = self.object
        facts = {
            "day": written_day(answer.received_on),
            "last": written_day(answer.notice_on),
        }
        return super().get_context_data(
            heading=_("Accept or refuse the late notice"),
            pretitle=answer.agreement.organization.name,
            intro=_("It came on %(day)s; notice was in time until %(last)s.") % facts,
            breadcrumbs=[
                RENEWALS,
                (answer.agreement.number, answer.get_absolute_url()),
            ],
            cancel_url=answer.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Any:
        now = timezone.now()
        services.rule_late_notice(self.object, **data, at=now, by=self.user)
        return self.object


class GrantGoodwill(OfRenewal):
    action = "grant_goodwill"
    form_class = forms.GoodwillForm
    heading = _("Grant goodwill access")
    done = _("Goodwill access granted; it ends by itself.")
    extra_context = {
        "submit_label": _("Grant"),
        "intro": _(
            "Its people read on as members do, until the day you choose; "
            "they have no vote."
        ),
    }

    def perform(self, **data: Any) -> Any:
        return services.grant_goodwill(self.object, **data, **self.now)


class RecordExit(OfRenewal):
    action = "record_exit"
    form_class = forms.ExitInterviewForm
    heading = _("Record the exit interview")
    done = _("Exit interview saved.")
    extra_context = {
        "submit_label": _("Save"),
        "intro": _("For INM alone. What is wrong is put right by another one."),
    }

    def get_initial(self) -> dict[str, Any]:
        return {"held_on": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        company = self.object.organization
        return super().get_form_kwargs() | {"organization": company}

    def perform(self, **data: Any) -> Any:
        return services.record_exit_interview(self.object, **data, **self.now)


class ExitRows(Rows):
    """What members that left said about why."""

    queryset = ExitInterview.objects.select_related(
        *["agreement__organization", "contact"]
    )
    filter_class = ExitFilter
    default_sort = "-day"
    columns = [
        Column("organization", _("Member"), ("agreement__organization__name",)),
        Column("day", _("Day"), ("held_on",)),
        Column("reasons", _("Why it leaves")),
        Column("words", _("What was said")),
        Column("return", _("Might come back"), ("may_return",)),
    ]


class ExitList(ExitRows, RecordList):
    template_name = "consortium/exit_list.html"
    noun = (_("exit interview"), _("exit interviews"))
    export_url = reverse_lazy("consortium:export_exits")
    extra_context = {
        "heading": _("Exit interviews"),
        "empty_title": _("Nobody left yet"),
        "empty_text": _("They are recorded on the page of a renewal."),
    }


class ExportExits(ExitRows, RecordExport):
    name = "exit-interviews"
    export_columns = {
        "id": "pk",
        "organization": exports.text("agreement__organization__name"),
        "agreement": "agreement",
        "held_on": "held_on",
        "contact": exports.text("contact__name"),
        "reasons": "reasons",
        "words": exports.text("words"),
        "may_return": "may_return",
    }
