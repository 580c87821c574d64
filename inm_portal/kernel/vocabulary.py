"""What each verb of the journal says to a reader."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

_sentences: dict[str, Any] = {}


def register(verbs: Any) -> None:
    """Make known what an app's journal can say; ``verbs`` is its ``TextChoices``."""
    _sentences.update(dict(verbs.choices))


def sentence_of(verb: str) -> str:
    """Return what a verb says to a reader, as in "agreement signed"."""
    return str(_sentences.get(verb, verb))


def known_verbs() -> Mapping[str, str | Promise]:
    """Return every registered verb with its sentence."""
    return dict(_sentences)
