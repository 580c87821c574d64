"""End a signed agreement before its term does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.templatetags.portal import on as written_day

from ..documents import AGREEMENT
from ..models import Agreement, CommitmentYear, Instalment
from ..states import AgreementState
from ..verbs import Verb
from .amendments import NotInForce
from .instalments import end_instalments, instalments_in_force
from .interests import require_no_interest
from .organizations import lock_organization
from .previews import readers_at, years_of

LETTER = "consortium/mail/agreement_terminated"


class NoticeInFuture(Refusal):
    code = "notice_in_future"
    field = "notice_received_on"


class LastDayBeforeNotice(Refusal):
    code = "last_day_before_notice"
    field = "last_on"


class LastDayOutsideTerm(Refusal):
    code = "last_day_outside_term"
    field = "last_on"


@dataclass(frozen=True)
class YearAtEnd:
    """A year with what it asks for unless the agreement ends before it."""

    year: CommitmentYear
    required: Decimal
    fee: Decimal
    instalments: Sequence[Instalment]
    #: Nothing is known of it before a last day is.
    last_on: date | None = None

    @property
    def is_released(self) -> bool:
        """Say whether it starts after the last day, and so asks for nothing."""
        return self.last_on is not None and self.year.starts_on > self.last_on

    @property
    def is_cut_short(self) -> bool:
        """Say whether the last day falls into it, so that it keeps its amount."""
        last_on = self.last_on
        return last_on is not None and (
            self.year.starts_on <= last_on < self.year.ends_on
        )

    @property
    def due(self) -> list[Instalment]:
        """Return the instalments up to the last day."""
        return [one for one in self.instalments if not self._is_after(one)]

    @property
    def after(self) -> list[Instalment]:
        """Return the instalments after it: canceled, of a year that is released."""
        return [one for one in self.instalments if self._is_after(one)]

    def _is_after(self, instalment: Instalment) -> bool:
        return self.last_on is not None and instalment.due_on > self.last_on


def years_at_end(
    agreement: Agreement, *, last_on: date | None = None
) -> list[YearAtEnd]:
    """Return the years of an agreement, read ``with_terms``, that is not ended yet."""
    present = instalments_in_force(agreement)
    return [
        YearAtEnd(
            *(year, year.required_now, year.fee_now),
            *(present.get(number, []), last_on),
        )
        for number, year in years_of(agreement).items()
    ]


@transaction.atomic
def terminate_agreement(
    agreement: Agreement,
    *,
    notice_received_on: date,
    last_on: date,
    reason: str,
    today: date,
    at: datetime,
    by: User,
    file: File | None = None,
    version: int | None = None,
) -> Agreement:
    """
    Record that an agreement ends on a day of its term (case 7).

    Years that start later ask for nothing from now on; the one in which the last day
    falls asks for what it did. The instalments of the former are cancelled. Its draft
    amendments can be signed no more. ``file`` is the notice. The member gets a letter.

    :raises NotInForce: if it is not signed, or was terminated before.
    :raises EditConflict: if its terms changed since ``version``.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises NoticeInFuture: if the day of the notice lies ahead.
    :raises LastDayBeforeNotice: if the last day is before that of the notice.
    :raises LastDayOutsideTerm: if it is no day of the term, or the last one anyway.
    """
    lock_organization(agreement.organization)
    rows = Agreement.objects.select_related("organization").with_terms(on=today)
    agreement = rows.get(pk=agreement.pk)
    agreement.require(version)
    if agreement.state != AgreementState.SIGNED:
        raise NotInForce(_("Only an agreement that is signed is terminated."))
    require_no_interest(agreement.organization, on=today, by=by)
    _require_days(agreement, notice_received_on, last_on, today=today)

    years = years_at_end(agreement, last_on=last_on)
    if file is not None:
        agreement.notice = documents.upload(
            file, kind=AGREEMENT, subject=agreement, at=at, by=by
        )
    agreement.move_to(AgreementState.TERMINATED)
    agreement.notice_received_on, agreement.last_on = notice_received_on, last_on
    agreement.terminated_because = reason
    agreement.termination_recorded_on = today
    agreement.version += 1
    agreement.save()
    end_instalments(agreement, last_on=last_on, today=today)
    journal.record(
        Verb.AGREEMENT_TERMINATED,
        agreement,
        by=by,
        notice_received_on=notice_received_on,
        last_on=last_on,
        released=[line.year.number for line in years if line.is_released],
    )
    _send_letter(agreement, years, today=today, at=at)
    return agreement


def _require_days(
    agreement: Agreement, received_on: date, last_on: date, *, today: date
) -> None:
    if received_on > today:
        raise NoticeInFuture(_("The day of the notice lies ahead."))
    if last_on < received_on:
        raise LastDayBeforeNotice(_("The last day is not before that of the notice."))
    if not agreement.effective_on <= last_on < agreement.ends_on:
        raise LastDayOutsideTerm(
            _("The term is from %(first)s to %(last)s; choose a day before its last.")
            % {
                "first": written_day(agreement.effective_on),
                "last": written_day(agreement.ends_on),
            }
        )


def _send_letter(
    agreement: Agreement, years: Sequence[YearAtEnd], *, today: date, at: datetime
) -> None:
    context = {
        "agreement": agreement,
        "organization": agreement.organization,
        "years": years,
    }
    for contact in readers_at(agreement.organization, on=today):
        mails.write(
            LETTER, to=contact.email, about=agreement, slot="", at=at, context=context
        )
