"""The library of the demo: each kind, audience and state, with what was opened."""

from datetime import date, datetime, timedelta
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import Audience, LibraryItem, LibraryKind

#: Title, kind, audience, what it is about, and the days since it was added.
WORKS: list[tuple[str, LibraryKind, Audience, str, int]] = [
    (
        *("Roadmap of flexible automation to 2031", LibraryKind.ROADMAP),
        Audience.MEMBERS,
        "Where robots and people share a cell, what it costs, and what must be solved.",
        140,
    ),
    (
        *("A changeover in nine minutes", LibraryKind.CASE_STUDY, Audience.EVERYBODY),
        "How a plant for medical devices cut the time between two products by four.",
        95,
    ),
    (
        *("Recycled alloys in die casting", LibraryKind.WHITE_PAPER, Audience.MEMBERS),
        "What is known of strength, supply and price; with the data of five trials.",
        6,
    ),
    (
        *("Symposium 2026: the opening talk", LibraryKind.RECORDING, Audience.MEMBERS),
        "Forty minutes on what a factory learns from each part that it makes.",
        30,
    ),
    (
        *("Roadmap of factory data", LibraryKind.ROADMAP, Audience.MEMBERS),
        "A draft of the working group: comment before it goes to the advisory board.",
        9,
    ),
    (
        *("What members ask of us", LibraryKind.WHITE_PAPER, Audience.STAFF),
        "Notes from the talks of the spring, for the steering committee.",
        50,
    ),
    (
        *("Panel on supply chains", LibraryKind.RECORDING, Audience.MEMBERS),
        "The panel of the autumn, as it was held.",
        70,
    ),
]
VIDEO = "https://video.inm.example/symposium-2026-opening"


def load(*, today: date, by: User) -> None:
    """Fill the library; days count back from ``today``."""
    flexible, changeover, alloys, talk, data, notes, panel = [
        _work(*work, today=today, by=by) for work in WORKS
    ]
    _version(flexible, _ago(today, 40), by, changes="Costs of 2026, and a new chapter.")
    for item in (changeover, alloys, data, notes):
        _version(item, item.added_at, by)
    for item, link in ((talk, VIDEO), (panel, f"{VIDEO}-panel")):
        services.add_library_version(item, link=link, at=item.added_at, by=by)
    held = timezone.make_aware(
        datetime.combine(today + timedelta(days=21), datetime.min.time())
    )
    services.change_library_item(alloys, embargo_until=held, by=by)
    services.change_library_item(data, is_draft_shared=True, by=by)
    for item in (flexible, changeover, alloys, talk, panel):
        services.publish_library_item(item, at=item.added_at, by=by)
    services.withdraw_library_item(
        *[panel],
        reason="A speaker took back the consent to be recorded.",
        at=_ago(today, 20),
        by=by,
    )
    _read(flexible, changeover, talk, today=today)
    _comment(data, today=today, by=by)
    for email in ("tech@siemens.example", "sponsor@siemens.example"):
        person = User.objects.get(email=email)
        services.follow_library(person, is_following=True, at=_ago(today, 60))


def _read(*items: LibraryItem, today: date) -> None:
    """Let people of members, and one of INM, open what was published."""
    opened = [
        *[("tech@siemens.example", 0, 30), ("council@siemens.example", 0, 28)],
        *[("tech@autodesk.example", 0, 25), ("tech@siemens.example", 1, 12)],
        *[("tech@amgen.example", 2, 10), ("staff@inm.example", 0, 5)],
    ]
    for email, number, ago in opened:
        version = items[number].versions.latest("number")
        person = User.objects.get(email=email)
        services.open_library_version(version, at=_ago(today, ago), by=person)


def _comment(item: LibraryItem, *, today: date, by: User) -> None:
    said = [
        ("tech@siemens.example", "Say which of the standards each step needs.", 7),
        ("tech@autodesk.example", "The second step depends on the fourth.", 5),
    ]
    for email, text, ago in said:
        person = User.objects.get(email=email)
        services.comment_on_draft(item, text=text, at=_ago(today, ago), by=person)
    text = "Both will stand in the next version."
    services.comment_on_draft(item, text=text, at=_ago(today, 3), by=by)


def _work(
    title: str,
    kind: LibraryKind,
    audience: Audience,
    summary: str,
    ago: int,
    *,
    today: date,
    by: User,
) -> LibraryItem:
    told: dict[str, Any] = {"kind": kind, "audience": audience, "summary": summary}
    at = _ago(today, ago)
    item = services.add_library_item(title=title, **told, at=at, by=by)
    if ago > 100:
        _version(item, at, by)
    return item


def _version(item: LibraryItem, at: datetime, by: User, *, changes: str = "") -> None:
    name = f"{item.title.split(':')[0]}.pdf"
    file = ContentFile(paper_of(item.title, item.summary), name=name)
    services.add_library_version(item, file=file, changes=changes, at=at, by=by)


def paper_of(title: str, summary: str) -> bytes:
    """Return a PDF of two pages, invented like all of the demo."""
    source = f"""
#set page(paper: "us-letter", margin: 2.5cm)
#set text(size: 11pt)
#text(size: 22pt, weight: "bold")[{title}]

{summary}
#pagebreak()
= What follows
This is a paper of the demo. A real one stands in its place.
"""
    return typst.compile(source.encode())


def _ago(today: date, days: int) -> datetime:
    noon = datetime.combine(today - timedelta(days=days), datetime.min.time())
    return timezone.make_aware(noon.replace(hour=12))
