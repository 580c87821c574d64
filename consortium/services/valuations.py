"""Say what a thing in kind is worth, as an appraiser and MIT's books do."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, money
from inm_portal.kernel.errors import Refusal

from ..documents import APPRAISAL
from ..models import Appraisal, ContributionCredit, Method, Valuation, value_of
from ..verbs import Verb
from .claims import NotPending, lock_credit
from .in_kind import require_past
from .interests import require_no_interest


class AppraisalMissing(Refusal):
    code = "appraisal_missing"
    field = "method"


class ValueTooLarge(Refusal):
    code = "value_too_large"
    field = "basis"


@transaction.atomic
def value_item(
    credit: ContributionCredit,
    *,
    method: str,
    basis: Decimal,
    at: datetime,
    today: date,
    by: User,
    discount_percent: Decimal = Decimal(),
    months: int = 0,
    note: str = "",
) -> Valuation:
    """
    Say what an item is worth; the last valuation stands.

    :raises NotPending: once its claim is settled.
    :raises AppraisalMissing: by appraisal, where there is none of that value.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises ValueTooLarge: if that is more than an amount can be.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    if not credit.is_pending:
        raise NotPending(_("This claim is settled."))
    by_appraisal = method == Method.APPRAISAL
    if by_appraisal and not credit.item.appraisals.filter(value=basis).exists():
        raise AppraisalMissing(_("Add the appraisal that says so first."))
    inputs: dict[str, Any] = {
        "basis": basis,
        "discount_percent": discount_percent,
        "months": months,
    }
    value = value_of(method, **inputs)
    if value > money.MOST:
        raise ValueTooLarge(_("This comes to more than can be written down."))
    valuation = Valuation.objects.create(
        item=credit.item,
        method=method,
        **inputs,
        value=value,
        note=note,
        valued_by=by,
        valued_at=at,
    )
    journal.record(Verb.ITEM_VALUED, credit, by=by, value=valuation.value)
    return valuation


@transaction.atomic
def add_appraisal(
    credit: ContributionCredit,
    *,
    appraiser: str,
    appraised_on: date,
    value: Decimal,
    file: File,
    at: datetime,
    today: date,
    by: User,
    cost: Decimal = Decimal(),
) -> Appraisal:
    """
    Keep what an independent appraiser found, with the paper and what it cost.

    It changes no value by itself: a valuation or the outcome of a dispute does.

    :raises DatedInFuture: if the day lies ahead.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    require_past(appraised_on, today, "appraised_on")
    document = documents.upload(file, kind=APPRAISAL, subject=credit, at=at, by=by)
    appraisal = Appraisal.objects.create(
        item=credit.item,
        appraiser=appraiser,
        appraised_on=appraised_on,
        value=value,
        cost=cost,
        document=document,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"value": value, "cost": cost, "document": document.pk}
    journal.record(Verb.ITEM_APPRAISED, credit, by=by, **facts)
    return appraisal


@transaction.atomic
def book_item(
    credit: ContributionCredit, *, booked_value: Decimal, by: User
) -> ContributionCredit:
    """Record what MIT booked for an item, which may differ from what is credited."""
    credit = lock_credit(credit)
    item = credit.item
    item.booked_value = booked_value
    item.save(update_fields=["booked_value"])
    journal.record(Verb.ITEM_BOOKED, credit, by=by, booked_value=booked_value)
    return credit
