"""What happened is written once, in the transaction in which it happened (AUD-01)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from consortium import services
from consortium.models import Sector
from inm_portal.kernel import context, journal
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.verbs import Verb

from ..entries import recorded
from ..factories.accounts import UserFactory
from ..factories.consortium import OrganizationFactory


def test_an_entry_outside_a_transaction_is_refused(transactional_db):
    person = UserFactory()

    with pytest.raises(RuntimeError, match="transaction of its change"):
        journal.record(Verb.LIST_EXPORTED, person, by=person)

    assert not JournalEntry.objects.exists()


def test_an_entry_says_who_did_what_to_what(db):
    person, organization = UserFactory(), OrganizationFactory()

    journal.record(Verb.LIST_EXPORTED, organization, by=person)

    entry = JournalEntry.objects.get()
    assert (entry.actor, entry.acting_as, entry.verb) == (
        person,
        None,
        "kernel.list_exported",
    )
    assert (entry.subject_type, entry.subject_id) == (
        "consortium.organization",
        organization.pk,
    )
    assert entry.at.tzinfo is not None


def test_facts_are_plain(db):
    person = UserFactory()
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    journal.record(
        Verb.LIST_EXPORTED,
        person,
        by=None,
        amount=Decimal("500000.10"),
        on=date(2026, 11, 22),
        at=moment,
        whom=person,
        state=Sector.ENERGY,
        count=3,
        fields=["name"],
        nothing=None,
    )

    assert JournalEntry.objects.get().facts == {
        "amount": "500000.10",
        "on": "2026-11-22",
        "at": "2026-11-22T09:30:00+00:00",
        "whom": person.pk,
        "state": "energy",
        "count": 3,
        "fields": ["name"],
        "nothing": None,
    }


def test_an_entry_goes_when_its_change_is_undone(db):
    organization = OrganizationFactory(website="")

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.change_organization(
            organization, website="https://a.example", by=UserFactory()
        )
        raise ZeroDivisionError

    assert organization.refreshed().website == ""
    assert not JournalEntry.objects.exists()


def test_a_nightly_job_acts_as_nobody(db):
    entry = recorded(Verb.LIST_EXPORTED, UserFactory(), by=None)

    assert (entry.actor, entry.actor_name, entry.request_id) == (None, "", "")


def test_what_is_no_person_acts_under_no_name(db):
    person = UserFactory()

    with pytest.raises(TypeError, match="no person"):
        journal.record(Verb.LIST_EXPORTED, person, by=AnonymousUser())

    assert not JournalEntry.objects.exists()


def test_request_and_real_person_come_from_the_context(db):
    person, other = UserFactory(), UserFactory()
    tokens = context.request_id.set("abc"), context.acting_as.set(other.pk)
    try:
        entry = recorded(Verb.LIST_EXPORTED, person, by=person)
    finally:
        context.request_id.reset(tokens[0])
        context.acting_as.reset(tokens[1])

    entry.refresh_from_db()
    assert (entry.request_id, entry.acting_as) == ("abc", other)


def test_an_entry_reads_as_a_sentence_by_somebody(db):
    person = UserFactory(name="Dana Kim")

    entry = recorded(Verb.LIST_EXPORTED, person, by=person)

    assert (entry.sentence, entry.actor_name) == ("List exported", "Dana Kim")


def test_entries_about_objects_are_theirs_alone_and_newest_first(db):
    one, two, three = (OrganizationFactory() for _number in range(3))
    person = UserFactory()
    first = recorded(Verb.LIST_EXPORTED, one, by=person)
    second = recorded(Verb.LIST_EXPORTED, two, by=person)
    journal.record(Verb.LIST_EXPORTED, three, by=person)
    journal.record(Verb.LIST_EXPORTED, person, by=person)

    assert list(JournalEntry.objects.about(one, two)) == [second, first]
    assert list(JournalEntry.objects.about()) == []
