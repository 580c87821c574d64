"""A refused address opens a task to find another, and closes it (domain.md 9)."""

import pytest

from consortium import services
from consortium.models import Contact, ContactRole
from inm_portal.accounts.emails import confirm_email_change
from inm_portal.accounts.models import EmailChange, User, digest_of
from inm_portal.kernel import bounces, tasklist
from inm_portal.kernel.models import Bounce, BounceKind, Task

from ..accounts.test_personal_data import NOW
from ..conftest import TODAY
from ..factories.accounts import UserFactory
from ..factories.consortium import ContactFactory, OrganizationFactory, person_at

pytestmark = pytest.mark.django_db

ADDRESS = "katrin@siemens.example"
GIVEN_UP = "Nobody here has this address any more."


@pytest.fixture
def owner() -> User:
    return UserFactory(name="Olga Owner")


@pytest.fixture
def contact(owner) -> Contact:
    siemens = OrganizationFactory(name="Siemens", owner=owner)
    return ContactFactory(organization=siemens, name="Katrin Adler", email=ADDRESS)


def refuse(address: str = ADDRESS, kind: BounceKind = BounceKind.HARD) -> Bounce:
    return bounces.mark(address, at=NOW, codes="550 5.1.1", kind=kind)


def outcomes() -> list[str]:
    return list(Task.objects.order_by("pk").values_list("outcome", flat=True))


def test_a_refused_address_of_a_contact_is_a_task_for_the_owner(contact, owner):
    refuse("Katrin@Siemens.example")

    task = Task.objects.get()
    assert task.what == "Find the new address of Katrin Adler"
    assert ADDRESS in task.why
    assert (task.person, task.url) == (owner, contact.get_absolute_url())


def test_where_the_owner_is_gone_it_is_for_whoever_takes_it(contact, owner):
    User.objects.filter(pk=owner.pk).update(is_active=False)

    refuse()

    assert Task.objects.get().person is None


def test_the_address_with_which_a_contact_signs_in_counts_too(owner):
    siemens = OrganizationFactory(owner=owner)
    person = person_at(siemens, ContactRole.TECHNICAL)

    refuse(person.user.email)

    assert Task.objects.get().person == owner


def test_an_account_without_a_place_is_asked_for_as_well():
    user = UserFactory(name="Ida Investigator", email=ADDRESS)

    refuse()

    task = Task.objects.get()
    assert task.what == "Find the new address of Ida Investigator"
    assert (task.person, task.url) == (None, user.get_absolute_url())


def test_an_address_of_nobody_opens_nothing():
    refuse("nobody@x.example")

    assert not Task.objects.exists()


def test_a_refusal_for_now_opens_nothing(contact):
    refuse(kind=BounceKind.SOFT)

    assert not Task.objects.exists()


def test_what_is_told_twice_is_asked_once(contact):
    for _time in range(2):
        refuse()

    assert Task.objects.count() == 1


def test_clearing_the_mark_closes_it(contact, owner):
    bounces.clear(refuse(), reason="A typing error", at=NOW, by=owner)

    assert outcomes() == ["The mark was cleared."]


def test_another_address_closes_it(contact, owner):
    refuse()

    services.change_contact(contact, email="k@siemens.example", on=TODAY, by=owner)

    assert outcomes() == [GIVEN_UP]


def test_a_departure_closes_it(contact, owner):
    refuse()

    services.depart_contact(contact, on=TODAY, today=TODAY, by=owner)

    assert outcomes() == [GIVEN_UP]


def test_an_address_that_somebody_else_has_too_is_asked_for_still(contact, owner):
    refuse()
    ContactFactory(email=ADDRESS)

    services.depart_contact(contact, on=TODAY, today=TODAY, by=owner)

    assert outcomes() == [""]


def test_another_address_to_sign_in_with_closes_it():
    user = UserFactory(email=ADDRESS)
    refuse()
    digest = digest_of("key")
    EmailChange.objects.create(
        user=user, email="new@mit.example", digest=digest, asked_at=NOW
    )

    confirm_email_change(user, key="key", at=NOW, keep=None)

    assert outcomes() == [GIVEN_UP]


def test_a_task_that_somebody_finished_does_not_stand_in_the_way(contact, owner):
    mark = refuse()
    done = {"outcome": "Called her", "at": NOW, "by": owner}
    tasklist.finish_task(Task.objects.get(), **done)

    bounces.clear(mark, reason="Right after all", at=NOW, by=owner)
    refuse()

    assert outcomes() == ["Called her", ""]
