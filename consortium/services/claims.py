"""Claim a contribution, show its evidence, and bring it to its decision."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, money
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.templatetags.portal import on as written_day

from ..documents import EVIDENCE
from ..models import (
    IN_KIND,
    Category,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    CreditOpinion,
    Evidence,
    Invoice,
    InvoiceLine,
    Organization,
)
from ..policies import SPEAKS_FOR
from ..states import ClaimState, YearStatus
from ..verbs import Verb
from . import credit_mails
from .interests import require_no_interest
from .organizations import lock_organization


class Paper(NamedTuple):
    """
    A document as whoever claims describes it.

    Its amount is in the currency of the agreement, beside what one in another
    currency says itself.
    """

    payer: str
    number: str
    amount: Decimal
    dated_on: date
    foreign_amount: Decimal | None = None
    foreign_currency: str = ""


class Part(NamedTuple):
    """What is claimed of a document for one year in one category."""

    commitment_year: CommitmentYear
    category: str
    amount: Decimal


class ClaimedBefore(Refusal):
    """A document on which something was claimed; ``evidence`` leads to it."""

    code = "claimed_before"

    def __init__(self, message: str, *, evidence: Evidence) -> None:
        super().__init__(message)
        self.evidence = evidence


class EvidenceDiffers(Refusal):
    code = "evidence_differs"
    field = "number"


class NotForeign(Refusal):
    code = "not_foreign"
    field = "foreign_amount"


class InvoicedByInm(Refusal):
    """What INM invoices counts as it is paid, and is not claimed."""

    code = "invoiced_by_inm"
    field = "number"


class AboveFee(Refusal):
    code = "above_fee"
    field = "amount"


class AboveEvidence(Refusal):
    code = "above_evidence"
    field = "amount"


class YearOfAnother(Refusal):
    code = "year_of_another"


class AsksForNothing(Refusal):
    code = "asks_for_nothing"


class ContributedTooLate(Refusal):
    code = "contributed_too_late"
    field = "contributed_on"


class ContributedInFuture(Refusal):
    code = "contributed_in_future"
    field = "contributed_on"


class OfferedInKind(Refusal):
    code = "offered_in_kind"


class NotPending(Refusal):
    code = "not_pending"


class OwnClaim(Refusal):
    code = "own_claim"


class SpeaksForNobody(Refusal):
    code = "speaks_for_nobody"


@transaction.atomic
def claim_credits(
    organization: Organization,
    *,
    paper: Paper,
    parts: Sequence[Part],
    contributed_on: date,
    what_for: str,
    at: datetime,
    today: date,
    by: User | None,
    file: File | None = None,
    knows_earlier: bool = False,
) -> list[ContributionCredit]:
    """
    Claim a document toward one or several years and categories.

    ``knows_earlier`` says that whoever claims has seen what was claimed on the
    same document before (case 31).

    :raises OfferedInKind: for a category in kind, which is offered as a thing.
    :raises YearOfAnother: if a year is not the member's.
    :raises AsksForNothing: if the agreement was terminated before a year of it.
    :raises ContributedInFuture: if the day of payment lies ahead.
    :raises ContributedTooLate: if it lies after the cure period of a year.
    :raises EvidenceDiffers: if the document is recorded with other details.
    :raises NotForeign: if its own currency is not another one, with its amount.
    :raises InvoicedByInm: if the document is an invoice of INM.
    :raises AboveFee: if INM invoices that part of the fee.
    :raises ClaimedBefore: if it was claimed on, and that was not said.
    :raises AboveEvidence: if all its claims together exceed the document.
    """
    if any(part.category in IN_KIND for part in parts):
        raise OfferedInKind(_("What is given in kind is offered as a thing."))
    return write_claims(
        organization,
        paper=paper,
        parts=parts,
        contributed_on=contributed_on,
        what_for=what_for,
        at=at,
        today=today,
        by=by,
        file=file,
        knows_earlier=knows_earlier,
    )


def write_claims(
    organization: Organization,
    *,
    paper: Paper,
    parts: Sequence[Part],
    contributed_on: date,
    what_for: str,
    at: datetime,
    today: date,
    by: User | None,
    file: File | None,
    knows_earlier: bool,
) -> list[ContributionCredit]:
    """Write claims of any category, in the caller's transaction."""
    organization = lock_organization(organization)
    _require_years(organization, parts, contributed_on=contributed_on, today=today)
    _require_own_paper(organization, paper)
    for part in parts:
        require_not_invoiced(part.commitment_year, part.category, part.amount)
    evidence = _evidence(organization, paper, parts, at=at, by=by)
    _require_room(evidence, parts, knows_earlier=knows_earlier)
    if file is not None:
        documents.upload(file, kind=EVIDENCE, subject=evidence, at=at, by=by)
    credits = [
        ContributionCredit.objects.create(
            organization=organization,
            evidence=evidence,
            **part._asdict(),
            currency=part.commitment_year.currency,
            contributed_on=contributed_on,
            what_for=what_for,
            claimed_by=by,
            claimed_at=at,
        )
        for part in parts
    ]
    for credit in credits:
        facts = {"amount": credit.amount, "category": credit.category}
        facts |= {"year": credit.commitment_year_id, "organization": organization.pk}
        journal.record(Verb.CREDIT_CLAIMED, credit, by=by, **facts)
    credit_mails.tell_of_claims(credits, at=at, by=by)
    return credits


