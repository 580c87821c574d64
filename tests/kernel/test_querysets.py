"""Querysets that know permissions and locks."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Q
from django.db.transaction import TransactionManagementError

from consortium.models import Organization
from inm_portal.kernel import permissions
from inm_portal.kernel.columns import is_told
from inm_portal.kernel.permissions import permission

from ..factories.accounts import UserFactory
from ..factories.consortium import ContactFactory, OrganizationFactory


@pytest.fixture
def joining_rule(db, monkeypatch):
    """Declare a rule that meets one organization along three contacts."""
    monkeypatch.setattr(permissions, "_rules", {})
    permission("consortium.view_organization")(lambda user: Q(contacts__phone="1"))
    organization = OrganizationFactory()
    ContactFactory.create_batch(3, organization=organization, phone="1")
    OrganizationFactory()
    return organization


def test_a_rule_that_joins_repeats_no_row(joining_rule):
    seen = Organization.objects.permitted(UserFactory(), "view")

    assert list(seen) == [joining_rule]


def test_a_rule_that_joins_keeps_what_the_caller_counts(joining_rule):
    seen = Organization.objects.filter(contacts__phone="1")

    assert seen.permitted(UserFactory(), "view").count() == 3


def test_flags_come_with_the_rows_in_one_statement(
    joining_rule, django_assert_num_queries
):
    person = UserFactory()

    with django_assert_num_queries(1):
        rows = list(Organization.objects.with_permissions(person, "view"))

    assert {row: row.may_view for row in rows} == {
        row: row == joining_rule for row in Organization.objects.all()
    }


@pytest.mark.parametrize(
    "rule",
    [
        Q(is_founding=True),
        Q(owner=None),
        ~Q(website="https://flex.example"),
        Q(is_founding=True) | Q(owner__name="Ada"),
        Q(owner__isnull=False) & ~Q(owner__name="Ada"),
        Q(owner=None) | ~Q(owner__merged_into__name="Ada"),
        Q(named_since_on__gte="2026-01-01", pk__gt=0),
        Q(contacts__phone="1"),
        Q(owner__email__endswith="@erased.invalid"),
        Q(owner__in=[]) | Q(owner__name__in=["Ada", "Bob"]),
        Q(named_since_on__lt="2026-01-01") & ~Q(named_since_on__lte="2020-04-30"),
        ~Q(owner__time_zone="Europe/Berlin"),
        Q(owner__name__icontains="ad"),
        Q(is_founding=True) ^ Q(owner__name="Ada"),
        Q(name=F("contacts__name")) | Q(is_founding=True),
        Q(name=F("legal_name")),
        Q(owner__name="Zed", name="q") | ~Q(owner__email="x@inm.example"),
        ~Q(owner__email="x@inm.example") | Q(owner__merged_into__name="Ada"),
        Q(is_founding=False) & (Q(owner__name="Z") | Q(~Q(owner__email="x"), name="q")),
        Q(Q(), Q(is_founding=True), _connector=Q.OR),
        ~Q(),
        ~Q(Q(), ~Q()),
    ],
    ids=str,
)
def test_flags_say_what_the_filter_keeps(rule, db, monkeypatch):
    monkeypatch.setattr(permissions, "_rules", {})
    permission("consortium.view_organization")(lambda user: rule)
    ada, founder = UserFactory(name="Ada"), OrganizationFactory(is_founding=True)
    OrganizationFactory(owner=ada, website="https://flex.example")
    OrganizationFactory(owner=UserFactory(), named_since_on="2020-05-01")
    ContactFactory.create_batch(2, organization=founder, phone="1")

    rows = Organization.objects.with_permissions(ada, "view")

    kept = set(Organization.objects.filter(rule))
    assert {row for row in rows if row.may_view} == kept
    assert len(rows) == Organization.objects.count()


def test_flags_are_of_whom_was_asked_last(db, monkeypatch):
    monkeypatch.setattr(permissions, "_rules", {})
    ada, bob = UserFactory.create_batch(2)
    by_column, by_join = Q(is_founding=True), Q(contacts__phone="1")
    rule = permission("consortium.view_organization")
    rule(lambda user: by_column if user == ada else by_join)
    OrganizationFactory(is_founding=True)
    rows = Organization.objects

    (bobs,) = rows.with_permissions(ada, "view").with_permissions(bob, "view")
    (adas,) = rows.with_permissions(bob, "view").with_permissions(ada, "view")

    assert (adas.may_view, bobs.may_view) == (True, False)


def test_flags_come_with_rows_that_are_read_one_by_one(db, monkeypatch):
    monkeypatch.setattr(permissions, "_rules", {})
    permission("consortium.view_organization")(lambda user: Q(is_founding=True))
    OrganizationFactory(is_founding=True)
    rows = Organization.objects.with_permissions(UserFactory(), "view")

    assert [row.may_view for row in rows.iterator()] == [True]
    assert [*rows.values_list("is_founding").iterator()] == [(True,)]


def test_what_can_be_read_but_once_is_asked_of_the_database():
    assert is_told(Q(name__in=["Flex"]), Organization)
    assert not is_told(Q(name__in=iter(["Flex"])), Organization)


@pytest.mark.parametrize(
    ("rule", "statements"),
    [
        (Q(is_founding=True), 1),
        (Q(owner=None) | ~Q(owner__merged_into__name="Ada"), 1),
        (Q(contacts__phone="1"), 2),
    ],
    ids=str,
)
def test_a_rule_along_foreign_keys_needs_no_subquery(rule, statements, db, monkeypatch):
    monkeypatch.setattr(permissions, "_rules", {})
    permission("consortium.view_organization")(lambda user: rule)

    rows = Organization.objects.with_permissions(UserFactory(), "view")

    assert str(rows.query).count("SELECT") == statements


def test_a_locked_row_is_read_again(db):
    organization = OrganizationFactory(website="")
    Organization.objects.update(website="https://new.example")

    locked = Organization.objects.locked(organization)

    assert locked.website == "https://new.example"


def test_a_lock_is_on_the_row_alone(db, django_assert_num_queries):
    organization = OrganizationFactory(owner=UserFactory())

    with django_assert_num_queries(1) as asked:
        Organization.objects.select_related("owner").locked(organization)

    assert asked.captured_queries[0]["sql"].endswith(
        'FOR UPDATE OF "consortium_organization"'
    )


def test_rows_that_are_told_not_to_be_there_are_not_asked_for(
    db, django_assert_num_queries
):
    organization = OrganizationFactory()

    with django_assert_num_queries(0):
        assert list(Organization.objects.if_any(Decimal("0.00")).filter(pk__gt=0)) == []
    with django_assert_num_queries(1):
        assert list(Organization.objects.if_any(Decimal(1))) == [organization]


def test_a_lock_needs_a_transaction(transactional_db):
    organization = OrganizationFactory()

    with pytest.raises(TransactionManagementError):
        Organization.objects.locked(organization)
    with transaction.atomic():
        assert Organization.objects.locked(organization) == organization
