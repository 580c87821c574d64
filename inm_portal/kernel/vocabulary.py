"""What each verb of the journal says, and to whom."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.functional import Promise

_sentences: dict[str, Any] = {}
_for_members: set[str] = set()


def register(verbs: Any, *, for_members: Collection[Any] = ()) -> None:
    """
    Make known what an app's journal can say; ``verbs`` is its ``TextChoices``.

    Everybody who may read the journal reads every entry; the people of a
    company read those of its own whose verb stands in ``for_members``.
    """
    _sentences.update(dict(verbs.choices))
    _for_members.update(str(verb) for verb in for_members)


def sentence_of(verb: str) -> str:
    """Return what a verb says to a reader, as in "agreement signed"."""
    return str(_sentences.get(verb, verb))


def known_verbs() -> Mapping[str, str | Promise]:
    """Return every registered verb with its sentence."""
    return dict(_sentences)


def told_to_members() -> Collection[str]:
    """Return the verbs that the people of a company read about it."""
    return frozenset(_for_members)