def _require_years(
    organization: Organization,
    parts: Sequence[Part],
    *,
    contributed_on: date,
    today: date,
) -> None:
    if contributed_on > today:
        raise ContributedInFuture(_("The day of the contribution lies ahead."))
    keys = {part.commitment_year.pk for part in parts}
    years = CommitmentYear.objects.filter(agreement__organization=organization)
    found = years.with_position(on=today).in_bulk(keys)
    if keys - found.keys():
        raise YearOfAnother(_("Choose a commitment year of this member."))
    for year in found.values():
        require_asking(year)
        require_in_time(year, contributed_on)


def _require_own_paper(organization: Organization, paper: Paper) -> None:
    invoices = Invoice.objects.filter(organization=organization)
    if invoices.filter(number__iexact=paper.number.strip()).exists():
        raise InvoicedByInm(_("This is an invoice of INM; it counts as it is paid."))


def require_not_invoiced(year: CommitmentYear, category: str, amount: Decimal) -> None:
    """
    :raises AboveFee: if it is of the fee that INM invoices, and that counts as paid.
    """
    if category != Category.FEE:
        return
    of_year = {"commitment_year": year}
    invoiced = _sum(
        InvoiceLine.objects.filter(**of_year).issued().live().with_credited(),
        F("amount") - F("credited"),
    )
    claimed = CreditEntry.objects.filter(credit__posting=None, **of_year)
    counted = _sum(claimed.filter(credit__category=category), F("amount"))
    fee = CommitmentYear.objects.with_terms().get(pk=year.pk).fee_now
    if invoiced and amount + counted + invoiced > fee:
        raise AboveFee(
            _("INM invoices %(amount)s of this fee; that counts as it is paid.")
            % {"amount": money.written(invoiced, year.currency)}
        )


def _sum(rows: QuerySet, amount: Any) -> Decimal:
    return rows.aggregate(sum=Sum(amount))["sum"] or Decimal()


def require_asking(year: CommitmentYear) -> None:
    """
    :raises AsksForNothing: if an agreement was terminated before a year of it.
    """
    if year.status == YearStatus.RELEASED:
        raise AsksForNothing(
            _("Year %(number)s asks for nothing: the agreement ends before it.")
            % {"number": year.number}
        )


def require_in_time(year: CommitmentYear, given_on: date) -> None:
    """
    :raises ContributedTooLate: if a day lies after the cure period of a year.
    """
    if given_on > year.cure_until:
        raise ContributedTooLate(
            _("Year %(number)s took contributions until %(day)s.")
            % {"number": year.number, "day": written_day(year.cure_until)}
        )


