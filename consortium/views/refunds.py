"""Money that is paid back: proposed, recorded by another, and taken back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.money import written
from inm_portal.kernel.views import StepView, UseCaseView

from .. import forms, services
from ..models import Receipt, Refund
from .matching import OfShare
from .receipts import RECEIPTS


class RefundShare(OfShare):
    action = "refund"
    form_class = forms.RefundForm
    heading = _("Pay back")
    done = _("Proposed: a second person is asked.")

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.object.unapplied}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        share = self.object
        left = written(share.unapplied, share.receipt.currency)
        return super().get_context_data(
            intro=_(
                "%(left)s is on account. Nothing is paid back by itself: somebody else "
                "looks at it, and records it once it was paid."
            )
            % {"left": left},
            submit_label=_("Propose"),
            **kwargs,
        )

    def perform(self, **data: Any) -> Receipt:
        services.propose_refund(self.object, **data, at=timezone.now(), by=self.user)
        receipt: Receipt = self.object.receipt
        return receipt


class OfRefund(UseCaseView):
    """A form about a refund."""

    queryset = Refund.objects.select_related(
        "share__receipt", "share__organization", "proposed_by"
    )
    heading: Any
    words: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refund, receipt = self.object, self.object.share.receipt
        facts = {
            "amount": written(refund.amount, receipt.currency),
            "member": refund.share.organization,
            "name": refund.proposed_by.name,
            "reason": refund.reason,
        }
        return super().get_context_data(
            heading=self.heading,
            pretitle=str(refund),
            breadcrumbs=[RECEIPTS, (str(receipt), receipt.get_absolute_url())],
            cancel_url=receipt.get_absolute_url(),
            intro=self.words % facts,
            **kwargs,
        )

    def act(self, **data: Any) -> Refund:
        raise NotImplementedError

    def perform(self, **data: Any) -> Receipt:
        today, now = timezone.localdate(), timezone.now()
        self.act(**data, today=today, at=now, by=self.user)
        receipt: Receipt = self.object.share.receipt
        return receipt


class ApproveRefund(OfRefund):
    action = "approve"
    form_class = forms.RefundPaidForm
    heading = _("Record a refund")
    words = _(
        "Record it once it was paid: %(amount)s to %(member)s, as %(name)s proposed "
        "(%(reason)s)."
    )
    done = _("Refund recorded.")
    extra_context = {"submit_label": _("Record")}

    def act(self, **data: Any) -> Refund:
        return services.approve_refund(self.object, **data)


class RefuseRefund(StepView):
    queryset = Refund.objects.select_related("share__receipt")
    action = "refuse"
    done = _("It stays on account.")

    def perform(self, refund: Refund, /) -> Receipt:
        services.refuse_refund(refund, at=timezone.now(), by=self.user)
        return refund.share.receipt


class ReverseRefund(OfRefund):
    action = "reverse"
    form_class = forms.RefundReturnedForm
    heading = _("The refund came back")
    words = _("%(amount)s is on account of %(member)s again.")
    done = _("It is on account again.")
    extra_context = {"submit_label": _("Put back on account")}

    def act(self, **data: Any) -> Refund:
        return services.reverse_refund(self.object, **data)
