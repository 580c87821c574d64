"""Run workforce programs: who takes part with how many seats, and what they give."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import (
    ContributionCredit,
    Organization,
    ProgramContribution,
    ProgramPart,
    WorkforceProgram,
)
from ..verbs import Verb
from .ledger import require_amount
from .organizations import lock_organization
from .two_people import require_reason


class ProgramNamed(Refusal):
    code = "program_named"
    field = "name"


class EndsBeforeItStarts(Refusal):
    code = "ends_before_it_starts"
    field = "ends_on"


class NoSeatsLeft(Refusal):
    code = "no_seats_left"
    field = "seats"


class TakesPartAlready(Refusal):
    code = "takes_part_already"
    field = "organization"


class ProgramOver(Refusal):
    code = "program_over"


class HasLeft(Refusal):
    code = "has_left"


class DayOutOfPlace(Refusal):
    code = "day_out_of_place"
    field = "on"


class CreditOfAnother(Refusal):
    code = "credit_of_another"
    field = "credit"


class TakenBackAlready(Refusal):
    code = "taken_back_already"


@transaction.atomic
def add_program(*, at: datetime, by: User | None, **details: Any) -> WorkforceProgram:
    """
    Open a program that members can take part in.

    :raises ProgramNamed: if another one is called so.
    :raises EndsBeforeItStarts: if it would.
    """
    take_turns("names of workforce programs")
    _require_sound(None, **details)
    program = WorkforceProgram.objects.create(added_by=by, added_at=at, **details)
    journal.record(Verb.PROGRAM_ADDED, program, by=by, kind=program.kind)
    return program


@transaction.atomic
def change_program(
    program: WorkforceProgram,
    *,
    by: User | None,
    version: int | None = None,
    **told: Any,
) -> WorkforceProgram:
    """
    Change what a program is, and how many seats it has.

    :raises EditConflict: if somebody changed it since ``version``.
    :raises ProgramNamed: if another one is called so.
    :raises EndsBeforeItStarts: if it would.
    :raises NoSeatsLeft: if members have more seats than it would have.
    """
    take_turns("names of workforce programs")
    program = WorkforceProgram.objects.locked(program)
    program.require(version)
    _require_sound(program, **told)
    seats = told.get("seats", program.seats)
    if seats is not None and seats < _taken(program):
        raise NoSeatsLeft(
            _("Members have %(taken)s seats already.") % {"taken": _taken(program)}
        )
    if changed := program.edit(version, **told):
        facts = {"fields": sorted(changed)}
        journal.record(Verb.PROGRAM_CHANGED, program, by=by, **facts)
    return program


@transaction.atomic
def join_program(
    program: WorkforceProgram,
    *,
    organization: Organization,
    seats: int,
    on: date,
    at: datetime,
    by: User | None,
) -> ProgramPart:
    """
    Let a member take part, with so many seats.

    :raises ProgramOver: if the program ends before that day.
    :raises TakesPartAlready: if the member does.
    :raises NoSeatsLeft: if there are fewer seats left.
    """
    organization = lock_organization(organization)
    program = WorkforceProgram.objects.locked(program)
    if program.is_over(on=on):
        raise ProgramOver(_("The program is over by then."))
    if program.parts.filter(organization=organization, left_on=None).exists():
        raise TakesPartAlready(_("This member takes part already."))
    _require_seats(program, seats)
    part = ProgramPart.objects.create(
        program=program,
        organization=organization,
        seats=seats,
        joined_on=on,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"program": program, "part": part, "seats": seats}
    journal.record(Verb.PROGRAM_JOINED, organization, by=by, **facts)
    return part


@transaction.atomic
def change_seats(
    part: ProgramPart, *, seats: int, by: User | None, version: int | None = None
) -> ProgramPart:
    """
    Give a member more or fewer seats.

    :raises EditConflict: if somebody changed it since ``version``.
    :raises HasLeft: if the member left the program.
    :raises NoSeatsLeft: if there are fewer seats left.
    """
    part, program = _locked(part)
    part.require(version)
    _require_there(part)
    _require_seats(program, seats - part.seats)
    was = part.seats
    if part.edit(version, seats=seats):
        facts = {"program": program, "part": part, "seats": seats, "was": was}
        journal.record(Verb.PROGRAM_SEATS_CHANGED, part.organization, by=by, **facts)
    return part


@transaction.atomic
def leave_program(part: ProgramPart, *, on: date, by: User | None) -> ProgramPart:
    """
    End a member's part; its seats are free for others.

    :raises HasLeft: if it ended before.
    :raises DayOutOfPlace: if it would end before it began.
    """
    part, program = _locked(part)
    _require_there(part)
    if on < part.joined_on:
        raise DayOutOfPlace(_("Choose a day on which the member took part."))
    part.edit(None, left_on=on)
    facts = {"program": program, "part": part, "on": on}
    journal.record(Verb.PROGRAM_LEFT, part.organization, by=by, **facts)
    return part


@transaction.atomic
def contribute(
    part: ProgramPart,
    *,
    kind: str,
    what: str,
    contributed_on: date,
    at: datetime,
    by: User | None,
    amount: Decimal | None = None,
    credit: ContributionCredit | None = None,
) -> ProgramContribution:
    """
    Write down what a member gave to a program; nothing counts by that alone.

    :raises NotAnAmount: unless a worth is more than nothing, in whole cents.
    :raises DayOutOfPlace: if it was before the member took part.
    :raises CreditOfAnother: if the credit is another member's.
    """
    part, program = _locked(part)
    if amount is not None:
        require_amount(amount)
    if contributed_on < part.joined_on:
        refusal = DayOutOfPlace(_("Choose a day from when the member took part."))
        refusal.field = "contributed_on"
        raise refusal
    if credit is not None and credit.organization_id != part.organization_id:
        raise CreditOfAnother(_("Choose a credit of this member."))
    row = ProgramContribution.objects.create(
        part=part,
        kind=kind,
        what=what,
        amount=amount,
        contributed_on=contributed_on,
        credit=credit,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"program": program, "contribution": row, "kind": kind, "credit": credit}
    journal.record(Verb.PROGRAM_CONTRIBUTED, part.organization, by=by, **facts)
    return row


@transaction.atomic
def take_back_contribution(
    row: ProgramContribution, *, reason: str, at: datetime, by: User | None
) -> ProgramContribution:
    """
    Say that a contribution was written down by mistake.

    :raises SaysNoReason: without a reason.
    :raises TakenBackAlready: if it was taken back, or takes one back.
    """
    part, program = _locked(row.part)
    require_reason(reason)
    if not ProgramContribution.objects.standing().filter(pk=row.pk).exists():
        raise TakenBackAlready(_("This was taken back already."))
    back = ProgramContribution.objects.create(
        part=part,
        kind=row.kind,
        what=row.what,
        amount=row.amount,
        currency=row.currency,
        contributed_on=row.contributed_on,
        credit=row.credit,
        reverses=row,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"program": program, "contribution": row}
    journal.record(Verb.CONTRIBUTION_TAKEN_BACK, part.organization, by=by, **facts)
    return back


def _locked(part: ProgramPart) -> tuple[ProgramPart, WorkforceProgram]:
    """Hold a member, a program and the part that it takes, in this order."""
    lock_organization(part.organization)
    program = WorkforceProgram.objects.locked(part.program)
    return ProgramPart.objects.locked(part), program


def _taken(program: WorkforceProgram) -> int:
    rows = program.parts.filter(left_on=None)
    return rows.aggregate(taken=Sum("seats", default=0))["taken"]


def _require_seats(program: WorkforceProgram, more: int) -> None:
    if program.seats is None or more <= 0:
        return
    left = program.seats - _taken(program)
    if more > left:
        raise NoSeatsLeft(_("Of its seats %(left)s are left.") % {"left": left})


def _require_there(part: ProgramPart) -> None:
    if part.left_on is not None:
        raise HasLeft(_("The member left this program."))


def _require_sound(program: WorkforceProgram | None, **told: Any) -> None:
    name = told.get("name")
    others = WorkforceProgram.objects.all()
    if program is not None:
        others = others.exclude(pk=program.pk)
    if name and others.filter(name__iexact=name).exists():
        raise ProgramNamed(_("Another program is called so."))
    starts_on = told.get("starts_on") or (program and program.starts_on)
    ends_on = told.get("ends_on", program and program.ends_on)
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts(_("It ends before it starts."))