def _evidence(
    organization: Organization,
    paper: Paper,
    parts: Sequence[Part],
    *,
    at: datetime,
    by: User | None,
) -> Evidence:
    """Return the document that ``paper`` describes, recorded now if it was not."""
    payer, number = paper.payer.strip(), paper.number.strip()
    currency = parts[0].commitment_year.currency
    found = Evidence.objects.of_document(organization, payer, number).first()
    if found is None:
        details = paper._asdict() | {"payer": payer, "number": number}
        evidence = Evidence(
            organization=organization,
            **details,
            currency=currency,
            recorded_by=by,
            recorded_at=at,
        )
        require_foreign(evidence)
        evidence.save()
        return evidence
    recorded = (found.amount, found.dated_on, found.currency)
    told = (paper.amount, paper.dated_on, currency)
    if recorded != told or _is_other_abroad(found, paper):
        amounts = [money.written(found.amount, found.currency)]
        if found.foreign_amount is not None:
            amounts += [money.written(found.foreign_amount, found.foreign_currency)]
        raise EvidenceDiffers(
            _("This document is recorded with %(amount)s of %(day)s.")
            % {"amount": " = ".join(amounts), "day": written_day(found.dated_on)}
        )
    return found


def _is_other_abroad(found: Evidence, paper: Paper) -> bool:
    """Say whether ``paper`` tells another amount in the document's own currency."""
    told = (paper.foreign_amount, paper.foreign_currency)
    return any(told) and told != (found.foreign_amount, found.foreign_currency)


def require_foreign(evidence: Evidence, **changes: Any) -> None:
    """
    :raises NotForeign: if its own currency is not another one, with its amount.
    """
    names = ["foreign_amount", "foreign_currency"]
    amount, currency = (changes.get(name, getattr(evidence, name)) for name in names)
    if bool(amount) != bool(currency):
        raise NotForeign(_("Say the amount on the document with its own currency."))
    if currency == evidence.currency:
        raise NotForeign(
            _("The agreement is in %(currency)s too; one amount is enough.")
            % {"currency": currency}
        )


def _require_room(
    evidence: Evidence, parts: Sequence[Part], *, knows_earlier: bool
) -> None:
    evidence = Evidence.objects.with_used().get(pk=evidence.pk)
    if evidence.credits.exists() and not knows_earlier:
        raise ClaimedBefore(
            _("Something was claimed on this document before; look at that first."),
            evidence=evidence,
        )
    require_left(evidence, sum(part.amount for part in parts))


def require_left(evidence: Evidence, amount: Decimal | int) -> None:
    """
    :raises AboveEvidence: if less of a document, read ``with_used``, is left.
    """
    if amount > evidence.left:
        raise AboveEvidence(
            _("Of this document only %(left)s is left to claim.")
            % {"left": money.written(evidence.left, evidence.currency)}
        )


@transaction.atomic
def withdraw_claim(
    credit: ContributionCredit, *, at: datetime, by: User
) -> ContributionCredit:
    """
    Take back a claim that nobody decided on; its document is free again.

    :raises IllegalTransition: once it was decided or withdrawn.
    """
    credit = lock_credit(credit)
    credit.move_to(ClaimState.WITHDRAWN)
    credit.withdrawn_at = at
    credit.save(update_fields=["state", "withdrawn_at"])
    journal.record(Verb.CREDIT_WITHDRAWN, credit, by=by)
    return credit


