"""Companies that belong together: parents, mergers and spin-offs."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.views import StepView

from .. import forms, services
from ..models import Organization, OrganizationLink
from .organizations import OfOrganization


class LinkParent(OfOrganization):
    action = "link_parent"
    form_class = forms.LinkForm
    heading = _("Record a parent company")
    done = _("Parent recorded. Somebody is asked to check the assignment clause.")
    extra_context = {
        "submit_label": _("Record"),
        "intro": _(
            "Nothing else changes: the member stays the member, and people of the "
            "parent see nothing of it. Add the parent as an organization first."
        ),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}

    def perform(self, **data: Any) -> Organization:
        today = timezone.localdate()
        services.link_parent(self.object, **data, today=today, by=self.user)
        return self.object


class RecordMerger(LinkParent):
    action = "merge"
    heading = _("Record a merger")
    done = _("Merger recorded. Somebody is asked to settle seats and votes.")
    extra_context = {
        "submit_label": _("Record"),
        "intro": _(
            "Choose the company that stays. Both agreements stay as they are until "
            "they are amended, and the history stays closed until the lawyers confirm."
        ),
    }

    def perform(self, **data: Any) -> Organization:
        today = timezone.localdate()
        services.record_merger(self.object, **data, today=today, by=self.user)
        return self.object


class OpenHistory(StepView):
    queryset = OrganizationLink.objects.select_related("organization", "other")
    action = "open_history"
    done = _("The company that stayed sees these agreements from now on.")

    def perform(self, link: OrganizationLink, /) -> OrganizationLink:
        return services.open_history(link, today=timezone.localdate(), by=self.user)


class RecordSpinOff(OfOrganization):
    action = "spin_off"
    form_class = forms.SpinOffForm
    heading = _("Record a spin-off")
    done = _("Spin-off recorded. This is the other company.")
    extra_context = {
        "submit_label": _("Record"),
        "intro": _(
            "The agreement stays with the legal entity that signed it, and so with "
            "this member. If a division signed, give this member the name of the "
            "division, and the other company the name of the rest."
        ),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.object}

    def perform(self, **data: Any) -> Organization:
        return services.record_spin_off(
            self.object, **data, today=timezone.localdate(), by=self.user
        )
