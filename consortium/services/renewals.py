"""Estimate how likely a term is followed by another."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import Agreement, RenewalEstimate
from ..verbs import Verb
from .interests import require_no_interest
from .organizations import lock_organization
from .two_people import require_reason


class NotAPercentage(Refusal):
    code = "not_a_percentage"
    field = "probability"


class NothingToRenew(Refusal):
    code = "nothing_to_renew"


@transaction.atomic
def estimate_renewal(
    agreement: Agreement,
    *,
    probability: int,
    reason: str,
    today: date,
    at: datetime,
    by: User | None,
) -> RenewalEstimate:
    """
    Say in percent how likely a term in force is followed by another, and why.

    Earlier estimates stay; the cash forecast weighs the next term by the last one.

    :raises SaysNoReason: without a reason.
    :raises NotAPercentage: if it is no whole number from 0 to 100.
    :raises NothingToRenew: if no term is in force, or the next one is signed.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    organization = lock_organization(agreement.organization)
    require_no_interest(organization, on=today, by=by)
    require_reason(reason)
    if not 0 <= probability <= 100:
        raise NotAPercentage(_("Say it in percent, from 0 to 100."))
    open_ = Agreement.objects.in_force(on=today).without_successor()
    if not open_.filter(pk=agreement.pk).exists():
        raise NothingToRenew(_("No term of this agreement is to be renewed."))
    estimate: RenewalEstimate = RenewalEstimate.objects.create(
        agreement=agreement,
        probability=probability,
        reason=reason,
        estimated_by=by,
        estimated_at=at,
    )
    facts = {"probability": probability, "estimate": estimate.pk}
    journal.record(Verb.RENEWAL_ESTIMATED, agreement, by=by, **facts)
    return estimate
