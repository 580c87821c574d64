"""Who reads the ledger of receivables; nobody writes to it but by an act of its own."""

from inm_portal.kernel.permissions import permission, staff

permission("consortium.view_ledgerentry")(staff("consortium.view_ledgerentry"))
