"""Interests in a member that people at INM disclose."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.views import UseCaseView

from .. import forms, services
from ..models import Interest, Organization
from .organizations import OfOrganization
from .pages import member_crumbs


class DiscloseInterest(OfOrganization):
    action = "disclose_interest"
    form_class = forms.InterestForm
    heading = _("Disclose an interest")
    done = _("Interest disclosed.")
    extra_context = {
        "submit_label": _("Disclose"),
        "intro": _(
            "While it stands, the person decides nothing about this member: no waiver, "
            "no credit, no agreement."
        ),
    }

    def perform(self, **data: Any) -> Organization:
        services.disclose_interest(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class EndInterest(UseCaseView):
    queryset = Interest.objects.select_related("organization", "person")
    action = "end"
    form_class = forms.EndInterestForm
    done = _("Interest ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization = self.object.organization
        return super().get_context_data(
            heading=_("End the interest of %(name)s") % {"name": self.object.person},
            submit_label=_("End"),
            breadcrumbs=member_crumbs(organization),
            cancel_url=organization.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Interest:
        return services.end_interest(self.object, **data, by=self.user)
