"""Who may call an operation."""

from typing import Any

from django.db.models import Model
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from inm_portal.kernel.permissions import name_for

#: The permission's action, where it is not the viewset action's own name.
ACTIONS = {"retrieve": "view", "update": "change", "partial_update": "change"}


class Permitted(IsAuthenticated):
    """
    Ask for the permission that bears the name of the viewset's action.

    An action about no single object names the one of a group: ``permission``.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if getattr(view, "action", None) == "create":
            return view.may_create(request.user)
        return not getattr(view, "permission", "") or request.user.has_perm(
            view.permission
        )

    def has_object_permission(self, request: Request, view: Any, obj: Model) -> bool:
        action = ACTIONS.get(view.action, view.action)
        return action == "view" or request.user.has_perm(
            name_for(type(obj), action), obj
        )
