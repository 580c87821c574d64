from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "inm_portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        from . import (  # noqa: F401, PLC0415 - these register
            invitations,
            journaling,
            schema,
            second_factor,
            sessions,
        )
        from .roles import synchronize  # noqa: PLC0415 - models are ready only now

        post_migrate.connect(synchronize, dispatch_uid="accounts.roles")
