"""A portal with real servers and a supervisor, but small programs for Django's."""

import sys
from pathlib import Path

from inm_portal.supervisor import Portal, main

WEB = """
import http.server, os, signal, socket, sys, time

def stop(*_):
    time.sleep(float(os.environ.get("LINGER", "0")))
    sys.exit()

signal.signal(signal.SIGTERM, stop)

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

server = http.server.HTTPServer(("127.0.0.1", 0), Page, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.server_activate()
server.serve_forever()
"""
WAIT = "import time; time.sleep(600)"


def programs(state: Path, listener: int) -> dict[str, list[str]]:
    return {
        "worker": [sys.executable, "-c", WAIT, str(state)],
        "web": [sys.executable, "-c", WEB, str(listener), str(state)],
    }


def portal(state: Path, port: int) -> Portal:
    return Portal(state, port, (sys.executable, "-c", "pass"), programs)


if __name__ == "__main__":
    sys.exit(main(portal))
