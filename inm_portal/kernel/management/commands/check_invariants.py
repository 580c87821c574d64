import sys
from typing import Any

from django.core.management.base import BaseCommand

from inm_portal.kernel import invariants


class Command(BaseCommand):
    help = "Print a line for each invariant that is broken; exit 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        lines = list(invariants.broken())
        for line in lines:
            self.stdout.write(line)
        if lines:
            sys.exit(1)
