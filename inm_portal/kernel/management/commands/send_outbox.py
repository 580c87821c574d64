from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inm_portal.kernel import outbox


class Command(BaseCommand):
    help = "Send the mails that are due, as the worker does each minute."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = outbox.send_due(at=timezone.now())
        self.stdout.write(f"{sent} sent.")
