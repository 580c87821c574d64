from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from inm_portal.accounts import ciphers

#: Where second factors keep what is encrypted.
SECRETS = ("secret", "seed")


class Command(BaseCommand):
    help = (
        "Write the secrets of second factors under the present ENCRYPTION_KEY, "
        "so that former keys can go."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
        for factor in factors.select_for_update():
            for name in SECRETS:
                if name in factor.data:
                    factor.data[name] = ciphers.rewrite(factor.data[name])
            factor.save(update_fields=["data"])
        self.stdout.write(f"{factors.count()} rewritten.")
