"""Amendments: the page of each with its preview, drafting, waiver and signing."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents
from inm_portal.kernel.views import PreparedDetail, UseCaseView

from .. import forms, services
from ..documents import AMENDMENT
from ..models import Amendment
from ..states import AmendmentState
from .agreements import OfAgreement
from .pages import agreement_crumbs

AMENDMENTS = Amendment.objects.select_related(
    "agreement__organization", "waiver__granted_by"
).prefetch_related("years")


class AmendmentDetail(PreparedDetail):
    queryset = AMENDMENTS
    template_name = "consortium/amendment_detail.html"
    buttons = ("change", "sign", "waive", "abandon")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        amendment = self.object
        preview = services.preview_of(amendment, today=timezone.localdate())
        is_draft = amendment.state == AmendmentState.DRAFT
        elsewhere = services.elsewhere(preview) if is_draft else []
        return super().get_context_data(
            heading=amendment.name,
            breadcrumbs=agreement_crumbs(amendment.agreement),
            is_draft=is_draft,
            preview=preview,
            may_be_signed=bool(amendment.waiver or not preview.needs_waiver),
            elsewhere=elsewhere,
            unknown=[title for title, changes in elsewhere if changes is None],
            letter=services.letter_of(amendment, preview),
            documents=documents.listed(amendment, AMENDMENT),
            **kwargs,
        )


class DraftAmendment(OfAgreement):
    action = "amend"
    template_name = "consortium/amendment_form.html"
    form_class = forms.AmendmentForm
    heading = _("Draft an amendment")
    done = _("Draft saved. This is what it would change.")
    extra_context = {"submit_label": _("Save and preview")}

    def get_form_kwargs(self) -> dict[str, Any]:
        instance = Amendment(agreement=self.object)
        years = services.years_of(self.object)
        return super().get_form_kwargs() | {"instance": instance, "in_force": years}

    def get_initial(self) -> dict[str, Any]:
        return {"effective_on": timezone.localdate()}

    def perform(self, **data: Any) -> Amendment:
        return services.draft_amendment(
            self.object, **data, today=timezone.localdate(), by=self.user
        )


class OfAmendment(UseCaseView):
    """A form about an amendment."""

    queryset = AMENDMENTS
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        amendment = self.object
        crumb = (amendment.name, amendment.get_absolute_url())
        return super().get_context_data(
            heading=self.heading,
            breadcrumbs=[*agreement_crumbs(amendment.agreement), crumb],
            cancel_url=amendment.get_absolute_url(),
            **kwargs,
        )


class ChangeAmendment(OfAmendment):
    action = "change"
    template_name = "consortium/amendment_form.html"
    form_class = forms.AmendmentDraftForm
    heading = _("Change the draft amendment")
    done = _("Draft saved. This is what it would change.")
    extra_context = {"submit_label": _("Save and preview")}

    def get_form_kwargs(self) -> dict[str, Any]:
        years = services.years_of(self.object.agreement)
        given = {"instance": self.object, "in_force": years}
        return super().get_form_kwargs() | given

    def perform(self, **data: Any) -> Amendment:
        return services.change_amendment(
            self.object, **data, today=timezone.localdate(), by=self.user
        )


class OfAmendmentAsRead(OfAmendment):
    """A form about an amendment as the preview that led here showed it."""

    def get_initial(self) -> dict[str, Any]:
        read = self.request.GET.get("version", self.object.version)
        return super().get_initial() | {"version": read}


class WaiveAmendment(OfAmendmentAsRead):
    action = "waive"
    form_class = forms.WaiverForm
    heading = _("Waive the floor")
    done = _("Floor waived for this amendment.")
    extra_context = {
        "submit_label": _("Waive"),
        "intro": _(
            "The program asks for $500,000 a year. A waiver holds for the amounts "
            "of this amendment only."
        ),
    }

    def perform(self, **data: Any) -> Amendment:
        return services.waive_amendment(
            self.object, **data, at=timezone.now(), by=self.user
        )


class SignAmendment(OfAmendmentAsRead):
    action = "sign"
    form_class = forms.SignatureForm
    heading = _("Record the signing")
    done = _("Amendment signed. It is in force, and the member was written to.")
    extra_context = {
        "submit_label": _("Record signing"),
        "intro": _(
            "It is in force from then on, and the letter of the preview goes out. "
            "The file below is what was signed, for good."
        ),
    }

    def perform(self, **data: Any) -> Amendment:
        return services.sign_amendment(
            self.object,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class AbandonAmendment(OfAmendment):
    action = "abandon"
    form_class = forms.AbandonForm
    heading = _("Abandon the amendment")
    done = _("Amendment abandoned.")
    extra_context = {
        "submit_label": _("Abandon"),
        "intro": _("It stays on record with its number, and changes nothing."),
    }

    def perform(self, **data: Any) -> Amendment:
        return services.abandon_amendment(self.object, **data, by=self.user)
