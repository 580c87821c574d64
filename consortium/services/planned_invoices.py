"""What invoices would be drafted of some instalments, before anybody does it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..models import Instalment, Organization, PayerProfile, PurchaseOrder
from .drafting import by_member
from .readiness import Lack, Payables


@dataclass(frozen=True)
class PlannedInvoice:
    """To whom an invoice would go, for what, and what is missing before it can."""

    organization: Organization
    rows: list[Instalment]
    profile: PayerProfile | None
    order: PurchaseOrder | None
    lacks: list[Lack]

    @property
    def currency(self) -> str:
        return self.rows[0].commitment_year.currency

    @property
    def amount(self) -> Decimal:
        return _sum_of(self.rows)


def plan_invoices(
    instalments: Iterable[Instalment], *, on: date
) -> list[PlannedInvoice]:
    """Return an invoice for each member and currency of some instalments."""
    members = by_member(instalments)
    payables = Payables(organization.pk for organization, _rows in members)
    planned = []
    for organization, rows in members:
        key, amount = organization.pk, _sum_of(rows)
        planned.append(
            PlannedInvoice(
                organization,
                rows,
                payables.profiles.get(key),
                payables.order_for(key, amount, on=on),
                payables.lacks_of(key, amount, on=on),
            )
        )
    return planned


def tell_lacks(instalments: Sequence[Instalment], *, on: date) -> None:
    """Tell each of a page of instalments what is missing to invoice it."""
    payables = Payables(row.organization.pk for row in instalments)
    for row in instalments:
        key, asks = row.organization.pk, row.amount > 0
        row.lacks = payables.lacks_of(key, row.amount, on=on) if asks else []
        row.is_ready = asks and not any(lack.blocks for lack in row.lacks)
        row.may_be_drafted = asks and key in payables.profiles


def _sum_of(rows: Iterable[Instalment]) -> Decimal:
    return sum((row.amount for row in rows), Decimal())
