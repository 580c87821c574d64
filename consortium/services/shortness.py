"""Say why a payment may be short of what was asked for."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from inm_portal.kernel import money

from ..models import WriteOffKind

#: How much of a payment is commonly withheld as tax abroad, in percent.
WITHHELD = (Decimal(10), Decimal(15), Decimal(30))


@dataclass(frozen=True)
class Shortness:
    """What a payment may be short by."""

    kind: WriteOffKind
    amount: Decimal
    why: str
    needs_certificate: bool = False


def explain_short(
    asked: Decimal, paid: Decimal, currency: str = "USD"
) -> Shortness | None:
    """Return what a payment is commonly short by, if that fits (case 17)."""
    missing = asked - paid
    facts = {"missing": money.written(missing, currency)}
    if not 0 < missing < asked:
        return None
    if missing <= settings.WRITE_OFF_TOLERANCE:
        why = _("%(missing)s short, as after a bank's fee.") % facts
        return Shortness(WriteOffKind.BANK_CHARGE, missing, why)
    for percent in WITHHELD:
        if missing == money.share(asked, percent):
            facts |= {"percent": f"{percent:f}"}
            why = _(
                "%(missing)s short, %(percent)s percent, as after tax that was "
                "withheld abroad; ask for the certificate."
            )
            return Shortness(
                WriteOffKind.TAX_WITHHELD, missing, why % facts, needs_certificate=True
            )
    return None
