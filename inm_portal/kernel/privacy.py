"""
What the portal holds about a person, by kind: how it is handed out, and erased.

Each app registers its kinds in a module ``privacy``. A table that points to
people is covered by a kind, or named in the test that asks for it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _


class Fate(TextChoices):
    """What erasing a person does to a kind of data."""

    ERASED = "erased", _("Erased")
    PSEUDONYMISED = "pseudonymised", _("Without name")
    KEPT = "kept", _("Kept")

    @property
    def tone(self) -> str:
        return {"erased": "red", "pseudonymised": "orange"}.get(self.value, "gray")


@dataclass(frozen=True)
class Pseudonym:
    """What stands where a person's name and address stood."""

    name: str
    email: str


#: No mail reaches an address that ends so, and nobody signs in with one.
ERASED = "@erased.invalid"


def pseudonym_of(user: Any) -> Pseudonym:
    """Return what stands for somebody once they are erased."""
    return Pseudonym(f"Former person {user.pk}", f"former-{user.pk}{ERASED}")


Row = dict[str, Any]


def nothing(user: Any, pseudonym: Pseudonym) -> None:
    """Change nothing: what is kept, and what goes with something else."""


def no_objection(user: Any) -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """One kind of data about a person."""

    key: str
    title: Any
    #: What a person is told of it before it is erased.
    why: Any
    fate: Fate
    #: All of it about somebody, row by row.
    rows: Callable[[Any], Iterable[Row]]
    erase: Callable[[Any, Pseudonym], Any] = nothing
    #: In words, why somebody cannot be erased yet; nothing if they can.
    objection: Callable[[Any], str] = no_objection
    #: Whether it can be about somebody who has no account, too.
    without_account: bool = False
    #: The tables that it stands in, as in ``accounts.ApiToken``.
    tables: Collection[str] = ()


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of data."""
    for kind in kinds:
        if kind.key in _kinds:
            raise ValueError(f"Two kinds of personal data are called {kind.key!r}.")
        _kinds[kind.key] = kind


def kinds(*, without_account: bool = False) -> Sequence[Kind]:
    """Return every kind of data about a person, or about one who has no account."""
    found = _kinds.values()
    return [kind for kind in found if kind.without_account or not without_account]


def values(rows: QuerySet, *fields: str, **renamed: str) -> Iterable[Row]:
    """Read ``fields`` of rows, a few at a time; ``renamed`` are called otherwise."""
    names = {**{field: field for field in fields}, **renamed}
    for row in rows.values_list(*names.values()).iterator(chunk_size=2000):
        yield dict(zip(names, row, strict=True))
