"""AUD-05: whatever points to a person is handed out and erased, or says why not."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from inm_portal.accounts.models import User
from inm_portal.kernel import privacy

#: Tables that point to people and that no kind of personal data covers, and why.
EXEMPT = {
    "consortium.ContactErasure": "that somebody was erased, and by whom, has no name",
    "accounts.Erasure": "that somebody was erased, and by whom, holds no name",
    "kernel.MailHold": "who stopped all mail is a record of the portal's work",
    "kernel.Closure": "who closed the office is a record of the portal's work",
    "kernel.ReminderHold": "who held reminders is a record of the portal's work",
    "kernel.ReminderStop": "who released reminders is a record of the portal's work",
    "account.EmailAddress": "stays empty: an address stands with its person",
}


def tables() -> dict[str, type]:
    """Return the models with a field that points to people."""
    return {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.related_model is User
        and not model._meta.auto_created
    }


def covered() -> set[str]:
    return {table for kind in privacy.kinds() for table in kind.tables}


@pytest.mark.parametrize("table", sorted(tables()))
def test_a_table_that_points_to_people_is_covered_or_says_why_not(table):
    assert table in covered() | EXEMPT.keys(), (
        "belongs to a Kind in the app's privacy module, or to EXEMPT with a reason"
    )


def test_what_is_covered_is_there():
    labels = {model._meta.label for model in apps.get_models()}

    assert covered() - labels == set()


def test_nothing_is_both_covered_and_exempt():
    assert covered() & EXEMPT.keys() == set()
    assert EXEMPT.keys() - tables().keys() == set()


@pytest.mark.parametrize("kind", privacy.kinds(), ids=lambda kind: kind.key)
def test_a_kind_says_what_happens_to_it_and_does_it(kind):
    does_something = kind.erase is not privacy.nothing

    assert does_something == (kind.fate != privacy.Fate.KEPT)
    assert str(kind.why).endswith(".")
