"""People are known by one address, and nobody is above the rules."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from inm_portal.accounts.models import User

from ..factories.accounts import UserFactory, staff


def test_a_person_without_a_password_does_not_sign_in_yet(db):
    person = User.objects.create_user("dana@inm.example", "Dana Kim")

    assert not person.has_usable_password()


def test_an_address_is_kept_as_sign_in_looks_for_it(db):
    person = User.objects.create_user("Dana.Kim@INM.example", "Dana Kim")

    assert person.email == "dana.kim@inm.example"


def test_an_address_belongs_to_one_person_whatever_its_case(db):
    UserFactory(email="dana@inm.example")

    with pytest.raises(IntegrityError, match="user_email_is_unique"):
        User.objects.create_user("DANA@inm.example", "Dana")


def test_an_address_is_stored_in_lower_case(db):
    with pytest.raises(IntegrityError, match="user_email_is_lower_case"):
        UserFactory(email="DANA@inm.example")


def test_a_person_is_found_by_address_whatever_its_case(db):
    person = User.objects.create_user("Dana@inm.example", "Dana")

    assert User.objects.get_by_natural_key("dana@INM.example") == person


def test_no_superuser_is_stored(db):
    with pytest.raises(IntegrityError, match="user_is_no_superuser"):
        UserFactory(is_superuser=True)


def test_nobody_becomes_superuser(db):
    UserFactory()

    with (
        pytest.raises(IntegrityError, match="user_is_no_superuser"),
        transaction.atomic(),
    ):
        User.objects.update(is_superuser=True)

    assert not User.objects.filter(is_superuser=True).exists()


def test_no_command_makes_a_superuser(db):
    with pytest.raises((CommandError, AttributeError)):
        call_command(
            "createsuperuser", email="a@inm.example", name="A", interactive=False
        )

    assert not User.objects.exists()


def test_rights_of_one_person_count_for_nothing(db):
    person = UserFactory()
    person.user_permissions.set(Permission.objects.all())

    assert person.get_all_permissions() == set()
    assert not person.has_perm("consortium.view_organization")


def test_rights_are_those_of_all_groups_read_in_one_statement(
    db, django_assert_num_queries
):
    groups = Group.objects.filter(name__in=["finance", "director"])
    person = UserFactory()
    person.groups.set(groups)
    held = Permission.objects.filter(group__in=groups).select_related("content_type")
    expected = {f"{p.content_type.app_label}.{p.codename}" for p in held}
    person = User.objects.get(pk=person.pk)

    with django_assert_num_queries(1):
        rights, roles = person.get_all_permissions(), list(person.rights_by_role)

    assert rights == expected
    assert roles == ["director", "finance"]


def test_who_may_not_sign_in_holds_no_rights(db):
    person = staff("director")
    person.is_active = False

    assert person.get_all_permissions() == set()


def test_a_person_is_shown_by_name():
    person = User(name="Dana Kim", email="dana@inm.example")

    assert (str(person), person.get_full_name()) == ("Dana Kim", "Dana Kim")
