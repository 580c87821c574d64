"""Steps of a thing in kind: agreed to, delivered, valued, disputed, given back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.views import StepView

from .. import forms, services
from ..models import ContributionCredit
from .credits import RELATED, OfCredit, said_slice


class AssessItem(OfCredit):
    action = "assess"
    form_class = forms.AssessmentForm
    heading = _("Assess the item")
    intro = _("What it needs before it can be accepted in principle.")
    done = _("Assessed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object.item}

    def perform(self, **data: Any) -> ContributionCredit:
        today = timezone.localdate()
        return services.assess_item(self.object, **data, today=today, by=self.user)


class ApproveItem(OfCredit):
    action = "approve"
    form_class = forms.ApprovalForm
    heading = _("Record an approval")
    intro = _("Of an office at MIT, as it was given there.")
    done = _("Approval recorded.")

    def perform(self, **data: Any) -> ContributionCredit:
        services.approve_item(self.object, **data, **self.now)
        return self.object


class AddAppraisal(OfCredit):
    action = "appraise"
    form_class = forms.AppraisalForm
    heading = _("Add an appraisal")
    submit_label = _("Add")
    intro = _("It changes no value by itself; a valuation or a settlement does.")
    done = _("Appraisal added.")

    def perform(self, **data: Any) -> ContributionCredit:
        services.add_appraisal(self.object, **data, **self.now)
        return self.object


class AgreeItem(StepView):
    queryset = ContributionCredit.objects.select_related(*RELATED)
    action = "agree"
    done = _("Accepted in principle; nothing is credited by it.")

    def perform(self, credit: ContributionCredit, /) -> ContributionCredit:
        return services.agree_to_item(
            credit, at=timezone.now(), today=timezone.localdate(), by=self.user
        )


class DeclineItem(OfCredit):
    action = "decline"
    form_class = ReasonForm
    heading = _("Decline the item")
    intro = _("Its claim is rejected, and the company is told the reason.")
    submit_label = _("Decline")
    done = _("Declined.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.decline_item(self.object, **data, **self.now)


class DeliverItem(OfCredit):
    action = "deliver"
    form_class = forms.DeliveryForm
    heading = _("Record the delivery")
    done = _("Delivered.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.deliver_item(
            self.object, **data, today=timezone.localdate(), by=self.user
        )


class ReturnItem(OfCredit):
    action = "give_back"
    form_class = ReasonForm
    heading = _("Give the item back")
    submit_label = _("Give back")
    intro = _("What was credited for it is reversed; its year may be short again.")
    done = _("Given back.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.return_item(self.object, **data, **self.now)


class ValueItem(OfCredit):
    action = "value"
    form_class = forms.ValuationForm
    heading = _("Value the item")
    intro = _("Somebody else accepts it. The last valuation stands.")
    done = _("Valued.")

    def perform(self, **data: Any) -> ContributionCredit:
        services.value_item(self.object, **data, **self.now)
        return self.object


class BookItem(OfCredit):
    action = "book"
    form_class = forms.BookingForm
    heading = _("Record the booked value")
    intro = _("What MIT booked; it may differ from what is credited.")
    done = _("Recorded.")

    def perform(self, **data: Any) -> ContributionCredit:
        return services.book_item(self.object, **data, by=self.user)


class DisputeValue(OfCredit):
    action = "dispute"
    form_class = forms.DisputeForm
    heading = _("Dispute the valuation")
    submit_label = _("Dispute")
    intro = _("What is credited stays until somebody else at INM has decided.")
    done = _("Disputed.")

    def perform(self, **data: Any) -> ContributionCredit:
        services.dispute_value(self.object, **data, at=timezone.now(), by=self.user)
        return self.object


class SettleDispute(OfCredit):
    """The form stands below the figures, each with its method (case 29)."""

    queryset = ContributionCredit.objects.select_related(
        *[*RELATED, "item"]
    ).with_outcome()
    template_name = "consortium/settlement_form.html"
    action = "settle"
    form_class = forms.DisputeOutcomeForm
    heading = _("Settle the dispute")
    submit_label = _("Settle")
    intro = _("An entry makes up the difference to what stands.")
    done = _("Settled.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = said_slice(self.object.item, self.request)
        return super().get_context_data(credit=self.object, said=said, **kwargs)

    def perform(self, **data: Any) -> ContributionCredit:
        services.settle_dispute(self.object, **data, **self.now)
        return self.object
