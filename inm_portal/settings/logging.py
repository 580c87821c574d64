"""Logs on standard output: lines for people, or JSON for machines."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from inm_portal.kernel import context

REMOVED = "[removed]"

#: Names of fields that hold what nobody may read in a log.
SECRET = re.compile(
    r"password|secret|token|cookie|authorization|session|api_?key", re.I
)

#: A part of a path long enough to be a key that opens something.
KEY_IN_PATH = re.compile(r"(?<=/)[\w:.~+=-]{20,}(?=/|\s|$)")

#: What follows an address; it may be a search, a name or a key.
QUERY = re.compile(r"(/[^\s?]*)\?\S*")

#: PostgreSQL quotes the refused row here; it may be a proposal or an address.
ROW_IN_ERROR = re.compile(
    r"^(?:DETAIL|CONTEXT):.*?(?=^The above exception was|^During handling of|\Z)",
    re.MULTILINE | re.DOTALL,
)


def bind_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Give each line the id that the journal knows the request by."""
    if request_id := context.request_id.get():
        event["request_id"] = request_id
    return event


def remove_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Blank secret fields, query strings, keys in paths and rows in errors."""
    for name, value in event.items():
        if SECRET.search(name):
            event[name] = REMOVED
        elif isinstance(value, str):
            event[name] = _clean(name, value)
    return event


def _clean(name: str, value: str) -> str:
    if name in {"event", "request", "path", "url"}:
        value = KEY_IN_PATH.sub(REMOVED, QUERY.sub(r"\1", value))
    return ROW_IN_ERROR.sub(f"{REMOVED}\n", value)


#: Loggers that would say in a second line what the line of a request or task says.
QUIET = [
    *[("django", "INFO"), ("django.server", "ERROR"), ("django.request", "CRITICAL")],
    *[("celery.worker.strategy", "WARNING"), ("celery.app.trace", "CRITICAL")],
]

#: What happens to every line, our own or a library's, before it is written.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    bind_request_id,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    remove_secrets,
]


def configure(*, json: bool) -> dict[str, Any]:
    """Set up structlog and return the ``LOGGING`` that goes with it."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=json,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _renderer(json=json),
                ],
            }
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "lines",
            }
        },
        "root": {"handlers": ["stdout"], "level": "INFO"},
        "loggers": {name: {"handlers": [], "level": level} for name, level in QUIET},
    }


def _renderer(*, json: bool) -> Processor:
    if json:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=False)