@transaction.atomic
def ask_for_evidence(
    credit: ContributionCredit, *, asked_for: str, at: datetime, by: User
) -> ContributionCredit:
    """
    Ask whoever claimed for what is missing; the claim waits for it.

    :raises IllegalTransition: if it waits for that already, or is settled.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=timezone.localdate(at), by=by)
    credit.move_to(ClaimState.EVIDENCE_REQUESTED)
    credit.asked_for = asked_for
    credit.save(update_fields=["state", "asked_for"])
    journal.record(Verb.EVIDENCE_ASKED, credit, by=by)
    credit_mails.tell_claimant(credit, "evidence_asked", at=at, asked_for=asked_for)
    return credit


@transaction.atomic
def answer_with_evidence(
    credit: ContributionCredit, *, file: File, at: datetime, by: User
) -> ContributionCredit:
    """
    Add the file that was asked for; the claim goes on.

    :raises NotPending: if nothing is asked for any more.
    """
    credit = lock_credit(credit)
    if credit.state != ClaimState.EVIDENCE_REQUESTED:
        raise NotPending(_("Nothing is asked for any more."))
    documents.upload(file, kind=EVIDENCE, subject=credit.evidence, at=at, by=by)
    credit = _review(credit, verb=Verb.EVIDENCE_ADDED, by=by)
    credit_mails.tell_staff(credit, "evidence_added", at=at, by=by)
    return credit


@transaction.atomic
def review_claim(credit: ContributionCredit, *, by: User) -> ContributionCredit:
    """
    Take a claim under review.

    :raises IllegalTransition: if it is, or was settled.
    """
    return _review(lock_credit(credit), verb=Verb.CREDIT_REVIEWED, by=by)


def _review(credit: ContributionCredit, *, verb: Verb, by: User) -> ContributionCredit:
    credit.move_to(ClaimState.UNDER_REVIEW)
    credit.save(update_fields=["state"])
    journal.record(verb, credit, by=by)
    return credit


@transaction.atomic
def give_opinion(
    credit: ContributionCredit, *, text: str, at: datetime, today: date, by: User
) -> CreditOpinion:
    """
    Write what the office that ``by`` speaks for says of a claim.

    :raises NotPending: once it is settled.
    :raises OwnClaim: if ``by`` claimed it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises SpeaksForNobody: if ``by`` speaks for no office.
    """
    credit = lock_credit(credit)
    if not credit.is_pending:
        raise NotPending(_("This claim is settled."))
    require_not_claimed(credit, by=by)
    require_no_interest(credit.organization, on=today, by=by)
    offices = [office for office, name in SPEAKS_FOR.items() if by.has_perm(name)]
    if not offices:
        raise SpeaksForNobody(_("Finance or legal counsel gives this opinion."))
    opinion = CreditOpinion.objects.create(
        credit=credit, office=offices[0], text=text, given_by=by, given_at=at
    )
    journal.record(Verb.OPINION_GIVEN, credit, by=by, office=opinion.office)
    return opinion


def require_not_claimed(credit: ContributionCredit, *, by: User) -> None:
    """
    :raises OwnClaim: if ``by`` claimed it, under this account or a merged one.
    """
    if by.is_same_person(credit.claimed_by):
        raise OwnClaim(_("Somebody else decides on what you claimed."))


@transaction.atomic
def change_evidence(
    evidence: Evidence, *, by: User, version: int | None = None, **details: Any
) -> Evidence:
    """
    Put right what a document says, as when a contract is cut (case 32).

    :raises EditConflict: if somebody changed it since ``version``.
    :raises InvoicedByInm: if it is an invoice of INM, which stays as it is.
    :raises AboveEvidence: if more is claimed or credited on it than would be left.
    :raises NotForeign: if its own currency is not another one, with its amount.
    """
    lock_organization(evidence.organization)
    evidence = Evidence.objects.with_used().get(pk=evidence.pk)
    if evidence.invoice_id is not None:
        raise InvoicedByInm(_("An invoice of INM stays as it was issued."))
    require_foreign(evidence, **details)
    if details.get("amount", evidence.amount) < evidence.used:
        raise AboveEvidence(
            _("%(used)s is claimed or credited on it; reduce that first.")
            % {"used": money.written(evidence.used, evidence.currency)}
        )
    before = evidence.amount
    if changed := evidence.edit(version, **details):
        facts = {"fields": sorted(changed), "before": before, "amount": evidence.amount}
        journal.record(Verb.EVIDENCE_CHANGED, evidence, by=by, **facts)
    return evidence


def lock_credit(credit: ContributionCredit) -> ContributionCredit:
    """Hold the member of a credit until the transaction ends; read the credit anew."""
    lock_organization(credit.organization)
    related = ["organization", "commitment_year__agreement", "evidence", "claimed_by"]
    return ContributionCredit.objects.select_related(*related).get(pk=credit.pk)
