"""Define benefits, grant more of them, and write down what members use."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.previews import Change, previewer

from ..models import (
    AmendedYear,
    Amendment,
    Benefit,
    BenefitGrant,
    BenefitUse,
    Deviation,
    Entitlement,
)
from ..verbs import Verb
from .interests import require_no_interest
from .organizations import lock_organization
from .previews import SIGN_AMENDMENT
from .two_people import require_reason


class BenefitDefined(Refusal):
    code = "benefit_defined"
    field = "name"


class LargerIsNotMore(Refusal):
    code = "larger_is_not_more"
    field = "larger_quantity"


class NotItsDeviation(Refusal):
    code = "not_its_deviation"
    field = "deviation"


class GrantsNothing(Refusal):
    code = "grants_nothing"
    field = "quantity"


class UsesNothing(Refusal):
    code = "uses_nothing"
    field = "quantity"


class OutsideYear(Refusal):
    code = "outside_year"
    field = "used_on"


class OverUse(Refusal):
    code = "over_use"
    field = "over_use_reason"


class AlreadyReversed(Refusal):
    code = "already_reversed"


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
    :raises LargerIsNotMore: if the larger quantity lacks its amount, or is not larger.
    """
    if (larger_from is None) != (larger_quantity is None) or (
        larger_quantity is not None and larger_quantity <= quantity
    ):
        raise LargerIsNotMore(_("Say from which amount a year gets more."))
    if Benefit.objects.filter(name=name).exists():
        raise BenefitDefined(_("There is a benefit of this name."))
    benefit = Benefit.objects.create(
        name=name,
        unit=unit,
        quantity=quantity,
        larger_from=larger_from,
        larger_quantity=larger_quantity,
        carries_over=carries_over,
        from_on=from_on,
        defined_by=by,
        defined_at=at,
    )
    journal.record(Verb.BENEFIT_DEFINED, benefit, by=by, quantity=quantity)
    return benefit


