"""Ladders of reminders: their versions, the editor with its effect, those of some."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.reminders.rules import Rung
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import ReminderPolicyFilter
from ..models import (
    Contact,
    Copied,
    FirstNotice,
    Invoice,
    Organization,
    ReminderPolicy,
    Wording,
)
from ..services import Told
from ..services.ladders import LADDER, Ladders, rungs_of, versions
from ..services.reminder_policies import require_ladder
from ..states import ActState, LadderStanding
from .invoices import INVOICES
from .organizations import OfOrganization
from .payers import payer_crumbs

REMINDERS = (_("Reminders"), reverse_lazy("reminders"))
LADDERS = (_("Ladders of dues"), reverse_lazy("consortium:reminder_policies"))

#: The button of a form that shows what would change, and saves nothing.
PREVIEW = "preview"


@dataclass(frozen=True)
class ShownRung:
    """A rung in words."""

    rung: Rung

    def __str__(self) -> str:
        words = str(self.rung)
        return words[:1].upper() + words[1:]

    @property
    def when(self) -> str:
        return self.rung.when

    @property
    def is_task(self) -> bool:
        return self.rung.is_task

    @property
    def wording(self) -> str:
        return "" if self.is_task else str(Wording(self.rung.wording).label)

    @property
    def copied(self) -> str:
        return ", ".join(str(Copied(name).label) for name in self.rung.copied)


def shown(rungs: Sequence[Rung]) -> list[ShownRung]:
    """Return rungs in words, in the order in which they are climbed."""
    climbed = sorted(rungs, key=lambda rung: (rung.days, rung.is_task))
    return [ShownRung(rung) for rung in climbed]


class LadderRows(Rows):
    queryset = ReminderPolicy.objects.select_related(
        "organization", "invoice__organization", "proposed_by"
    )
    filter_class = ReminderPolicyFilter
    default_sort = "-first"
    columns = [
        Column("ladder", _("Ladder"), ("pk",)),
        Column("standing", _("Standing"), ("standing",)),
        Column("first", _("First day"), ("first_on", "pk")),
        Column("until", _("Last day"), ("until_on",)),
        Column("reason", _("Reason")),
        Column("by", _("By"), ("proposed_by__name",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())


class LadderList(LadderRows, RecordList):
    template_name = "consortium/ladder_list.html"
    noun = (_("ladder"), _("ladders"))
    export_url = reverse_lazy("consortium:export_reminder_policies")
    extra_context = {
        "heading": _("Ladders of dues"),
        "breadcrumbs": [REMINDERS],
        "empty_title": _("Nobody changed the ladder yet"),
        "empty_text": _("All are reminded by the ladder that the portal begins with."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        return super().get_context(page) | {
            "may_propose": self.user.has_perm("consortium.add_reminderpolicy"),
            "in_force": self.in_force(),
        }

    def in_force(self) -> list[ShownRung]:
        """Return the rungs by which all are reminded today, to those who see them."""
        if not self.user.has_perm("consortium.view_reminderpolicy"):
            return []
        today = timezone.localdate()
        ladder = Ladders(versions(on=today), today).of()
        return shown([rung for rung in ladder if rung.counts_on(today)])


class ExportLadders(LadderRows, RecordExport):
    name = "reminder-ladders"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "invoice": exports.text("invoice__number"),
        "standing": "standing",
        "standing_words": exports.words("standing", LadderStanding.choices),
        "first_on": "first_on",
        "until_on": "until_on",
        "rungs": exports.text("ladder"),
        "reason": exports.text("reason"),
        "proposed_by": exports.text("proposed_by__name"),
        "proposed_at": "proposed_at",
        "decided_by": exports.text("decided_by__name"),
        "decided_at": "decided_at",
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_rungs()


class LadderDetail(RecordDetail):
    queryset = ReminderPolicy.objects.select_related(
        *["organization", "invoice__organization", "proposed_by", "decided_by"],
        *["based_on", "end__ended_by"],
    )
    template_name = "consortium/ladder_detail.html"
    buttons = ("approve", "refuse", "end", "effect")

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy = self.object
        version = services.proposed(policy)
        return super().get_context_data(
            heading=str(policy),
            breadcrumbs=[REMINDERS, LADDERS],
            policy=policy,
            rungs=shown(rungs_of(version)),
            left_out=[rung for rung in LADDER if not version.told[rung.key].is_on],
            effect=self.effect(version),
            waits=policy.state == ActState.PROPOSED,
            entries=history_of(policy, user=self.user),
            **kwargs,
        )

    def effect(self, version: Any) -> Any:
        """Return what it would change, for who asks; nothing once it was decided."""
        is_asked = "effect" in self.request.GET
        if not is_asked or self.object.state != ActState.PROPOSED:
            return None
        return services.effect_of(version, at=timezone.now(), on=timezone.localdate())


class LadderEditor:
    """A form of a ladder, which shows its effect before it is saved."""

    request: Any
    user: Any
    effect: Any = None

    def told(self) -> Sequence[Told]:
        """Return the ladder that the form starts from."""
        raise NotImplementedError

    def tried_out(self, data: Any) -> Any:
        """Return the ladder that was typed, which nobody recorded."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"told": self.told()}  # type: ignore[misc]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if PREVIEW in request.POST:
            return self.preview()
        return super().post(request, *args, **kwargs)  # type: ignore[misc]

    def preview(self) -> Any:
        form = self.get_form()  # type: ignore[attr-defined]
        status = HTTPStatus.OK
        if form.is_valid():
            try:
                require_ladder(form.cleaned_data["rungs"])
                self.effect = services.effect_of(
                    self.tried_out(form.cleaned_data),
                    at=timezone.now(),
                    on=timezone.localdate(),
                )
            except Refusal as refusal:
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, str(refusal))
        if form.errors:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=status)  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(effect=self.effect, **kwargs)  # type: ignore[misc]


