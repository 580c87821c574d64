"""Who reads forms and rubrics, and who writes and publishes their versions."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import Rule, permission, staff, staff_or

from ..states import PUBLISHED


def writes(right: str, where: Q) -> Rule:
    """Return the rule: who holds a right, of what ``where`` picks."""
    return lambda user: where & staff(f"seed_projects.{right}")(user)


for name in ["formdefinition", "rubric"]:
    permission(f"seed_projects.view_{name}")(staff(f"seed_projects.view_{name}"))
    permission(f"seed_projects.begin_version_{name}")(
        writes(f"add_{name}", ~Q(versions__published_at=None))
    )

UNPUBLISHED = Q(published_at=None)
OF_DRAFT = Q(version__published_at=None)


@permission("seed_projects.view_formversion")
def view_formversion(user: Any) -> Q:
    """INM reads all; whoever signs in the forms of published calls."""
    asked = Q(published_at__isnull=False, stages__call__state__in=PUBLISHED)
    return staff_or(user, "seed_projects.view_formdefinition", lambda: asked)


permission("seed_projects.view_rubricversion")(staff("seed_projects.view_rubric"))

for action in ["change", "publish", "add_section", "add_question"]:
    permission(f"seed_projects.{action}_formversion")(
        writes("add_formdefinition", UNPUBLISHED)
    )

for action in ["change", "publish"]:
    permission(f"seed_projects.{action}_rubricversion")(
        writes("add_rubric", UNPUBLISHED)
    )

permission("seed_projects.add_criterion_rubricversion")(
    writes("add_rubric", UNPUBLISHED)
)

for part in ["section", "question"]:
    permission(f"seed_projects.view_{part}")(staff("seed_projects.view_formdefinition"))
    for action in ["change", "move", "remove"]:
        permission(f"seed_projects.{action}_{part}")(
            writes("add_formdefinition", OF_DRAFT)
        )

permission("seed_projects.view_criterion")(staff("seed_projects.view_rubric"))
for action in ["change", "move", "remove"]:
    permission(f"seed_projects.{action}_criterion")(writes("add_rubric", OF_DRAFT))
