from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inm_portal.accounts.models import User
from inm_portal.accounts.second_factor import WhyReset, reset_factors


class Command(BaseCommand):
    help = (
        "Take the second factors from a person whose phone or key is gone; sessions "
        "and tokens end, the person is told and sets up another at the next sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", choices=WhyReset.values, required=True)

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        reset_factors(user, reason=reason, by=None)
        self.stdout.write(f"{user.name} sets up another at the next sign-in.")
