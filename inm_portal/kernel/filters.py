"""Filters that apps share."""

from typing import Any

import django_filters
from django import forms

#: The largest key that a row can have.
LARGEST = 2**63 - 1


def key_of(text: str) -> int | None:
    """Return the key that an address holds, if it is one that a row can have."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 20
    return int(text) if is_number and int(text) <= LARGEST else None


class KeyFilter(django_filters.Filter):
    """Rows of one key, a plain whole number; whether such a row exists is not told."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST, **kwargs)
