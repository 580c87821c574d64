"""What happened lately, each entry with the object that it is about."""

from consortium.models import Organization
from inm_portal.kernel import journal
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.timeline import with_subjects
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory
from ..factories.consortium import OrganizationFactory


def test_each_entry_names_its_object(db):
    person = UserFactory(name="Dana Kim")
    siemens = OrganizationFactory(name="Siemens")
    journal.record(Verb.LIST_EXPORTED, person, by=person)
    journal.record(Verb.LIST_EXPORTED, siemens, by=person)

    told = with_subjects(JournalEntry.objects.latest_first())

    assert [entry.detail for entry in told] == ["Siemens", "Dana Kim"]


def test_an_object_that_is_gone_has_no_name(db):
    person = UserFactory()
    journal.record(Verb.LIST_EXPORTED, Organization(pk=1), by=person)

    assert [e.detail for e in with_subjects(JournalEntry.objects.all())] == [""]


def test_objects_of_one_kind_take_one_statement(db, django_assert_num_queries):
    person = UserFactory()
    for _number in range(3):
        journal.record(Verb.LIST_EXPORTED, OrganizationFactory(), by=person)

    with django_assert_num_queries(2):
        with_subjects(JournalEntry.objects.all())


def test_nothing_happened_yet(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert with_subjects(JournalEntry.objects.all()) == []
