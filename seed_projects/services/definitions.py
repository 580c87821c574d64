"""Versions of forms and rubrics: begun as a copy, put in order, and published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Max, Model
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal

Version = TypeVar("Version", bound=Any)


class TitleTaken(Refusal):
    code = "title_taken"
    field = "title"


class VersionIsPublished(Refusal):
    code = "version_is_published"


class DraftThere(Refusal):
    code = "draft_there"


class NothingAsked(Refusal):
    code = "nothing_asked"


def require_title(model: Any, title: str) -> None:
    """
    :raises TitleTaken: if there is one of this title.
    """
    if model.objects.filter(title__iexact=title).exists():
        raise TitleTaken(_("There is one of this title."))


def draft_of(version: Version) -> Version:
    """
    Return a version that is a draft, held until the transaction ends.

    :raises VersionIsPublished: if it is out; whoever wants another begins a version.
    """
    found = type(version).objects.locked(version)
    if found.is_published:
        words = _("This version is published. Begin a new one to change anything.")
        raise VersionIsPublished(words)
    return found


def require_no_draft(versions: Any) -> None:
    """
    :raises DraftThere: if one is being written already.
    """
    if versions.filter(published_at=None).exists():
        raise DraftThere(_("A draft of the next version is there; change that one."))


def published(version: Version, *, at: datetime, by: Any) -> Version:
    """Freeze a locked version."""
    version.published_at, version.published_by = at, by
    version.save(update_fields=["published_at", "published_by"])
    return version


def next_place(rows: Any) -> int:
    """Return the place after the last of ``rows``."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 1 if last is None else int(last) + 1


def swap(one: Model, rows: Sequence[Any], *, up: bool) -> bool:
    """Let ``one`` change places with its neighbor; say whether it has one."""
    keys = [row.pk for row in rows]
    place = keys.index(one.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return False
    a, b = rows[place], rows[other]
    a.position, b.position = b.position, a.position
    for row in (a, b):
        row.save(update_fields=["position"])
    return True
