"""A mail server that takes all and keeps nothing: ``python -m bench.sink PORT``."""

import signal
import sys
from typing import Any

from aiosmtpd.controller import Controller


class Nowhere:
    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
        return "250 OK"


if __name__ == "__main__":
    place = {"hostname": "127.0.0.1", "port": int(sys.argv[1])}
    controller = Controller(Nowhere(), server_hostname="sink.example", **place)
    controller.start()
    print("ready", flush=True)
    signal.pause()
