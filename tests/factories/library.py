"""Works of the library, with versions that are read."""

from datetime import date
from functools import cache
from typing import Any

import typst
from django.core.files.base import ContentFile

from consortium import services
from consortium.models import LibraryItem

from .credits import at

TODAY = date(2026, 11, 22)


@cache
def pdf(pages: int = 2) -> bytes:
    """Return a PDF with so many pages, each of which says its number."""
    text = "#pagebreak()".join(f"Sheet {number + 1}" for number in range(pages))
    return typst.compile(text.encode())


def sent(content: bytes = b"", name: str = "roadmap.pdf") -> ContentFile:
    return ContentFile(content or pdf(), name=name)


def work(title: str = "Roadmap of robotics", *, version: bool = True, **told) -> Any:
    """Return a draft for members, with one version."""
    given = {"kind": "roadmap", "summary": "Where it leads.", "audience": "members"}
    given |= {"at": at(TODAY), "by": None}
    item = services.add_library_item(title=title, **given | told)
    if version:
        services.add_library_version(item, file=sent(), at=at(TODAY), by=None)
    return item


def published(title: str = "Roadmap of robotics", **told) -> LibraryItem:
    item = work(title, **told)
    return services.publish_library_item(item, at=at(TODAY), by=None)
