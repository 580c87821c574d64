"""Talks of members with one of the faculty: asked for, agreed, held."""

from functools import cached_property
from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import RecordDetail, UseCaseView

from .. import forms, services
from ..filters import OneToOneFilter
from ..models import (
    FacultyMember,
    OneToOneRequest,
    half_year_of,
    with_one_to_ones_taken,
)
from ..policies.one_to_ones import contacts_to_meet
from ..states import OneToOneState
from ..ties import contacts_of
from .engagement import FACULTY
from .organizations import OfOrganization

ONE_TO_ONES = (_("One-to-ones"), reverse_lazy("consortium:one_to_ones"))


class OneToOneRows(Rows):
    queryset = OneToOneRequest.objects.select_related(
        *["organization", "faculty", "contact"]
    )
    filter_class = OneToOneFilter
    default_sort = "-asked"
    columns = [
        Column("faculty", _("With"), ("faculty__name",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("contact", _("For"), ("contact__name",)),
        Column("state", _("State"), ("state",)),
        Column("meets_on", _("Day"), ("meets_on",)),
        Column("asked", _("Asked"), ("asked_at",)),
    ]


class OneToOneList(OneToOneRows, RecordList):
    template_name = "consortium/one_to_one_list.html"
    noun = (_("one-to-one"), _("one-to-ones"))
    export_url = reverse_lazy("consortium:export_one_to_ones")
    extra_context = {
        "heading": _("One-to-ones"),
        "empty_title": _("No talk was asked for yet"),
        "empty_text": _("Members ask for talks with one of the faculty alone."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        asking = {
            one.organization_id: one.organization for one in contacts_of(self.user)
        }
        return super().get_context(page) | {"asking": list(asking.values())}


class ExportOneToOnes(OneToOneRows, RecordExport):
    name = "one_to_ones"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "contact": exports.text("contact__name"),
        "faculty": exports.text("faculty__name"),
        "topic": exports.text("topic"),
        "suits": exports.text("suits"),
        "state": "state",
        "state_words": exports.words("state", OneToOneState.choices),
        "meets_on": "meets_on",
        "place": exports.text("place"),
        "reason": exports.text("reason"),
        "interaction": "interaction_id",
        "asked_at": "asked_at",
    }


class OneToOneDetail(RecordDetail):
    queryset = OneToOneRequest.objects.select_related(
        *["organization", "faculty", "contact", "asked_by", "interaction"]
    )
    template_name = "consortium/one_to_one_detail.html"
    buttons = ("agree", "decline", "hold", "withdraw")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, today = self.object, timezone.localdate()
        faculty = FacultyMember.objects.filter(pk=one.faculty_id)
        day = one.meets_on or today
        taken = with_one_to_ones_taken(faculty, on=day).values_list("taken", flat=True)
        return super().get_context_data(
            heading=one.faculty.name,
            pretitle=one.organization.name,
            breadcrumbs=[ONE_TO_ONES],
            one=one,
            is_over=one.meets_on is not None and one.meets_on <= today,
            taken=taken.get() if one.may_agree else None,
            half_year=half_year_of(day),
            **kwargs,
        )


class AskOneToOne(OfOrganization):
    action = "ask_one_to_one"
    form_class = forms.AskOneToOneForm
    heading = _("Ask for a one-to-one")
    done = _("Asked. You hear by mail when there is an answer.")
    extra_context = {
        "submit_label": _("Ask"),
        "intro": _(
            "A talk with one of the faculty alone. INM brings it about; each of the "
            "faculty gives so many in half a year."
        ),
    }

    @cached_property
    def contacts(self) -> Any:
        """Those for whom it can be asked: oneself, or whoever is there for staff."""
        found = contacts_to_meet(self.user).filter(organization=self.object)
        return found.order_by("name", "pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"contacts": self.contacts}

    def perform(self, **data: Any) -> OneToOneRequest:
        now, today = timezone.now(), timezone.localdate()
        return services.ask_one_to_one(
            self.object, **data, today=today, at=now, by=self.user
        )


class OfOneToOne(UseCaseView):
    queryset = OneToOneRequest.objects.select_related(
        *["organization", "faculty", "contact"]
    )
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=str(one),
            breadcrumbs=[ONE_TO_ONES, (one.faculty.name, one.get_absolute_url())],
            cancel_url=one.get_absolute_url(),
            **kwargs,
        )

    @property
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    @property
    def today(self) -> dict[str, Any]:
        return {"today": timezone.localdate(), **self.now}


class AgreeOneToOne(OfOneToOne):
    action = "agree"
    form_class = forms.AgreeOneToOneForm
    heading = _("Agree on a day")
    done = _("Agreed. Both are written to.")
    extra_context = {"submit_label": _("Agree")}

    def get_initial(self) -> dict[str, Any]:
        return {"meets_on": self.object.meets_on, "place": self.object.place}

    def perform(self, **data: Any) -> OneToOneRequest:
        return services.agree_one_to_one(self.object, **data, **self.today)


class DeclineOneToOne(OfOneToOne):
    action = "decline"
    form_class = ReasonForm
    heading = _("Decline")
    done = _("Declined. Who asked is told why.")
    extra_context = {
        "submit_label": _("Decline"),
        "intro": _("Who asked reads the reason."),
    }

    def perform(self, **data: Any) -> OneToOneRequest:
        return services.decline_one_to_one(self.object, **data, **self.now)


class WithdrawOneToOne(OfOneToOne):
    action = "withdraw"
    form_class = ReasonForm
    heading = _("Call it off")
    done = _("Called off.")
    extra_context = {
        "submit_label": _("Call off"),
        "intro": _("Who asked reads the reason, and the faculty once it was agreed."),
    }

    def perform(self, **data: Any) -> OneToOneRequest:
        return services.withdraw_one_to_one(self.object, **data, **self.now)


class HoldOneToOne(OfOneToOne):
    action = "hold"
    form_class = forms.HoldOneToOneForm
    heading = _("Write down what was spoken")
    done = _("Written down, among the interactions of the member.")
    extra_context = {"submit_label": _("Write down")}

    def perform(self, **data: Any) -> OneToOneRequest:
        return services.hold_one_to_one(self.object, **data, **self.today)


class CapOneToOnes(UseCaseView):
    queryset = FacultyMember.objects.all()
    action = "cap"
    form_class = forms.CapForm
    done = _("Changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("How many one-to-ones"),
            pretitle=self.object.name,
            submit_label=_("Change"),
            breadcrumbs=[FACULTY],
            cancel_url=FACULTY[1],
            **kwargs,
        )

    def perform(self, **data: Any) -> FacultyMember:
        return services.cap_one_to_ones(self.object, **data, by=self.user)
