"""Rules of reminders, as data in code: of what, when, to whom, in which words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.kernel.models import ReminderDelivery

#: How many of one rule go out in an hour before a person is asked.
MOST_PER_HOUR = 100

#: Days after which a mail is not sent any more.
LATEST = 14


@dataclass(frozen=True)
class Rung:
    """
    One step of a ladder: so many days after the date, before it if negative.

    ``audience`` names whom the rule is to ask; a second audience on the same day is
    a rung of its own. The last rungs become tasks for people. ``label`` is what pages
    call it, where that is not its key. ``copied`` names who gets a copy of the mail.
    One that ``stands_alone`` takes the place of no other, and no other takes its own.

    A ladder that changes has the rung more than once: each holds for what falls on a
    day from ``since`` up to but not on ``until``, as ``version`` of the ladder says
    (`PLAIN` if none), and may be said in a ``wording`` of its own.
    """

    key: str
    days: int
    audience: str
    label: Any = ""
    in_business_days: bool = False
    is_task: bool = False
    copied: tuple[str, ...] = ()
    stands_alone: bool = False
    since: date | None = None
    until: date | None = None
    version: int | None = None
    wording: str = ""

    def __str__(self) -> str:
        return str(self.label or self.key)

    def counts_on(self, day: date) -> bool:
        """Say whether it is a rung of what falls on a day."""
        has_begun = self.since is None or self.since <= day
        return has_begun and (self.until is None or day < self.until)

    @property
    def when(self) -> str:
        """Return in words on which day it falls."""
        if not self.days:
            return _("on the day")
        count = abs(self.days)
        if self.in_business_days:
            span = ngettext("%(count)s business day", "%(count)s business days", count)
        else:
            span = ngettext("%(count)s day", "%(count)s days", count)
        words = _("%(span)s before") if self.days < 0 else _("%(span)s after")
        return words % {"span": span % {"count": count}}


@dataclass(frozen=True)
class Item:
    """What one reminder says: what to do, why you, by when, and where, if anywhere."""

    what: str
    why: str
    by_on: date
    url: str = ""


class Candidates(Protocol):
    """
    Return the objects that an audience is reminded of, as things stand on a day.

    Each row is annotated with `ANNOTATED`; an empty address is nobody. Whether a
    reminder still holds is asked of the same rows.
    """

    def __call__(self, audience: str, *, on: date) -> QuerySet[Any]: ...


#: What `Candidates` annotate: the date, the company, and who is asked.
ANNOTATED = ("anchor_on", "organization_key", "person_key", "address")

#: What they may annotate beside: the addresses of those who are ``copied``, by name
#: (JSON); the variant of the ladder; the country whose holidays count.
OPTIONAL = ("copied", "variant_key", "country")


class AtOnce(Protocol):
    """
    Return the objects of all audiences in one read, as things stand on a day.

    In the place of ``person_key`` and ``address`` each is annotated with ``asked``: by
    audience, the ``person`` and the ``address`` (JSON); nothing for an audience that
    is not reminded of it.
    """

    def __call__(self, *, on: date) -> QuerySet[Any]: ...


#: The ladder of an object that names no variant.
PLAIN = 0


def no_variants(*, on: date) -> Mapping[int, Sequence[Rung]]:
    """Return no ladder beside the plain one."""
    return {}


def nothing_stops(_keys: Sequence[int], *, on: date) -> Mapping[int, str]:
    """Return no words: nothing is known of what keeps objects from being asked of."""
    return {}


def nothing_more(_delivery: ReminderDelivery, _subject: Any, _task: Any) -> None:
    """Do nothing beside a task that opens."""


@dataclass(frozen=True)
class Rule:
    """
    A ladder of reminders about objects of one model.

    ``variants`` are the ladders of a day, of the same rungs, by the key that candidates
    name; `PLAIN` among them takes the place of ``rungs``, of which it has only some.
    ``countries`` are those whose holidays count. Mails of a rule that is ``once``
    never arrive twice; one that ``stops_whole`` sends nothing of what exceeds its
    share. ``at_once`` is for a rule whose audiences share what is dear to read: it
    tells the same as ``candidates`` of all of them. ``stops`` says in words what keeps
    objects from being reminded of today; ``opened`` does what else is due as the task
    of a rung opens.
    """

    name: str
    title: Any
    sentence: Any
    subjects: Callable[[], QuerySet[Any]]
    candidates: Candidates
    rungs: Sequence[Rung]
    describe: Callable[[ReminderDelivery, Any], Item]
    matching: Callable[[str], QuerySet[Any]]
    at_once: AtOnce | None = None
    most_per_hour: int = MOST_PER_HOUR
    latest: int = LATEST
    variants: Callable[..., Mapping[int, Sequence[Rung]]] = no_variants
    countries: Callable[[], Sequence[str]] = tuple
    once: bool = False
    stops_whole: bool = False
    stops: Callable[..., Mapping[int, str]] = nothing_stops
    opened: Callable[[ReminderDelivery, Any, Any], None] = nothing_more

    def __post_init__(self) -> None:
        keys = [rung.key for rung in self.rungs]
        if not keys or len(set(keys)) < len(keys):
            raise ImproperlyConfigured(f"{self.name} needs rungs with keys of its own.")

    def __str__(self) -> str:
        return str(self.title)

    @property
    def subject_type(self) -> str:
        return self.subjects().model._meta.label_lower

    @property
    def audiences(self) -> Mapping[str, Sequence[Rung]]:
        """Return the rungs of each audience."""
        return {
            rung.audience: [one for one in self.rungs if one.audience == rung.audience]
            for rung in self.rungs
        }

    @property
    def task_rungs(self) -> Sequence[str]:
        return [rung.key for rung in self.rungs if rung.is_task]

    @property
    def alone(self) -> Sequence[str]:
        """Return the rungs that stand alone."""
        return [rung.key for rung in self.rungs if rung.stands_alone]

    def ladders(self, *, on: date) -> Mapping[int, Sequence[Rung]]:
        """Return the rungs of each variant, and of the plain ladder, as of a day."""
        return {PLAIN: self.rungs, **self.variants(on=on)}

    def plain(self, *, on: date) -> Sequence[Rung]:
        """Return the plain ladder by which what falls on a day is reminded of."""
        return [rung for rung in self.ladders(on=on)[PLAIN] if rung.counts_on(on)]

    def kind_of_task(self, key: str) -> str:
        """Return the kind of the task that a rung becomes; each has its own."""
        return self.name if len(self.task_rungs) == 1 else f"{self.name}.{key}"

    def rung(self, key: str) -> Rung | None:
        """Return the rung of that key, if the rule still has it."""
        return next((rung for rung in self.rungs if rung.key == key), None)


_rules: dict[str, Rule] = {}


def declare(rule: Rule) -> Rule:
    """Add a rule to what the sweep plans."""
    if rule.name in _rules:
        raise ImproperlyConfigured(f"Two rules of reminders are called {rule.name!r}.")
    _rules[rule.name] = rule
    return rule


def forget(rule: Rule) -> None:
    """Take a rule out again; what it planned is cancelled by the next sweep."""
    del _rules[rule.name]


def rules() -> Sequence[Rule]:
    """Return all rules, by name."""
    return [_rules[name] for name in sorted(_rules)]


def rule_named(name: str) -> Rule | None:
    """Return the rule of that name, if it is still there."""
    return _rules.get(name)
