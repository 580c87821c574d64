"""Who is asking, for the journal and the logs only."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

#: The id of the request or task at work; it stands in the logs too.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: The key of the user in whose place somebody acts, if anybody does.
acting_as: ContextVar[int | None] = ContextVar("acting_as", default=None)


#: The name that whoever acts by a shared account gave for this request, if any.
given_name: ContextVar[str] = ContextVar("given_name", default="")


@contextmanager
def in_place_of(key: int | None) -> Iterator[None]:
    """Let what happens meanwhile be recorded as done in the place of a user."""
    token = acting_as.set(key)
    try:
        yield
    finally:
        acting_as.reset(token)


@contextmanager
def of_one_name(name: str = "") -> Iterator[None]:
    """Let what happens meanwhile be recorded with a name; others may yet be given."""
    token = given_name.set(name)
    try:
        yield
    finally:
        given_name.reset(token)


def new_request_id() -> str:
    """Return an id for one request."""
    return uuid4().hex
