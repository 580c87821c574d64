"""Who may read the journal on the pages of objects."""

from inm_portal.kernel.permissions import permission, staff

ROLES = {
    role: ["view_journalentry"]
    for role in ["director", "program staff", "finance", "admin", "auditor"]
}

permission("kernel.view_journalentry")(staff("kernel.view_journalentry"))
