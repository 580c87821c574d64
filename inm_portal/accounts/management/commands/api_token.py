from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inm_portal.accounts.models import ApiToken, TokenScope, User, issue_token


class Command(BaseCommand):
    help = "Print one new API token of a person, for the only time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--days", type=int, default=ApiToken.LIFETIME.days)
        parser.add_argument(
            "--read-only", action="store_true", help="a token that changes nothing"
        )

    def handle(
        self, *args: Any, email: str, days: int, read_only: bool, **options: Any
    ) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        scope = TokenScope.READ if read_only else TokenScope.WRITE
        token = issue_token(user, scope=scope, lifetime=timedelta(days=days))
        self.stdout.write(token)
