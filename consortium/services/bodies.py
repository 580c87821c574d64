"""Form bodies, seat people on them, and hand out the antitrust statement."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import (
    Acknowledgment,
    AntitrustStatement,
    Body,
    Contact,
    Organization,
    Seat,
    Sitting,
)
from ..verbs import Verb
from .contacts import lock_contact
from .links import seats_settled
from .two_people import require_reason


class BodyKnown(Refusal):
    code = "body_known"
    field = "name"


class SeatKnown(Refusal):
    code = "seat_known"
    field = "name"


class ChairKnown(Refusal):
    code = "chair_known"
    field = "is_chair"


class SeatTaken(Refusal):
    code = "seat_taken"


class SitsThere(Refusal):
    code = "sits_there"


class MayNotSit(Refusal):
    code = "may_not_sit"


class SeatLeft(Refusal):
    code = "seat_left"


class LeftBefore(Refusal):
    code = "left_before"
    field = "until_on"


class SeatEnds(Refusal):
    code = "seat_ends"
    field = "until_on"


class ChairStays(Refusal):
    code = "chair_stays"


class NoStatement(Refusal):
    code = "no_statement"


@transaction.atomic
def form_body(
    *, name: str, kind: str, charge: str, formed_on: date, by: User | None
) -> Body:
    """
    Form a body, without seats yet.

    :raises BodyKnown: if one has that name.
    """
    take_turns("names of bodies")
    if Body.objects.filter(name__iexact=name).exists():
        raise BodyKnown(_("A body has this name."))
    given = {"name": name, "kind": kind, "charge": charge, "formed_on": formed_on}
    body = Body.objects.create(**given)
    journal.record(Verb.BODY_FORMED, body, by=by, kind=kind)
    return body


@transaction.atomic
def add_seat(
    body: Body,
    *,
    name: str,
    by: User | None,
    organization: Organization | None = None,
    votes: int = 1,
    is_chair: bool = False,
) -> Seat:
    """
    Add a seat, on which only people of a member sit if one is named.

    :raises SeatKnown: if one of the body has that name.
    :raises ChairKnown: if it would be the chair, and another is.
    """
    body = lock_body(body)
    if body.seats.filter(name__iexact=name).exists():
        raise SeatKnown(_("A seat of this body has this name."))
    if is_chair and body.seats.filter(is_chair=True).exists():
        raise ChairKnown(_("This body has a chair."))
    seat = Seat.objects.create(
        body=body,
        name=name,
        organization=organization,
        votes=votes,
        is_chair=is_chair,
    )
    journal.record(Verb.SEAT_ADDED, body, by=by, seat=seat.pk, votes=votes)
    return seat


@transaction.atomic
def seat_somebody(
    seat: Seat,
    *,
    from_on: date,
    by: User | None,
    contact: Contact | None = None,
    person: User | None = None,
    is_alternate: bool = False,
) -> Sitting:
    """
    Let a contact, or a person with an account, hold a seat from a day on.

    :raises ContactLeft: if they left.
    :raises MayNotSit: if they are not of the seat's member, or are a mailbox.
    :raises SeatTaken: if somebody holds it from that day on.
    :raises SitsThere: if they sit on the body from that day on.
    :raises SeatEnds: if the body does not have the seat any more on that day.
    """
    body = lock_body(seat.body)
    seat = Seat.objects.get(pk=seat.pk)
    if seat.until_on is not None and from_on >= seat.until_on:
        refusal = SeatEnds(_("The body does not have this seat any more then."))
        refusal.field = "from_on"
        raise refusal
    _require_may_sit(seat, contact)
    lasting = Sitting.objects.lasting(after=from_on).filter(body=body)
    if lasting.filter(seat=seat, is_alternate=is_alternate).exists():
        raise SeatTaken(_("Somebody holds this seat then; let them leave it first."))
    who = Q(person=person) if contact is None else Q(contact=contact)
    if lasting.filter(who).exists():
        raise SitsThere(_("They sit on this body then."))
    sitting = Sitting.objects.create(
        body=body,
        seat=seat,
        is_alternate=is_alternate,
        contact=contact,
        person=person,
        from_on=from_on,
        until_on=seat.until_on,
    )
    facts = {"seat": seat.pk, "sitting": sitting.pk, "alternate": is_alternate}
    journal.record(Verb.SEAT_TAKEN, body, by=by, **facts, on=from_on)
    return sitting


@transaction.atomic
def leave_seat(sitting: Sitting, *, until_on: date, by: User | None) -> Sitting:
    """
    End a sitting: the day is the first on which the seat is free.

    :raises SeatLeft: if it has an end.
    :raises LeftBefore: if it began after that day.
    """
    body = lock_body(sitting.body)
    sitting = Sitting.objects.get(pk=sitting.pk)
    if sitting.until_on is not None:
        raise SeatLeft(_("This seat was left, or will be, on a day that is known."))
    if until_on < sitting.from_on:
        raise LeftBefore(_("Choose a day that is not before the first."))
    sitting.until_on = until_on
    sitting.save(update_fields=["until_on"])
    facts = {"seat": sitting.seat_id, "sitting": sitting.pk, "on": until_on}
    journal.record(Verb.SEAT_LEFT, body, by=by, **facts)
    return sitting


@transaction.atomic
def end_seat(
    seat: Seat, *, until_on: date, reason: str, at: datetime, by: User | None
) -> Seat:
    """
    Take a seat off its body from a day on; whoever sits there leaves by then.

    It settles what was asked when the seat's member merged with another (case 2).
    A motion that is open keeps the electorate with which it opened.

    :raises SeatEnds: if it ends already, or would before today.
    :raises ChairStays: for the seat of the chair.
    :raises SaysNoReason: without a reason.
    """
    body = lock_body(seat.body)
    seat = Seat.objects.select_related("organization").get(pk=seat.pk)
    require_reason(reason)
    if seat.is_chair:
        raise ChairStays(_("The seat of the chair stays; somebody else may hold it."))
    if seat.until_on is not None:
        raise SeatEnds(_("This seat ends on a day that is known."))
    if until_on < timezone.localdate(at):
        raise SeatEnds(_("Choose today or a later day."))
    for sitting in seat.sittings.lasting(after=until_on):
        sitting.until_on = max(until_on, sitting.from_on)
        sitting.save(update_fields=["until_on"])
    seat.until_on = until_on
    seat.save(update_fields=["until_on"])
    facts = {"seat": seat.pk, "on": until_on, "reason": reason}
    journal.record(Verb.SEAT_ENDED, body, by=by, **facts)
    if seat.organization:
        seats_settled(seat.organization, at=at, by=by)
    return seat


@transaction.atomic
def publish_statement(
    *, text: str, from_on: date, at: datetime, by: User | None
) -> AntitrustStatement:
    """Publish the next version of the antitrust statement, to be acknowledged anew."""
    take_turns("antitrust statement")
    last = AntitrustStatement.objects.order_by("-number").first()
    row = AntitrustStatement.objects.create(
        number=last.number + 1 if last else 1,
        text=text,
        from_on=from_on,
        published_by=by,
        published_at=at,
    )
    journal.record(Verb.ANTITRUST_PUBLISHED, row, by=by, number=row.number)
    return row


@transaction.atomic
def acknowledge_statement(*, on: date, by: User) -> Acknowledgment:
    """
    Write down that somebody read what is in force; it stays once within a year.

    :raises NoStatement: if none is in force.
    """
    take_turns(f"acknowledgments of {by.pk}")
    statement = AntitrustStatement.objects.in_force(on=on)
    if statement is None:
        raise NoStatement(_("No antitrust statement is in force."))
    done = Acknowledgment.objects.valid(statement, on=on).filter(person=by).first()
    if done is not None:
        return done
    row = Acknowledgment.objects.create(statement=statement, person=by, on=on)
    journal.record(Verb.ANTITRUST_ACKNOWLEDGED, statement, by=by)
    return row


def without_acknowledgment(body: Body, *, on: date) -> list[Sitting]:
    """Return who sits on a day and has not acknowledged what is in force then."""
    if not body.needs_antitrust:
        return []
    statement = AntitrustStatement.objects.in_force(on=on)
    if statement is None:
        return []
    done = Acknowledgment.objects.valid(statement, on=on).values("person")
    sat = Sitting.objects.sitting(on=on).filter(body=body)
    ways = ["person", "contact__user", "contact__merged_into__user"]
    acknowledged = reduce(or_, (Q(**{f"{way}__in": done}) for way in ways))
    missing = sat.exclude(pk__in=sat.filter(acknowledged).values("pk"))
    people = missing.select_related("seat", "contact", "person")
    return list(people.order_by("seat__name", "is_alternate"))


def tell_body(
    body: Body, kind: str, about: Model, *, at: datetime, **context: Any
) -> None:
    """Write to each who sits on a body today, once, of something that concerns it."""
    on = timezone.localdate(at)
    sat: Any = Sitting.objects.filter(body=body).sitting(on=on).reached()
    rows = list(sat.exclude(reached_at="").order_by("pk"))
    people = User.objects.in_bulk({row.account_key for row in rows if row.account_key})
    told = (people.get(row.account_key or 0, row.reached_at) for row in rows)
    for one in dict.fromkeys(told):
        mails.write(
            f"consortium/mail/{kind}",
            to=one,
            about=about,
            slot=f"{kind} {at.isoformat()}",
            at=at,
            context={"body": body, **context},
        )


def lock_body(body: Body) -> Body:
    """Hold a body, so that its seats are taken one after the other."""
    return Body.objects.select_for_update().get(pk=body.pk)


def _require_may_sit(seat: Seat, contact: Contact | None) -> None:
    if contact is None:
        if seat.organization_id is not None:
            raise MayNotSit(_("Only people of the member sit here."), field="person")
        return
    contact = lock_contact(contact)
    if seat.organization_id not in (None, contact.organization_id):
        raise MayNotSit(_("Only people of the member sit here."), field="contact")
    if contact.is_shared_mailbox:
        raise MayNotSit(_("A shared mailbox cannot vote."), field="contact")
