"""What several people do at once about a call and a form."""

import pytest

from seed_projects import services
from seed_projects.models import Call, FormVersion
from seed_projects.states import CallState
from tests.factories import calls as make
from tests.factories.calls import DAY, NOON
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _themes(db):
    """Make a theme, since what migrations wrote is emptied with the tables."""
    make.Theme.objects.get_or_create(name="A theme", defaults={"position": 9})


def test_a_call_closes_or_is_extended_and_never_both():
    call = make.opened()
    stage = call.stages.get()
    late = NOON + 11 * DAY
    told = {"reason": "An outage", "at": late, "by": None}

    answers = at_once(
        lambda: services.close_call(call, at=late, by=None),
        lambda: services.extend_deadline(stage, until_at=late + DAY, **told),
    )

    assert len(refusals(answers)) == 1
    is_closed = Call.objects.get().state == CallState.CLOSED
    assert is_closed != stage.extensions.exists()


def test_a_version_is_begun_once():
    form = make.form().form

    begin = [
        lambda: services.begin_form_version(form, at=NOON, by=None) for _one in "ab"
    ]
    answers = at_once(*begin)

    assert len(refusals(answers)) == 1
    assert FormVersion.objects.filter(form=form).count() == 2


def test_a_question_comes_before_the_publication_or_not_at_all():
    version = make.form(is_published=False)
    section = version.sections.get()
    told = {"kind": "text", "label": "Late", "by": None}

    answers = at_once(
        lambda: services.publish_form(version, at=NOON, by=None),
        lambda: services.add_question(section, **told),
    )

    version.refresh_from_db()
    assert version.is_published
    assert version.questions.count() == 3 - len(refusals(answers))
