"""The queue of what was handed in, the page of each, and what is done with it."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from inm_portal.kernel import exports
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import (
    PermittedMixin,
    RecordDetail,
    StepView,
    UseCaseView,
)

from .. import forms, services
from ..filters import ScreeningFilter
from ..models import (
    CheckKind,
    Proposal,
    ProposalPerson,
    ScreenedProposal,
    ScreeningCheck,
    ScreeningMove,
)
from ..states import ScreeningState

QUEUE = (_("Screening"), reverse_lazy("seed_projects:screening"))


class ScreeningRows(Rows):
    queryset = ScreenedProposal.objects.with_screening().select_related("call", "track")
    filter_class = ScreeningFilter
    default_sort = "-submitted"
    columns = [
        Column("title", _("Proposal"), ("title",)),
        Column("pi", _("PI"), ("pi_name",)),
        Column("department", _("Department"), (F("department").asc(nulls_last=True),)),
        Column("call", _("Call"), ("call__title",)),
        Column("state", _("State"), ("state",)),
        Column("checks", _("Checks"), ("passed",)),
        Column("submitted", _("Handed in"), (F("submitted_at").asc(nulls_first=True),)),
    ]


class ScreeningList(ScreeningRows, RecordList):
    template_name = "seed_projects/screening_list.html"
    noun = (_("proposal"), _("proposals"))
    export_url = reverse_lazy("seed_projects:export_screening")
    keys_first = True
    extra_context = {
        "heading": _("Screening"),
        "empty_title": _("Nothing to screen"),
        "empty_text": _(
            "What is handed in to a call stands here; of a sealed one once it closes."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_move = self.user.has_perm("seed_projects.change_proposal")
        call = self.filter.form.cleaned_data.get("call") if self.is_right else ""
        url = reverse("seed_projects:write_letter", args=[call]) if call else ""
        context = {"may_move": may_move, "counts": self.counts(), "letter_url": url}
        return super().get_context(page) | context

    def counts(self) -> list[dict[str, Any]]:
        """Return how many there are in each state, each with the way to them."""
        rows = ScreenedProposal.objects.permitted(self.user, "view").order_by()
        call: Any = self.filter.form.cleaned_data.get("call") if self.is_right else ""
        rows = rows.filter(call_id=call) if call else rows
        found = dict(rows.values_list("state").annotate(Count("pk")))
        asked = f"&call={call}" if call else ""
        return [
            {
                "label": state.label,
                "tone": state.tone,
                "count": found[state.value],
                "url": f"{QUEUE[1]}?state={state.value}{asked}",
            }
            for state in ScreeningState
            if state.value in found
        ]

    @property
    def is_right(self) -> bool:
        return bool(self.filter.form.is_valid())


class ExportScreening(ScreeningRows, RecordExport):
    name = "screening"
    export_columns = {
        "id": "pk",
        "title": exports.text("shown_title"),
        "pi": exports.text("pi_name"),
        "pi_email": exports.text("pi_email"),
        "department": exports.text("department"),
        "call": exports.text("call__title"),
        "track": exports.text("track__name"),
        "theme": exports.text("theme"),
        "state": "state",
        "state_words": exports.words("state", ScreeningState.choices),
        "checks_passed": "passed",
        "checks_failed": "failed",
        "submission": "last_number",
        "submitted_at": "submitted_at",
    }


class ScreenedDetail(RecordDetail):
    """A proposal as it was handed in last, what was found of it, and what was done."""

    queryset = ScreenedProposal.objects.with_screening().select_related("call", "track")
    template_name = "seed_projects/screened_detail.html"
    buttons = ("check", "accept", "turn_down", "send_back", "leave_out")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        snapshots = list(
            one.snapshots.defer("content")
            .select_related("submitted_by")
            .order_by("-number")
        )
        asked = self.request.GET.get("submission", "")
        shown = next((s for s in snapshots if str(s.number) == asked), snapshots[0])
        content = shown.content
        return super().get_context_data(
            heading=content["title"],
            pretitle=one.number,
            breadcrumbs=[QUEUE],
            proposal=one,
            snapshots=snapshots,
            shown=shown,
            content=content,
            sections=sections_of(content),
            budget=budget_rows(content),
            total=amount_of(content["budget"]["total"]),
            smallest=amount_of(content["smallest_budget"]),
            checks=checks_of(snapshots[0]),
            people=self.people(),
            moves=moves_of(one, self.user),
            entries=history_of(Proposal(pk=one.pk), user=self.user),
            at=timezone.now(),
            **kwargs,
        )

    def people(self) -> list[Any]:
        """Return who takes part; each tells whether they can be left out by now."""
        one = self.object
        if one.is_draft:
            return []
        rows = list(one.people.order_by("pk"))
        late = timezone.now() - services.CONFIRM_WITHIN
        for row in rows:
            is_late = one.submitted_at is not None and one.submitted_at <= late
            row.is_left_out = is_late and row.role == "co_pi" and not row.confirmed_at
        return rows


class ScreenedPaper(PermittedMixin, View):
    """A submission as a PDF; who took it is on record."""

    http_method_names = ["get"]
    queryset = ScreenedProposal.objects.all()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.get_object()
        rows = proposal.snapshots.order_by("-number")
        asked = key_of(request.GET.get("submission", ""))
        found = rows.filter(number=asked) if asked else rows
        snapshot = get_object_or_404(found[:1])
        content = services.take_paper(snapshot, by=self.user)
        name = f"{proposal.number}-{snapshot.number}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def sections_of(content: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the answers of a submission by the sections of its form."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in content["answers"]:
        found.setdefault(row["section"], []).append(row)
    return list(found.items())


def budget_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the years of a submission's budget, each with its lines."""
    lines = [
        line | {"unit_amount": amount_of(line["unit_amount"])}
        for line in content["lines"]
    ]
    return [
        year
        | {name: amount_of(year[name]) for name in ("indirect", "total")}
        | {"lines": [line for line in lines if line["year"] == year["year"]]}
        for year in content["budget"]["years"]
    ]


