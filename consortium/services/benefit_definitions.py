"""Define what every member gets in a year, change how much, and end it."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Benefit, BenefitRate
from ..verbs import Verb
from .two_people import require_reason

#: Whoever changes what every member gets waits for whoever does.
BENEFITS = "consortium.benefits"


class BenefitDefined(Refusal):
    code = "benefit_defined"
    field = "name"


class LargerIsNotMore(Refusal):
    code = "larger_is_not_more"
    field = "larger_quantity"


class GivesNothing(Refusal):
    code = "gives_nothing"
    field = "quantity"


class RateNotAhead(Refusal):
    code = "rate_not_ahead"
    field = "from_on"


class BenefitHasEnded(Refusal):
    code = "benefit_has_ended"


@transaction.atomic
def define_benefit(
    *,
    name: str,
    unit: str,
    quantity: int,
    from_on: date,
    at: datetime,
    by: User | None,
    larger_from: Decimal | None = None,
    larger_quantity: int | None = None,
    carries_over: bool = False,
) -> Benefit:
    """
    Give every member a benefit in each year that ends on a day or later.

    :raises BenefitDefined: if there is one of that name.
    :raises GivesNothing: if no year gets any of it.
    :raises LargerIsNotMore: if the larger quantity lacks its amount, or is not larger.
    """
    name = name.strip()
    _require_more(quantity, larger_from, larger_quantity)
    take_turns(BENEFITS)
    if Benefit.objects.filter(name__iexact=name).exists():
        raise BenefitDefined(_("There is a benefit of this name."))
    benefit = Benefit.objects.create(
        name=name, unit=unit, carries_over=carries_over, defined_by=by, defined_at=at
    )
    benefit.rates.create(
        from_on=from_on,
        quantity=quantity,
        larger_from=larger_from,
        larger_quantity=larger_quantity,
        recorded_by=by,
        recorded_at=at,
    )
    journal.record(Verb.BENEFIT_DEFINED, benefit, by=by, quantity=quantity)
    return benefit


@transaction.atomic
def change_benefit(
    benefit: Benefit,
    *,
    from_on: date,
    quantity: int,
    reason: str,
    today: date,
    at: datetime,
    by: User | None,
    larger_from: Decimal | None = None,
    larger_quantity: int | None = None,
) -> BenefitRate:
    """
    Give another quantity in the years that begin on a day ahead, or later.

    Years under way keep what they have. One that ended begins again so.

    :raises SaysNoReason: without a reason.
    :raises GivesNothing: if no year gets any of it; `end_benefit` does that.
    :raises LargerIsNotMore: if the larger quantity lacks its amount, or is not larger.
    :raises RateNotAhead: unless the day is after today, and after the last change.
    """
    require_reason(reason)
    _require_more(quantity, larger_from, larger_quantity)
    take_turns(BENEFITS)
    _require_ahead(_last(benefit), from_on, today)
    rate = benefit.rates.create(
        from_on=from_on,
        quantity=quantity,
        larger_from=larger_from,
        larger_quantity=larger_quantity,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"from": from_on, "quantity": quantity, "larger": larger_quantity}
    journal.record(Verb.BENEFIT_CHANGED, benefit, by=by, **facts)
    return rate


@transaction.atomic
def end_benefit(
    benefit: Benefit,
    *,
    from_on: date,
    reason: str,
    today: date,
    at: datetime,
    by: User | None,
) -> BenefitRate:
    """
    Give none of a benefit in the years that begin on a day ahead, or later.

    What was granted for such a year beside its tier stays.

    :raises SaysNoReason: without a reason.
    :raises BenefitHasEnded: if the last change ended it.
    :raises RateNotAhead: unless the day is after today, and after the last change.
    """
    require_reason(reason)
    take_turns(BENEFITS)
    last = _last(benefit)
    if last.is_end:
        words = _("It ends already for years that begin on %(day)s or later.")
        raise BenefitHasEnded(words % {"day": written_day(last.from_on)})
    _require_ahead(last, from_on, today)
    rate = benefit.rates.create(
        from_on=from_on, quantity=0, reason=reason, recorded_by=by, recorded_at=at
    )
    journal.record(Verb.BENEFIT_ENDED, benefit, by=by, **{"from": from_on})
    return rate


def _last(benefit: Benefit) -> BenefitRate:
    return benefit.rates.latest("from_on")


def _require_ahead(last: BenefitRate, from_on: date, today: date) -> None:
    if from_on <= max(today, last.from_on):
        words = _("Choose a day after %(day)s.")
        raise RateNotAhead(words % {"day": written_day(max(today, last.from_on))})


def _require_more(
    quantity: int, larger_from: Decimal | None, larger_quantity: int | None
) -> None:
    if (larger_from is None) != (larger_quantity is None):
        raise LargerIsNotMore(_("Say from which amount a year gets more."))
    if larger_quantity is not None and larger_quantity <= quantity:
        raise LargerIsNotMore(_("A larger amount gets more than the others."))
    if quantity == 0 and larger_quantity is None:
        raise GivesNothing(_("Give at least one."))
