"""Rules are declared once and asked only for people who may sign in."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from consortium.models import Agreement, Organization
from inm_portal.kernel import permissions
from inm_portal.kernel.permissions import (
    ANYONE,
    NOBODY,
    has_rule,
    name_for,
    permission,
    rows_for,
    rule_names,
    staff,
)

from ..factories.accounts import UserFactory
from ..factories.accounts import staff as person_at_inm
from ..factories.consortium import OrganizationFactory


@pytest.fixture
def rules(monkeypatch):
    """Return an empty table of rules."""
    monkeypatch.setattr(permissions, "_rules", {})


def test_a_rule_is_found_by_its_name(rules):
    @permission("consortium.paint_organization")
    def paint(user):
        return ANYONE

    assert rule_names() == {"consortium.paint_organization"}
    assert has_rule("consortium.paint_organization")
    assert not has_rule("consortium.paint_agreement")


def test_a_rule_that_shuts_out_the_viewer_holds_while_they_view(rules, db):
    """Case 114: no conflict is left behind by looking as somebody else."""
    permission("consortium.paint_organization")(lambda user: ~Q(owner=user))
    viewed, viewer = UserFactory(), UserFactory()
    theirs, other = OrganizationFactory(owner=viewer), OrganizationFactory()
    assert set(Organization.objects.permitted(viewed, "paint")) == {theirs, other}

    viewed.viewer = viewer

    assert set(Organization.objects.permitted(viewed, "paint")) == {other}


def test_two_rules_of_one_name_are_refused(rules):
    permission("consortium.paint_organization")(lambda user: ANYONE)

    with pytest.raises(ImproperlyConfigured, match=r"consortium\.paint_organization"):
        permission("consortium.paint_organization")(lambda user: NOBODY)

    assert rows_for(UserFactory.build(), "consortium.paint_organization") == ANYONE


def test_a_rule_that_nobody_declared_is_a_mistake():
    with pytest.raises(ImproperlyConfigured, match=r"consortium\.paint_organization"):
        rows_for(UserFactory.build(), "consortium.paint_organization")


@pytest.mark.parametrize("user", [AnonymousUser(), UserFactory.build(is_active=False)])
def test_visitors_and_leavers_are_refused_before_the_rule_is_asked(rules, user):
    asked = []
    permission("consortium.paint_organization")(
        lambda user: asked.append(user) or ANYONE
    )

    rows = rows_for(user, "consortium.paint_organization")

    assert (rows, asked) == (NOBODY, [])


def test_a_rule_about_a_relation_does_not_open_rows_without_one(db, rules):
    OrganizationFactory(owner=None)
    permission("consortium.view_organization")(lambda user: Q(owner=user.pk))

    seen = Organization.objects.permitted(AnonymousUser(), "view")

    assert set(seen) == set()


def test_anyone_is_every_row_and_nobody_is_none(db):
    organization = OrganizationFactory()

    assert set(Organization.objects.filter(ANYONE)) == {organization}
    assert set(Organization.objects.filter(NOBODY)) == set()


def test_a_permission_is_named_by_app_action_and_model():
    assert name_for(Agreement, "sign") == "consortium.sign_agreement"


@pytest.mark.parametrize(("role", "rows"), [("director", ANYONE), ("finance", NOBODY)])
def test_staff_hold_a_permission_everywhere_or_nowhere(db, role, rows):
    rule = staff("consortium.waive_agreement")

    assert rule(person_at_inm(role)) == rows


def test_an_object_is_asked_for_by_the_same_rule(db, rules):
    mine, other = OrganizationFactory(), OrganizationFactory()
    permission("consortium.paint_organization")(lambda user: Q(pk=mine.pk))
    person = UserFactory()

    assert person.has_perm("consortium.paint_organization", mine)
    assert not person.has_perm("consortium.paint_organization", other)
    assert not person.has_perm("consortium.paint_organization")
    assert not person.has_perm("consortium.unknown_organization", mine)
