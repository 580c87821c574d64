import sys
from typing import Any

from django.core.management.base import BaseCommand

from inm_portal.kernel import orphans


class Command(BaseCommand):
    help = "Print a line for each document whose file is gone or was changed; exit 1."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(orphans.faults())
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
