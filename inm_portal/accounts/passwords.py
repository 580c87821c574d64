"""What a password may not be: common, or what a guesser tries first (AUT-04)."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: What the portal is about, and what people put where nothing comes to mind.
WORDS = [
    *["inm", "mit", "consortium", "portal", "initiative", "new", "manufacturing"],
    *["industry", "members", "member", "staff", "administrator", "admin", "director"],
    *["finance", "program", "password", "passwort", "login", "welcome", "hello"],
    *["secret", "letmein", "changeme", "change", "please", "temp", "test", "user"],
    *["spring", "summer", "autumn", "winter", "monday", "friday", "january"],
    *["february", "march", "april", "june", "july", "august", "september"],
    *["october", "november", "december"],
]

#: Rows of keys and other orders in which characters stand anyway.
ROWS = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
]

#: So many letters that nobody foresees are needed beside what they would.
FEWEST = 5

#: A password that repeats a shorter part is as good as that part.
SHORTEST_PART = 10


NamesAbout: TypeAlias = Callable[[Any], Iterable[str]]

_names_about: list[NamesAbout] = []


def names_about(names: NamesAbout) -> NamesAbout:
    """Register further names that a guesser would try for somebody."""
    _names_about.append(names)
    return names


def normalized(raw: str | None) -> str | None:
    """Return a password as every keyboard writes it."""
    return raw if raw is None else unicodedata.normalize("NFC", raw)


class PredictableValidator:
    """Refuse what is only words of the portal and of the person, rows or repeats."""

    def validate(self, password: str, user: Any = None) -> None:
        """
        :raises ValidationError: if next to nothing of it is unforeseen.
        """
        typed = unicodedata.normalize("NFKC", password).casefold()
        part = repeated_part(typed)
        if is_short(part, typed) or len(unforeseen(part, words_of(user))) < FEWEST:
            raise ValidationError(
                _(
                    "This password is easy to guess: it is made of words about the"
                    " portal or about you, of a row of keys, or of a repeated part."
                ),
                code="password_predictable",
            )

    def get_help_text(self) -> str:
        return _("Not only of words about the portal or about you.")


def repeated_part(text: str) -> str:
    """Return the shortest part that, again and again, makes all of ``text``."""
    return text[: (text + text).find(text, 1)]


def is_short(part: str, whole: str) -> bool:
    """Say whether a repeated part would be too short, or is common, by itself."""
    if part == whole:
        return False
    return len(part) < SHORTEST_PART or part in CommonPasswordValidator().passwords


def words_of(user: Any) -> list[str]:
    """Return what a guesser would try for ``user``, the longest first."""
    about = [getattr(user, "name", ""), getattr(user, "email", "")]
    if getattr(user, "pk", None):
        about += [name for names in _names_about for name in names(user)]
    words = re.split(r"[\W_]+", " ".join(about).casefold())
    own = [word for word in words if len(word) > 2]
    return sorted({*WORDS, *own}, key=len, reverse=True)


def unforeseen(text: str, words: list[str]) -> str:
    """Return what is left without those words, rows of keys, digits and signs."""
    for word in words:
        text = text.replace(word, " ")
    for row in ROWS:
        text = without_runs(without_runs(text, row), row[::-1])
    letters = re.sub(r"[\W_]", "", text)
    return letters if re.search(r"[^\d]", letters) else long_number(letters)


def without_runs(text: str, row: str) -> str:
    """Take out of ``text`` whatever runs along ``row`` for four characters or more."""
    for length in range(len(row), 3, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], " ")
    return text


def long_number(digits: str) -> str:
    """Return a number if it is longer than dates and years, else nothing."""
    return digits if len(digits) > 8 else ""
