"""Grant more of a benefit, and write down what members use."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import BenefitGrant, BenefitUse, Deviation, DuesStep, Entitlement
from ..verbs import Verb
from .interests import require_no_interest
from .organizations import lock_organization
from .two_people import require_reason


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


class BenefitsLimited(Refusal):
    code = "benefits_limited"
    field = "over_use_reason"


class AlreadyReversed(Refusal):
    code = "already_reversed"


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

    More than is left, on the day of its use, needs a reason; so does any use while a
    director's decision about overdue dues limits or suspends benefits.

    :raises UsesNothing: if it is less than one.
    :raises OutsideYear: if the day lies ahead, or where this cannot be used.
    :raises OverUse: if less is left and nobody says why.
    :raises BenefitsLimited: if they are limited or suspended and nobody says why.
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
            % {
                "first": written_day(year.starts_on),
                "last": written_day(entitlement.usable_until),
            }
        )
    is_over = quantity > entitlement.left
    why = over_use_reason.strip()
    if is_over and not why:
        words = _("Only %(left)s is left; say why more is used.")
        raise OverUse(words % {"left": max(entitlement.left, 0)})
    step = DuesStep.objects.limiting(organization.pk, on=today).first()
    if step and not why:
        words = _("%(decision)s on %(day)s, as dues are late; say why it is used.")
        facts = {"decision": step.get_kind_display(), "day": written_day(step.on)}
        raise BenefitsLimited(words % facts)
    use = BenefitUse.objects.create(
        commitment_year=year,
        benefit=entitlement.benefit,
        quantity=quantity,
        used_on=used_on,
        what=what,
        over_use_reason=why if is_over or step else "",
        recorded_by=by,
        recorded_at=at,
    )
    told: dict[str, Any] = {"benefit": entitlement.benefit_id, "quantity": quantity}
    told |= {"year": year.number, "use": use.pk, "over": is_over}
    told |= {"limited": step is not None}
    journal.record(Verb.BENEFIT_USED, organization, by=by, **told)
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
