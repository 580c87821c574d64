"""Companies that may join: the page that asks them, and how far talks have come."""

from http import HTTPStatus
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from rest_framework.request import Request

from inm_portal.kernel import exports
from inm_portal.kernel.api.throttling import MinuteThrottle
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.views import RecordDetail, UseCaseView

from .. import forms, services
from ..filters import InquiryFilter, ProspectFilter
from ..models import Inquiry, Offer, Prospect
from ..services.aging import CURRENCY
from ..states import Stage
from .organizations import OfOrganization

PROSPECTS = (_("Prospects"), reverse_lazy("consortium:prospects"))
INQUIRIES = (_("Inquiries"), reverse_lazy("consortium:inquiries"))

#: Inquiries that are taken from one address of the network in a minute.
TAKEN = 3


class Join(TemplateView):
    """Take what a company asks about the consortium; for everybody."""

    template_name = "consortium/join.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        tries = MinuteThrottle()
        network = tries.get_ident(Request(request))
        form = forms.InquiryForm(request.POST)
        if form.is_of_a_program:
            # It is thanked as anybody is, and learns nothing.
            return redirect("consortium:joined")
        if not form.is_valid():
            context = self.get_context_data(form=form)
            return self.render_to_response(
                context, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        if not tries.count(f"inquiry {network}", TAKEN):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        told = {name: form.cleaned_data[name] for name in form.Meta.fields}
        page = form.cleaned_data["begun"]
        services.send_inquiry(**told, page=page, at=timezone.now())
        return redirect("consortium:joined")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = forms.InquiryForm(initial={"begun": forms.begun()})
        return super().get_context_data(**{"form": form} | kwargs)


class Joined(TemplateView):
    """Thank whoever asked."""

    template_name = "consortium/joined.html"


class ProspectRows(Rows):
    queryset = Prospect.objects.select_related("organization", "owner")
    filter_class = ProspectFilter
    default_sort = "expected"
    columns = [
        Column("organization", _("Company"), ("organization__name",)),
        Column("offer", _("Offer"), ("offer",)),
        Column("stage", _("Stage"), ("stage",)),
        Column("owner", _("Owner"), ("owner__name",)),
        Column("expected", _("Expected"), ("expected_on",)),
        Column("amount", _("A year"), ("amount",), is_numeric=True),
        Column("probability", _("Likely"), ("probability",), is_numeric=True),
        Column("weighted", _("Weighted"), ("weighted",), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing()


class ProspectList(ProspectRows, RecordList):
    template_name = "consortium/prospect_list.html"
    noun = (_("prospect"), _("prospects"))
    export_url = reverse_lazy("consortium:export_prospects")
    extra_context = {
        "heading": _("Prospects"),
        "empty_title": _("Nobody is to join yet"),
        "empty_text": _(
            "Take up an inquiry, or open a prospect on the page of a company."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        return super().get_context(page) | {
            "stages": self.stages(),
            "currency": CURRENCY,
        }

    def stages(self) -> list[dict[str, Any]]:
        """Return how many stand at each stage, with what they come to."""
        rows = self.rows().order_by().values("stage")
        sums = rows.annotate(
            count=Count("pk"), amount=Sum("amount"), weighted=Sum("weighted")
        )
        found = {row["stage"]: row for row in sums}
        none = {"count": 0, "amount": 0, "weighted": 0}
        return [found.get(one, none) | {"stage": one} for one in Stage]


class ExportProspects(ProspectRows, RecordExport):
    name = "prospects"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "offer": "offer",
        "offer_words": exports.words("offer", Offer.choices),
        "stage": "stage",
        "stage_words": exports.words("stage", Stage.choices),
        "owner": exports.text("owner__name"),
        "opened_on": "opened_on",
        "expected_on": "expected_on",
        "amount": "amount",
        "probability_percent": "probability",
        "weighted": "weighted",
        "currency": "currency",
    }


class ProspectDetail(RecordDetail):
    queryset = Prospect.objects.select_related("organization", "owner", "inquiry")
    template_name = "consortium/prospect_detail.html"
    buttons = ("move",)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        prospect = self.object
        steps = prospect.steps.select_related("recorded_by").order_by("-pk")
        return super().get_context_data(
            heading=prospect.organization.name,
            pretitle=prospect.offer_label,
            breadcrumbs=[PROSPECTS],
            prospect=prospect,
            steps=slice_of(steps, "steps", self.request.GET),
            is_open=prospect.stage != Stage.WON,
            **kwargs,
        )


class OpenProspect(OfOrganization):
    action = "open_prospect"
    form_class = forms.ProspectForm
    heading = _("Open a prospect")
    done = _("Opened.")
    extra_context = {"submit_label": _("Open")}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.user.pk}

    def perform(self, **data: Any) -> Prospect:
        return services.open_prospect(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class MoveProspect(UseCaseView):
    queryset = Prospect.objects.select_related("organization")
    action = "move"
    form_class = forms.StepForm
    done = _("Saved; the last step tells where it stands.")

    def get_initial(self) -> dict[str, Any]:
        last = self.object.steps.latest("pk")
        names = ["stage", "amount", "probability", "expected_on"]
        return {name: getattr(last, name) for name in names}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        return super().get_context_data(
            heading=_("Say where it stands"),
            pretitle=str(one),
            submit_label=_("Save"),
            breadcrumbs=[PROSPECTS, (str(one), one.get_absolute_url())],
            cancel_url=one.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Prospect:
        services.move_prospect(self.object, **data, at=timezone.now(), by=self.user)
        one: Prospect = self.object
        return one


class InquiryRows(Rows):
    queryset = Inquiry.objects.select_related("prospect__organization")
    filter_class = InquiryFilter
    default_sort = "-received"
    columns = [
        Column("company", _("Company"), ("company",)),
        Column("name", _("Who asks"), ("name",)),
        Column("offer", _("About"), ("offer",)),
        Column("received", _("Received"), ("received_at",)),
        Column("standing", _("Standing")),
    ]


class InquiryList(InquiryRows, RecordList):
    template_name = "consortium/inquiry_list.html"
    noun = (_("inquiry"), _("inquiries"))
    export_url = reverse_lazy("consortium:export_inquiries")
    extra_context = {
        "heading": _("Inquiries"),
        "empty_title": _("Nobody asked yet"),
        "empty_text": _("What companies ask on the page for it arrives here."),
    }


class ExportInquiries(InquiryRows, RecordExport):
    name = "inquiries"
    export_columns = {
        "id": "pk",
        "company": exports.text("company"),
        "name": exports.text("name"),
        "email": exports.text("email"),
        "offer": "offer",
        "received_at": "received_at",
        "set_aside_because": exports.text("set_aside_because"),
        "prospect": "prospect",
    }


class InquiryDetail(RecordDetail):
    queryset = Inquiry.objects.select_related("prospect__organization", "set_aside_by")
    template_name = "consortium/inquiry_detail.html"
    buttons = ("take_up", "set_aside")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.object.company,
            pretitle=_("Inquiry"),
            breadcrumbs=[INQUIRIES],
            inquiry=self.object,
            offer=Offer(self.object.offer).label,
            **kwargs,
        )


class OfInquiry(UseCaseView):
    queryset = Inquiry.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=one.company,
            breadcrumbs=[INQUIRIES, (one.company, one.get_absolute_url())],
            cancel_url=one.get_absolute_url(),
            **kwargs,
        )


class TakeUpInquiry(OfInquiry):
    action = "take_up"
    form_class = forms.TakeUpForm
    heading = _("Take it up")
    done = _("Taken up.")
    extra_context = {"submit_label": _("Take up")}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.user.pk}

    def perform(self, **data: Any) -> Prospect:
        return services.take_up_inquiry(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class SetAsideInquiry(OfInquiry):
    action = "set_aside"
    form_class = ReasonForm
    heading = _("Set it aside")
    done = _("Set aside; it is erased after 30 days.")
    extra_context = {
        "submit_label": _("Set aside"),
        "intro": _("Nothing follows of it, and it is erased after 30 days."),
    }

    def perform(self, **data: Any) -> Inquiry:
        return services.set_aside_inquiry(
            self.object, **data, at=timezone.now(), by=self.user
        )
