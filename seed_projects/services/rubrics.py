"""Write what proposals are scored by, until a version is published."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import Criterion, Rubric, RubricVersion
from ..verbs import Verb
from .definitions import (
    NothingAsked,
    draft_of,
    next_place,
    published,
    require_no_draft,
    require_title,
    swap,
)

RUBRICS = "seed_projects.rubrics"


class ScaleReversed(Refusal):
    code = "scale_reversed"
    field = "highest"


@transaction.atomic
def add_rubric(*, title: str, at: datetime, by: User | None) -> RubricVersion:
    """
    Begin a rubric; return the draft of its first version.

    :raises TitleTaken: if there is a rubric of this title.
    """
    take_turns(RUBRICS)
    require_title(Rubric, title)
    rubric = Rubric.objects.create(title=title)
    version = rubric.versions.create(number=1, begun_at=at)
    journal.record(Verb.RUBRIC_ADDED, rubric, by=by)
    return version


@transaction.atomic
def begin_rubric_version(
    rubric: Rubric, *, at: datetime, by: User | None
) -> RubricVersion:
    """
    Begin the next version as a copy of the last; its criteria keep their keys.

    :raises DraftThere: if one is begun already.
    """
    rubric = Rubric.objects.locked(rubric)
    require_no_draft(rubric.versions)
    last = rubric.versions.latest("number")
    version = rubric.versions.create(number=last.number + 1, begun_at=at)
    names = [*["key", "position", "title", "guidance", "weight"]]
    names += ["lowest", "highest", "needs_comment"]
    for old in last.criteria.all():
        version.criteria.create(**{name: getattr(old, name) for name in names})
    journal.record(Verb.RUBRIC_VERSION_ADDED, rubric, by=by, number=version.number)
    return version


@transaction.atomic
def add_criterion(version: RubricVersion, *, by: User | None, **told: Any) -> Criterion:
    """
    :raises VersionIsPublished: if the version is out.
    :raises ScaleReversed: unless the highest score is above the lowest.
    """
    version = draft_of(version)
    row = Criterion(version=version, position=next_place(version.criteria), **told)
    _require_scale(row)
    row.save()
    _edited(version, by)
    return row


@transaction.atomic
def change_criterion(
    criterion: Criterion, *, by: User | None, **told: Any
) -> Criterion:
    """
    :raises VersionIsPublished: if the version is out.
    :raises ScaleReversed: unless the highest score is above the lowest.
    """
    version = draft_of(criterion.version)
    for name, value in told.items():
        setattr(criterion, name, value)
    _require_scale(criterion)
    criterion.save()
    _edited(version, by)
    return criterion


@transaction.atomic
def move_criterion(criterion: Criterion, *, up: bool, by: User | None) -> Criterion:
    """Let a criterion change places with its neighbor, if there is one."""
    version = draft_of(criterion.version)
    if swap(criterion, list(version.criteria.all()), up=up):
        _edited(version, by)
    return criterion


@transaction.atomic
def remove_criterion(criterion: Criterion, *, by: User | None) -> RubricVersion:
    """
    :raises VersionIsPublished: if the version is out.
    """
    version = draft_of(criterion.version)
    criterion.delete()
    _edited(version, by)
    return version


@transaction.atomic
def publish_rubric(
    version: RubricVersion, *, at: datetime, by: User | None
) -> RubricVersion:
    """
    Freeze a version; from now on calls can use it.

    :raises NothingAsked: if it has no criterion.
    """
    version = draft_of(version)
    if not version.criteria.exists():
        raise NothingAsked(_("Add a criterion first."))
    published(version, at=at, by=by)
    facts = {"number": version.number}
    journal.record(Verb.RUBRIC_PUBLISHED, version.rubric, by=by, **facts)
    return version


def _require_scale(criterion: Criterion) -> None:
    if criterion.highest <= criterion.lowest:
        raise ScaleReversed(_("The highest score is above the lowest; more is better."))


def _edited(version: RubricVersion, by: User | None) -> None:
    facts = {"number": version.number}
    journal.record(Verb.RUBRIC_EDITED, version.rubric, by=by, **facts)
