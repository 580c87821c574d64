"""Bodies, who sits on them, their meetings and motions."""

from datetime import date, timedelta

from consortium import services
from consortium.models import (
    Body,
    ContactRole,
    Elector,
    Meeting,
    Motion,
    Seat,
    Sitting,
)

from .accounts import UserFactory
from .consortium import OrganizationFactory, draft, person_at, sign
from .credits import at

TODAY = date(2026, 11, 22)
FORMED = date(2025, 9, 1)
#: When votes open here, and when they close.
OPENS, CLOSES = at(TODAY), at(TODAY + timedelta(days=7))
SOON = OPENS + timedelta(hours=1)


def council(**told) -> Body:
    given = {"name": "Leadership council", "kind": "council", "charge": "Priorities"}
    return services.form_body(**given | told, formed_on=FORMED, by=None)


def steering() -> Body:
    return council(name="Steering committee", kind="steering", charge="Themes")


def seat(body: Body, name: str = "Chair", **told) -> Seat:
    return services.add_seat(body, name=name, by=None, **told)


def sits(place: Seat, who=None, **told) -> Sitting:
    """Seat a contact, or a person with an account, from the first day on."""
    if not told.keys() & {"contact", "person"}:
        told["person"] = who or UserFactory()
    return services.seat_somebody(place, **{"from_on": FORMED, "by": None} | told)


def member_seat(body: Body, name: str, **told) -> Sitting:
    """A seat of a member in good standing, held by its representative."""
    organization = OrganizationFactory(name=name)
    sign(draft(organization))
    contact = person_at(organization, ContactRole.COUNCIL)
    place = seat(body, name, organization=organization, **told)
    return sits(place, contact=contact)


def meeting(body: Body, **told) -> Meeting:
    given = {"title": "Fall meeting", "place": "Cambridge", "at": at(FORMED)}
    given |= {"starts_at": at(TODAY), "ends_at": at(TODAY) + timedelta(hours=2)}
    given |= {"agenda": [services.Item("Priorities", 45)], "by": None}
    return services.call_meeting(body, **given | told)


def held(body: Body, *, presences=None, guests=()) -> Meeting:
    return services.hold_meeting(
        meeting(body),
        presences=presences or {},
        guests=guests,
        at=at(TODAY + timedelta(days=1)),
        by=None,
    )


def motion(body: Body, **terms) -> Motion:
    given = {"title": "Themes of 2027", "text": "To adopt the themes.", "by": None}
    return services.draft_motion(body, **given | terms)


def opened(body: Body, **terms) -> Motion:
    row = motion(body, **terms)
    return services.open_motion(row, closes_at=CLOSES, at=OPENS, by=None)


def elector(row: Motion, sitting: Sitting) -> Elector:
    return row.electors.get(seat=sitting.seat_id)


def account(sitting: Sitting):
    return sitting.person or sitting.contact.user


def vote(row: Motion, sitting: Sitting, choice: str = "for", **told):
    given = {"choice": choice, "at": SOON, "by": account(sitting)}
    return services.cast_vote(elector(row, sitting), **given | told)
