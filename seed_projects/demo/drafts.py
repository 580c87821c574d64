"""What the demo's faculty write just now: drafts to the call that is open."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from consortium.demo.papers import signed
from inm_portal.accounts.models import User

from .. import services
from ..models import Call, Proposal, QuestionKind

#: Title and abstract of each; the first one is far, the second was only begun.
DRAFTS = [
    (
        "Controllers that learn a press brake in ten bends",
        "A press brake is set up by trial. We learn its springback from ten bends and "
        "carry what was learned to other sheets, with a bound on the angle.",
    ),
    ("Foundation models for the logs of machine tools", ""),
]
TEXT = (
    "We measure each bend with a camera and a load cell, fit a small model of the "
    "machine, and plan the next bend so that it tells most. Two plants gave us access "
    "to their presses for a week each."
)


def load(*, now: datetime) -> None:
    """Let the investigator of the demo write, with somebody who is asked to join."""
    pi = User.objects.filter(email="pi@inm.example").first()
    call = Call.objects.taking(at=now).order_by("pk").first()
    if pi is None or call is None:
        return
    stage = call.stages.earliest("opens_at")
    act: dict[str, Any] = {"at": now, "by": pi}
    for title, abstract in DRAFTS:
        draft = services.begin_proposal(stage, title=title, pi=pi, **act)
        if abstract:
            _write(draft, abstract, now, act)
    if former := services.resubmittable(pi, at=now).order_by("pk").first():
        title = f"{former.title}, in production"
        services.begin_again(stage, former=former, title=title, pi=pi, **act)


def _write(draft: Proposal, abstract: str, now: datetime, act: dict[str, Any]) -> None:
    services.change_proposal(
        draft,
        title=draft.title,
        abstract=abstract,
        starts_on=date(now.year + 1, 6, 1),
        smallest_budget=Decimal(60_000),
        **act,
    )
    worded = [QuestionKind.TEXT, QuestionKind.LONG_TEXT]
    asked = [q for q, _a in services.asked_of(draft) if q.kind in worded]
    services.save_answers(draft, [(q, TEXT, 0) for q in asked[:2]], **act)
    if asked:
        other = f"{TEXT} A third plant may join."
        earlier: dict[str, Any] = act | {"at": now - timedelta(minutes=1)}
        services.save_answer(draft, asked[0], value=other, version=0, **earlier)
    for question in draft.form.questions.filter(kind=QuestionKind.FILE):
        figure = signed(draft.number, "Rig of a press brake")
        services.attach_file(draft, question, file=figure, **act)
    line: dict[str, Any] = {"year": 1, "quantity": Decimal(1)}
    services.set_budget(
        draft,
        lines=[
            line
            | {"category": "materials", "what": "Sheets and sensors"}
            | {"unit_amount": Decimal(18_000)},
            line
            | {"category": "compute", "what": "Cloud for training"}
            | {"unit_amount": Decimal(12_000)},
        ],
        **act,
    )
    services.add_author(
        draft,
        email="copi@inm.example",
        name="Samuel Brooks",
        role="co_pi",
        right="write",
        **act,
    )
    services.comment_on(
        draft, text="Samuel, could you say in the idea how we measure?", **act
    )
