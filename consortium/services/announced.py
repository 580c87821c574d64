"""Say which announced payment money may be, so that it pays what it was sent for."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from ..models import Receipt, RemittanceAdvice
from ..models.remittances import EARLY, LATE
from .shortness import explain_short

#: Shorter references stand in the words of many payments.
SHORTEST = 6


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return letters and digits alone: banks drop and add what stands between."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def told_by_bank(receipt: Receipt) -> str:
    """Return what the line of the bank says beside the payer, without all but text."""
    told = [receipt.bank_reference, receipt.note, receipt.external_id]
    return plain(" ".join(told))


def that_fit(
    advices: Iterable[RemittanceAdvice],
    receipt: Receipt,
    amount: Decimal,
    *,
    share: int | None,
) -> list[RemittanceAdvice]:
    """
    Return which announced payments money may be, by its day and its sum or reference.

    ``share`` is the money's own: what arrived with another is not announced twice.
    """
    on, told = receipt.received_on, told_by_bank(receipt)
    return [
        advice
        for advice in advices
        if advice.currency == receipt.currency
        and advice.arrived_by in (None, share)
        and advice.paid_on - EARLY <= on <= advice.paid_on + LATE
        and (_names(told, amount, advice) or _is_amount(receipt, amount, advice))
    ]


def _names(told: str, amount: Decimal, advice: RemittanceAdvice) -> bool:
    """Say whether a reference is told that is no mere word, of as much or more."""
    reference = plain(advice.reference)
    is_one = len(reference) >= SHORTEST and advice.amount >= amount
    return is_one and reference in told


def _is_amount(receipt: Receipt, amount: Decimal, advice: RemittanceAdvice) -> bool:
    """Say whether the sum is the one announced, or commonly short of it."""
    is_same = advice.amount in (amount, receipt.amount)
    return is_same or explain_short(advice.amount, amount) is not None
