"""Who may do what with companies."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..ties import companies_of


@permission("consortium.view_organization")
def view_organization(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_organization",
        lambda: Q(pk__in=companies_of(user)),
    )


permission("consortium.change_organization")(staff("consortium.change_organization"))
permission("consortium.rename_organization")(staff("consortium.change_organization"))
permission("consortium.add_site_organization")(staff("consortium.add_site"))
permission("consortium.add_contact_organization")(staff("consortium.add_contact"))
permission("consortium.draft_agreement_organization")(staff("consortium.add_agreement"))
