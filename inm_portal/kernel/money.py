"""Money as people read it, and as forms and columns hold it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

CURRENCIES = [("USD", "US dollar")]
SYMBOLS = {"USD": "$"}

CENT = Decimal("0.01")

#: The largest amount that a column of money holds.
MOST = Decimal("999999999999.99")

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class MoneyField(models.DecimalField):
    """An exact amount with two decimals; a third is refused, never rounded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        given: dict[str, Any] = {"form_class": AmountField, "min_value": 0}
        return models.Field.formfield(self, **given | kwargs)


class PercentField(models.DecimalField):
    """A share between nothing and all, exact to a hundredth of a percent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 5)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", PERCENT)
        super().__init__(*args, **kwargs)


class QuantityField(models.DecimalField):
    """How many of something that has a price, exact to a hundredth: 4.5 months."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class AmountField(forms.DecimalField):
    """An amount as people type it: $500,000 is as good as 500000.00."""

    #: What the input stands behind.
    symbol = SYMBOLS["USD"]
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removeprefix("$").replace(",", "")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show an amount as people write it; what was typed stays as it was typed."""
        if isinstance(value, Decimal):
            return f"{value:,.2f}".removesuffix(".00")
        return value


def typed(text: str) -> Decimal | None:
    """Return the amount that a person typed, if it is one above nothing."""
    try:
        amount: Decimal | None = AmountField(min_value=CENT).clean(text)
    except ValidationError:
        return None
    return amount


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """Return so many percent of an amount, to the nearest cent."""
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)


def split(amount: Decimal, parts: int) -> list[Decimal]:
    """Return an amount in equal parts; the first ones take the cents that are left."""
    cents = int(amount / CENT)
    each, left = divmod(cents, parts)
    return [(each + (at < left)) * CENT for at in range(parts)]


def written(amount: Decimal, currency: str = "USD") -> str:
    """
    Return an amount for people: whole dollars without cents, as in $500,000.

    A currency without a symbol is named, as in EUR 500,000.
    """
    figures = f"{abs(amount):,.2f}".removesuffix(".00")
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, f'{currency} ')}{figures}"
