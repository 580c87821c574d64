from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inm_portal.accounts import roles
from inm_portal.accounts.people import AddressTaken, add_person, password_link


class Command(BaseCommand):
    help = (
        "Add a person in one role at INM and print the address at which they choose "
        "a password, once, within the hour."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--role", choices=roles.ALL, default=roles.PROGRAM_STAFF)

    def handle(
        self, *args: Any, email: str, name: str, role: str, **options: Any
    ) -> None:
        try:
            user = add_person(email, name, role=role, by=None)
        except AddressTaken as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(password_link(user))
