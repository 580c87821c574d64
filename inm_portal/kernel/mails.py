"""
The one way to write a mail: a pair of templates, text and HTML, filled in.

``<kind>.txt`` begins with a line ``Subject: …``; ``<kind>.html`` extends
``mail/base.html``. A field that is missing or empty refuses the whole mail,
and so do links that the two do not share. What people typed is inert: no
line of a header, no markup, no address that a program makes a link of.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.db.models import Model
from django.template import Context, Engine, Template
from django.template.base import VariableNode
from django.template.loaders import filesystem
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from . import outbox
from .models import Letter, Message

FOLDER = settings.BASE_DIR / "templates"
SUBJECT = "Subject: "
ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s<>\"]*", re.I)
HREF = re.compile(r'\bhref="([^"]*)"')


class EmptyField(ValueError):
    """A field of a mail has nothing to say."""


class LinksDiffer(ValueError):
    """One form of a mail leads where the other does not."""


def write(
    kind: str,
    *,
    to: Any,
    slot: str,
    at: datetime,
    context: Mapping[str, Any],
    about: Model | None = None,
    expires_at: datetime | None = None,
    once: bool = False,
    asked: bool = False,
    opens_something: bool = False,
) -> Message:
    """
    Queue the mail that the templates of ``kind`` make, in the caller's transaction.

    ``to`` is a person or an address; templates know it as ``to``. What the
    rest means, `outbox.queue` says.

    :raises EmptyField: if a field that the templates name is missing or empty.
    :raises LinksDiffer: if text and HTML do not hold the same links.
    """
    return outbox.queue(
        render(kind, {"to": to, **context}),
        kind=kind,
        to=to,
        slot=slot,
        at=at,
        about=about,
        expires_at=expires_at,
        once=once,
        asked=asked,
        opens_something=opens_something,
    )


def render(kind: str, context: Mapping[str, Any]) -> Letter:
    """Return what the templates of ``kind`` say with ``context``."""
    return fill(_pair(kind), context)


@cache
def kinds() -> list[str]:
    """Return every kind of mail that there are templates for."""
    files = (
        path for path in FOLDER.rglob("*.txt") if path.with_suffix(".html").exists()
    )
    return sorted(
        str(path.relative_to(FOLDER).with_suffix(""))
        for path in files
        if path.read_text("utf-8").startswith(SUBJECT)
    )


@dataclass(frozen=True)
class Pair:
    """The templates of one kind of mail, and the frame of its text."""

    subject: Template
    text: Template
    frame: Template
    html: Template


def fill(pair: Pair, context: Mapping[str, Any]) -> Letter:
    """Return what a pair of templates says, its style in its tags."""
    subject = " ".join(_plain(pair.subject, context).split())
    fields = {**context, "subject": subject}
    body = SafeString(_plain(pair.text, fields).strip())
    text = re.sub(r"\n{3,}", "\n\n", _plain(pair.frame, {"body": body}))
    markup = _inliner().inline(pair.html.render(Context(fields)))
    if differing := _links(text) ^ _hrefs(markup):
        # How many: a link may open something, and errors are logged.
        raise LinksDiffer(f"{len(differing)} links stand in one form only.")
    return Letter(subject[:500], text, markup)


def pair_of(text: str, markup: str) -> Pair:
    """
    Return the pair that two sources make; the first begins with the subject.

    :raises EmptyField: if it does not.
    """
    subject, _line, body = text.partition("\n")
    if not subject.startswith(SUBJECT):
        raise EmptyField(f"The text does not begin with {SUBJECT!r}.")
    subject = subject.removeprefix(SUBJECT)
    made = [_filled(_engine().from_string(part)) for part in (subject, body, markup)]
    return Pair(made[0], made[1], _engine().get_template("mail/base.txt"), made[2])


@cache
def _pair(kind: str) -> Pair:
    read = [_engine().get_template(f"{kind}.{form}").source for form in ("txt", "html")]
    return pair_of(*read)


@cache
def _engine() -> Engine:
    """Return the templates again, as they are for mails: strict about every field."""
    return Engine(
        loaders=[
            (
                "django.template.loaders.cached.Loader",
                [("inm_portal.kernel.mails.Loader", [FOLDER])],
            )
        ],
        builtins=[
            "inm_portal.kernel.templatetags.portal",
            "inm_portal.kernel.templatetags.ui",
        ],
        string_if_invalid=Missing("%s"),
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        extra_css=(FOLDER / "mail" / "style.css").read_text("utf-8"),
        load_remote_stylesheets=False,
        keep_at_rules=True,  # dark mode cannot stand in a tag
    )


class Missing(str):
    """What a field that does not exist is replaced by: a refusal."""

    def __mod__(self, name: Any) -> str:
        raise EmptyField(f"There is no {name}.")


class Filled:
    """An expression that must have something to say, and says nothing active."""

    def __init__(self, expression: Any) -> None:
        self.expression = expression

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        value = self.expression.resolve(context, ignore_failures)
        if value is None or not str(value).strip():
            raise EmptyField(f"{self.expression.token} is empty.")
        if isinstance(value, Model | Promise):
            value = str(value)
        is_typed = isinstance(value, str) and not isinstance(value, SafeString)
        return ADDRESS.sub(_inert, value) if is_typed else value


def _inert(match: re.Match[str]) -> str:
    """Take the life out of an address that is not the portal's."""
    address = match[0]
    return address if _is_ours(address) else address.replace("://", ": //")


def _is_ours(address: str) -> bool:
    try:
        return urlsplit(address)[:2] == urlsplit(settings.PORTAL_URL)[:2]
    except ValueError:
        return False


class Loader(filesystem.Loader):
    """Loads templates in which every field must be filled."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        return _filled(super().get_template(template_name, skip))


def _filled(template: Template) -> Template:
    nodes: Any = template.nodelist.get_nodes_by_type(VariableNode)
    for node in nodes:
        node.filter_expression = Filled(node.filter_expression)
    return template


def _plain(template: Template, context: Mapping[str, Any]) -> str:
    """Render text, in which no sign stands for another."""
    return template.render(Context(context, autoescape=False))


def _links(text: str) -> set[str]:
    return {link.rstrip(".,;:)") for link in ADDRESS.findall(text)}


def _hrefs(markup: str) -> set[str]:
    return {html.unescape(href) for href in HREF.findall(markup)}
