"""Waive what a commitment year lacks."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import CommitmentYear, ShortfallWaiver
from ..states import YearStatus
from ..verbs import Verb
from . import credit_mails
from .entries import position_of
from .interests import require_no_interest
from .organizations import lock_organization


class NotShort(Refusal):
    code = "not_short"


@transaction.atomic
def waive_shortfall(
    year: CommitmentYear, *, reason: str, at: datetime, today: date, by: User
) -> ShortfallWaiver:
    """
    Let a year that ended stay short by what is missing now.

    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises NotShort: if the year runs, or nothing is missing that is not waived.
    """
    organization = lock_organization(year.agreement.organization)
    require_no_interest(organization, on=today, by=by)
    year = position_of(year, on=today)
    if year.status != YearStatus.SHORT:
        raise NotShort(_("Only a year that ended short has something to waive."))
    amount = year.unwaived
    waiver = ShortfallWaiver.objects.create(
        commitment_year=year, amount=amount, reason=reason, granted_by=by, granted_at=at
    )
    facts = {"amount": amount, "organization": organization}
    journal.record(Verb.SHORTFALL_WAIVED, year, by=by, **facts)
    credit_mails.tell_of_waiver(year, amount, at=at)
    return waiver
