from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from inm_portal.kernel import grants
from inm_portal.kernel.owner import as_owner


class Command(migrate.Command):
    """Migrate as the owner of the tables, then say what the portal's role may do."""

    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        if not settings.MIGRATE_DATABASE or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        with as_owner(alias) as role:
            super().handle(*args, **options)
            if role != settings.MIGRATE_DATABASE["USER"]:
                grants.apply(connections[alias], role=role)
