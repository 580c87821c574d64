"""Queries that are compiled once tell of each reader what is so then."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from consortium.models import Contact, Organization
from inm_portal.kernel.prepared import KeyIn, Prepared, prepared

from ..factories.consortium import ContactFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@prepared
def named(name):
    return Organization.objects.filter(name=name)


@prepared
def contacts_of(organization, *, departed):
    rows = Contact.objects.filter(organization=organization)
    rows = rows.filter(departed_on__isnull=not departed)
    return rows.with_related("organization__name").order_by("name")


@prepared
def picked(keys):
    return Organization.objects.filter(KeyIn(keys))


def test_rows_are_those_of_the_values_told():
    one, other = OrganizationFactory(name="Acme"), OrganizationFactory(name="Bolt")

    assert list(named("Acme")) == [one]
    assert list(named("Bolt")) == [other]
    assert list(named("Acme' OR name = 'Bolt")) == []


def test_a_query_is_compiled_once(monkeypatch):
    made = []
    begin = Prepared.__init__
    monkeypatch.setattr(
        Prepared, "__init__", lambda self, rows: (made.append(1), begin(self, rows))[1]
    )

    @prepared
    def of_a_name(name):
        return Organization.objects.filter(name=name)

    for name in ("a", "b", "c"):
        list(of_a_name(name))

    assert made == [1]


def test_each_shape_is_compiled_for_itself():
    present = ContactFactory()
    gone = ContactFactory(
        organization=present.organization, departed_on=timezone.localdate()
    )
    key = present.organization_id

    assert list(contacts_of(key, departed=False)) == [present]
    assert list(contacts_of(key, departed=True)) == [gone]


def test_a_row_that_changed_is_read_as_it_is_now():
    company = OrganizationFactory(name="Acme")
    assert list(named("Acme")) == [company]

    Organization.objects.filter(pk=company.pk).update(name="Acme & Sons")

    assert list(named("Acme")) == []
    assert [each.name for each in named("Acme & Sons")] == ["Acme & Sons"]


def test_related_rows_come_in_the_same_statement(django_assert_num_queries):
    contact = ContactFactory()
    list(contacts_of(0, departed=False))

    with django_assert_num_queries(1):
        (found,) = contacts_of(contact.organization_id, departed=False)
        assert found.organization.name == contact.organization.name


def test_a_part_is_read_as_a_slice_is():
    company = OrganizationFactory()
    rows = [ContactFactory(organization=company, name=name) for name in "ABCDE"]

    assert contacts_of(company.pk, departed=False)[1:3] == rows[1:3]
    assert contacts_of(company.pk, departed=False)[4:9] == rows[4:]


def test_rows_are_picked_by_many_keys_and_by_none():
    one, other = OrganizationFactory(), OrganizationFactory()
    OrganizationFactory()

    assert set(picked([one.pk, other.pk])) == {one, other}
    assert list(picked([])) == []


def test_nothing_is_asked_of_them_beyond_that():
    assert not hasattr(named("Acme"), "filter")


def test_a_day_that_would_stay_for_good_is_refused():
    @prepared
    def departed(organization):
        rows = Contact.objects.filter(organization=organization)
        return rows.filter(departed_on__lt=timezone.localdate())

    with pytest.raises(ImproperlyConfigured, match="would keep its day"):
        departed(1)


def test_a_day_that_is_told_decides():
    today = timezone.localdate()
    gone = ContactFactory(departed_on=today)

    @prepared
    def departed(organization, *, on: date):
        rows = Contact.objects.filter(organization=organization)
        return rows.filter(departed_on__lte=on)

    assert list(departed(gone.organization_id, on=today)) == [gone]
    assert list(departed(gone.organization_id, on=today - timedelta(days=1))) == []
