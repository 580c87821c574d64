"""Columns of lists, compiled once a day and not for each page."""

from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, JSONField, OuterRef, Value

from inm_portal.kernel.querysets import compiled

from ..models import Contact, Organization, RoleAssignment
from .serializers import RoleAssignmentSerializer


@lru_cache(maxsize=2)
def membership(on: date) -> dict[str, Any]:
    """Return ``status`` and ``member_since`` of an organization."""
    rows = Organization.objects.with_membership(on=on)
    return {name: compiled(rows, name) for name in ("status", "member_since")}


@lru_cache(maxsize=2)
def roles(on: date) -> dict[str, Any]:
    """Return ``current_roles`` of a contact as JSON."""
    held = RoleAssignment.objects.held(on=on).filter(contact=OuterRef("pk"))
    fields = RoleAssignmentSerializer.Meta.fields
    pairs = chain.from_iterable((Value(name), F(name)) for name in fields)
    told = Func(*pairs, function="jsonb_build_object", output_field=JSONField())
    told_by = ArraySubquery(held.order_by("role").values(told=told))
    rows = Contact.objects.annotate(told=told_by)
    return {"current_roles": compiled(rows, "told")}
