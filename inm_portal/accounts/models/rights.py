"""What a person's groups allow, read together with the person."""

from collections.abc import Mapping, Sequence

from django.db.models import Func, JSONField

#: Names of permissions by the name of a group, as the database tells them.
Told = Mapping[str, Sequence[str]] | None


class Rights(Func):
    """The groups of the person with this key, and the permissions that each holds."""

    arity = 1
    output_field = JSONField()
    template = """(
        SELECT jsonb_object_agg(g.name, ARRAY(
            SELECT t.app_label || '.' || p.codename
            FROM auth_group_permissions r
            JOIN auth_permission p ON p.id = r.permission_id
            JOIN django_content_type t ON t.id = p.content_type_id
            WHERE r.group_id = g.id
        ))
        FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id
        WHERE m.user_id = %(expressions)s
    )"""


def by_role(told: Told) -> dict[str, set[str]]:
    """Return what each role allows, in the order of their names."""
    return {
        role: set(permissions) for role, permissions in sorted((told or {}).items())
    }
