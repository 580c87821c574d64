"""
What is asked of everybody who comes, in the statement that reads who it is.

Apps say what that is. After anything has happened it is asked again, by itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Expression

from inm_portal.kernel.context import once_a_request, remember_of

_questions: dict[str, Callable[[Any], Any]] = {}
_answers: dict[str, Callable[[str], Expression]] = {}


def asked_with_person(answer: Callable[[str], Expression]) -> Callable[[Any], Any]:
    """Make a question about a person of an expression of their key."""

    @once_a_request
    @wraps(answer)
    def ask(user: Any) -> Any:
        people: Any = get_user_model().objects.filter(pk=user.pk)
        (found,) = people.values_list(answer("pk"), flat=True)
        return found

    _questions[answer.__name__] = ask
    _answers[answer.__name__] = answer
    return ask


def answers(key: str) -> dict[str, Expression]:
    """Return what annotates a row that has the key of a person with all answers."""
    return {f"told_{name}": answer(key) for name, answer in _answers.items()}


def note_answers(row: Any, user: Any) -> None:
    """Keep what a row was annotated with, for as long as the request has it."""
    for name, ask in _questions.items():
        remember_of(user, ask, getattr(row, f"told_{name}"))