def amount_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def checks_of(snapshot: Any) -> list[tuple[CheckKind, ScreeningCheck | None]]:
    """Return each check of a submission as it stands, None where there is none."""
    rows = snapshot.checks.select_related("checked_by", "theme").order_by("pk")
    last = {row.kind: row for row in rows}
    return [(kind, last.get(kind)) for kind in CheckKind]


def moves_of(proposal: Any, user: Any) -> list[Any]:
    """Return what was done with a proposal, the last first, with its buttons."""
    rows = ScreeningMove.objects.filter(snapshot__proposal=proposal.pk)
    rows = rows.select_related("moved_by", "undo__undone_by", "appeal__decision")
    return list(rows.with_permissions(user, "undo").order_by("-pk"))


class OfScreened(UseCaseView):
    """A form about a proposal that was handed in."""

    queryset = ScreenedProposal.objects.select_related("call")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        url = one.get_absolute_url()
        return super().get_context_data(
            heading=self.heading,
            pretitle=one.number,
            breadcrumbs=[QUEUE, (one.number, url)],
            cancel_url=url,
            **kwargs,
        )


class CheckProposal(OfScreened):
    action = "check"
    form_class = forms.ChecksForm
    heading = _("Check what was handed in")
    done = _("Written down.")
    asks_again = False
    extra_context = {
        "intro": _("Each is written down with your name; the last one of a kind holds.")
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        snapshot = self.object.snapshots.latest("number")
        known = [row for _kind, row in checks_of(snapshot) if row]
        return super().get_form_kwargs() | {"call": self.object.call, "known": known}

    def perform(self, **data: Any) -> Any:
        findings = [services.Finding(**one) for one in data["findings"]]
        services.record_checks(self.object, findings, at=timezone.now(), by=self.user)
        return self.object


class AcceptProposal(StepView):
    queryset = ScreenedProposal.objects.all()
    action = "accept"
    done = _("Accepted into review. Its people hear of it in ten minutes.")

    def perform(self, proposal: ScreenedProposal, /) -> Any:
        services.accept_proposal(proposal, at=timezone.now(), by=self.user)
        return proposal


class ReturnProposal(OfScreened):
    action = "turn_down"
    form_class = forms.ReturnForm
    heading = _("Return without review")
    done = _("Returned. Its people hear of it in ten minutes.")
    extra_context = {
        "submit_label": _("Return"),
        "submit_tone": "danger",
        "intro": _(
            "The PI may appeal once within five working days; somebody else decides. "
            "It can be undone for ten minutes, before its people hear of it."
        ),
    }

    def perform(self, **data: Any) -> Any:
        services.return_proposal(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class SendBack(OfScreened):
    action = "send_back"
    form_class = forms.SendBackForm
    heading = _("Send back for more information")
    done = _("Sent back, and told.")
    extra_context = {
        "submit_label": _("Send back"),
        "intro": _(
            "Its people hear of it at once, and may change the proposal and hand it in "
            "again until then, whatever the deadline of the call. You keep reading "
            "what was handed in before."
        ),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"zone": self.object.call.time_zone}

    def perform(self, **data: Any) -> Any:
        services.send_back(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class LeaveOut(StepView):
    """Leave out a co-investigator who did not confirm in time."""

    queryset = ScreenedProposal.objects.all()
    action = "leave_out"
    done = _("Left out; what was handed in still names them.")

    def perform(self, proposal: ScreenedProposal, /) -> Any:
        key = self.kwargs["part"]
        part = ProposalPerson.objects.filter(proposal=proposal.pk, pk=key).first()
        if part is not None:
            services.leave_out(part, at=timezone.now(), by=self.user)
        return reverse("seed_projects:screened", args=[proposal.pk])
