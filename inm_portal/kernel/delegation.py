"""
What people can let others do in their place, and who may stand in for whom.

Each app registers its scopes: sets of permissions that somebody can hand on.
Votes, signatures, money, the safety of an account and delegation itself are in
none of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Q

Companions: TypeAlias = Callable[[Any], Q]


@dataclass(frozen=True)
class Scope:
    """Something that can be done in somebody's place."""

    key: str
    title: Any
    permissions: frozenset[str]


_scopes: dict[str, Scope] = {}
_companions: list[Companions] = []


def register(*scopes: Scope) -> None:
    """Add what can be handed on."""
    for scope in scopes:
        if scope.key in _scopes:
            raise ValueError(f"Two scopes are called {scope.key!r}.")
        _scopes[scope.key] = scope


def scopes() -> list[Scope]:
    """Return everything that can be handed on."""
    return list(_scopes.values())


def titles_of(keys: Iterable[str]) -> list[str]:
    """Return the words of scopes, those that are known."""
    return [str(_scopes[key].title) for key in keys if key in _scopes]


def permissions_of(keys: Iterable[str]) -> frozenset[str]:
    """Return the permissions of scopes; one that is known no more has none."""
    known = (_scopes[key].permissions for key in keys if key in _scopes)
    return frozenset().union(*known)


def companions(rule: Companions) -> Companions:
    """Register a ``user -> Q`` over people: who may stand in for somebody."""
    _companions.append(rule)
    return rule


def companions_of(user: Any) -> Q:
    """Return the condition that picks the people who may stand in for ``user``."""
    found = Q(pk__in=[])
    for rule in _companions:
        found |= rule(user)
    return found & Q(is_active=True) & ~Q(pk=user.pk)
