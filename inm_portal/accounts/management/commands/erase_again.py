from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from inm_portal.accounts.models import Erasure, User
from inm_portal.accounts.personal_data import erase_again


class Command(BaseCommand):
    help = (
        "Erase people again after a backup from before was restored. Without"
        " numbers, print those of everybody who was erased, to keep elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="*", type=int)

    def handle(self, *args: Any, numbers: list[int], **options: Any) -> None:
        if not numbers:
            for pk in Erasure.objects.order_by("user").values_list("user", flat=True):
                self.stdout.write(str(pk))
            return
        people = User.objects.filter(pk__in=numbers).order_by("pk")
        for person in people:
            erase_again(person)
        self.stdout.write(f"{len(people)} erased again.")
