from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inm_portal.accounts.models import ApiToken, TokenScope, User
from inm_portal.accounts.tokens import issue_token, revoke_tokens
from inm_portal.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Print one new API token of a person, for the only time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--days", type=int, default=ApiToken.LIFETIME.days)
        parser.add_argument(
            "--revoke", action="store_true", help="end all tokens of the person instead"
        )
        parser.add_argument(
            "--read-only", action="store_true", help="a token that changes nothing"
        )

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        if options["revoke"]:
            self.stdout.write(f"{revoke_tokens(user, by=None)} revoked.")
        else:
            self.stdout.write(self.issue(user, **options))

    def issue(self, user: User, *, days: int, read_only: bool, **options: Any) -> str:
        scope = TokenScope.READ if read_only else TokenScope.WRITE
        try:
            return issue_token(user, scope=scope, lifetime=timedelta(days=days))
        except (Refusal, OverflowError) as refusal:
            raise CommandError(str(refusal)) from None
