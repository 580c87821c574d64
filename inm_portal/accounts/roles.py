"""
Roles are groups with model permissions, and nothing asks for one by name.

Each app's ``policies`` says in ``ROLES`` what a role may do with its models;
the groups are brought in line after each migration.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from inm_portal.kernel.permissions import EVERY_ROLE

DIRECTOR = "director"
PROGRAM_STAFF = "program staff"
FINANCE = "finance"
ADMIN = "admin"
AUDITOR = "auditor"
ALL = [DIRECTOR, PROGRAM_STAFF, FINANCE, ADMIN, AUDITOR]


def synchronize(app_config: AppConfig, using: str = "default", **_: Any) -> None:
    """Give each group exactly the permissions that ``app_config`` declares for it."""
    declared = _declared(app_config)
    if declared is None:
        return
    create_permissions(app_config, verbosity=0, using=using)
    if unknown := set(declared) - {*ALL, EVERY_ROLE}:
        raise ValueError(f"There are no roles {sorted(unknown)}.")
    with transaction.atomic(using=using):
        for role in ALL:
            codenames = [*declared.get(EVERY_ROLE, []), *declared.get(role, [])]
            _set(role, codenames, app_config.label, using)


def _declared(app_config: AppConfig) -> Mapping[str, Sequence[str]] | None:
    name = f"{app_config.name}.policies"
    if find_spec(name) is None:
        return None
    return getattr(import_module(name), "ROLES", None)


def _set(role: str, codenames: Sequence[str], label: str, using: str) -> None:
    """
    :raises ValueError: for a permission that no model of the app has.
    """
    group, _created = Group.objects.using(using).get_or_create(name=role)
    of_app = Permission.objects.using(using).filter(content_type__app_label=label)
    wanted = {p.codename: p for p in of_app.filter(codename__in=codenames)}
    if unknown := set(codenames) - set(wanted):
        raise ValueError(f"No model of {label} has the permissions {sorted(unknown)}.")
    held = set(group.permissions.filter(content_type__app_label=label))
    group.permissions.remove(*(held - set(wanted.values())))
    group.permissions.add(*(set(wanted.values()) - held))
