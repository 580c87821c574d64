"""Take a call from one state to the next, and set and move its dates."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.views import StepView

from .. import forms, services
from ..models import Call, CallDate, CallStage, EligibilityRule, Track
from .calls import OfCall


class OpenCall(StepView):
    queryset = Call.objects.all()
    action = "open"
    done = _("Published.")

    def perform(self, call: Call, /) -> Call:
        return services.open_call(call, at=timezone.now(), by=self.user)


class CloseCall(StepView):
    queryset = Call.objects.all()
    action = "close"
    done = _("Closed.")

    def perform(self, call: Call, /) -> Call:
        return services.close_call(call, at=timezone.now(), by=self.user)


class BeginReview(StepView):
    queryset = Call.objects.all()
    action = "review"
    done = _("Review has begun.")

    def perform(self, call: Call, /) -> Call:
        return services.begin_review(call, by=self.user)


class DecideCall(StepView):
    queryset = Call.objects.all()
    action = "decide"
    done = _("Recorded as decided.")

    def perform(self, call: Call, /) -> Call:
        return services.decide_call(call, by=self.user)


class ArchiveCall(StepView):
    queryset = Call.objects.all()
    action = "archive"
    done = _("Archived.")

    def perform(self, call: Call, /) -> Call:
        return services.archive_call(call, by=self.user)


class CancelCall(OfCall):
    action = "cancel"
    form_class = forms.CancelForm
    heading = _("Cancel the call")
    done = _("Cancelled.")
    extra_context = {
        "submit_label": _("Cancel the call"),
        "submit_tone": "danger",
        "cancel_label": _("Keep it"),
        "intro": _("Everybody at work on it hears why. This cannot be undone."),
    }

    def perform(self, **data: Any) -> Call:
        now = timezone.now()
        return services.cancel_call(self.object, **data, at=now, by=self.user)


class OfCallInZone(OfCall):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"zone": self.object.time_zone}


class ReopenCall(OfCallInZone):
    action = "reopen"
    form_class = forms.ReopenForm
    heading = _("Reopen the call")
    done = _("Reopened.")
    extra_context = {
        "submit_label": _("Reopen"),
        "intro": _("Everybody at work on it hears of the new deadline, and why."),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object}

    def perform(self, **data: Any) -> Call:
        now = timezone.now()
        return services.reopen_call(self.object, **data, at=now, by=self.user)


class ExtendDeadline(ReopenCall):
    action = "extend"
    form_class = forms.ExtendForm
    heading = _("Extend a deadline")
    done = _("Extended, and told.")
    extra_context = {
        "submit_label": _("Extend"),
        "intro": _("Those for whom it is hear of it at once. It cannot be taken back."),
    }

    def perform(self, **data: Any) -> Call:
        stage, now = data.pop("stage"), timezone.now()
        services.extend_deadline(stage, **data, at=now, by=self.user)
        return self.object


class SetStage(OfCallInZone):
    action = "prepare"
    form_class = forms.StageForm
    heading = _("Set a stage")
    done = _("Set.")

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "full")
        known = self.object.stages.filter(kind=kind).first()
        names = ["opens_at", "closes_at", "form", "is_by_invitation"]
        told = {name: getattr(known, name) for name in names} if known else {}
        return {"kind": kind} | told

    def perform(self, **data: Any) -> Call:
        services.set_stage(self.object, **data, by=self.user)
        return self.object


class SetDate(OfCallInZone):
    action = "date"
    form_class = forms.DateForm
    heading = _("Set a date")
    done = _("Set.")

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind")
        known = self.object.dates.filter(kind=kind).first()
        told = {"at": known.at, "note": known.note} if known else {}
        return {"kind": kind} | told

    def perform(self, **data: Any) -> Call:
        services.set_date(self.object, **data, by=self.user)
        return self.object


class AddTrack(OfCall):
    action = "prepare"
    form_class = forms.TrackForm
    heading = _("Add a track")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    def perform(self, **data: Any) -> Call:
        services.add_track(self.object, **data, by=self.user)
        return self.object


class AddRule(OfCall):
    action = "prepare"
    form_class = forms.RuleForm
    heading = _("Add a rule of who may apply")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    def perform(self, **data: Any) -> Call:
        services.add_rule(self.object, **data, by=self.user)
        return self.object


class RemovePart(StepView):
    """Take something out of a draft; who may see the call may see its parts."""

    action = "remove"
    done = _("Removed.")


class RemoveStage(RemovePart):
    queryset = CallStage.objects.select_related("call")

    def perform(self, stage: CallStage, /) -> Call:
        return services.remove_stage(stage, by=self.user)


class RemoveDate(RemovePart):
    queryset = CallDate.objects.select_related("call")

    def perform(self, day: CallDate, /) -> Call:
        return services.remove_date(day, by=self.user)


class RemoveTrack(RemovePart):
    queryset = Track.objects.select_related("call")

    def perform(self, track: Track, /) -> Call:
        return services.remove_track(track, by=self.user)


class RemoveRule(RemovePart):
    queryset = EligibilityRule.objects.select_related("call")

    def perform(self, rule: EligibilityRule, /) -> Call:
        return services.remove_rule(rule, by=self.user)


class GrantException(OfCall):
    action = "except"
    form_class = forms.ExceptionForm
    heading = _("Let somebody apply who does not meet a rule")
    done = _("Granted.")
    extra_context = {"submit_label": _("Grant")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object}

    def perform(self, **data: Any) -> Call:
        rule, today = data.pop("rule"), timezone.localdate()
        now = timezone.now()
        services.grant_exception(rule, **data, today=today, at=now, by=self.user)
        return self.object


class ChooseRubric(OfCall):
    action = "change"
    form_class = forms.RubricForm
    heading = _("Choose the rubric")
    done = _("Chosen.")
    extra_context = {
        "submit_label": _("Choose"),
        "intro": _("What was scored keeps the version that it was scored by."),
    }

    def get_initial(self) -> dict[str, Any]:
        return {"rubric": self.object.rubric_id}

    def perform(self, **data: Any) -> Call:
        return services.replace_rubric(self.object, **data, by=self.user)


class ReplaceForm(OfCall):
    action = "reform"
    form_class = forms.ReplaceFormForm
    heading = _("Use another version of a form")
    done = _("Replaced.")
    extra_context = {
        "submit_label": _("Replace"),
        "intro": _("Drafts begun from now on answer it; all others keep theirs."),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object}

    def perform(self, **data: Any) -> Call:
        return services.replace_form(data["stage"], form=data["form"], by=self.user)
