"""
What an act would change elsewhere, shown before it is done.

A part of the portal that an act reaches registers what it would do to it. A
part that nobody registered is told as missing, and never as unchanged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Change:
    """One thing as it is, and as it would be."""

    what: str
    before: str
    after: str


Previewer = Callable[[Any], Sequence[Change]]

_previewers: dict[tuple[str, str], Previewer] = {}


def previewer(act: str, part: str) -> Callable[[Previewer], Previewer]:
    """Register what the decorated function says an act would change in a part."""

    def register(preview: Previewer) -> Previewer:
        if (act, part) in _previewers:
            raise ImproperlyConfigured(f"Two previews of {act} tell of {part}.")
        _previewers[act, part] = preview
        return preview

    return register


def changes(act: str, part: str, subject: Any) -> list[Change] | None:
    """Return what an act on ``subject`` would change in a part; None if unknown."""
    preview = _previewers.get((act, part))
    return None if preview is None else list(preview(subject))
