"""Filters that apps share."""

from typing import Any

import django_filters
from django import forms

#: The largest key that a row can have.
LARGEST = 2**63 - 1


class KeyFilter(django_filters.Filter):
    """Rows of one key, a plain whole number; whether such a row exists is not told."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST, **kwargs)
