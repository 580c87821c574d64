"""Write what counts: up to the cap of a year, and what is carried into the next."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal

from ..models import (
    IN_KIND,
    Agreement,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    EntryKind,
)
from ..states import YearStatus
from ..verbs import Verb
from .organizations import lock_organization
from .sweeping import apart

ZERO = Decimal()


def credited_of(
    credit: ContributionCredit, accepted: Decimal, year: CommitmentYear
) -> Decimal:
    """
    Return how much of what is accepted counts: in kind, what the cap leaves.

    ``year`` is that of the credit, with its position.
    """
    if not credit.rule.counts:
        return ZERO
    if credit.category not in IN_KIND:
        return accepted
    return min(accepted, year.room_in_kind)


def position_of(year: CommitmentYear, *, on: date) -> CommitmentYear:
    """Return a year with what counts toward it, as known on a day."""
    years = CommitmentYear.objects.select_related("agreement__organization")
    return years.with_position(on=on).get(pk=year.pk)


def enter(
    credit: ContributionCredit,
    kind: EntryKind,
    *,
    at: datetime,
    year: CommitmentYear | None = None,
    **fields: Any,
) -> CreditEntry:
    """Write an entry of a credit, toward its own year if no other is named."""
    return CreditEntry.objects.create(
        credit=credit,
        commitment_year=year or credit.commitment_year,
        kind=kind,
        recorded_at=at,
        **fields,
    )


def fill_cap(
    year: CommitmentYear, *, at: datetime, today: date, by: User | None
) -> None:
    """Credit what was only recognized in kind, the oldest first, up to the cap."""
    _fill(position_of(year, on=today), at=at, today=today, by=by)


def keep_to_caps(
    years: Iterable[CommitmentYear],
    *,
    why: str,
    at: datetime,
    today: date,
    by: User | None,
) -> None:
    """
    Credit in kind as much as the caps of years are now, and no more.

    What is above one is recognized instead; what was accepted last goes first.
    """
    changed = CommitmentYear.objects.filter(pk__in=[year.pk for year in years])
    for year in changed.with_position(on=today):
        _fill(year, at=at, today=today, by=by)
        _clear(year, why=why, at=at, today=today, by=by)


def _fill(year: CommitmentYear, *, at: datetime, today: date, by: User | None) -> None:
    room = year.room_in_kind
    for credit in ContributionCredit.objects.above_the_cap(year):
        amount = min(room, credit.recognized)
        if not amount:
            return
        room -= amount
        enter(
            credit,
            EntryKind.RAISED,
            amount=amount,
            recognized=-amount,
            value_on=today,
            at=at,
            by=by,
            reason=_("Room under the cap came free."),
        )
        journal.record(Verb.CREDIT_RAISED, credit, by=by, amount=amount)


def _clear(
    year: CommitmentYear, *, why: str, at: datetime, today: date, by: User | None
) -> None:
    above = year.in_kind_of_its_own - year.cap
    for credit in ContributionCredit.objects.under_the_cap(year):
        amount = min(above, credit.credited)
        if amount <= 0:
            return
        above -= amount
        enter(
            credit,
            EntryKind.CAPPED,
            amount=-amount,
            recognized=amount,
            value_on=today,
            at=at,
            by=by,
            reason=why,
        )
        journal.record(Verb.CREDIT_CAPPED, credit, by=by, amount=amount)


@transaction.atomic
def carry_excess(
    agreement: Agreement, *, at: datetime, today: date, by: User | None
) -> None:
    """
    Carry the excess of each year that ended into the next, if that is agreed.

    What was carried and is needed again, as after a reversal, comes back by
    entries of its own. Safe to run twice; without the clause excess is lost.
    """
    if not agreement.carries_forward:
        return
    lock_organization(agreement.organization)
    years = CommitmentYear.objects.filter(agreement=agreement).with_position(on=today)
    entries = CreditEntry.objects.filter(carried_from=F("commitment_year"))
    sums = entries.values_list("commitment_year").annotate(Sum("amount"))
    carried = {year: -amount for year, amount in sums.order_by()}
    for year, following in pairwise(years.order_by("number")):
        if year.ends_on >= today or following.status == YearStatus.RELEASED:
            return
        above = year.credited - year.required_now
        amount = max(above, -carried.get(year.pk, ZERO))
        if amount:
            following.credited += amount
            _carry(year, following, amount, at=at, by=by)


def carry_all_excess(*, at: datetime) -> None:
    """Carry the excess of all years that ended; what fails holds up no other."""
    today = timezone.localdate(at)
    for agreement in Agreement.objects.carrying(on=today):
        with apart(agreement, at=at):
            carry_excess(agreement, at=at, today=today, by=None)


def _carry(
    year: CommitmentYear,
    following: CommitmentYear,
    amount: Decimal,
    *,
    at: datetime,
    by: User | None,
) -> None:
    for target, signed in [(year, -amount), (following, amount)]:
        CreditEntry.objects.create(
            commitment_year=target,
            kind=EntryKind.CARRIED,
            amount=signed,
            carried_from=year,
            value_on=following.starts_on,
            recorded_at=at,
            by=by,
        )
    journal.record(Verb.EXCESS_CARRIED, year, by=by, amount=amount, to=following)
