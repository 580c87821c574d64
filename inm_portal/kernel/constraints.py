"""Shapes of constraints that models share."""

from django.db.models import Q


def iff(left: Q, right: Q) -> Q:
    """Both or neither: for constraints that tie a state to the facts it implies."""
    return (left & right) | (~left & ~right)