class ProposeLadder(LadderEditor, CreateView):
    permission = "consortium.add_reminderpolicy"
    template_name = "consortium/ladder_form.html"
    form_class = forms.LadderOfAllForm
    done = _("Proposed: a director is asked.")
    extra_context = {
        "heading": _("Change the ladder of all"),
        "breadcrumbs": [REMINDERS, LADDERS],
        "cancel_url": LADDERS[1],
        "submit_label": _("Propose"),
        "intro": _(
            "A director puts it in force. What went out before its first day stays as "
            "it is, and nothing is sent twice."
        ),
    }

    def told(self) -> Sequence[Told]:
        last = services.latest()
        return services.told_of(list(last.rungs.all())) if last else services.standard()

    def get_initial(self) -> dict[str, Any]:
        last = services.latest()
        return {"based_on": last.pk if last else None}

    def tried_out(self, data: Any) -> Any:
        return services.tried_out(None, rungs=data["rungs"], first_on=data["first_on"])

    def perform(self, **data: Any) -> ReminderPolicy:
        based_on = data.pop("based_on")
        return services.propose_ladder(
            **data,
            based_on=ReminderPolicy.objects.filter(pk=based_on).first(),
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class LadderOfSome(LadderEditor, UseCaseView):
    """A ladder of one member or one invoice, which starts from what counts for it."""

    template_name = "consortium/ladder_form.html"
    form_class = forms.LadderOfSomeForm
    done = _("From today on, reminders follow this ladder.")
    submit_label = _("Put it in force")

    def told(self) -> Sequence[Told]:
        today, rows = timezone.localdate(), ReminderPolicy.objects
        own = rows.of_some().in_force(on=today).filter(self.own()).order_by("-pk")
        of_all = rows.default().in_force(on=today)
        found = own.first() or of_all.first()
        return (
            services.told_of(list(found.rungs.all())) if found else services.standard()
        )

    def own(self) -> Any:
        raise NotImplementedError

    def tried_out(self, data: Any) -> Any:
        return services.tried_out(
            self.object,
            rungs=data["rungs"],
            first_on=timezone.localdate(),
            until_on=data["until_on"],
        )

    def perform(self, **data: Any) -> ReminderPolicy:
        return services.give_ladder(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class GiveMemberLadder(LadderOfSome):
    queryset = Organization.objects.all()
    action = "give_ladder"

    def own(self) -> Any:
        return Q(organization=self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("A ladder of its own"),
            pretitle=self.object.name,
            breadcrumbs=payer_crumbs(self.object),
            cancel_url=reverse("consortium:payer", args=[self.object.pk]),
            submit_label=self.submit_label,
            **kwargs,
        )


class GiveInvoiceLadder(LadderOfSome):
    queryset = Invoice.objects.select_related("organization")
    action = "give_ladder"

    def own(self) -> Any:
        of_member = Q(organization=self.object.organization_id)
        return Q(invoice=self.object) | of_member

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.object.get_absolute_url()
        return super().get_context_data(
            heading=_("A ladder of its own"),
            pretitle=str(self.object),
            breadcrumbs=[INVOICES, (str(self.object), page)],
            cancel_url=page,
            submit_label=self.submit_label,
            **kwargs,
        )


class ApproveLadder(StepView):
    queryset = ReminderPolicy.objects.select_related("proposed_by")
    action = "approve"
    done = _("In force from its first day.")

    def perform(self, policy: ReminderPolicy, /) -> ReminderPolicy:
        today = timezone.localdate()
        return services.approve_ladder(
            policy, today=today, at=timezone.now(), by=self.user
        )


class RefuseLadder(StepView):
    queryset = ReminderPolicy.objects.select_related("proposed_by")
    action = "refuse"
    done = _("Left out: the ladder stays as it is.")

    def perform(self, policy: ReminderPolicy, /) -> ReminderPolicy:
        return services.refuse_ladder(policy, at=timezone.now(), by=self.user)


class EndLadder(UseCaseView):
    queryset = ReminderPolicy.objects.select_related(
        "organization", "invoice__organization"
    )
    action = "end"
    form_class = ReasonForm
    done = _("Ended: the ladder of all counts again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy = self.object
        return super().get_context_data(
            heading=_("End a ladder"),
            pretitle=str(policy),
            breadcrumbs=[REMINDERS, LADDERS, (str(policy), policy.get_absolute_url())],
            cancel_url=policy.get_absolute_url(),
            intro=_("What is planned follows the ladder of all from now on."),
            submit_label=_("End it"),
            **kwargs,
        )

    def perform(self, **data: Any) -> ReminderPolicy:
        now: Any = {"today": timezone.localdate(), "at": timezone.now()}
        return services.end_ladder(self.object, **data, **now, by=self.user)


class ChooseReminders(OfOrganization):
    """What a member chooses of its reminders."""

    queryset = Organization.objects.select_related("reminder_preference")
    action = "choose_reminders"
    form_class = forms.ReminderChoiceForm
    heading = _("Your reminders")
    done = _("Saved.")
    extra_context = {
        "intro": _(
            "You choose how early you hear of an invoice, and who reads it with you. "
            "What is late is reminded of in any case."
        ),
    }

    def get_initial(self) -> dict[str, Any]:
        chosen = getattr(self.object, "reminder_preference", None)
        readers = self.object.reminder_copies.values_list("contact", flat=True)
        return {
            "first_notice": chosen.first_notice if chosen else FirstNotice.WEEK,
            "readers": list(readers),
            "version": chosen.version if chosen else 0,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = reverse("consortium:payer", args=[self.object.pk])
        crumbs = payer_crumbs(self.object)
        return context | {"breadcrumbs": crumbs, "cancel_url": page}

    def perform(self, **data: Any) -> Any:
        readers: list[Contact] = list(data.pop("readers"))
        services.choose_reminders(self.object, **data, readers=readers, by=self.user)
        return reverse("consortium:payer", args=[self.object.pk])
