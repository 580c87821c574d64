"""Who may read the journal on the pages of objects."""

from inm_portal.kernel.permissions import EVERY_ROLE, permission, staff

#: Everybody with a role at INM; the kernel knows no role by name.
ROLES = {EVERY_ROLE: ["view_journalentry"]}

permission("kernel.view_journalentry")(staff("kernel.view_journalentry"))
