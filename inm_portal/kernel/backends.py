"""Ask a permission about one object, in Django's own way."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from .permissions import has_rule, rows_for


class PolicyBackend(BaseBackend):
    """Answer ``user.has_perm(name, obj)`` from the registered rules."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        if obj is None or not has_rule(perm):
            return False
        rows = type(obj)._base_manager.filter(rows_for(user_obj, perm))
        return rows.filter(pk=obj.pk).exists()
