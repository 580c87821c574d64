"""What every template of the portal can say."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from inm_portal.kernel import money

register = template.Library()


@register.filter(name="money")
def money_filter(amount: Decimal | None, currency: str = "USD") -> str:
    """Write an amount for people; nothing for no amount."""
    return "" if amount is None else money.written(amount, currency)


@register.filter
def on(when: date | None) -> str:
    """Write a date for people, as in Nov 22, 2026."""
    return "" if when is None else f"{when:%b} {when.day}, {when.year}"


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], action: str, obj: Any) -> bool:
    """
    Say whether a button is offered, as in ``{% may "sign" agreement as can_sign %}``.

    The page reads the answer with its object (`with_permissions`); this only
    looks at what was read.
    """
    return bool(getattr(obj, f"may_{action}"))
