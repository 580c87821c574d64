"""What templates need to draw icons, fields, plots and pagers."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..once import LOST

register = template.Library()

#: What the outline of an icon looks like; ``.icon`` of the style sheet sizes it.
ICON = (
    '<svg class="icon{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    ' aria-hidden="true">{}</svg>'
)
#: What Django and django-filter write where nothing is chosen.
NO_CHOICE = ("", "---------")
SELECT = '<select name="{}" id="{}" title="{}" class="form-select">{}</select>'
CHOSEN = SafeString(" selected")
ONE_OF_MANY = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """
    Return an icon as inline SVG, hidden from screen readers.

    :raises LookupError: for a name that ``inm_portal.vendoring`` does not copy.
    """
    try:
        shapes = _drawings()[name]
    except KeyError:
        raise LookupError(
            f"No icon {name!r}: add it to ICON_NAMES of inm_portal/vendoring.py"
            " and run `python -m inm_portal.vendoring`."
        ) from None
    return format_html(ICON, f" {extra}" if extra else "", mark_safe(shapes))  # noqa: S308


@register.simple_tag
def badge(text: Any, tone: str = "gray") -> SafeString:
    """Return a word on a tint: a state, a role."""
    return format_html('<span class="badge tint tint-{}">{}</span>', tone, text)


@lru_cache(maxsize=1)
def _drawings() -> dict[str, str]:
    path = finders.find("vendor/icons.json")
    if path is None:
        raise LookupError("No icons yet: run `python -m inm_portal.vendoring`.")
    drawings: dict[str, str] = json.loads(Path(path).read_text("utf-8"))
    return drawings


@register.filter
def kind(field: BoundField) -> str:
    """Return how a field is laid out: ``check``, ``choices`` or ``plain``."""
    widget = field.field.widget
    if isinstance(widget, ONE_OF_MANY):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "plain"


@register.filter
def sign(field: BoundField, told: str = "") -> str:
    """Return what stands before an input: what is told, or the sign of a currency."""
    return told or getattr(field.field, "symbol", "")


@register.filter
def was_sent(field: BoundField) -> bool:
    """
    Say whether a file came with a form that is shown again, and is lost by that.

    It stays lost until another is chosen, however often the form is sent.
    """
    form = field.form
    return field.html_name in form.files or form.data.get(LOST) == field.html_name


@register.simple_tag
def widget(field: BoundField, **attrs: Any) -> SafeString:
    """Return the widget of a field with the class that Bootstrap has for it."""
    if isinstance(field.field.widget, forms.NumberInput):
        _keep_what_is_typed(field.field.widget)
    elif isinstance(field.field.widget, forms.Select):
        _name_no_choice(field)
    given = field.field.widget.attrs.get("class", "")
    names = f"{given} {_widget_class(field)}".split()
    dashed = {name.replace("_", "-"): value for name, value in attrs.items()}
    return field.as_widget(attrs={**dashed, "class": " ".join(names)})


@register.filter
def in_our_words(form: forms.BaseForm) -> forms.BaseForm:
    """Write a package's labels as the portal writes its own, without placeholders."""
    for bound in form:
        label = str(bound.label).capitalize()
        bound.label = re.sub(r"\bemail\b", "e-mail", label).replace("Email", "E-mail")
        bound.field.widget.attrs.pop("placeholder", None)
    return form


@register.filter
def is_key(field: BoundField) -> bool:
    """Say whether a filter holds the key of an object, which nobody types."""
    return isinstance(field.field.widget, forms.NumberInput)


@register.filter
def is_day(field: BoundField) -> bool:
    """Say whether a filter holds a date, which the browser's own picker enters."""
    return isinstance(field.field, forms.DateField)


@register.simple_tag
def filter_widget(field: BoundField, **attrs: Any) -> SafeString:
    """Return the widget of a filter; a select that chooses nothing shows its label."""
    select = field.field.widget
    if is_day(field) and select.input_type != "month":
        select.input_type, select.format = "date", "%Y-%m-%d"
    if isinstance(select, forms.Select):
        return _select(field)
    return widget(field, **attrs)


def _select(field: BoundField) -> SafeString:
    """Return a select in one go: a template for each option would cost the most."""
    chosen = str(field.value() or "")
    nothing = ("", _("Any %(label)s") % {"label": str(field.label).lower()})
    given = [nothing if one == NO_CHOICE else one for one in field.field.widget.choices]
    options = [
        (value, CHOSEN if str(value) == chosen else "", label) for value, label in given
    ]
    return format_html(
        SELECT,
        field.html_name,
        field.id_for_label,
        field.label,
        format_html_join("", '<option value="{}"{}>{}</option>', options),
    )


@register.filter
def choices(field: BoundField) -> list[BoundWidget]:
    """Return the single inputs of a group of radio buttons or check boxes."""
    attrs = {"id": field.auto_id, "class": "form-check-input"}
    if field.errors:
        attrs["class"] += " is-invalid"
    subwidgets = field.field.widget.subwidgets(field.html_name, field.value(), attrs)
    renderer = field.form.renderer
    return [BoundWidget(field.field.widget, data, renderer) for data in subwidgets]


def _name_no_choice(field: BoundField) -> None:
    """Say in words what choosing nothing means."""
    nothing = ("", _("Choose one") if field.field.required else _("None"))
    select = field.field.widget
    select.choices = [nothing if one == NO_CHOICE else one for one in select.choices]


def _keep_what_is_typed(widget: forms.NumberInput) -> None:
    """Make it a text input with a number pad: a number input drops a typing error."""
    widget.input_type = "text"
    widget.attrs.setdefault("inputmode", "decimal")
    for name in ["min", "max", "step"]:
        widget.attrs.pop(name, None)


def _widget_class(field: BoundField) -> str:
    widget = field.field.widget
    name = "form-control"
    if isinstance(widget, forms.Select):
        name = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        name = "form-check-input"
    return f"{name} is-invalid" if field.errors else name


@register.filter(expects_localtime=True)
def moment(when: datetime | None) -> str:
    """Write a moment for people, as in Nov 22, 2026, 12:07 AM."""
    if when is None:
        return ""
    return f"{when:%b} {when.day}, {when.year}, {when.hour % 12 or 12}:{when:%M %p}"


@register.filter
def pages(page: Page[Any]) -> Iterable[int | str]:
    """Return the numbers that a pager shows, with an ellipsis for those left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def plot_rows(data: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Return the table under a plot: each label with its value in every series."""
    series = [one["data"] for one in data["datasets"]]
    return zip(data["labels"], map(list, zip(*series, strict=True)), strict=True)


@register.filter
def initials(name: str) -> str:
    """Return up to two letters for a person or an organization."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
