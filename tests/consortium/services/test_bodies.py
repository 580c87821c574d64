"""Who sits on bodies from day to day, and who acknowledged the antitrust statement."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from consortium import services
from consortium.models import Acknowledgment, ContactRole, Sitting
from consortium.services import merging
from consortium.services.bodies import (
    BodyKnown,
    LeftBefore,
    MayNotSit,
    NoStatement,
    SeatKnown,
    SeatLeft,
    SeatTaken,
    SitsThere,
)
from consortium.services.contacts import ContactLeft
from consortium.verbs import Verb
from inm_portal.accounts import merging as accounts
from inm_portal.kernel.models import JournalEntry
from tests.factories.accounts import UserFactory
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    person_at,
)
from tests.factories.credits import at
from tests.factories.governance import FORMED, TODAY, council, seat, sits, steering

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
#: How the database refuses what its triggers protect.
PROTECTED = (InternalError, ProgrammingError, IntegrityError)


def publish(*, from_on=FORMED, text="No prices, no bids."):
    return services.publish_statement(text=text, from_on=from_on, at=at(TODAY), by=None)


def test_a_body_and_its_seats_have_names_of_their_own():
    body = council()
    seat(body, "Siemens")

    with pytest.raises(BodyKnown):
        council(name="leadership COUNCIL")
    with pytest.raises(SeatKnown):
        seat(body, "SIEMENS")
    verbs = [*JournalEntry.objects.order_by("pk").values_list("verb", flat=True)]
    assert verbs == [Verb.BODY_FORMED, Verb.SEAT_ADDED]


def test_a_seat_has_one_holder_and_one_alternate_at_one_time():
    place = seat(steering())
    first, second = sits(place), sits(place, is_alternate=True)

    with pytest.raises(SeatTaken):
        sits(place)
    with pytest.raises(SeatTaken):
        sits(place, is_alternate=True)
    services.leave_seat(first, until_on=TODAY, by=None)
    third = sits(place, from_on=TODAY)

    assert {*Sitting.objects.sitting(on=TODAY - DAY)} == {first, second}
    assert {*Sitting.objects.sitting(on=TODAY)} == {second, third}
    assert JournalEntry.objects.filter(verb=Verb.SEAT_TAKEN).count() == 3


def test_nobody_sits_twice_on_a_body():
    body, person = steering(), UserFactory()
    sits(seat(body, "Chair"), person)

    with pytest.raises(SitsThere):
        sits(seat(body, "Second"), person)
    sits(seat(council(), "Second"), person)


def test_only_people_of_the_member_sit_on_its_seat():
    siemens = OrganizationFactory(name="Siemens")
    place = seat(council(), "Siemens", organization=siemens)
    mailbox = ContactFactory(organization=siemens, is_shared_mailbox=True)

    for contact in (ContactFactory(), mailbox):
        with pytest.raises(MayNotSit):
            sits(place, contact=contact)
    with pytest.raises(MayNotSit):
        sits(place, person=UserFactory())
    assert not Sitting.objects.exists()


def test_a_seat_is_left_once_and_not_before_it_was_taken():
    sitting = sits(seat(steering()))

    with pytest.raises(LeftBefore):
        services.leave_seat(sitting, until_on=FORMED - DAY, by=None)
    services.leave_seat(sitting, until_on=TODAY, by=None)
    with pytest.raises(SeatLeft):
        services.leave_seat(sitting, until_on=TODAY + DAY, by=None)


def test_the_database_seats_nobody_over_another_nor_elsewhere():
    body, other = council(), steering()
    siemens = OrganizationFactory(name="Siemens")
    place = seat(body, "Siemens", organization=siemens)
    sits(place, contact=ContactFactory(organization=siemens))
    free = seat(other)

    def take(on, place, **who):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sitting.objects.create(body=on, seat=place, from_on=TODAY, **who)

    take(body, place, contact=ContactFactory(organization=siemens))
    take(body, place, contact=ContactFactory(), is_alternate=True)
    take(body, free, person=UserFactory())
    take(other, free)
    mailbox = ContactFactory(organization=siemens, is_shared_mailbox=True)
    take(body, place, contact=mailbox, is_alternate=True)


def test_the_database_keeps_a_sitting_as_it_was():
    sitting = sits(seat(steering()))
    services.leave_seat(sitting, until_on=TODAY, by=None)
    row = Sitting.objects.filter(pk=sitting.pk)

    for changed in ({"from_on": TODAY}, {"until_on": None}, {"is_alternate": True}):
        with pytest.raises(PROTECTED), transaction.atomic():
            row.update(**changed)
    with pytest.raises(PROTECTED), transaction.atomic():
        row.delete()


def test_who_leaves_the_member_leaves_the_seat_that_day():
    siemens = OrganizationFactory(name="Siemens")
    contact, after = (person_at(siemens, role) for role in (ContactRole.COUNCIL, None))
    place = seat(council(), "Siemens", organization=siemens)
    ahead = sits(place, contact=contact)
    services.leave_seat(ahead, until_on=TODAY + DAY, by=None)

    services.depart_contact(contact, on=TODAY, today=TODAY, by=UserFactory())

    assert not Sitting.objects.sitting(on=TODAY).of_person(contact.user).exists()
    sits(place, contact=after, from_on=TODAY)
    with pytest.raises(ContactLeft):
        sits(place, contact=contact, is_alternate=True)


def test_who_was_merged_sits_on_as_the_contact_that_stays():
    siemens = OrganizationFactory(name="Siemens")
    gone, stays = (person_at(siemens, role) for role in (ContactRole.COUNCIL, None))
    body = council()
    sitting = sits(seat(body, "Siemens", organization=siemens), contact=gone)
    publish()

    services.merge_contacts(
        stays, merged=gone, at=at(TODAY), today=TODAY, by=UserFactory()
    )

    sat = Sitting.objects.sitting(on=TODAY)
    assert [*sat.of_person(stays.user)] == [sitting]
    assert not sat.of_person(gone.user).exists()
    services.acknowledge_statement(on=TODAY, by=stays.user)
    assert services.without_acknowledgment(body, on=TODAY) == []


def test_two_contacts_that_sit_on_one_body_do_not_become_one():
    siemens = OrganizationFactory(name="Siemens")
    one, two = (person_at(siemens, role) for role in (ContactRole.COUNCIL, None))
    place = seat(council(), "Siemens", organization=siemens)
    sits(place, contact=one)
    stands_in = sits(place, contact=two, is_alternate=True, from_on=TODAY + DAY)

    def merge():
        act = {"at": at(TODAY), "today": TODAY, "by": UserFactory()}
        return services.merge_contacts(one, merged=two, **act)

    with pytest.raises(merging.CannotMerge, match="Both sit on Leadership council"):
        merge()
    services.leave_seat(stands_in, until_on=TODAY + DAY, by=None)
    assert merge().survivor == one


def test_two_accounts_that_sit_on_one_body_do_not_become_one():
    one, two = UserFactory(), UserFactory()
    body = council()
    sits(seat(body), one)
    later = sits(seat(body, "Second"), two, from_on=TODAY + DAY)

    with pytest.raises(accounts.CannotMerge, match="let one of them leave the seat"):
        accounts.merge_users(one, merged=two, at=at(TODAY), by=None)
    services.leave_seat(later, until_on=TODAY + DAY, by=None)
    assert accounts.merge_users(one, merged=two, at=at(TODAY), by=None)


def test_the_statement_is_acknowledged_each_year_and_each_version_anew():
    body, person = council(), UserFactory()
    sitting = sits(seat(body), person)
    with pytest.raises(NoStatement):
        services.acknowledge_statement(on=TODAY, by=person)
    publish()

    def missing(on):
        return services.without_acknowledgment(body, on=on)

    assert missing(TODAY) == [sitting]
    first = services.acknowledge_statement(on=TODAY, by=person)
    assert services.acknowledge_statement(on=TODAY + DAY, by=person) == first
    assert missing(TODAY) == []
    assert missing(date(2027, 11, 21)) == []
    assert missing(date(2027, 11, 22)) == [sitting]

    publish(from_on=TODAY, text="No prices, no bids, no customers.")
    assert missing(TODAY) == [sitting]
    services.acknowledge_statement(on=TODAY, by=person)
    assert missing(TODAY) == []
    assert Acknowledgment.objects.count() == 2


def test_who_sits_without_an_account_has_not_acknowledged():
    siemens = OrganizationFactory(name="Siemens")
    body = council()
    place = seat(body, "Siemens", organization=siemens)
    sitting = sits(place, contact=ContactFactory(organization=siemens))
    publish()
    services.acknowledge_statement(on=TODAY, by=UserFactory())

    assert services.without_acknowledgment(body, on=TODAY) == [sitting]


def test_faculty_among_themselves_acknowledge_nothing():
    body = steering()
    sits(seat(body))
    publish()

    assert services.without_acknowledgment(body, on=TODAY) == []
