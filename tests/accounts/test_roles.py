"""Roles are groups that hold exactly what each app's policies say."""

from types import ModuleType

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from consortium import policies
from inm_portal.accounts import policies as accounts_policies
from inm_portal.accounts import roles
from inm_portal.kernel import policies as kernel_policies
from inm_portal.kernel.permissions import EVERY_ROLE

CONSORTIUM = apps.get_app_config("consortium")


def declared(role: str, app: ModuleType) -> set[str]:
    return {*app.ROLES.get(EVERY_ROLE, []), *app.ROLES.get(role, [])}


def held(role: str, app: str) -> set[str]:
    found = Permission.objects.filter(group__name=role, content_type__app_label=app)
    return set(found.values_list("codename", flat=True))


def test_there_is_a_group_for_each_role_and_no_other(db):
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ALL)


@pytest.mark.parametrize("role", roles.ALL)
def test_a_role_holds_exactly_what_is_declared(db, role):
    assert held(role, "consortium") == declared(role, policies)
    assert held(role, "kernel") == declared(role, kernel_policies)
    assert held(role, "accounts") == declared(role, accounts_policies)


def test_no_role_holds_a_permission_of_anything_else(db):
    held_by_any = Permission.objects.filter(group__isnull=False)

    found = set(held_by_any.values_list("content_type__app_label", flat=True))
    assert found == {"accounts", "consortium", "kernel", "seed_projects"}


def test_what_crept_in_is_taken_and_what_was_lost_is_given_back(db):
    auditor = Group.objects.get(name=roles.AUDITOR)
    auditor.permissions.set(
        Permission.objects.filter(codename__in=["sign_agreement", "view_journalentry"])
    )

    roles.synchronize(CONSORTIUM)

    assert held(roles.AUDITOR, "consortium") == declared(roles.AUDITOR, policies)
    assert held(roles.AUDITOR, "kernel") == {"view_journalentry"}


def test_a_second_run_writes_nothing(db, django_assert_num_queries):
    through = Group.permissions.through
    before = set(through.objects.values_list("pk", flat=True))

    roles.synchronize(CONSORTIUM)
    roles.synchronize(CONSORTIUM)

    assert set(through.objects.values_list("pk", flat=True)) == before


def test_a_permission_that_no_model_has_is_a_mistake(db, monkeypatch):
    monkeypatch.setitem(policies.ROLES, roles.AUDITOR, ["view_agreement", "fly"])

    with pytest.raises(ValueError, match=r"consortium has the permissions \['fly'\]"):
        roles.synchronize(CONSORTIUM)


def test_a_role_that_nobody_knows_is_a_mistake(db, monkeypatch):
    monkeypatch.setitem(policies.ROLES, "treasurer", ["view_agreement"])

    with pytest.raises(ValueError, match=r"no roles \['treasurer'\]"):
        roles.synchronize(CONSORTIUM)


def test_an_app_without_policies_is_left_alone(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        roles.synchronize(apps.get_app_config("messages"))


def test_a_role_that_an_app_does_not_name_holds_nothing_there(db, monkeypatch):
    monkeypatch.delitem(policies.ROLES, roles.FINANCE)

    roles.synchronize(CONSORTIUM)

    assert held(roles.FINANCE, "consortium") == set()
