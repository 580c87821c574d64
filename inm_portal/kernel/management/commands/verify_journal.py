import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inm_portal.kernel import seals


class Command(BaseCommand):
    help = "Seal what waits, then print a line for each fault; exit 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        seals.seal(at=at)
        found = list(seals.faults(at=at))
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
