"""What became readable for somebody since they were here before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.models import Interaction, InteractionKind, LibraryItem
from consortium.states import LibraryState
from inm_portal.kernel.models import Session
from seed_projects.models import Call

#: Who was not here before reads what came in so many days.
AT_FIRST = timedelta(days=30)
SHOWN = 6


@dataclass(frozen=True)
class News:
    """Something to read, since when, and where it stands."""

    title: str
    what: str
    url: str
    at: datetime


def last_here(user: Any, session_key: str | None) -> datetime:
    """
    Return when somebody was last seen in another session, or signed in to this one.

    Of who was not here for 30 days, or never, that is 30 days ago.
    """
    before = Session.objects.filter(user=user).exclude(session_key=session_key)
    seen = before.order_by("-seen_at").values_list("seen_at", flat=True).first()
    oldest = timezone.now() - AT_FIRST
    return max(seen or oldest, oldest)


def news_of(user: Any, *, since: datetime) -> list[News]:
    """Return the latest of the library, of calls and of what INM shared."""
    library = LibraryItem.objects.permitted(user, "view").filter(
        Q(published_at__gt=since) | Q(embargo_until__gt=since),
        state=LibraryState.PUBLISHED,
        published_at__lte=timezone.now(),
    )
    calls = Call.objects.permitted(user, "view").filter(opened_at__gt=since)
    spoken = Interaction.objects.permitted(user, "view").filter(
        recorded_at__gt=since, is_shared=True, is_taken_back=False, correction=None
    )
    rows = _rows(library, "consortium:library_item", "title", "published_at").union(
        _rows(calls, "seed_projects:call", "title", "opened_at"),
        _rows(spoken, "consortium:interaction", "kind", "recorded_at"),
        all=True,
    )
    return list(_told(rows.order_by("-at")[:SHOWN]))


def _rows(rows: Any, page: str, title: str, at: str) -> Any:
    named = {"title_of": Cast(F(title), TextField()), "at": F(at)}
    page_of = Value(page, output_field=TextField())
    return (
        rows.order_by()
        .annotate(page_of=page_of, **named)
        .values_list("page_of", "pk", "title_of", "at")
    )


def _told(rows: Any) -> Iterator[News]:
    whats = {
        "consortium:library_item": _("In the library"),
        "seed_projects:call": _("Call for proposals"),
        "consortium:interaction": _("Shared by INM"),
    }
    for page, key, title, at in rows:
        is_spoken = page == "consortium:interaction"
        name = str(InteractionKind(title).label) if is_spoken else title
        yield News(name, str(whats[page]), reverse(page, args=[key]), at)
