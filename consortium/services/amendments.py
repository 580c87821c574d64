"""Amend a signed agreement: draft, waive the floor, sign, or abandon."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import Refusal

from ..documents import AMENDMENT
from ..models import (
    FLOOR_AMOUNT,
    MOST_YEARS,
    Agreement,
    AmendedYear,
    Amendment,
    CommitmentYear,
    FloorWaiver,
    YearAmount,
)
from ..models.amendments import amounts_of, further_years
from ..models.terms import AMENDABLE
from ..states import AgreementState, AmendmentState
from ..verbs import Verb
from .agreements import (
    BelowFloor,
    FeeAboveCommitment,
    NothingToWaive,
    SignedInFuture,
    YearTerms,
    require_free,
)
from .approvals import (
    ENTITY,
    ask_again,
    ask_for_approval,
    ask_no_more,
    require_approval,
)
from .entries import keep_to_caps
from .instalments import plans_of, write_plans
from .interests import require_no_interest
from .organizations import lock_organization
from .previews import preview_of, send_letter, years_of
from .screenings import require_no_hold


class NotInForce(Refusal):
    code = "not_in_force"


class NotADraftAmendment(Refusal):
    code = "not_a_draft"


class OutsideTerm(Refusal):
    code = "outside_term"
    field = "effective_on"


class PastYear(Refusal):
    code = "past_year"


class YearsDoNotFollow(Refusal):
    code = "years_do_not_follow"


class NothingCommitted(Refusal):
    code = "nothing_committed"


class NothingAmended(Refusal):
    code = "nothing_amended"


class EntityWithoutCountry(Refusal):
    code = "entity_without_country"
    field = "entity_country"


@transaction.atomic
def draft_amendment(
    agreement: Agreement,
    *,
    effective_on: date,
    years: Mapping[int, YearTerms],
    today: date,
    by: User,
    **terms: Any,
) -> Amendment:
    """
    Write down a change of a signed agreement; nothing changes before it is signed.

    ``years`` are the amounts that years have from the effective date on, by number.
    Numbers after the last year of the term extend it.

    :raises NotInForce: if the agreement is not signed, or terminated.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises OutsideTerm: if the effective date is not in its term.
    :raises PastYear: if it would change a year that is over.
    :raises YearsDoNotFollow: if years that extend the term leave a gap.
    :raises TermOverlaps: if the longer term reaches into another signed agreement.
    :raises NothingCommitted: if a year would ask for nothing.
    :raises FeeAboveCommitment: if a year's fee is more than its commitment.
    :raises EntityWithoutCountry: if a new entity has no country, or the reverse.
    :raises NothingAmended: if all stays as it is.
    """
    lock_organization(agreement.organization)
    agreement = Agreement.objects.select_related("organization").get(pk=agreement.pk)
    if agreement.state != AgreementState.SIGNED:
        raise NotInForce(_("Only an agreement that is signed is amended."))
    require_no_interest(agreement.organization, on=today, by=by)
    highest = agreement.amendments.aggregate(last=Max("number"))["last"] or 0
    amendment = Amendment(
        agreement=agreement, number=highest + 1, effective_on=effective_on, **terms
    )
    years = _sound(amendment, years, today=today)
    amendment.save()
    _write_years(amendment, years)
    facts = {"amendment": amendment.pk, "number": amendment.number}
    journal.record(Verb.AMENDMENT_DRAFTED, agreement, by=by, **facts)
    if amendment.is_foreign:
        ask_for_approval(amendment, by=by)
    return amendment


@transaction.atomic
def change_amendment(
    amendment: Amendment,
    *,
    years: Mapping[int, YearTerms],
    today: date,
    by: User,
    version: int | None = None,
    **terms: Any,
) -> Amendment:
    """
    Change a draft amendment; a waiver was for its former amounts and goes with them.

    :raises NotADraftAmendment: once signed or abandoned.
    :raises EditConflict: if somebody changed it since ``version``.

    Else refuses what `draft_amendment` refuses.
    """
    amendment = lock_draft_amendment(amendment)
    amendment.require(version)
    require_no_interest(amendment.agreement.organization, on=today, by=by)
    before = {
        y.number: YearTerms(y.required, y.fee_part) for y in amendment.years.all()
    }
    amounts = (amendment.effective_on, amendment.counting)
    asked = Amendment(agreement=amendment.agreement, **(_said(amendment) | terms))
    years = _sound(asked, years, today=today)
    has_others = before != years or amounts != (asked.effective_on, asked.counting)
    if has_others:
        terms |= {"waiver": None}
    changed = amendment.edit(None, touched=has_others, **terms)
    if before != years:
        amendment.years.all().delete()
        _write_years(amendment, years)
    if changed or has_others:
        facts = {"amendment": amendment.pk, "number": amendment.number}
        journal.record(Verb.AMENDMENT_CHANGED, amendment.agreement, by=by, **facts)
    if ENTITY & {*changed}:
        ask_again(amendment, by=by)
    return Amendment.objects.get(pk=amendment.pk)


@transaction.atomic
def waive_amendment(
    amendment: Amendment,
    *,
    reason: str,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Amendment:
    """
    Let an amendment bring years below $500,000.

    :raises NotADraftAmendment: once signed or abandoned.
    :raises EditConflict: if it changed since ``version``.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises NothingToWaive: if no year falls below, or a waiver stands.
    """
    amendment = lock_draft_amendment(amendment)
    amendment.require(version)
    organization = amendment.agreement.organization
    require_no_interest(organization, on=timezone.localdate(at), by=by)
    years = years_of(amendment.agreement)
    amounts = amounts_of(amendment, years)
    further = further_years(amendment, years)
    if amendment.waiver_id or not is_below_floor(amounts, further):
        raise NothingToWaive(_("Nothing in this amendment needs a waiver."))
    waiver = FloorWaiver.objects.create(reason=reason, granted_by=by, granted_at=at)
    amendment.edit(None, waiver=waiver)
    facts = {"amendment": amendment.pk, "waiver": waiver.pk}
    journal.record(Verb.FLOOR_WAIVED, amendment.agreement, by=by, **facts)
    return amendment


@transaction.atomic
def sign_amendment(
    amendment: Amendment,
    *,
    signed_on: date,
    signed_for_member_by: str,
    signed_for_mit_by: str,
    file: File,
    today: date,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Amendment:
    """
    Record the signing: what it says is in force, and the member gets a letter.

    Years that are over stay as they were, whatever the effective date; in each one
    that changes, what is in kind counts up to the cap that it has now, and other
    instalments take the place of those neither due nor invoiced. Years by which it
    extends the term come into being, and the term ends later. Other drafts of the
    agreement count as changed, since their previews may be.

    :raises NotADraftAmendment: once signed or abandoned.
    :raises EditConflict: if it changed since ``version``.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises NotInForce: if its agreement was terminated meanwhile.
    :raises OnHold: if a hit of the screening was not cleared.
    :raises NotApproved: if the approval of an entity abroad is still open.
    :raises SignedInFuture: if the day of signing lies ahead.
    :raises PastYear: if a year that it changes is over by now.
    :raises YearsDoNotFollow: if another amendment extended the term meanwhile.
    :raises TermOverlaps: if the longer term reaches into another signed agreement.
    :raises BelowFloor: if a year falls below the floor, and no director waived it.
    """
    amendment = lock_draft_amendment(amendment)
    amendment.require(version)
    require_no_interest(amendment.agreement.organization, on=today, by=by)
    _require_signable(amendment, signed_on=signed_on, today=today)
    years = years_of(amendment.agreement)
    amounts = list(amounts_of(amendment, years))
    further = further_years(amendment, years)
    _require_longer_term(amendment.agreement, years, [y.number for y in further])
    _require_present([*(year for year, *_amounts in amounts), *further], today)
    if amendment.waiver_id is None and is_below_floor(amounts, further):
        raise BelowFloor(
            _("A year falls below $500,000, the floor; a director can waive it.")
        )
    plans = [*plans_of(preview_of(amendment, today=today))]
    executed = documents.upload(file, kind=AMENDMENT, subject=amendment, at=at, by=by)
    amendment.executed, amendment.executed_sha256 = executed, executed.sha256
    amendment.signed_on, amendment.recorded_on = signed_on, today
    amendment.signed_for_member_by = signed_for_member_by
    amendment.signed_for_mit_by = signed_for_mit_by
    amendment.move_to(AmendmentState.SIGNED)
    amendment.version += 1
    amendment.save()
    YearAmount.objects.bulk_create(
        YearAmount(
            commitment_year=year,
            amendment=amendment,
            required=required,
            fee_part=fee_part,
            waiver_id=amendment.waiver_id if required < FLOOR_AMOUNT else None,
            recorded_on=today,
        )
        for year, required, fee_part in amounts
    )
    why = _("The cap fell by amendment %(number)s.") % {"number": amendment.number}
    changed = [year for year, *_terms in amounts]
    keep_to_caps(changed, why=why, at=at, today=today, by=by)
    _extend(amendment.agreement, further, today=today)
    write_plans(amendment, plans, today=today)
    _outdate_drafts(amendment.agreement, years)
    journal.record(
        Verb.AMENDMENT_SIGNED,
        amendment.agreement,
        by=by,
        amendment=amendment.pk,
        number=amendment.number,
        signed_on=signed_on,
        effective_on=amendment.effective_on,
        sha256=amendment.executed_sha256,
        days_late=amendment.days_late,
        ends_on=amendment.agreement.ends_on,
    )
    send_letter(amendment, preview_of(amendment, today=today), today=today, at=at)
    return amendment


@transaction.atomic
def abandon_amendment(amendment: Amendment, *, reason: str, by: User) -> Amendment:
    """
    Give up a draft amendment; its number stays taken, and nobody approves its entity.

    :raises NotADraftAmendment: once signed or abandoned.
    """
    amendment = lock_draft_amendment(amendment)
    amendment.abandoned_because = reason
    amendment.move_to(AmendmentState.ABANDONED)
    amendment.version += 1
    amendment.save()
    facts = {"amendment": amendment.pk, "number": amendment.number}
    journal.record(Verb.AMENDMENT_ABANDONED, amendment.agreement, by=by, **facts)
    ask_no_more(amendment, outcome=_("The amendment was abandoned."), by=by)
    return amendment


def _extend(
    agreement: Agreement, further: Sequence[CommitmentYear], *, today: date
) -> None:
    if not further:
        return
    agreement.edit(None, term_years=further[-1].number)
    agreement.refresh_from_db(fields=["ends_on"])
    for year in further:
        year.added_on = today
    CommitmentYear.objects.bulk_create(further)


def _outdate_drafts(agreement: Agreement, before: dict[int, CommitmentYear]) -> None:
    """
    Let whoever read the preview of another draft read it again before they sign.

    A waiver was for the amounts that its draft came to before, and goes with them.
    """
    now = years_of(agreement)
    drafts = agreement.amendments.filter(state=AmendmentState.DRAFT)
    for draft in drafts.prefetch_related("years"):
        is_other = [*amounts_of(draft, before)] != [*amounts_of(draft, now)]
        draft.edit(None, touched=True, **({"waiver": None} if is_other else {}))


def is_below_floor(
    amounts: Iterable[tuple[CommitmentYear, Decimal, Decimal]],
    further: Sequence[CommitmentYear],
) -> bool:
    """Say whether a year gets less than $500,000, or one that is added does."""
    asked = [required for _year, required, _fee in amounts]
    asked += [year.required for year in further]
    return any(required < FLOOR_AMOUNT for required in asked)


def lock_draft_amendment(amendment: Amendment) -> Amendment:
    """
    Hold the member; return the amendment as it is now.

    :raises NotADraftAmendment: once signed or abandoned.
    """
    lock_organization(amendment.agreement.organization)
    rows = Amendment.objects.select_related("agreement__organization")
    amendment = rows.get(pk=amendment.pk)
    if amendment.state != AmendmentState.DRAFT:
        raise NotADraftAmendment(_("This amendment is no draft any more."))
    return amendment


def _said(amendment: Amendment) -> dict[str, Any]:
    """Return what an amendment says, but for the amounts of years."""
    names = ["effective_on", "counting", "reason", "other_terms", *AMENDABLE]
    return {name: getattr(amendment, name) for name in names}


def _sound(
    amendment: Amendment, asked: Mapping[int, YearTerms], *, today: date
) -> dict[int, YearTerms]:
    """Return the years that change by what is asked, if the rules allow it."""
    agreement, since = amendment.agreement, amendment.effective_on
    if not agreement.effective_on <= since <= agreement.ends_on:
        raise OutsideTerm(_("An amendment takes effect on a day of the term."))
    if bool(amendment.contracting_entity) != bool(amendment.entity_country):
        raise EntityWithoutCountry(_("Name the new entity together with its country."))
    present = years_of(agreement)
    years = {
        number: terms
        for number, terms in sorted(asked.items())
        if number not in present
        or terms != (present[number].required_now, present[number].fee_now)
    }
    _require_longer_term(agreement, present, [n for n in years if n not in present])
    for number, terms in years.items():
        if not terms.required:
            raise NothingCommitted(
                _("Say what is committed in this year."), field=f"required_{number}"
            )
        if terms.fee_part > terms.required:
            raise FeeAboveCommitment(
                _("In year %(number)s the fee is more than the commitment.")
                % {"number": number},
                field=f"fee_part_{number}",
            )
    changed = [present[number] for number in years if number in present]
    _require_present(changed, max(since, today))
    says = [getattr(amendment, name) for name in ("other_terms", *AMENDABLE)]
    if not years and not any(value not in ("", None) for value in says):
        raise NothingAmended(_("With this, all stays as it is."))
    return years


def _require_longer_term(
    agreement: Agreement, present: Mapping[int, Any], further: Sequence[int]
) -> None:
    """Insist that further years follow the last one, and cross no other agreement."""
    if not further:
        return
    follow = [*range(len(present) + 1, len(present) + len(further) + 1)]
    if list(further) != follow or follow[-1] > MOST_YEARS:
        raise YearsDoNotFollow(
            _("Years are added one after the other, up to year %(most)s.")
            % {"most": MOST_YEARS},
            field=f"required_{further[-1]}",
        )
    _first, until = agreement.year_span(further[-1])
    require_free(agreement, until=until)


def _require_present(years: list[CommitmentYear], on: date) -> None:
    for year in years:
        if year.ends_on < on:
            raise PastYear(
                _("Year %(number)s is over by then, and stays as it was.")
                % {"number": year.number},
                field=f"required_{year.number}",
            )


def _require_signable(amendment: Amendment, *, signed_on: date, today: date) -> None:
    if amendment.agreement.state != AgreementState.SIGNED:
        raise NotInForce(_("Only an agreement that is signed is amended."))
    require_no_hold(amendment.agreement.organization)
    require_approval(amendment)
    if signed_on > today:
        raise SignedInFuture(_("The day of signing lies ahead."))


def _write_years(amendment: Amendment, years: Mapping[int, YearTerms]) -> None:
    AmendedYear.objects.bulk_create(
        AmendedYear(amendment=amendment, number=number, **terms._asdict())
        for number, terms in years.items()
    )
