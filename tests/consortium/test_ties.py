"""Where a person belongs, what their roles tell them there, and what bars them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consortium import ties
from consortium.models import ContactRole, Interest, Organization
from inm_portal.accounts.models import ApiToken, TokenScope
from inm_portal.accounts.tokens import issue_token
from inm_portal.kernel import context

from ..factories.accounts import UserFactory, staff
from ..factories.consortium import (
    TODAY,
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    person_at,
)

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def siemens(db):
    return OrganizationFactory(name="Siemens")


def test_a_person_belongs_to_companies_until_they_leave(siemens):
    person = person_at(siemens, None).user
    amgen = ContactFactory(user=person, organization__name="Amgen").organization
    ContactFactory(user=person, departed_on=YESTERDAY)

    assert ties.companies_of(person) == [amgen.pk, siemens.pk]


def test_a_role_counts_from_its_first_day_to_its_end(siemens):
    person = person_at(siemens, None)
    RoleFactory(contact=person, role=ContactRole.SPONSOR, until_on=TODAY)
    assert ties.sponsored_by(person.user) == []

    RoleFactory(contact=person, role=ContactRole.SPONSOR, from_on=TODAY, until_on=None)
    assert ties.sponsored_by(person.user) == [siemens.pk]
    assert ties.companies_that_commit(person.user) == [siemens.pk]


def test_whoever_acts_for_somebody_belongs_where_both_do(siemens):
    person, delegate = person_at(siemens, ContactRole.SPONSOR).user, UserFactory()
    alone = ContactFactory(user=person).organization
    ContactFactory(user=delegate, organization=siemens)
    assert alone.pk in ties.companies_of(person)

    person.delegate = delegate

    assert ties.companies_of(person) == [siemens.pk]


def test_a_disclosed_interest_bars_while_it_stands(siemens):
    director = staff("director")
    for days in (0, 10):
        Interest.objects.create(
            person=director,
            organization=Organization.objects.get(pk=siemens.pk),
            reason="Consults for them",
            from_on=TODAY - timedelta(days=20 - days),
            until_on=TODAY - timedelta(days=10 - days),
            disclosed_at=timezone.now(),
        )
    assert ties.barring(director) == []

    Interest.objects.update(until_on=None)

    assert set(ties.barring(director)) == {siemens.pk}
    assert ties.barring(staff("director")) == []


def test_a_request_reads_them_once(siemens, django_assert_num_queries):
    person = person_at(siemens, ContactRole.SPONSOR).user

    with context.request(), django_assert_num_queries(2):
        for _ in range(2):
            ties.companies_of(person)
            ties.sponsored_by(person)
            ties.companies_that_tell(person)


def test_accounts_lead_on_to_the_one_that_is_left(db):
    left = UserFactory()
    first = UserFactory(is_active=False, merged_into=left)
    second = UserFactory(is_active=False, merged_into=first)

    assert set(ties.accounts_of(left)) == {left.pk, first.pk, second.pk}
    assert set(ties.accounts_of(first)) == {first.pk, second.pk}
    assert set(ties.accounts_of(UserFactory())) & {first.pk, second.pk} == set()


def test_who_signs_in_brings_along_what_bars_them(siemens, django_assert_num_queries):
    director = staff("director")
    Interest.objects.create(
        person=director,
        organization=Organization.objects.get(pk=siemens.pk),
        reason="Consults for them",
        from_on=TODAY,
        disclosed_at=timezone.now(),
    )
    issue_token(director, scope=TokenScope.READ, lifetime=timedelta(days=1))
    token = ApiToken.objects.with_bearer().get()

    with context.request():
        person = token.bearer
        with django_assert_num_queries(0):
            assert ties.barring(person) == [siemens.pk]
            assert ties.accounts_of(person) == (director.pk,)
        context.forget()
        with django_assert_num_queries(1):
            assert ties.barring(person) == [siemens.pk]
