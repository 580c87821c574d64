"""Bodies of the demo: who sits where, what they met about, and what they voted."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef
from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import (
    Body,
    Contact,
    ContactRole,
    Meeting,
    Organization,
    RoleAssignment,
    Seat,
    Sitting,
)
from ..services import Item
from .library import paper_of

BODIES: list[tuple[str, str, str]] = [
    ("Steering committee", "steering", "Decides on the themes of calls and the slate."),
    ("Advisory board", "advisory", "Advises the initiative on its direction."),
    ("Leadership council", "council", "Sets priorities; one seat for each member."),
    ("Working group on AI in the plant", "working_group", "Writes the roadmap on AI."),
    (
        "Working group on skills",
        "working_group",
        "Says what plants need to train.",
    ),
]
#: Who holds a seat of the council is the member's first contact; the next stands in.
ON_COUNCIL = ["Siemens", "Autodesk", "GE Vernova", "PTC", "Amgen"]
STATEMENT = (
    "Members of the consortium may compete with each other. At meetings and calls "
    "nobody speaks of prices, margins, capacity, customers, suppliers or bids.\n\n"
    "Each meeting has a written agenda and minutes. Whoever hears what does not belong "
    "there says so, leaves, and has that written down."
)
MINUTES = (
    "Present as listed. The antitrust statement was read.\n\n"
    "The results of the first call were presented. The council asked for a shorter "
    "report a quarter, with one page on each project.\n\nNo further business."
)


def load(*, today: Any, by: User) -> None:
    """Form the bodies, seat people, and let them meet and vote in every state."""
    now = timezone.now()
    formed = today - timedelta(days=400)
    bodies = {
        name: services.form_body(
            name=name, kind=kind, charge=charge, formed_on=formed, by=by
        )
        for name, kind, charge in BODIES
    }
    services.publish_statement(text=STATEMENT, from_on=formed, at=now, by=by)
    council = bodies["Leadership council"]
    sittings = [_member(council, name, formed, by) for name in ON_COUNCIL]
    _people(bodies, formed, by)
    for sitting in sittings[:3]:
        if sitting.contact and sitting.contact.user:
            services.acknowledge_statement(on=today, by=sitting.contact.user)
    _meetings(council, sittings, now, by)
    _motions(council, sittings, now, by)


def _member(body: Body, name: str, formed: Any, by: User) -> Sitting:
    member = Organization.objects.get(name=name)
    seat = services.add_seat(body, name=name, organization=member, by=by)
    people = Contact.objects.filter(
        organization=member, departed_on=None, is_shared_mailbox=False
    )
    council = RoleAssignment.objects.filter(
        contact=OuterRef("pk"), role=ContactRole.COUNCIL, until_on=None
    )
    people = people.annotate(is_council=Exists(council)).order_by("-is_council", "pk")
    with_account = [one for one in people if one.user_id]
    first, *others = with_account or list(people)
    if others:
        _sit(seat, formed, by, contact=others[0], is_alternate=True)
    return _sit(seat, formed, by, contact=first)


def _people(bodies: dict[str, Body], formed: Any, by: User) -> None:
    """Seat a professor and the director where no member sits."""
    pi = User.objects.get(email="pi@inm.example")
    director = User.objects.get(email="director@inm.example")
    for name in ("Steering committee", "Working group on AI in the plant"):
        chair = services.add_seat(bodies[name], name="Chair", is_chair=True, by=by)
        _sit(chair, formed, by, person=pi)
        services.add_seat(bodies[name], name="Secretary", by=by)
    board = services.add_seat(bodies["Advisory board"], name="Director", by=by)
    _sit(board, formed, by, person=director)


def _sit(seat: Seat, formed: Any, by: User, **who: Any) -> Sitting:
    return services.seat_somebody(seat, from_on=formed, by=by, **who)


def _meetings(council: Body, sittings: list[Sitting], now: datetime, by: User) -> None:
    earlier = now - timedelta(days=30)
    past = _call(council, "Spring meeting", now - timedelta(days=60), now, by)
    presences = dict.fromkeys(sittings, "present") | {sittings[-1]: "excused"}
    services.hold_meeting(
        past, presences=presences, guests=["Ines Ko, MIT"], at=now, by=by
    )
    item = past.agenda.order_by("position").first()
    told: dict[str, Any] = {"at": now, "by": by}
    services.record_decision(
        past,
        text="A report of one page on each project, each quarter.",
        item=item,
        **told,
    )
    today = timezone.localdate(now)
    for what, days in [("Draft the short report", 14), ("List the pilot lines", -4)]:
        services.ask_action(
            past,
            what=what,
            owner=by,
            due_on=today + timedelta(days=days),
            today=today - timedelta(days=50),
            **told,
        )
    services.adopt_minutes(services.write_minutes(past, text=MINUTES, **told), **told)
    ahead = _call(council, "Winter meeting", now + timedelta(days=18), earlier, by)
    for title, audience in [
        ("Financial statement of the year", "sitting"),
        ("Executive summary of the projects", "members"),
        ("Notes for the closed session", "closed"),
    ]:
        file = ContentFile(
            paper_of(title, council.name), name=f"{title.lower().replace(' ', '-')}.pdf"
        )
        services.add_paper(ahead, file=file, title=title, audience=audience, **told)
    services.declare_conflict(
        ahead,
        sitting=sittings[1],
        what="We bid for the pilot line that this is about",
        left_the_room=True,
        item=ahead.agenda.order_by("position")[1],
        **told,
    )
    skills = Body.objects.get(name="Working group on skills")
    chosen = [one for one in sittings if one.contact][2:]
    for sitting, name in zip(chosen, ["Chair", "Secretary"], strict=False):
        seat = services.add_seat(skills, name=name, is_chair=name == "Chair", by=by)
        _sit(seat, sitting.from_on, by, contact=sitting.contact)
    _call(skills, "First draft of the list", now + timedelta(days=6), earlier, by)
    off = _call(council, "Extra meeting", now + timedelta(days=5), now, by)
    services.cancel_meeting(off, reason="Settled by mail.", **told)


def _call(
    council: Body, title: str, starts_at: datetime, now: datetime, by: User
) -> Meeting:
    starts_at = starts_at.replace(minute=0, second=0, microsecond=0)
    return services.call_meeting(
        council,
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        place="Building 35, Room 310",
        agenda=[
            Item("Results of the year", 40, "Mina Kwon"),
            Item("The pilot line", 60),
            Item("Themes of the next call", 45, "Tomas Berg"),
            Item("Session of the members alone", 30, is_closed=True),
        ],
        at=now,
        by=by,
    )


def _motions(council: Body, sittings: list[Sitting], now: datetime, by: User) -> None:
    services.draft_motion(
        council,
        title="To meet twice a year in person",
        text="The council meets in person in spring and in winter.",
        by=by,
    )
    ago = now - timedelta(days=20)
    carried = _put(council, "To adopt the themes of the next call", ago, 7, by)
    voters = [one for one in sittings if one.contact and one.contact.user]
    for number, sitting in enumerate(voters):
        _vote(carried, sitting, "against" if number == 2 else "for", ago)
    services.close_motion(carried, at=ago + timedelta(days=7), by=None)
    director = User.objects.get(email="director@inm.example")
    services.certify_motion(carried, at=ago + timedelta(days=8), by=director)
    begun = now - timedelta(days=1)
    opened = _put(council, "To open the roadmap to all members", begun, 12, by)
    for sitting in voters[1:2]:
        _vote(opened, sitting, "for", begun)


def _put(council: Body, title: str, at: datetime, days: int, by: User) -> Any:
    motion = services.draft_motion(
        council,
        title=title,
        text=f"{title}, as the papers of the meeting say.",
        quorum=40,
        is_secret=days > 7,
        by=by,
    )
    return services.open_motion(
        motion, closes_at=at + timedelta(days=days), at=at, by=by
    )


def _vote(motion: Any, sitting: Sitting, choice: str, opened: datetime) -> None:
    elector = motion.electors.filter(seat=sitting.seat_id).first()
    if elector is not None and sitting.contact and sitting.contact.user:
        at = opened + timedelta(hours=3)
        services.cast_vote(elector, choice=choice, at=at, by=sitting.contact.user)
