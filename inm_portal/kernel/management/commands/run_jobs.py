from typing import Any

from django.core.management.base import BaseCommand

from inm_portal.kernel import jobs


class Command(BaseCommand):
    help = "Run the jobs that are due, as the workers do each minute."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{jobs.run_due()} run.")
