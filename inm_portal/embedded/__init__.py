"""
The servers that a checkout brings along, and the addresses to reach them.

PostgreSQL and Valkey listen on Unix sockets in a folder that only its owner may
enter; nothing listens on a port.
"""

import os
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent.parent

#: The longest path of a Unix socket that Linux binds, less the names below.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


def is_demo() -> bool:
    """Tell whether the portal shows the demo world."""
    return os.environ.get("DEMO", "1").lower() in {"1", "true", "yes", "y", "on", "ok"}


def state_folder() -> Path:
    """
    Return the folder of everything that a running checkout keeps.

    A portal without the demo world has a folder of its own.
    """
    usual = CHECKOUT / ".portal" if is_demo() else CHECKOUT / ".portal" / "empty"
    return Path(os.environ.get("PORTAL_STATE") or usual).resolve()


def socket_folder(state: Path) -> Path:
    """Return the folder of the sockets: in ``state``, or a short and plain one."""
    folder = state / "run"
    name = str(folder)
    if len(os.fsencode(name)) <= LONGEST_SOCKET_FOLDER and quote(name) == name:
        return folder
    short = sha256(os.fsencode(state)).hexdigest()[:12]
    return Path("/tmp") / f"portal-{os.getuid()}-{short}"  # noqa: S108 - owner checked


def database_url(role: str, state: Path | None = None) -> str:
    """Return the address of the embedded PostgreSQL for one of its roles."""
    folder = socket_folder(state or state_folder())
    return f"postgresql://{role}@/portal?host={folder}"


def broker_url(state: Path | None = None) -> str:
    """Return the address of the embedded Valkey."""
    return f"redis+socket://{socket_folder(state or state_folder())}/valkey.sock"
