"""Who is asking, for the journal and the logs only."""

from contextvars import ContextVar
from uuid import uuid4

#: The id of the request or task at work; it stands in the logs too.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: The key of the user in whose place somebody acts, if anybody does.
acting_as: ContextVar[int | None] = ContextVar("acting_as", default=None)


def new_request_id() -> str:
    """Return an id for one request."""
    return uuid4().hex
