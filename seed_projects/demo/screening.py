"""
A call of the demo that closed days ago: what was handed in, in every state of it.

Proposals, people and their words are invented.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from consortium.models import FacultyMember
from inm_portal.accounts.models import User

from .. import services
from ..models import (
    Call,
    CheckKind,
    FormVersion,
    Proposal,
    QuestionKind,
    RubricVersion,
    StageKind,
    Theme,
)

SLUG = "machines-that-notice-2026"

#: Name, department, and the address where it is one of the demo's people.
PIS = [
    ("Anita Rao", "Materials Science and Engineering", "pi@inm.example"),
    ("Samuel Brooks", "Aeronautics and Astronautics", "copi@inm.example"),
    ("Mina Kwon", "Mechanical Engineering", ""),
    ("Tomas Berg", "Electrical Engineering and Computer Science", ""),
    ("Leila Farah", "Chemical Engineering", ""),
    ("Otto Reyes", "Sloan School of Management", ""),
    ("Grace Okafor", "Mechanical Engineering", ""),
    ("Henrik Sand", "Media Arts and Sciences", ""),
]

#: Title, the place of its PI above, hours before the deadline, track, and its fate.
IDEAS = [
    ("Welds that say when they are weak", 0, 30, "Any stage", "returned"),
    ("A wing from one casting", 1, 5, "Junior faculty", "appealed"),
    ("Hands that feel a burr", 2, 2, "Any stage", "in_review"),
    ("Schedules that people can argue with", 5, 1, "Any stage", "in_review"),
    ("Reading a reactor by its sound", 4, 3, "Any stage", "in_review"),
    ("Learning a defect from one picture", 3, 1, "Any stage", "passed"),
    ("Cold spray for the last mile of repair", 6, 20, "Any stage", "passed"),
    ("Gloves that remember a hard day", 7, 1, "Junior faculty", "some"),
    ("Sorting scrap by its history", 2, 44, "Any stage", "failed"),
    ("Paint that reports its thickness", 0, 2, "Any stage", "waiting"),
    ("A twin of a small machine shop", 3, 1, "Any stage", "waiting"),
    ("Bolts that count", 6, 12, "Any stage", "sent_back"),
    ("Recipes that travel between plants", 4, 80, "Any stage", "upheld"),
    ("Kilns on a windy day", 5, 8, "Any stage", "denied"),
    ("Lenses from sand", 7, 100, "Any stage", "withdrawn"),
]

#: Drafts that were never handed in: the office counts them, and sees no more.
UNFINISHED = ["Not finished in time", "Dust", "Second thoughts"]

ABSTRACT = (
    "Production notices a fault when a part is already made. We ask what a machine "
    "can notice while it works, from few examples, in words that the people beside it "
    "understand and can correct."
)
APPROACH = (
    "We begin with one station and three faults that its operators name.\n"
    "A model learns from forty parts; what it does not know, it asks.\n"
    "After six months we compare what it said with what inspection found, and stop "
    "if it does no better than a person with a list."
)


class Office:
    """Hands in, checks and moves proposals, at times told in hours from now."""

    def __init__(self, call: Call, *, now: datetime, by: User) -> None:
        self.call, self.now, self.by = call, now, by
        self.director = User.objects.filter(email="director@inm.example").first()
        self.stage = call.stages.get()
        self.deadline = self.stage.closes_at
        self.themes = list(call.themes.order_by("position"))
        self.tracks = {track.name: track for track in call.tracks.all()}

    def ago(self, hours: int) -> dict[str, Any]:
        return {"at": self.now - timedelta(hours=hours), "by": self.by}

    def drafted(self, title: str, pi: User, hours: int, track: str) -> Proposal:
        """Begin a proposal and fill it in."""
        at = self.deadline - timedelta(hours=hours, minutes=20)
        told: dict[str, Any] = {"title": title, "track": self.tracks.get(track)}
        made = services.begin_proposal(self.stage, **told, pi=pi, at=at, by=pi)
        act: dict[str, Any] = {"at": at, "by": pi}
        services.change_proposal(
            made,
            **told,
            abstract=ABSTRACT,
            starts_on=date(self.now.year + 1, 6, 1),
            smallest_budget=Decimal(30_000),
            **act,
        )
        for question in made.form.questions.in_order():
            value = ANSWERS.get(question.label)
            if value is not None:
                services.save_answer(made, question, value=value, version=0, **act)
        for rule in made.call.rules.all():
            services.declare(made, met={rule: True}, **act)
        services.set_budget(made, lines=LINES, **act)
        return made

    def hand_in(self, proposal: Proposal, pi: User, hours: int) -> None:
        at = self.deadline - timedelta(hours=hours, minutes=10)
        services.submit_proposal(proposal, at=at, by=pi)

    def hand_in_again(self, proposal: Proposal, pi: User, hours: int) -> None:
        """Take what was handed in back, write on, and hand it in anew."""
        at = self.deadline - timedelta(hours=hours, minutes=5)
        act: dict[str, Any] = {"at": at, "by": pi}
        proposal = services.take_back(proposal, **act)
        services.change_proposal(
            proposal,
            title=proposal.title,
            abstract=ABSTRACT.replace("few examples", "forty examples or fewer"),
            track=proposal.track,
            starts_on=proposal.starts_on,
            smallest_budget=Decimal(28_000),
            **act,
        )
        for answer in proposal.answers.filter(value=APPROACH):
            services.save_answer(
                proposal,
                answer.question,
                value=APPROACH.replace("six months", "four months"),
                version=answer.version,
                **act,
            )
        services.submit_proposal(proposal, **act)

    def check(self, proposal: Proposal, fate: str, place: int) -> None:
        """Write down what was found, as far as somebody came."""
        kinds = list(CheckKind)[: 2 if fate == "some" else None]
        theme = self.themes[place % len(self.themes)]
        findings = [
            services.Finding(
                kind,
                passes=(fate, kind) != ("failed", CheckKind.BUDGET),
                note=NOTES.get(kind, "") if fate == "failed" else "",
                theme=theme if kind == CheckKind.SCOPE else None,
            )
            for kind in kinds
        ]
        services.record_checks(proposal, findings, **self.ago(90 - place))

    def turn_down(self, proposal: Proposal, pi: User, fate: str) -> None:
        """Return a proposal, and let its PI appeal where that is its fate."""
        move = services.return_proposal(
            proposal,
            ground="out_of_scope",
            reason="The call asks for machines in production; this is about products.",
            **self.ago(40),
        )
        if fate == "returned":
            return
        at = self.now - timedelta(hours=20)
        words = "The part is the product, but what learns is the press that makes it."
        appeal = services.appeal(move, text=words, at=at, by=pi)
        if fate == "appealed" or self.director is None:
            return
        is_upheld = fate == "upheld"
        services.decide_appeal(
            appeal,
            is_upheld=is_upheld,
            words="It is in scope." if is_upheld else "The press is not part of it.",
            at=self.now - timedelta(hours=3),
            by=self.director,
        )

    def settle(self, place: int, proposal: Proposal, pi: User, fate: str) -> None:
        """Let a proposal come to where it shall be now."""
        if fate in ("in_review", "passed", "some", "failed"):
            self.check(proposal, fate, place)
        elif fate in ("returned", "appealed", "upheld", "denied"):
            self.turn_down(proposal, pi, fate)
        elif fate == "sent_back":
            services.send_back(
                proposal,
                asked="Say who provides the machines, and since when you may use them.",
                until_at=self.now + timedelta(days=3),
                **self.ago(30),
            )
        elif fate == "withdrawn":
            told: dict[str, Any] = {"at": self.now - timedelta(hours=60), "by": pi}
            services.withdraw_proposal(proposal, reason="Funded by others.", **told)


NOTES = {CheckKind.BUDGET: "The second year is above what the call pays in a year."}
LINES: list[dict[str, Any]] = [
    {
        **{"year": 1, "category": "postdoc", "what": "Postdoc, half time"},
        **{"quantity": Decimal(1), "unit_amount": Decimal(38_000)},
        "justification": "Builds and tests the model at the station.",
    },
    {
        **{"year": 1, "category": "materials", "what": "Sensors and test parts"},
        **{"quantity": Decimal(40), "unit_amount": Decimal(250)},
        "justification": "Forty parts with known faults.",
    },
]
ANSWERS: dict[str, Any] = {
    "Objectives and approach": APPROACH,
    "What would change in production?": "A fault is seen where it begins.",
    "Milestones": [
        ["6", "Three faults are told apart", "Nine of ten"],
        ["12", "A second station", "Half the examples"],
    ],
    "Does it need data or parts of a company?": ["Yes"],
}


def load(*, now: datetime, by: User, rubric: RubricVersion) -> None:
    """Make the call and what was handed in to it, once."""
    if Call.objects.filter(slug=SLUG).exists():
        return
    call = _call(now, by, rubric)
    people = [_pi(*one) for one in PIS]
    office = Office(call, now=now, by=by)
    made = []
    for place, (title, who, hours, track, fate) in enumerate(IDEAS):
        pi = people[who]
        proposal = office.drafted(title, pi, hours, track)
        if fate == "passed" and who == 6:
            _ask_along(proposal, people[7], pi, office)
        office.hand_in(proposal, pi, hours)
        if fate == "passed" or who == 0:
            office.hand_in_again(proposal, pi, hours)
        made.append((place, proposal, pi, fate))
    for title, who in [
        ("Not finished in time", 1),
        ("Dust", 3),
        ("Second thoughts", 4),
    ]:
        office.drafted(title, people[who], 10, "")
    services.close_due_calls(at=office.deadline + timedelta(minutes=20))
    for place, proposal, pi, fate in made:
        office.settle(place, proposal, pi, fate)
    accepted = [proposal for _place, proposal, _pi, fate in made if fate == "in_review"]
    services.move_together(accepted, kind="accepted", **office.ago(26))


def _ask_along(proposal: Proposal, other: User, pi: User, office: Office) -> None:
    at = office.deadline - timedelta(hours=21)
    told = {"name": other.name, "email": other.email, "role": "co_pi"}
    services.add_author(proposal, **told, at=at, by=pi)


def _pi(name: str, department: str, email: str) -> User:
    """Return somebody of the faculty with an account, whose department is known."""
    address = email or f"{name.replace(' ', '.').lower()}@mit.example"
    known = User.objects.filter(email=address).first()
    user = known or User.objects.create_user(email=address, name=name)
    if not FacultyMember.objects.filter(email__iexact=address).exists():
        told = {"email": address, "department": department}
        FacultyMember.objects.create(name=user.name, **told)
    return user


def _call(now: datetime, by: User, rubric: RubricVersion) -> Call:
    long_ago = now - timedelta(days=75)
    call = services.draft_call(
        title="Machines that notice",
        slug=SLUG,
        summary="Seeds for machines that notice what goes wrong while it does.",
        themes=list(Theme.objects.order_by("position")[:3]),
        ceiling=Decimal(80_000),
        year_ceiling=Decimal(60_000),
        pot=Decimal(400_000),
        expected_awards=5,
        cost_categories=["postdoc", "materials", "travel_domestic"],
        contact_name=by.name,
        contact_email=by.email,
        grace_minutes=10,
        at=long_ago,
        by=by,
    )
    services.add_rule(call, statement="I hold PI status.", by=by)
    services.add_track(call, name="Any stage", by=by)
    services.add_track(call, name="Junior faculty", ceiling=Decimal(60_000), by=by)
    closes = (now - timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    services.set_stage(
        call,
        kind=StageKind.FULL,
        opens_at=long_ago,
        closes_at=closes,
        form=_form(long_ago, by),
        by=by,
    )
    services.replace_rubric(call, rubric=rubric, by=by)
    return services.open_call(call, at=long_ago, by=by)


def _form(at: datetime, by: User) -> FormVersion:
    version = services.add_form(title="One station, one year", at=at, by=by)
    research = services.add_section(version, title="Research", by=by)
    kind, table, choice = (
        QuestionKind.LONG_TEXT,
        QuestionKind.TABLE,
        QuestionKind.CHOICE,
    )
    services.add_question(
        research, kind=kind, label="Objectives and approach", word_limit=900, by=by
    )
    columns = {"options": ["Month", "Milestone", "How it is measured"]}
    services.add_question(research, kind=table, label="Milestones", **columns, by=by)
    floor = services.add_section(version, title="On the floor", by=by)
    services.add_question(
        floor, kind=kind, label="What would change in production?", by=by
    )
    services.add_question(
        floor,
        kind=choice,
        label="Does it need data or parts of a company?",
        options=["No", "Yes"],
        by=by,
    )
    return services.publish_form(version, at=at, by=by)
