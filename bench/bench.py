"""What the probes share: the servers, and who is signed in where."""

import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

from inm_portal.embedded import CHECKOUT

from .costs import Meter
from .stand import FULL, TENTH, Stand
from .web import Web, serving

SIGN_IN = """
import json, django
django.setup()
from bench.people import STAFF, cookie_of
print(json.dumps(cookie_of(STAFF)))
"""


@dataclass
class Bench:
    """Servers that start when the first probe asks for them."""

    stand: Stand
    stack: ExitStack

    @cached_property
    def web(self) -> Web:
        """The portal with the reference list beside it."""
        return self.stack.enter_context(serving(FULL.environment))

    @cached_property
    def tenth(self) -> Web:
        """The portal in the smaller world."""
        return self.stack.enter_context(serving(TENTH.environment))

    @cached_property
    def meter(self) -> Meter:
        return Meter(self.stand, (self.web,))

    @cached_property
    def cookie_at_tenth(self) -> dict[str, str]:
        """A session of the smaller world, made by a process that works in it."""
        command = [sys.executable, "-c", SIGN_IN]
        said = subprocess.run(
            command,
            env=TENTH.environment,
            cwd=CHECKOUT,
            check=True,
            capture_output=True,
        )
        return json.loads(said.stdout)
