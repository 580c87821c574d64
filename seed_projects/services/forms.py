"""Write the forms of calls: sections and questions, until a version is published."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import (
    OPTIONED,
    WORDED,
    FormDefinition,
    FormVersion,
    Question,
    QuestionKind,
    Section,
)
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

FORMS = "seed_projects.forms"


class OptionsMissing(Refusal):
    code = "options_missing"
    field = "options"


class NotSuchAnAnswer(Refusal):
    code = "not_such_an_answer"
    field = "asked_if_is"


class AskedLater(Refusal):
    code = "asked_later"
    field = "asked_if"


class OthersDepend(Refusal):
    code = "others_depend"


@transaction.atomic
def add_form(*, title: str, at: datetime, by: User | None) -> FormVersion:
    """
    Begin a form; return the draft of its first version.

    :raises TitleTaken: if there is a form of this title.
    """
    take_turns(FORMS)
    require_title(FormDefinition, title)
    form = FormDefinition.objects.create(title=title)
    version = form.versions.create(number=1, begun_at=at)
    journal.record(Verb.FORM_ADDED, form, by=by)
    return version


@transaction.atomic
def begin_form_version(
    form: FormDefinition, *, at: datetime, by: User | None
) -> FormVersion:
    """
    Begin the next version as a copy of the last; its questions keep their keys.

    :raises DraftThere: if one is begun already.
    """
    form = FormDefinition.objects.locked(form)
    require_no_draft(form.versions)
    last = form.versions.latest("number")
    version = form.versions.create(number=last.number + 1, begun_at=at)
    _copy(last, version)
    journal.record(Verb.FORM_VERSION_ADDED, form, by=by, number=version.number)
    return version


#: What a copied question keeps.
KEPT = [
    *["key", "position", "kind", "label", "help_text", "is_required", "is_public"],
    *["word_limit", "page_limit", "is_many", "options", "asked_if_is"],
]


def _copy(last: FormVersion, version: FormVersion) -> None:
    sections: dict[int, Section] = {}
    questions: dict[int | None, Question] = {}
    for old in last.sections.all():
        names = ["key", "position", "title", "help_text"]
        told = {name: getattr(old, name) for name in names}
        sections[old.pk] = version.sections.create(**told)
    left = list(last.questions.in_order())
    while left:  # what a question depends on comes first
        old = next(
            q for q in left if q.asked_if_id is None or q.asked_if_id in questions
        )
        left.remove(old)
        questions[old.pk] = version.questions.create(
            section=sections[old.section_id],
            asked_if=questions.get(old.asked_if_id),
            **{name: getattr(old, name) for name in KEPT},
        )


@transaction.atomic
def add_section(
    version: FormVersion, *, title: str, help_text: str = "", by: User | None
) -> Section:
    """
    :raises VersionIsPublished: if the version is out.
    """
    version = draft_of(version)
    place = next_place(version.sections)
    row = version.sections.create(title=title, help_text=help_text, position=place)
    _edited(version, by)
    return row


@transaction.atomic
def change_section(
    section: Section, *, title: str, help_text: str = "", by: User | None
) -> Section:
    """
    :raises VersionIsPublished: if the version is out.
    """
    version = draft_of(section.version)
    section.title, section.help_text = title, help_text
    section.save(update_fields=["title", "help_text"])
    _edited(version, by)
    return section


@transaction.atomic
def move_section(section: Section, *, up: bool, by: User | None) -> Section:
    """
    Let a section change places with the one above or below, if there is one.

    :raises AskedLater: if a question would come before the one it depends on.
    """
    version = draft_of(section.version)
    if swap(section, list(version.sections.all()), up=up):
        _require_order(version)
        _edited(version, by)
    return section


@transaction.atomic
def remove_section(section: Section, *, by: User | None) -> FormVersion:
    """
    Take a section out, with its questions.

    :raises OthersDepend: if a question elsewhere is asked because of one of them.
    """
    version = draft_of(section.version)
    asks = Question.objects.filter(asked_if__section=section)
    if other := asks.exclude(section=section).first():
        raise _depends(other)
    section.questions.filter(asked_if__isnull=False).delete()
    section.delete()
    _edited(version, by)
    return version


@transaction.atomic
def add_question(section: Section, *, by: User | None, **told: Any) -> Question:
    """
    Ask something at the end of a section; ``told`` are columns of `Question`.

    :raises VersionIsPublished: if the version is out.
    :raises OptionsMissing: if there is nothing to choose from.
    :raises NotSuchAnAnswer: if what it depends on cannot be answered so.
    :raises AskedLater: if what it depends on is asked after it.
    """
    version = draft_of(section.version)
    place = next_place(section.questions)
    row = Question(version=version, section=section, position=place, **_fitting(told))
    _require_condition(row)
    row.save()
    _require_order(version)
    _edited(version, by)
    return row


@transaction.atomic
def change_question(question: Question, *, by: User | None, **told: Any) -> Question:
    """
    Change a question of a draft; another section puts it at that section's end.

    :raises OthersDepend: if others are asked because of an answer that would go.
    And the refusals of `add_question`.
    """
    version = draft_of(question.version)
    section = told.get("section", question.section)
    if section != question.section:
        told["position"] = next_place(section.questions)
    for name, value in _fitting(told).items():
        setattr(question, name, value)
    _require_condition(question)
    for other in question.asks.all():
        if other.asked_if_is not in _answers(question):
            raise _depends(other)
    question.save()
    _require_order(version)
    _edited(version, by)
    return question


@transaction.atomic
def move_question(question: Question, *, up: bool, by: User | None) -> Question:
    """
    Let a question change places with its neighbor in the section, if there is one.

    :raises AskedLater: if it would come before what it depends on.
    """
    version = draft_of(question.version)
    if swap(question, list(question.section.questions.all()), up=up):
        _require_order(version)
        _edited(version, by)
    return question


@transaction.atomic
def remove_question(question: Question, *, by: User | None) -> FormVersion:
    """
    :raises OthersDepend: if another question is asked because of it.
    """
    version = draft_of(question.version)
    if other := question.asks.first():
        raise _depends(other)
    question.delete()
    _edited(version, by)
    return version


@transaction.atomic
def publish_form(version: FormVersion, *, at: datetime, by: User | None) -> FormVersion:
    """
    Freeze a version; from now on calls can use it.

    :raises NothingAsked: if it has no question, or a section without one.
    """
    version = draft_of(version)
    empty = version.sections.filter(questions=None).first()
    if empty is not None:
        words = _("Ask something in “%(title)s”, or take the section out.")
        raise NothingAsked(words % {"title": empty.title})
    if not version.questions.exists():
        raise NothingAsked(_("Ask something first."))
    published(version, at=at, by=by)
    facts = {"number": version.number}
    journal.record(Verb.FORM_PUBLISHED, version.form, by=by, **facts)
    return version


def _edited(version: FormVersion, by: User | None) -> None:
    facts = {"number": version.number}
    journal.record(Verb.FORM_EDITED, version.form, by=by, **facts)


def _fitting(told: dict[str, Any]) -> dict[str, Any]:
    """Return what was told of a question without what its kind has no use for."""
    kind = told["kind"]
    given = dict(told)
    if kind not in WORDED:
        given["word_limit"] = None
    if kind != QuestionKind.FILE:
        given["page_limit"] = None
    if kind != QuestionKind.CHOICE:
        given["is_many"] = False
    if kind not in OPTIONED:
        given["options"] = []
    elif not given.get("options"):
        raise OptionsMissing(_("Write at least one, each on a line of its own."))
    if given.get("asked_if") is None:
        given["asked_if_is"] = ""
    return given


def _answers(question: Question) -> list[str]:
    return question.options if question.kind == QuestionKind.CHOICE else []


def _require_condition(question: Question) -> None:
    asked_if = question.asked_if
    if asked_if is None:
        return
    if asked_if == question or asked_if.version_id != question.version_id:
        raise AskedLater(_("Choose another question of this form."))
    if question.asked_if_is not in _answers(asked_if):
        words = _("Write one of its choices: %(choices)s.")
        choices = ", ".join(_answers(asked_if)) or _("it offers none")
        raise NotSuchAnAnswer(words % {"choices": choices})


def _require_order(version: FormVersion) -> None:
    """
    :raises AskedLater: if a question comes before the one it depends on.
    """
    seen: set[int] = set()
    for question in version.questions.in_order():
        if question.asked_if_id is not None and question.asked_if_id not in seen:
            words = _("“%(label)s” would come before the question it depends on.")
            raise AskedLater(words % {"label": question.label})
        seen.add(question.pk)


def _depends(other: Question) -> OthersDepend:
    words = _("“%(label)s” is asked because of it; change that first.")
    return OthersDepend(words % {"label": other.label})
