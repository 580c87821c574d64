"""Agreements: the list, the page of each, drafting, waiver and signing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries
from django_countries.fields import Country

from inm_portal.kernel import documents, exports
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    Slice,
    slice_of,
)
from inm_portal.kernel.prepared import prepared
from inm_portal.kernel.views import StepView, UseCaseView

from .. import forms, services
from ..documents import AGREEMENT
from ..filters import AgreementFilter, day_asked
from ..models import (
    FLOOR_AMOUNT,
    FLOOR_YEARS,
    Agreement,
    BillingFrequency,
    CommitmentYear,
    Deviation,
)
from ..models.agreements import BESIDE
from ..models.positions import end_of
from ..states import AgreementState, AmendmentState
from .organizations import OfOrganization
from .pages import (
    KnownOnADay,
    agreement_crumbs,
    as_known_on,
    member_crumbs,
)

AGREEMENTS = (_("Agreements"), reverse_lazy("consortium:agreements"))


class AgreementRows(Rows):
    queryset = Agreement.objects.select_related("organization")
    filter_class = AgreementFilter
    default_sort = "-effective"
    columns = [
        Column("number", _("Agreement"), ("pk",)),
        Column("organization", _("Member"), ("organization__name",)),
        Column("state", _("State"), ("state_now",)),
        Column("effective", _("Effective"), ("effective_on",)),
        Column("ends", _("Term ends"), ("ends_on",)),
        Column("total", _("Over the term"), ("total",), is_numeric=True),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().as_known(on=day_asked(self.request.GET))


class AgreementList(AgreementRows, RecordList):
    template_name = "consortium/agreement_list.html"
    noun = (_("agreement"), _("agreements"))
    export_url = reverse_lazy("consortium:export_agreements")
    extra_context = {
        "heading": _("Agreements"),
        "empty_title": _("No agreements yet"),
        "empty_text": _("Agreements are drafted on the page of their organization."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        as_known = as_known_on(day_asked(self.request.GET))
        return super().get_context(page) | {"as_known": as_known}


class ExportAgreements(AgreementRows, RecordExport):
    name = "agreements"
    export_columns = {
        "id": "pk",
        "organization": exports.text("organization__name"),
        "template_version": exports.text("template_version"),
        "contracting_entity": exports.text("contracting_entity_now"),
        "entity_country": exports.text("entity_country_now"),
        "entity_country_words": exports.words("entity_country_now", countries),
        "state": "state_now",
        "state_words": exports.words("state_now", AgreementState.choices),
        "signed_on": "signed_on",
        "effective_on": "effective_on",
        "ends_on": "ends_on_now",
        "term_years": "term_years_now",
        "total": "total",
        "currency": "currency",
    }


@dataclass(frozen=True)
class YearShown:
    """One year of the term as it is now, and what was signed at first."""

    number: int
    starts_on: date
    ends_on: date
    required: Decimal
    fee_part: Decimal
    signed: Decimal
    is_added: bool
    is_released: bool

    @property
    def other_part(self) -> Decimal:
        return self.required - self.fee_part

    @property
    def is_amended(self) -> bool:
        return self.required != self.signed and not self.is_released


@prepared
def years_of(agreement: int, *, on: date) -> Any:
    """Return the years of a signed agreement with what each asked for on a day."""
    rows = CommitmentYear.objects.filter(agreement=agreement).known(on=on)
    return rows.with_terms(on).order_by("number")


class AgreementDetail(KnownOnADay):
    queryset = Agreement.objects.select_related("organization", "waiver__granted_by")
    template_name = "consortium/agreement_detail.html"
    buttons = (
        *("change", "sign", "waive", "attach", "add_deviation", "amend"),
        *("terminate", "answer_renewal"),
    )

    @classmethod
    def rows(cls, **known: Any) -> Any:
        return super().rows().known(**known).with_terms(*BESIDE, **known)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.object
        years = list(self.years())
        amounts = [year.signed for year in years if not year.is_added]
        is_below_floor = services.misses_floor(len(amounts), amounts)
        return super().get_context_data(
            is_to_renew=agreement.ends_on >= timezone.localdate()
            and not agreement.is_terminated,
            sees_renewal=self.user.has_perm("consortium.view_renewalestimate"),
            heading=agreement.number,
            breadcrumbs=member_crumbs(agreement.organization),
            years=years,
            total=sum(year.required for year in years),
            fee_total=sum(year.fee_part for year in years),
            other_total=sum(year.other_part for year in years),
            entity_country=Country(str(agreement.entity_country_now)),
            billing=BillingFrequency(agreement.billing_frequency_now).label,
            amendments=self.amendments(),
            deviations=slice_of(
                agreement.deviations.if_any(agreement.has_deviations),
                *("deviations", self.request.GET),
            ),
            is_below_floor=is_below_floor,
            may_be_signed=bool(agreement.waiver or not is_below_floor),
            floor_amount=FLOOR_AMOUNT,
            floor_years=FLOOR_YEARS,
            today=timezone.localdate(),
            documents=self.documents(),
            entries=self.history(),
            **kwargs,
        )

    def years(self) -> Iterator[YearShown]:
        """Yield what each year asks for: as drafted, or as signed and amended."""
        agreement = self.object
        if agreement.signed_on is None:
            told = [(y, y.required, y.fee_part) for y in agreement.years.all()]
        else:
            rows = years_of(agreement.pk, on=self.on)
            told = [(y, y.required_now, y.fee_now) for y in rows]
        for year, required, fee_part in told:
            starts_on, ends_on = agreement.year_span(year.number)
            yield YearShown(
                number=year.number,
                starts_on=starts_on,
                ends_on=ends_on,
                required=required,
                fee_part=fee_part,
                signed=year.required,
                is_added=getattr(year, "added_by_id", None) is not None,
                is_released=agreement.is_terminated and agreement.last_on < starts_on,
            )

    def amendments(self) -> Slice:
        rows = self.object.amendments.if_any(self.object.has_amendments)
        rows = rows.permitted(self.user, "view")
        if not self.is_today:
            rows = rows.filter(recorded_on__lte=self.on)
        return slice_of(rows.order_by("-number"), "amendments", self.request.GET)

    def documents(self) -> Any:
        is_managed = self.object.may_attach
        found = documents.listed(self.object, AGREEMENT, with_superseded=is_managed)
        return [one for one in found if one.uploaded_at < end_of(self.on)]


class DraftAgreement(OfOrganization):
    action = "draft_agreement"
    template_name = "consortium/agreement_form.html"
    form_class = forms.AgreementForm
    heading = _("Draft an agreement")
    done = _("Draft saved.")
    extra_context = {"submit_label": _("Save draft")}

    def get_initial(self) -> dict[str, Any]:
        return {"contracting_entity": self.object.legal_name}

    def perform(self, **data: Any) -> Agreement:
        return services.draft_agreement(self.object, **data, by=self.user)


class OfAgreement(UseCaseView):
    """A form about an agreement."""

    queryset = Agreement.objects.select_related("organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement = self.object
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=agreement_crumbs(agreement),
            cancel_url=agreement.get_absolute_url(),
            **kwargs,
        )


class ChangeDraft(OfAgreement):
    action = "change"
    template_name = "consortium/agreement_form.html"
    form_class = forms.AgreementDraftForm
    heading = _("Change the draft")
    done = _("Draft saved.")
    extra_context = {"submit_label": _("Save draft")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> Agreement:
        return services.change_draft(self.object, **data, by=self.user)


class OfAgreementAsRead(OfAgreement):
    """A form about an agreement whose terms are those that were read."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"version": self.object.version}


