"""Who is asking, for the journal and the logs; and what was read of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

Found = TypeVar("Found")

#: The id of the request or task at work; it stands in the logs too.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: The key of the user in whose place somebody acts, if anybody does.
acting_as: ContextVar[int | None] = ContextVar("acting_as", default=None)

#: What was read in this request of the people whom it is about; none outside of one.
_read: ContextVar[dict[Any, Any] | None] = ContextVar("read", default=None)


class Given(NamedTuple):
    """The key of a shared account, and the name of who acts by it; empty for none."""

    account: int
    name: str


#: Who acts by a shared account in this request; None where no such account does.
given_name: ContextVar[Given | None] = ContextVar("given_name", default=None)


@contextmanager
def in_place_of(key: int | None) -> Iterator[None]:
    """Let what happens meanwhile be recorded as done in the place of a user."""
    token = acting_as.set(key)
    try:
        yield
    finally:
        acting_as.reset(token)


@contextmanager
def of_one_name(given: Given | None = None) -> Iterator[None]:
    """Let what an account does meanwhile be recorded with a name; others may follow."""
    token = given_name.set(given)
    try:
        yield
    finally:
        given_name.reset(token)


def new_request_id() -> str:
    """Return an id for one request."""
    return uuid4().hex


@contextmanager
def request() -> Iterator[str]:
    """Begin a request: give it an id, and a memory of its own."""
    tokens = request_id.set(new_request_id()), _read.set({})
    try:
        yield request_id.get()
    finally:
        request_id.reset(tokens[0])
        _read.reset(tokens[1])


def once_a_request(read: Callable[[Any], Found]) -> Callable[[Any], Found]:
    """
    Read something about a person once in each request, not for every rule.

    After anything has happened, or was waited for by a lock, it is read again;
    outside of requests, always.
    """

    @wraps(read)
    def once(user: Any) -> Found:
        key = _about(user, read)
        found = remembered(key)
        if found is None:
            remember(key, found := read(user))
        return found

    return once


def remember_of(user: Any, once: Any, found: Any) -> None:
    """Keep what something that is read `once_a_request` would find."""
    remember(_about(user, once.__wrapped__), found)


def _about(user: Any, read: Any) -> tuple[Any, ...]:
    return read, user.pk, user.delegate and user.delegate.pk


def remember(key: Any, found: Any) -> None:
    """Keep what was read until the request is over, or `forget` is called."""
    if (known := _read.get()) is not None:
        known[key] = found


def remembered(key: Any) -> Any:
    """Return what was read in this request; None for nothing."""
    return (_read.get() or {}).get(key)


def forget() -> None:
    """Read anew whatever was read in this request: it may have changed."""
    if known := _read.get():
        known.clear()
