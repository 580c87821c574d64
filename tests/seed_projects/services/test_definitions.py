"""Forms and rubrics: written, put in order, published, and then never changed."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from inm_portal.kernel.models import JournalEntry
from seed_projects import services
from seed_projects.models import Criterion, FormVersion, Question
from seed_projects.services.definitions import (
    DraftThere,
    NothingAsked,
    TitleTaken,
    VersionIsPublished,
)
from seed_projects.services.forms import (
    AskedLater,
    NotSuchAnAnswer,
    OptionsMissing,
    OthersDepend,
)
from seed_projects.services.rubrics import ScaleReversed
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories.calls import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db) -> FormVersion:
    return make.form(is_published=False)


def labels(version: FormVersion) -> list[str]:
    return [question.label for question in version.questions.in_order()]


def choice(version: FormVersion, **told) -> Question:
    given = {"kind": "choice", "label": "Partner?", "options": ["Yes", "No"]}
    section = version.sections.first()
    return services.add_question(section, **given | told, by=None)


def test_two_forms_have_two_titles(draft):
    with pytest.raises(TitleTaken):
        services.add_form(title="seed PROPOSAL", at=NOON, by=None)


def test_questions_change_places(draft):
    first, last = draft.questions.in_order()

    services.move_question(last, up=True, by=None)
    assert labels(draft) == ["Abstract", "Title"]
    services.move_question(Question.objects.get(pk=last.pk), up=True, by=None)

    assert labels(draft) == ["Abstract", "Title"]
    assert first.section_id == last.section_id


def test_a_question_depends_on_an_earlier_choice(draft):
    asked_if = choice(draft)
    section = draft.sections.get()
    told = {"kind": "text", "label": "Which?", "asked_if": asked_if, "by": None}

    with pytest.raises(NotSuchAnAnswer):
        services.add_question(section, asked_if_is="Perhaps", **told)
    row = services.add_question(section, asked_if_is="Yes", **told)
    with pytest.raises(AskedLater):
        services.move_question(row, up=True, by=None)
    with pytest.raises(OthersDepend):
        services.remove_question(asked_if, by=None)
    with pytest.raises(OthersDepend):
        services.change_question(
            asked_if, kind="choice", label="Partner?", options=["No"], by=None
        )


@pytest.mark.parametrize("kind", ["choice", "table"])
def test_what_offers_options_has_some(draft, kind):
    with pytest.raises(OptionsMissing):
        choice(draft, kind=kind, options=[])


def test_limits_stay_with_the_kinds_that_have_them(draft):
    row = choice(draft, kind="number", word_limit=5, page_limit=2)

    assert (row.word_limit, row.page_limit, row.options) == (None, None, [])


def test_what_is_published_asks_something(draft):
    services.add_section(draft, title="Budget", by=None)

    with pytest.raises(NothingAsked, match="Budget"):
        services.publish_form(draft, at=NOON, by=None)


def test_nothing_changes_once_it_is_published(draft):
    services.publish_form(draft, at=NOON, by=None)
    section, question = draft.sections.get(), draft.questions.first()

    for act in [
        lambda: services.add_section(draft, title="More", by=None),
        lambda: services.remove_section(section, by=None),
        lambda: services.move_question(question, up=False, by=None),
        lambda: services.publish_form(draft, at=NOON, by=None),
    ]:
        with pytest.raises(VersionIsPublished):
            act()


def test_the_database_freezes_it_too(draft):
    services.publish_form(draft, at=NOON, by=None)
    rubric = make.rubric()

    with pytest.raises(IntegrityError), transaction.atomic():
        draft.questions.update(label="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.sections.create(title="More", position=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        rubric.criteria.all().delete()
    with pytest.raises(InternalError), transaction.atomic():
        FormVersion.objects.filter(pk=draft.pk).update(published_at=None)


def test_a_question_stands_in_a_section_of_its_version(draft):
    other = make.form("Other", is_published=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(version=draft).update(section=other.sections.get())


def test_the_next_version_keeps_the_keys_of_its_questions(draft):
    asked_if = choice(draft)
    services.add_question(
        *[draft.sections.get()],
        **{"kind": "text", "label": "Which?", "asked_if": asked_if},
        **{"asked_if_is": "Yes", "by": None},
    )
    services.publish_form(draft, at=NOON, by=None)

    version = services.begin_form_version(draft.form, at=NOON, by=None)

    keys = {question.label: question.key for question in draft.questions.all()}
    copied = {question.label: question.key for question in version.questions.all()}
    assert (version.number, copied, labels(version)) == (2, keys, labels(draft))
    which = version.questions.get(label="Which?")
    assert which.asked_if == version.questions.get(label="Partner?")
    with pytest.raises(DraftThere):
        services.begin_form_version(draft.form, at=NOON, by=None)


def test_a_rubric_is_written_and_published():
    version = make.rubric(is_published=False)
    merit, fit = version.criteria.all()

    services.move_criterion(fit, up=True, by=None)
    with pytest.raises(ScaleReversed):
        services.change_criterion(merit, lowest=5, highest=1, by=None)
    services.publish_rubric(version, at=NOON, by=None)

    assert [one.title for one in version.criteria.all()] == ["Fit", "Merit"]
    with pytest.raises(VersionIsPublished):
        services.remove_criterion(Criterion.objects.get(pk=fit.pk), by=None)
    entry = JournalEntry.objects.get(verb=Verb.RUBRIC_PUBLISHED)
    assert entry.facts == {"number": 1}
