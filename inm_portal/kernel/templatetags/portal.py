"""What every template of the portal can say."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from inm_portal.kernel import money
from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.once import ACTING_NAME, FIELD

register = template.Library()


@register.filter(name="money")
def money_filter(amount: Decimal | None, currency: str = "USD") -> str:
    """Write an amount for people; nothing for no amount."""
    return "" if amount is None else money.written(amount, currency)


@register.simple_tag
def total(amount: Decimal, currency: str, url: str, lines: str) -> SafeString:
    """Write an amount that opens to its lines on a page; quietly, if it is nothing."""
    tone = "" if amount else " text-secondary"
    href, text = escape(f"{url}#{lines}"), escape(money.written(amount, currency))
    # A list has hundreds of these, and format_html costs as much as all the rest.
    return SafeString(f'<a class="text-nowrap{tone}" href="{href}">{text}</a>')


@register.simple_tag
def page(name: str, key: int) -> str:
    """Return the address of an object, as ``{% url %}`` does, at less cost."""
    return page_of(name, key)


@register.filter(expects_localtime=True)
def on(when: date | None) -> str:
    """Write a date, or the day of a moment, for people, as in Nov 22, 2026."""
    return "" if when is None else f"{when:%b} {when.day}, {when.year}"


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], action: str, obj: Any) -> bool:
    """
    Say whether a button is offered, as in ``{% may "sign" agreement as can_sign %}``.

    The page reads the answer with its object (`with_permissions`); this only
    looks at what was read.
    """
    return bool(getattr(obj, f"may_{action}"))


@register.simple_tag
def form_key() -> SafeString:
    """Return a hidden key, so that a form sent twice is done once."""
    hidden = '<input type="hidden" name="{}" value="{}">'
    return format_html(hidden, FIELD, secrets.token_urlsafe(16))


@register.simple_tag(takes_context=True)
def acting_name(context: dict[str, Any]) -> SafeString | str:
    """
    Return the field that asks who acts by a shared account; nothing for others.

    Each form that changes something holds it.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or not getattr(user, "is_asked_for_name", False):
        return ""
    field = {
        "name": ACTING_NAME,
        "typed": request.POST.get(ACTING_NAME, ""),
        "problem": getattr(request, "name_needed", ""),
    }
    return render_to_string("acting_name.html", field)


@register.simple_tag
def portal_url(name: str, *args: Any) -> str:
    """Return the whole address of a page, as mails need it."""
    return f"{settings.PORTAL_URL}{reverse(name, args=args)}"
