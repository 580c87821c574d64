"""Amounts of money, as the API writes and takes them."""

from typing import Any

from rest_framework import serializers


def amount_field(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, **more)


def amount_read() -> serializers.DecimalField:
    return amount_field(read_only=True)