class WaiveFloor(OfAgreementAsRead):
    action = "waive"
    form_class = forms.WaiverForm
    heading = _("Waive the floor")
    done = _("Floor waived for this agreement.")
    extra_context = {
        "submit_label": _("Waive"),
        "intro": _(
            "The program asks for three years and $500,000 a year. "
            "A waiver holds for this agreement's present terms only."
        ),
    }

    def perform(self, **data: Any) -> Agreement:
        return services.waive_floor(
            self.object, **data, at=timezone.now(), by=self.user
        )


class SignAgreement(OfAgreementAsRead):
    action = "sign"
    form_class = forms.SignatureForm
    heading = _("Record the signing")
    done = _("Agreement signed; its commitment years are fixed.")
    extra_context = {
        "submit_label": _("Record signing"),
        "intro": _(
            "From now on its terms change by amendment only, and the file below "
            "is what was signed, for good."
        ),
    }

    def perform(self, **data: Any) -> Agreement:
        return services.sign_agreement(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class TerminateAgreement(OfAgreementAsRead):
    action = "terminate"
    template_name = "consortium/termination_form.html"
    form_class = forms.TerminationForm
    heading = _("Terminate the agreement")
    done = _("Termination recorded, and the member was written to.")
    extra_context = {
        "submit_label": _("Terminate"),
        "submit_tone": "danger",
        "intro": _(
            "Membership ends after the last day. Years that start later ask for "
            "nothing; the year in which it falls keeps its amount. This is not undone."
        ),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        agreement = Agreement.objects.with_terms(on=today).get(pk=self.object.pk)
        return super().get_context_data(
            years=services.years_at_end(agreement),
            drafts=agreement.amendments.filter(state=AmendmentState.DRAFT),
            agreement=agreement,
            **kwargs,
        )

    def perform(self, **data: Any) -> Agreement:
        return services.terminate_agreement(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class AddDeviation(OfAgreement):
    action = "add_deviation"
    form_class = forms.DeviationForm
    heading = _("Write down a deviation")
    done = _("Deviation written down.")
    extra_context = {
        "submit_label": _("Save"),
        "intro": _(
            "In plain words, for those who will apply it. It is part of what is "
            "signed, and stands in the list of exceptions."
        ),
    }

    def perform(self, **data: Any) -> Deviation:
        return services.add_deviation(self.object, **data, by=self.user)


class RemoveDeviation(StepView):
    queryset = Deviation.objects.select_related("agreement__organization")
    action = "remove"
    done = _("Deviation removed.")

    def perform(self, deviation: Deviation, /) -> Agreement:
        return services.remove_deviation(deviation, by=self.user)


class AttachDocument(OfAgreement):
    action = "attach"
    form_class = forms.AgreementFileForm
    heading = _("Add a document")
    done = _("Document added.")
    extra_context = {
        "submit_label": _("Add document"),
        "intro": _("Everybody who may see this agreement may read its documents."),
    }

    def perform(self, **data: Any) -> Agreement:
        documents.upload(
            **data,
            kind=AGREEMENT,
            subject=self.object,
            at=timezone.now(),
            by=self.user,
        )
        return self.object
