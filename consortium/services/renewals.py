"""See a term to its renewal: estimates, the member's answer, goodwill, and farewell."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.tasklist import finish_about, open_task
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    LONGEST_GOODWILL,
    Agreement,
    Contact,
    ExitInterview,
    GoodwillAccess,
    LateNoticeRuling,
    RenewalAnswer,
    RenewalEstimate,
)
from ..states import RenewalAnswerKind
from ..verbs import Verb
from .interests import require_no_interest
from .organizations import lock_organization
from .two_people import require_reason

#: The task of whoever decides about a notice that came too late.
LATE_NOTICE = "consortium.late_notice"


class NotAPercentage(Refusal):
    code = "not_a_percentage"
    field = "probability"


class NothingToRenew(Refusal):
    code = "nothing_to_renew"


class ReceivedAhead(Refusal):
    code = "received_ahead"
    field = "received_on"


class NotLate(Refusal):
    code = "not_late"


class RuledAlready(Refusal):
    code = "ruled_already"


class NotOver(Refusal):
    code = "not_over"


class TooLong(Refusal):
    code = "too_long"
    field = "until_on"


class HeldAheadOfIt(Refusal):
    code = "held_ahead"
    field = "held_on"


class NotOfTheMember(Refusal):
    code = "not_of_the_member"
    field = "contact"


class DoesNotLeave(Refusal):
    code = "does_not_leave"


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
    _require_open(agreement, today=today)
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


@transaction.atomic
def answer_renewal(
    agreement: Agreement,
    *,
    answer: str,
    received_on: date,
    today: date,
    at: datetime,
    by: User | None,
    words: str = "",
) -> RenewalAnswer:
    """
    Write down what a member said of its renewal; its owner at INM is told by a task.

    A notice that came after its day is kept as late, and accepted by nobody yet
    (`domain.md` 13.1, case 8). What was said before stays, and the last one counts.

    :raises NothingToRenew: if no term is in force, or the next one is signed.
    :raises ReceivedAhead: if the day lies ahead.
    """
    organization = lock_organization(agreement.organization)
    _require_open(agreement, today=today)
    if received_on > today:
        raise ReceivedAhead(_("Choose a day that is not ahead."))
    row = RenewalAnswer.objects.create(
        agreement=agreement,
        answer=answer,
        received_on=received_on,
        notice_on=_with_terms(agreement, today).renewal_notice_on,
        words=words,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"answer": answer, "days_late": row.days_late}
    journal.record(Verb.RENEWAL_ANSWERED, agreement, by=by, **facts)
    if row.days_late:
        open_task(
            LATE_NOTICE,
            row,
            what=_("Accept or refuse the late notice of %(company)s")
            % {"company": organization.name},
            why=ngettext(
                "It came %(days)s day after the last day in time.",
                "It came %(days)s days after the last day in time.",
                row.days_late,
            )
            % {"days": row.days_late},
            due_on=today,
            url=row.get_absolute_url(),
            by=by,
        )
    return row


@transaction.atomic
def rule_late_notice(
    answer: RenewalAnswer, *, is_accepted: bool, reason: str, at: datetime, by: User
) -> LateNoticeRuling:
    """
    Accept a notice that came too late, or refuse it.

    :raises SaysNoReason: without a reason.
    :raises NotLate: if it came in time.
    :raises RuledAlready: if somebody did so before.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    organization = lock_organization(answer.agreement.organization)
    require_no_interest(organization, on=at.date(), by=by)
    require_reason(reason)
    if not answer.days_late:
        raise NotLate(_("This notice came in time."))
    if LateNoticeRuling.objects.filter(answer=answer).exists():
        raise RuledAlready(_("This was decided already."))
    row = LateNoticeRuling.objects.create(
        answer=answer, is_accepted=is_accepted, reason=reason, ruled_by=by, ruled_at=at
    )
    facts = {"answer": answer.pk, "accepted": is_accepted}
    journal.record(Verb.LATE_NOTICE_RULED, answer.agreement, by=by, **facts)
    outcome = _("Accepted") if is_accepted else _("Refused")
    finish_about(LATE_NOTICE, answer, outcome=outcome, at=at, by=by)
    return row


@transaction.atomic
def grant_goodwill(
    agreement: Agreement,
    *,
    until_on: date,
    reason: str,
    today: date,
    at: datetime,
    by: User,
) -> GoodwillAccess:
    """
    Let the people of a member read on for a while, after its term and without a vote.

    :raises SaysNoReason: without a reason.
    :raises NotOver: if the term is not over, or the next one is signed (case 9).
    :raises TooLong: if that is no day ahead, or more than 60 days after the term.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    organization = lock_organization(agreement.organization)
    require_no_interest(organization, on=today, by=by)
    require_reason(reason)
    over = Agreement.objects.signed().without_successor()
    if not over.filter(pk=agreement.pk, ends_on__lt=today).exists():
        raise NotOver(_("Goodwill begins when a term is over without a next one."))
    last = agreement.ends_on + LONGEST_GOODWILL
    if not today <= until_on <= last:
        raise TooLong(
            _("Choose a day from today to %(last)s.") % {"last": written_day(last)}
        )
    row = GoodwillAccess.objects.create(
        agreement=agreement,
        until_on=until_on,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"until_on": str(until_on)}
    journal.record(Verb.GOODWILL_GRANTED, agreement, by=by, **facts)
    return row


@transaction.atomic
def record_exit_interview(
    agreement: Agreement,
    *,
    held_on: date,
    contact: Contact,
    reasons: Collection[str],
    words: str,
    may_return: bool,
    today: date,
    at: datetime,
    by: User | None,
) -> ExitInterview:
    """
    Write down what a member that leaves says about why.

    :raises DoesNotLeave: if its term goes on, and it did not say that it leaves.
    :raises HeldAheadOfIt: if the day lies ahead.
    :raises NotOfTheMember: if the contact is of another company.
    """
    organization = lock_organization(agreement.organization)
    if not is_leaving(agreement, today=today):
        raise DoesNotLeave(_("This member did not say that it leaves."))
    if held_on > today:
        raise HeldAheadOfIt(_("Choose a day that is not ahead."))
    if contact.organization_id != organization.pk:
        raise NotOfTheMember(_("Name somebody of this member."))
    row = ExitInterview.objects.create(
        agreement=agreement,
        held_on=held_on,
        contact=contact,
        reasons=sorted(reasons),
        words=words,
        may_return=may_return,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"reasons": row.reasons, "may_return": may_return}
    journal.record(Verb.EXIT_INTERVIEW_RECORDED, agreement, by=by, **facts)
    return row


def is_leaving(agreement: Agreement, *, today: date) -> bool:
    """Return whether a member said that it leaves, or its term is over or ended."""
    if agreement.ends_on < today or agreement.notice_received_on:
        return True
    last = agreement.renewalanswer_rows.order_by("-pk").first()
    return last is not None and last.answer == RenewalAnswerKind.LEAVES


def _with_terms(agreement: Agreement, today: date) -> Agreement:
    """Return the agreement with its terms in force; the notice day hangs on them."""
    return Agreement.objects.with_terms(on=today).get(pk=agreement.pk)


def _require_open(agreement: Agreement, *, today: date) -> None:
    open_ = Agreement.objects.in_force(on=today).without_successor()
    if not open_.filter(pk=agreement.pk).exists():
        raise NothingToRenew(_("No term of this agreement is to be renewed."))
