"""Draft a call, from nothing or from another one, and change it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import FIXED_ONCE_OPEN, Call, IndirectRule, Pillar, Theme
from ..verbs import Verb

#: Whoever names a call waits for whoever does.
CALLS = "seed_projects.calls"
LISTS = ["themes", "pillars"]


class SlugTaken(Refusal):
    code = "slug_taken"
    field = "slug"


class PotTooSmall(Refusal):
    code = "pot_too_small"
    field = "pot"


class YearAboveTotal(Refusal):
    code = "year_above_total"
    field = "year_ceiling"


class RateMissing(Refusal):
    code = "rate_missing"
    field = "indirect_rate"


class NoTheme(Refusal):
    code = "no_theme"
    field = "themes"


class NoCosts(Refusal):
    code = "no_costs"
    field = "cost_categories"


class FixedOnceOpen(Refusal):
    code = "fixed_once_open"


@transaction.atomic
def draft_call(
    *,
    themes: Sequence[Theme],
    pillars: Sequence[Pillar] = (),
    at: datetime,
    by: User | None,
    **told: Any,
) -> Call:
    """
    Begin a call, which nobody outside INM sees before it opens.

    ``told`` are columns of `Call`.

    :raises SlugTaken: if another call has its short name.
    :raises NoTheme: without a theme; and the refusals of `change_call`.
    """
    take_turns(CALLS)
    call = Call(drafted_at=at, **told)
    _require(call, themes)
    call.save()
    call.themes.set(themes)
    call.pillars.set(pillars)
    journal.record(Verb.CALL_DRAFTED, call, by=by)
    return call


@transaction.atomic
def change_call(
    call: Call, *, version: int | None = None, by: User | None, **changes: Any
) -> Call:
    """
    Change what a call says; once it is open, only what nobody relied upon.

    :raises FixedOnceOpen: if what applicants rely on would change.
    :raises SlugTaken: if another call has its short name.
    :raises PotTooSmall: if the pot does not pay one project at the ceiling.
    :raises YearAboveTotal: if a year may cost more than the project.
    :raises RateMissing: unless a rate stands beside the rule that needs one.
    """
    take_turns(CALLS)
    call = Call.objects.locked(call)
    call.require(version)
    lists = {name: list(changes.pop(name)) for name in LISTS if name in changes}
    if not call.is_draft:
        _require_fixed(call, changes)
    before = {name: list(getattr(call, name).all()) for name in lists}
    changed = [name for name in lists if set(before[name]) != set(lists[name])]
    trial = Call(pk=call.pk, **{f: getattr(call, f) for f in COLUMNS} | changes)
    _require(trial, lists.get("themes", ["as before"]))
    for name in changed:
        getattr(call, name).set(lists[name])
    changed += call.edit(version, touched=bool(changed), **changes)
    if changed:
        journal.record(Verb.CALL_CHANGED, call, by=by, fields=sorted(changed))
    return call


#: What is compared before a call is saved.
COLUMNS = [
    *["title", "slug", "summary", "pot", "ceiling", "year_ceiling"],
    *["indirect_rule", "indirect_rate", "cost_categories"],
]


def _require_fixed(call: Call, changes: dict[str, Any]) -> None:
    for name in FIXED_ONCE_OPEN:
        if name in changes and changes[name] != getattr(call, name):
            words = _("This stays as it was when the call opened.")
            raise FixedOnceOpen(words, field=name)


def _require(call: Call, themes: Sequence[Any]) -> None:
    if Call.objects.filter(slug=call.slug).exclude(pk=call.pk).exists():
        raise SlugTaken(_("Another call has this short name."))
    if not themes:
        raise NoTheme(_("Choose at least one theme."))
    if not call.cost_categories:
        raise NoCosts(_("Allow at least one kind of cost."))
    if call.pot is not None and call.pot < call.ceiling:
        raise PotTooSmall(_("The pot does not pay one project at the ceiling."))
    if call.year_ceiling is not None and call.year_ceiling > call.ceiling:
        raise YearAboveTotal(_("A year cannot cost more than the project."))
    if (call.indirect_rule == IndirectRule.FIXED) != (call.indirect_rate is not None):
        raise RateMissing(_("A rate goes with “at a rate of the call”, and only so."))


#: What another call takes over from the one that it is copied from.
COPIED = [
    *["summary", "narrative", "eligibility", "terms", "contact_name"],
    *["contact_email", "zone", "pot", "expected_awards", "ceiling", "year_ceiling"],
    *["months", "cost_categories", "indirect_rule", "indirect_rate", "most_as_pi"],
    *["most_in_all", "blind_mode", "reviews_wanted", "is_previewed", "is_sealed"],
    *["grace_minutes", "rubric_id"],
]


@transaction.atomic
def copy_call(
    call: Call,
    *,
    title: str,
    slug: str,
    shift_days: int,
    at: datetime,
    by: User | None,
) -> Call:
    """
    Draft a call like another one, with every instant so many days later.

    An instant keeps its time of day in the call's zone, across changes of clocks
    too. Stages take the latest published version of their form. Extensions,
    exceptions, questions and problems are not copied.

    :raises SlugTaken: if another call has the short name.
    """
    told = {name: getattr(call, name) for name in COPIED}
    copy = draft_call(
        themes=list(call.themes.all()),
        pillars=list(call.pillars.all()),
        **told | {"title": title, "slug": slug, "copied_from": call},
        at=at,
        by=by,
    )
    for stage in call.stages.select_related("form"):
        versions = stage.form.form.versions.filter(published_at__isnull=False)
        copy.stages.create(
            kind=stage.kind,
            opens_at=shifted(stage.opens_at, shift_days, call),
            closes_at=shifted(stage.closes_at, shift_days, call),
            form=versions.order_by("-number").first() or stage.form,
            is_by_invitation=stage.is_by_invitation,
        )
    for day in call.dates.all():
        moved = shifted(day.at, shift_days, call)
        copy.dates.create(kind=day.kind, at=moved, note=day.note)
    for track in call.tracks.all():
        names = ["name", "description", "ceiling"]
        copy.tracks.create(**{name: getattr(track, name) for name in names})
    for rule in call.rules.all():
        names = ["position", "kind", "statement"]
        copy.rules.create(**{name: getattr(rule, name) for name in names})
    journal.record(Verb.CALL_COPIED, copy, by=by, call=call.pk, days=shift_days)
    return copy


def shifted(instant: datetime, days: int, call: Call) -> datetime:
    """Return the same time of day in the call's zone, so many days later."""
    there = instant.astimezone(call.time_zone).replace(tzinfo=None)
    return (there + timedelta(days=days)).replace(tzinfo=call.time_zone)


def days_of_a_year(first: datetime) -> int:
    """Return how many days lie between an instant and the same weekday a year on."""
    later = first + relativedelta(years=1)
    return round((later - first).days / 7) * 7
