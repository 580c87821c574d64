"""
Say by the exit status whether the process of this container does its work.

``web`` asks for a page as the front server would; ``beat`` looks at the age of
the file in which the scheduler keeps what ran last; ``way-out`` is called.
"""

import os
import socket
import sys
import time
from glob import glob
from http.client import HTTPConnection
from urllib.parse import urlsplit

BEAT_FILES = "/tmp/celerybeat-schedule*"  # noqa: S108 - private to the container
BEAT_WRITES_EVERY = 3 * 60


def web() -> bool:
    """Return whether ``/healthz`` answers."""
    host = urlsplit(os.environ["PORTAL_URL"]).hostname or ""
    connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    connection.request("GET", "/healthz", headers=headers)
    return connection.getresponse().status == 200


def beat(files: str = BEAT_FILES) -> bool:
    """Return whether the scheduler wrote down its state lately."""
    written = max((os.path.getmtime(path) for path in glob(files)), default=0.0)
    return time.time() - written < 3 * BEAT_WRITES_EVERY


def way_out() -> bool:
    """Return whether the way out takes calls."""
    with socket.create_connection(("127.0.0.1", 3128), timeout=4):
        return True


CHECKS = {"web": web, "beat": beat, "way-out": way_out}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