@transaction.atomic
def grant_benefit(
    entitlement: Entitlement,
    *,
    quantity: int,
    reason: str,
    at: datetime,
    today: date,
    by: User | None,
    deviation: Deviation | None = None,
) -> BenefitGrant:
    """
    Give more of a benefit in a year by goodwill, or what a deviation agreed on.

    :raises SaysNoReason: without a reason.
    :raises GrantsNothing: if it is nothing, or less without a deviation.
    :raises NotItsDeviation: if the deviation is of another agreement.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    organization = lock_organization(entitlement.organization)
    require_no_interest(organization, on=today, by=by)
    require_reason(reason)
    if quantity == 0 or (quantity < 0 and deviation is None):
        raise GrantsNothing(_("Goodwill gives; only a deviation takes."))
    year = entitlement.commitment_year
    if deviation is not None and deviation.agreement_id != year.agreement_id:
        raise NotItsDeviation(_("This deviation is of another agreement."))
    grant = BenefitGrant.objects.create(
        commitment_year=year,
        benefit=entitlement.benefit,
        quantity=quantity,
        deviation=deviation,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    facts: dict[str, Any] = {"benefit": entitlement.benefit_id, "quantity": quantity}
    facts |= {"source": grant.source, "year": year.number}
    journal.record(Verb.BENEFIT_GRANTED, organization, by=by, **facts)
    return grant


@transaction.atomic
def use_benefit(
    entitlement: Entitlement,
    *,
    quantity: int,
    used_on: date,
    what: str,
    at: datetime,
    today: date,
    by: User | None,
    over_use_reason: str = "",
) -> BenefitUse:
    """
    Write down that a member used some of a benefit of a year.

    More than is left, on the day of its use, needs a reason.

    :raises UsesNothing: if it is less than one.
    :raises OutsideYear: if the day lies ahead, or where this cannot be used.
    :raises OverUse: if less is left and nobody says why.
    """
    organization = lock_organization(entitlement.organization)
    if quantity < 1:
        raise UsesNothing(_("Use at least one."))
    rows = Entitlement.objects.select_related("commitment_year__agreement", "benefit")
    entitlement = rows.standing(on=used_on).get(pk=entitlement.pk)
    year = entitlement.commitment_year
    if not year.starts_on <= used_on <= min(entitlement.usable_until, today):
        raise OutsideYear(
            _("Choose a day from %(first)s to %(last)s that is not ahead.")
            % {"first": year.starts_on, "last": entitlement.usable_until}
        )
    is_over = quantity > entitlement.left
    if is_over and not over_use_reason.strip():
        words = _("Only %(left)s is left; say why more is used.")
        raise OverUse(words % {"left": max(entitlement.left, 0)})
    use = BenefitUse.objects.create(
        commitment_year=year,
        benefit=entitlement.benefit,
        quantity=quantity,
        used_on=used_on,
        what=what,
        over_use_reason=over_use_reason.strip() if is_over else "",
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"benefit": entitlement.benefit_id, "quantity": quantity}
    facts |= {"year": year.number, "use": use.pk, "over": is_over}
    journal.record(Verb.BENEFIT_USED, organization, by=by, **facts)
    return use


@transaction.atomic
def reverse_use(
    use: BenefitUse, *, reason: str, at: datetime, by: User | None
) -> BenefitUse:
    """
    Take a use back by a row against it.

    :raises SaysNoReason: without a reason.
    :raises AlreadyReversed: if it was taken back, or takes one back itself.
    """
    organization = lock_organization(use.commitment_year.agreement.organization)
    require_reason(reason)
    taken_back = BenefitUse.objects.filter(reverses=use)
    if use.reverses_id is not None or taken_back.exists():
        raise AlreadyReversed(_("This was taken back already."))
    row = BenefitUse.objects.create(
        commitment_year=use.commitment_year,
        benefit=use.benefit,
        quantity=-use.quantity,
        used_on=use.used_on,
        what=reason,
        reverses=use,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"benefit": use.benefit_id, "use": use.pk, "quantity": row.quantity}
    journal.record(Verb.BENEFIT_USE_REVERSED, organization, by=by, **facts)
    return row


@previewer(SIGN_AMENDMENT, "entitlements")
def entitlements_to_come(amendment: Amendment) -> list[Change]:
    """Return each benefit of which an amendment would give another quantity, or did."""
    return list(_changes(amendment))


def _changes(amendment: Amendment) -> Iterator[Change]:
    told = {year.number: year.required for year in amendment.years.all()}
    by_year = list(_by_year(amendment, list(told)))
    before = _rates_before(amendment) if any(gets for _year, gets in by_year) else {}
    for number, gets in by_year:
        for benefit, rate, granted in gets:
            was = None
            if rate is not None:
                was = benefit.quantity_of(before.get(number, rate)) + granted
            now = benefit.quantity_of(told[number]) + granted
            if was != now:
                facts = {"number": number, "benefit": benefit.name}
                what = _("Year %(number)s, %(benefit)s") % facts
                words = "" if was is None else f"{was} {benefit.unit}"
                yield Change(what, words, f"{now} {benefit.unit}")


#: A benefit, what the year asks for as it was signed first if it is there, and grants.
Gets = tuple[Benefit, Decimal | None, int]


def _by_year(
    amendment: Amendment, numbers: Sequence[int]
) -> Iterator[tuple[int, list[Gets]]]:
    """Yield what a member gets in years that are there, or that are added."""
    rows = Entitlement.objects.with_granted().select_related("benefit")
    rows = rows.select_related("commitment_year").order_by("benefit__name")
    present: dict[int, list[Gets]] = {}
    for one in rows.filter(
        commitment_year__agreement=amendment.agreement_id,
        commitment_year__number__in=numbers,
    ).exclude(commitment_year__added_by=amendment):
        year = one.commitment_year
        gets: Gets = (one.benefit, year.required, one.granted)
        present.setdefault(year.number, []).append(gets)
    added = sorted(set(numbers) - present.keys())
    benefits = list(Benefit.objects.all()) if added else []
    for number in sorted(numbers):
        _first, ends_on = amendment.agreement.year_span(number)
        coming: list[Gets] = [
            (one, None, 0) for one in benefits if one.from_on <= ends_on
        ]
        yield number, present.get(number, coming)


def _rates_before(amendment: Amendment) -> dict[int, Decimal]:
    """Return what whole years are asked for by what was in effect before."""
    since = amendment.effective_on
    earlier = Q(effective_on__lt=since) | Q(effective_on=since, pk__lt=amendment.pk)
    signed = Amendment.objects.signed().filter(earlier, agreement=amendment.agreement)
    rows = AmendedYear.objects.filter(amendment__in=signed)
    rows = rows.order_by("amendment__effective_on", "amendment_id")
    return dict(rows.values_list("number", "required"))
