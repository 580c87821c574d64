"""
Permissions, written once as ``user -> Q`` and asked everywhere.

A rule answers "on which rows may this person do it?". The filtered list, the
yes or no about one object (`backends`, hence ``user.has_perm``) and the
flags on the rows of a page all come from that one answer.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, Q

Rule: TypeAlias = Callable[[Any], Q]

#: The key under which an app's ``ROLES`` names what all roles may do.
EVERY_ROLE = "*"

ANYONE = ~Q(pk__in=[])
NOBODY = Q(pk__in=[])

_rules: dict[str, Rule] = {}


def staff_or(user: Any, name: str, own: Callable[[], Q]) -> Q:
    """Return everywhere for those whose group holds ``name``, else what is ``own``."""
    return ANYONE if user.has_perm(name) else own()


def permission(name: str) -> Callable[[Rule], Rule]:
    """Register the decorated ``user -> Q`` function as the rule for ``name``."""

    def register(rule: Rule) -> Rule:
        if name in _rules:
            raise ImproperlyConfigured(f"Two rules are declared for {name!r}.")
        _rules[name] = rule
        return rule

    return register


def rows_for(user: Any, name: str) -> Q:
    """
    Return the condition that picks the rows on which ``user`` holds ``name``.

    Visitors and leavers are refused before the rule is asked: to a rule,
    ``Q(people=None)`` would mean "has no people". Somebody who acts for
    ``user`` holds what was handed on, and nothing else of theirs; their
    ``viewer``, who sees the portal as they do, what both may.

    :raises ImproperlyConfigured: if no rule of that name exists.
    """
    try:
        rule = _rules[name]
    except KeyError:
        raise ImproperlyConfigured(f"No rule is declared for {name!r}.") from None
    if not (user.is_authenticated and user.is_active and is_handed_on(user, name)):
        return NOBODY
    viewer = getattr(user, "viewer", None)
    rows = rule(user) if viewer is None else rule(user) & rows_for(viewer, name)
    return NOBODY if _is_nowhere(rows) else rows


def _is_nowhere(rows: Q) -> bool:
    """Say whether one of several conditions holds nowhere, so that all do not."""
    is_all = rows.connector == Q.AND and not rows.negated
    return is_all and NOBODY.children[0] in rows.children


def is_handed_on(user: Any, name: str) -> bool:
    """Say whether a permission reaches who acts for ``user``; all, if it is them."""
    handed_on = getattr(user, "handed_on", None)
    return handed_on is None or name in handed_on


def has_rule(name: str) -> bool:
    """Say whether a rule of that name exists."""
    return name in _rules


def rule_names() -> frozenset[str]:
    """Return the full names of all permissions that have a rule."""
    return frozenset(_rules)


def name_for(model: type[Model], action: str) -> str:
    """Return the permission's full name, as in ``consortium.view_agreement``."""
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def flags_for(user: Any, model: type[Model], *actions: str) -> dict[str, Q]:
    """Return the rule of each flag, as in ``may_sign``."""
    names = {f"may_{action}": name_for(model, action) for action in actions}
    return {flag: rows_for(user, name) for flag, name in names.items()}


def page_for(user: Any, thing: Any) -> str:
    """Return the page of something for those whose group sees all of its kind."""
    is_led = hasattr(thing, "get_absolute_url")
    is_led = is_led and user.has_perm(name_for(type(thing), "view"))
    return str(thing.get_absolute_url()) if is_led else ""


def staff(name: str) -> Rule:
    """Return a rule: everywhere for those whose group holds ``name``, else nowhere."""
    return lambda user: ANYONE if user.has_perm(name) else NOBODY
