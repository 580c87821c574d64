"""Who reads what the bank says, and takes it in."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from inm_portal.kernel.permissions import permission, staff

from ..models import BankImport

for model in ["bankaccount", "bankfile", "bankimport"]:
    permission(f"consortium.view_{model}")(staff(f"consortium.view_{model}"))

permission("consortium.lines_bankfile")(staff("consortium.view_bankfile"))
permission("consortium.change_bankaccount")(staff("consortium.change_bankaccount"))


@permission("consortium.take_in_bankfile")
def take_in_bankfile(user: Any) -> Q:
    """Whoever uploads files, of one that nobody took in."""
    is_taken_in = Exists(BankImport.objects.filter(file=OuterRef("pk")))
    return ~Q(is_taken_in) & staff("consortium.add_bankfile")(user)
