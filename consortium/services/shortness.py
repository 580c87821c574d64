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


def asked_by(paid: Decimal) -> list[tuple[Decimal, Decimal]]:
    """Return between which amounts lies what was asked for, if this may pay it."""
    found = [(paid, paid + settings.WRITE_OFF_TOLERANCE)]
    for percent in WITHHELD:
        whole = money.share(paid, 100 * 100 / (100 - percent))
        found.append((whole - money.CENT, whole + money.CENT))
    return found


def explain_short(
    asked: Decimal, paid: Decimal, currency: str = "USD"
) -> Shortness | None:
    """Return what a payment is commonly short by, if that fits (case 17)."""
    missing = asked - paid
    if not 0 < missing < asked:
        return None
    facts = {"missing": money.written(missing, currency)}
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
