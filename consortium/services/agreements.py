"""Draft an agreement, waive the program's floor, record its signing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, mails
from inm_portal.kernel.errors import Refusal

from ..documents import AGREEMENT
from ..models import (
    FLOOR_AMOUNT,
    FLOOR_YEARS,
    Agreement,
    AgreementYear,
    CommitmentYear,
    FloorWaiver,
    Organization,
)
from ..states import AgreementState
from ..verbs import Verb
from .approvals import ENTITY, ask_again, ask_for_approval, require_approval
from .instalments import write_instalments
from .interests import require_no_interest
from .organizations import lock_organization
from .previews import readers_at
from .screenings import require_no_hold

LETTER = "consortium/mail/agreement_signed"


class YearTerms(NamedTuple):
    """What is agreed for one year of the term."""

    required: Decimal
    fee_part: Decimal


class NotADraft(Refusal):
    code = "not_a_draft"


class FeeAboveCommitment(Refusal):
    code = "fee_above_commitment"


class BelowFloor(Refusal):
    code = "below_floor"


class NothingToWaive(Refusal):
    code = "nothing_to_waive"


class TermOverlaps(Refusal):
    code = "term_overlaps"
    field = "effective_on"


class SignedInFuture(Refusal):
    code = "signed_in_future"
    field = "signed_on"


@transaction.atomic
def draft_agreement(
    organization: Organization, *, years: Sequence[YearTerms], by: User, **terms: Any
) -> Agreement:
    """
    Write down an agreement that is being negotiated; binding only when signed.

    The term has as many years as ``years``. An entity abroad opens the task to
    approve it.

    :raises FeeAboveCommitment: if a year's fee is more than its commitment.
    """
    organization = lock_organization(organization)
    require_sound(years)
    agreement = Agreement.objects.create(
        organization=organization, term_years=len(years), **terms
    )
    _write_years(agreement, years)
    journal.record(Verb.AGREEMENT_DRAFTED, agreement, by=by, organization=organization)
    if agreement.is_foreign:
        ask_for_approval(agreement, by=by)
    return agreement


@transaction.atomic
def change_draft(
    agreement: Agreement,
    *,
    years: Sequence[YearTerms],
    by: User,
    version: int | None = None,
    **terms: Any,
) -> Agreement:
    """
    Change a draft; a waiver of the floor was for the former terms and goes with them.

    :raises NotADraft: once signed.
    :raises FeeAboveCommitment: if a year's fee is more than its commitment.
    :raises EditConflict: if somebody changed it since ``version``.
    """
    agreement = lock_draft(agreement)
    require_sound(years)
    before = [YearTerms(y.required, y.fee_part) for y in agreement.years.all()]
    has_other_years = before != list(years)
    terms |= {"term_years": len(years)}
    if has_other_years:
        terms |= {"waiver": None}
    changed = agreement.edit(version, touched=has_other_years, **terms)
    if has_other_years:
        agreement.years.all().delete()
        _write_years(agreement, years)
    if changed or has_other_years:
        journal.record(Verb.AGREEMENT_CHANGED, agreement, by=by)
    if ENTITY & {*changed}:
        ask_again(agreement, by=by)
    return agreement.refreshed()


@transaction.atomic
def waive_floor(
    agreement: Agreement,
    *,
    reason: str,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Agreement:
    """
    Let one agreement stay below three years or $500,000 a year.

    :raises NotADraft: once signed.
    :raises EditConflict: if its terms changed since ``version``.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises NothingToWaive: if its terms reach both floors, or a waiver stands.
    """
    agreement = lock_draft(agreement)
    agreement.require(version)
    require_no_interest(agreement.organization, on=timezone.localdate(at), by=by)
    if agreement.waiver_id or not is_below_floor(agreement):
        raise NothingToWaive(_("Nothing in these terms needs a waiver."))
    waiver = FloorWaiver.objects.create(reason=reason, granted_by=by, granted_at=at)
    agreement.edit(None, waiver=waiver)
    journal.record(Verb.FLOOR_WAIVED, agreement, by=by, waiver=waiver.pk)
    return agreement


@transaction.atomic
def sign_agreement(
    agreement: Agreement,
    *,
    signed_on: date,
    signed_for_member_by: str,
    signed_for_mit_by: str,
    file: File,
    today: date,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Agreement:
    """
    Record the signing: terms are fixed, commitment years and instalments come to be.

    ``file`` is what was signed; its digest stands with the signatures from now
    on. The effective date may lie before the signature; both are kept. The member
    gets a letter.

    :raises NotADraft: if it was signed before.
    :raises EditConflict: if its terms changed since ``version``.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises OnHold: if a hit of the screening was not cleared.
    :raises NotApproved: if the approval of an entity abroad is still open.
    :raises SignedInFuture: if the day of signing lies ahead.
    :raises BelowFloor: if the terms miss a floor that no director has waived.
    :raises TermOverlaps: if another signed agreement covers part of the term.
    """
    agreement = lock_draft(agreement)
    agreement.require(version)
    require_no_interest(agreement.organization, on=today, by=by)
    require_no_hold(agreement.organization)
    require_approval(agreement)
    if signed_on > today:
        raise SignedInFuture(_("The day of signing lies ahead."))
    if agreement.waiver_id is None and is_below_floor(agreement):
        raise BelowFloor(
            _("Three years and $500,000 a year are the floor; a director can waive it.")
        )
    require_free(agreement, until=agreement.ends_on)

    executed = documents.upload(file, kind=AGREEMENT, subject=agreement, at=at, by=by)
    agreement.executed, agreement.executed_sha256 = executed, executed.sha256
    agreement.move_to(AgreementState.SIGNED)
    agreement.signed_on, agreement.recorded_on = signed_on, today
    agreement.signed_for_member_by = signed_for_member_by
    agreement.signed_for_mit_by = signed_for_mit_by
    agreement.version += 1
    agreement.save()
    _bring_forth_commitment_years(agreement)
    write_instalments(agreement, today=today)
    journal.record(
        Verb.AGREEMENT_SIGNED,
        agreement,
        by=by,
        signed_on=signed_on,
        effective_on=agreement.effective_on,
        sha256=agreement.executed_sha256,
        days_late=agreement.days_late,
    )
    _send_letter(agreement, today=today, at=at)
    return agreement


def _send_letter(agreement: Agreement, *, today: date, at: datetime) -> None:
    """Write to those who decide and those who keep contracts at the member."""
    context = {
        "agreement": agreement,
        "organization": agreement.organization,
        "years": agreement.commitment_years.order_by("number"),
    }
    for contact in readers_at(agreement.organization, on=today):
        mails.write(
            LETTER, to=contact.email, about=agreement, slot="", at=at, context=context
        )


def is_below_floor(agreement: Agreement) -> bool:
    """Say whether the terms of a draft miss three years or, in any year, $500,000."""
    amounts = [year.required for year in agreement.years.all()]
    return misses_floor(agreement.term_years, amounts)


def misses_floor(term_years: int, amounts: Iterable[Decimal]) -> bool:
    """Say whether a term misses three years or, in any year, $500,000."""
    is_low = any(required < FLOOR_AMOUNT for required in amounts)
    return term_years < FLOOR_YEARS or is_low


def lock_draft(agreement: Agreement) -> Agreement:
    lock_organization(agreement.organization)
    agreement = Agreement.objects.select_related("organization").get(pk=agreement.pk)
    if agreement.state != AgreementState.DRAFT:
        raise NotADraft(_("This agreement is signed; an amendment changes it."))
    return agreement


def require_sound(years: Sequence[YearTerms]) -> None:
    for number, year in enumerate(years, start=1):
        if year.fee_part > year.required:
            raise FeeAboveCommitment(
                _("In year %(number)s the fee is more than the commitment.")
                % {"number": number},
                field=f"fee_part_{number}",
            )


def require_free(agreement: Agreement, *, until: date) -> None:
    """
    :raises TermOverlaps: if another signed agreement covers part of a term.
    """
    others = Agreement.objects.signed().filter(
        organization=agreement.organization_id,
        effective_on__lte=until,
        ends_on__gte=agreement.effective_on,
    )
    if other := others.exclude(pk=agreement.pk).first():
        raise TermOverlaps(
            _("%(number)s of this member covers part of this term.")
            % {"number": other.number}
        )


def _write_years(agreement: Agreement, years: Sequence[YearTerms]) -> None:
    AgreementYear.objects.bulk_create(
        AgreementYear(agreement=agreement, number=number, **year._asdict())
        for number, year in enumerate(years, start=1)
    )


def _bring_forth_commitment_years(agreement: Agreement) -> None:
    CommitmentYear.objects.bulk_create(
        _commitment_year(agreement, year) for year in agreement.years.all()
    )


def _commitment_year(agreement: Agreement, year: AgreementYear) -> CommitmentYear:
    starts_on, ends_on = agreement.year_span(year.number)
    return CommitmentYear(
        agreement=agreement,
        number=year.number,
        starts_on=starts_on,
        ends_on=ends_on,
        required=year.required,
        fee_part=year.fee_part,
        currency=agreement.currency,
        waiver_id=agreement.waiver_id,
    )
