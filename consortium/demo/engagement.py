"""Interactions of the demo: shared, for INM alone, corrected, taken back, followed."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel.tasklist import finish_task

from .. import services
from ..models import FacultyMember, Interaction, InteractionKind, Organization
from ..states import OneToOneState

#: Name and department; who of them never spoke with a member comes last.
FACULTY = [
    ("Mina Kwon", "Mechanical Engineering"),
    ("Tomas Berg", "Electrical Engineering and Computer Science"),
    ("Leila Farah", "Chemical Engineering"),
    ("Otto Reyes", "Sloan School of Management"),
]

#: Company, kind, days ago, whom of the faculty, whether it is shared.
SPOKEN: list[tuple[str, InteractionKind, int, str, bool]] = [
    ("Siemens", InteractionKind.VISIT, 12, "Mina Kwon", True),
    ("Siemens", InteractionKind.CALL, 3, "", False),
    ("Autodesk", InteractionKind.ONE_TO_ONE, 20, "Tomas Berg", True),
    ("Amgen", InteractionKind.MEETING, 45, "Leila Farah", True),
    ("PTC", InteractionKind.MAIL, 8, "", False),
    ("GE Vernova", InteractionKind.MEETING, 160, "Mina Kwon", False),
]
SUMMARIES = {
    InteractionKind.VISIT: "Saw the pilot line. They ask for two students in spring.",
    InteractionKind.CALL: "Their budget is decided in January; send an outlook.",
    InteractionKind.ONE_TO_ONE: "On design for repair. A joint paper may come of it.",
    InteractionKind.MEETING: "Went through the projects that touch their plants.",
    InteractionKind.MAIL: "Asked whom to name for the council next year.",
}


def load(*, today: date, by: User) -> None:
    """Write down what was spoken with members, in every state that it can have."""
    known = {name: _faculty(name, where, by) for name, where in FACULTY}
    spoken = [
        _spoke(company, kind, today - timedelta(days=ago), known.get(who), shared, by)
        for company, kind, ago, who, shared in SPOKEN
    ]
    visit, call, alone, meeting, mail, _earlier = spoken
    now: dict[str, Any] = {"today": today, "at": timezone.now(), "by": by}
    services.correct_interaction(
        alone,
        reason="Another of the faculty was there, too.",
        kind=alone.kind,
        held_on=alone.held_on,
        summary=alone.summary,
        is_shared=True,
        contacts=[row.contact for row in alone.participants.all() if row.contact],
        faculty=[known["Tomas Berg"], known["Leila Farah"]],
        people=[by],
        **now,
    )
    services.take_back_interaction(
        mail, reason="It was of another company.", at=timezone.now(), by=by
    )
    soon = today + timedelta(days=7)
    services.follow_up(visit, what="Name two students", owner=by, due_on=soon, **now)
    services.follow_up(call, what="Send the outlook", owner=by, due_on=today, **now)
    services.follow_up(
        meeting, what="Send the list of projects", owner=by, due_on=soon, **now
    )
    task = services.tasks_of(meeting).get()
    finish_task(task, outcome="Sent to their lead.", at=timezone.now(), by=by)
    task = services.tasks_of(visit).get()
    finish_task(task, outcome="One is named.", at=timezone.now(), by=by)
    first = visit.follow_ups.get()
    services.reopen_follow_up(first, owner=by, due_on=soon, today=today, by=by)
    _talks(known, now)


#: Company, whom of the faculty, what about, and what came of it in so many days.
TALKS: list[tuple[str, str, str, OneToOneState, int]] = [
    (
        "Siemens",
        "Mina Kwon",
        "Robots that learn fast",
        OneToOneState.ASKED,
        0,
    ),
    ("Siemens", "Tomas Berg", "Vision for weld seams", OneToOneState.AGREED, 16),
    ("Siemens", "Leila Farah", "Solvent-free coating", OneToOneState.AGREED, 0),
    ("Autodesk", "Mina Kwon", "Design for repair", OneToOneState.AGREED, 9),
    ("GE Vernova", "Mina Kwon", "Inspection of blades", OneToOneState.HELD, 0),
    ("PTC", "Tomas Berg", "A twin of a whole line", OneToOneState.DECLINED, 0),
    ("Amgen", "Leila Farah", "Filters that clog", OneToOneState.WITHDRAWN, 0),
]
ANSWERS = {
    OneToOneState.DECLINED: "On sabbatical until summer. Please ask again then.",
    OneToOneState.WITHDRAWN: "It was cleared up at the symposium.",
}
SUITS = "Any Tuesday or Thursday afternoon of the next six weeks."


def _talks(known: dict[str, FacultyMember], now: dict[str, Any]) -> None:
    """Ask for talks with the faculty, one in each state that it can have."""
    services.cap_one_to_ones(known["Otto Reyes"], one_to_one_cap=0, by=now["by"])
    services.cap_one_to_ones(known["Leila Farah"], one_to_one_cap=2, by=now["by"])
    undated = {"at": now["at"], "by": now["by"]}
    for company, who, topic, state, ahead in TALKS:
        member = Organization.objects.get(name=company)
        contact = member.contacts.filter(departed_on=None).earliest("pk")
        talk = services.ask_one_to_one(
            member,
            contact=contact,
            faculty=known[who],
            topic=topic,
            suits=SUITS,
            **now | {"by": contact.user},
        )
        if state in (OneToOneState.AGREED, OneToOneState.HELD):
            day = now["today"] + timedelta(days=ahead)
            services.agree_one_to_one(talk, meets_on=day, place="3-270, 3 pm", **now)
        if state == OneToOneState.HELD:
            told = SUMMARIES[InteractionKind.ONE_TO_ONE]
            services.hold_one_to_one(talk, summary=told, is_shared=True, **now)
        elif state == OneToOneState.DECLINED:
            services.decline_one_to_one(talk, reason=ANSWERS[state], **undated)
        elif state == OneToOneState.WITHDRAWN:
            services.withdraw_one_to_one(talk, reason=ANSWERS[state], **undated)


def _faculty(name: str, department: str, by: User) -> FacultyMember:
    address = f"{name.replace(' ', '.').lower()}@mit.example"
    return services.add_faculty(name=name, email=address, department=department, by=by)


def _spoke(
    company: str,
    kind: InteractionKind,
    held_on: date,
    who: FacultyMember | None,
    is_shared: bool,
    by: User,
) -> Interaction:
    member = Organization.objects.get(name=company)
    return services.record_interaction(
        member,
        kind=kind,
        held_on=held_on,
        summary=SUMMARIES[kind],
        is_shared=is_shared,
        contacts=list(member.contacts.filter(departed_on=None).order_by("pk")[:2]),
        faculty=[who] if who else [],
        people=[by],
        today=timezone.localdate(),
        at=timezone.now(),
        by=by,
    )
