"""Take up what companies ask, and write down where talks with them stand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.tasklist import finish_about, open_task

from ..models import Agreement, Inquiry, Offer, Organization, Prospect, ProspectStep
from ..states import Stage
from ..verbs import Verb
from .organizations import add_organization, lock_organization
from .two_people import require_reason

#: The task of whoever answers an inquiry, within so many days.
ANSWER_INQUIRY = "consortium.inquiry"
ANSWERED_WITHIN = timedelta(days=3)
#: What was set aside is kept no longer: it is of people who are not with us.
KEPT_FOR = timedelta(days=30)


class DealtWith(Refusal):
    code = "dealt_with"


class FollowedUpAlready(Refusal):
    code = "followed_up_already"


class NotOfStaff(Refusal):
    code = "not_of_staff"
    field = "owner"


class NotSigned(Refusal):
    code = "not_signed"
    field = "stage"


class IsDecided(Refusal):
    code = "is_decided"


class SaysNoProbability(Refusal):
    code = "says_no_probability"
    field = "probability"


class BelowNothing(Refusal):
    code = "below_nothing"
    field = "amount"


@transaction.atomic
def send_inquiry(
    *,
    company: str,
    name: str,
    email: str,
    offer: str,
    message: str,
    page: str,
    at: datetime,
) -> Inquiry:
    """
    Keep what a stranger asks, and ask staff to answer within three days.

    What the same page sends again is not kept again.
    """
    digest = sha256(page.encode()).hexdigest()
    take_turns(f"inquiry {digest}")
    if sent := Inquiry.objects.filter(page=digest).first():
        return sent
    row = Inquiry.objects.create(
        page=digest,
        company=company,
        name=name,
        email=email,
        offer=offer,
        message=message,
        received_at=at,
    )
    open_task(
        ANSWER_INQUIRY,
        row,
        what=_("Answer the inquiry of a company"),
        why=_("It asks about: %(offer)s.") % {"offer": Offer(offer).label},
        due_on=at.date() + ANSWERED_WITHIN,
        url=row.get_absolute_url(),
        by=None,
    )
    journal.record(Verb.INQUIRY_RECEIVED, row, by=None, offer=offer)
    return row


@transaction.atomic
def set_aside_inquiry(
    inquiry: Inquiry, *, reason: str, at: datetime, by: User
) -> Inquiry:
    """
    Say that nothing follows of it; it is erased after 30 days.

    :raises SaysNoReason: without a reason.
    :raises DealtWith: if it was taken up or set aside.
    """
    require_reason(reason)
    inquiry = _waiting(inquiry)
    inquiry.set_aside_because, inquiry.set_aside_by = reason, by
    inquiry.set_aside_at = at
    inquiry.save()
    finish_about(ANSWER_INQUIRY, inquiry, outcome=reason, at=at, by=by)
    journal.record(Verb.INQUIRY_SET_ASIDE, inquiry, by=by)
    return inquiry


@transaction.atomic
def take_up_inquiry(
    inquiry: Inquiry,
    *,
    organization: Organization | None,
    sector: str,
    owner: User,
    today: date,
    at: datetime,
    by: User,
) -> Prospect:
    """
    Follow an inquiry up, of a company that is known or of a new one.

    :raises DealtWith: if it was taken up or set aside.
    :raises NameTaken: if a new company would have the name of another.
    :raises FollowedUpAlready: if talks about the same are open with it.
    :raises NotOfStaff: if the owner has no role at INM.
    """
    inquiry = _waiting(inquiry)
    _require_staff(owner)
    if organization is None:
        organization = add_organization(
            name=inquiry.company,
            legal_name=inquiry.company,
            named_since_on=today,
            sector=sector,
            owner=owner,
            today=today,
            by=by,
        )
    prospect = _open(
        organization, offer=inquiry.offer, owner=owner, today=today, inquiry=inquiry
    )
    _write(
        prospect,
        stage=Stage.INQUIRY,
        amount=Decimal(),
        probability=0,
        expected_on=today + timedelta(days=180),
        note=_("As it asked"),
        at=at,
        by=by,
    )
    finish_about(ANSWER_INQUIRY, inquiry, outcome=_("Taken up"), at=at, by=by)
    journal.record(Verb.PROSPECT_OPENED, prospect, by=by, offer=prospect.offer)
    return prospect


@transaction.atomic
def open_prospect(
    organization: Organization,
    *,
    offer: str,
    owner: User,
    stage: str,
    amount: Decimal,
    probability: int,
    expected_on: date,
    note: str,
    today: date,
    at: datetime,
    by: User | None,
) -> Prospect:
    """
    Begin to write down talks with a company about an offer.

    :raises FollowedUpAlready: if talks about the same are open with it.
    :raises NotOfStaff: if the owner has no role at INM.
    :raises IsDecided: if it would begin as won or lost.
    :raises SaysNoReason: without a note.
    """
    _require_staff(owner)
    if stage not in Stage.open_ones():
        raise IsDecided(_("Talks begin before they are won or lost."))
    prospect = _open(organization, offer=offer, owner=owner, today=today)
    told: dict[str, Any] = {"amount": amount, "probability": probability}
    told |= {"expected_on": expected_on}
    _write(prospect, stage=stage, note=note, **told, at=at, by=by)
    journal.record(Verb.PROSPECT_OPENED, prospect, by=by, offer=offer)
    return prospect


@transaction.atomic
def move_prospect(
    prospect: Prospect,
    *,
    stage: str,
    amount: Decimal,
    probability: int,
    expected_on: date,
    note: str,
    at: datetime,
    by: User | None,
) -> ProspectStep:
    """
    Write down where talks stand now; what was written before stays.

    What is won is certain, what is lost is out of the question, whatever is typed.

    :raises IsDecided: if it was won.
    :raises NotSigned: if a membership would be won without a signed agreement.
    :raises SaysNoReason: without a note.
    :raises SaysNoProbability: if that is no percentage.
    :raises BelowNothing: if the amount is negative.
    """
    organization = lock_organization(prospect.organization)
    last = prospect.steps.order_by("-pk").first()
    if last is not None and last.stage == Stage.WON:
        raise IsDecided(_("This was won. Open another prospect for what comes next."))
    if stage == Stage.WON and prospect.offer == Offer.MEMBERSHIP:
        signed = Agreement.objects.signed().filter(organization=organization)
        if not signed.filter(signed_on__gte=prospect.opened_on).exists():
            raise NotSigned(_("Record the signing of its agreement first."))
    told: dict[str, Any] = {"amount": amount, "probability": probability}
    told |= {"expected_on": expected_on}
    step = _write(prospect, stage=stage, note=note, **told, at=at, by=by)
    facts = {"stage": stage, "amount": str(amount), "probability": step.probability}
    journal.record(Verb.PROSPECT_MOVED, prospect, by=by, **facts)
    return step


def forget_inquiries(*, at: datetime) -> int:
    """Erase what was set aside 30 days ago; return how many that were."""
    old = Inquiry.objects.filter(set_aside_at__lt=at - KEPT_FOR, prospect=None)
    count, _each = old.delete()
    return count


def _waiting(inquiry: Inquiry) -> Inquiry:
    """Hold an inquiry that nobody dealt with yet."""
    found: Inquiry | None = (
        Inquiry.objects.filter(pk=inquiry.pk, set_aside_at=None)
        .select_for_update()
        .first()
    )
    if found is None or Prospect.objects.filter(inquiry=inquiry.pk).exists():
        raise DealtWith(_("Somebody dealt with this inquiry already."))
    return found


def _open(
    organization: Organization,
    *,
    offer: str,
    owner: User,
    today: date,
    inquiry: Inquiry | None = None,
) -> Prospect:
    organization = lock_organization(organization)
    if Prospect.objects.open().filter(organization=organization, offer=offer).exists():
        raise FollowedUpAlready(_("Talks about this are open with the company."))
    prospect: Prospect = Prospect.objects.create(
        organization=organization,
        offer=offer,
        owner=owner,
        inquiry=inquiry,
        opened_on=today,
    )
    return prospect


def _write(
    prospect: Prospect,
    *,
    stage: str,
    probability: int,
    amount: Decimal,
    expected_on: date,
    note: str,
    at: datetime,
    by: User | None,
) -> ProspectStep:
    require_reason(note)
    if amount < 0:
        raise BelowNothing(_("Type an amount that is not negative."))
    if not 0 <= probability <= 100:
        raise SaysNoProbability(_("Say it in percent, from 0 to 100."))
    certain = {Stage.WON: 100, Stage.LOST: 0}
    step: ProspectStep = ProspectStep.objects.create(
        prospect=prospect,
        stage=stage,
        amount=amount,
        probability=certain.get(Stage(stage), probability),
        expected_on=expected_on,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    return step


def _require_staff(owner: User) -> None:
    if not User.objects.at_inm().filter(pk=owner.pk).exists():
        raise NotOfStaff(_("The owner is somebody with a role at INM."))
