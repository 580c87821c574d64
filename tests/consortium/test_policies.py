"""Who sees and does what; list, object and button agree for everybody."""

import pytest

from consortium.models import (
    Agreement,
    Amendment,
    CommitmentYear,
    Contact,
    Deviation,
    Organization,
    OrganizationLink,
    RoleAssignment,
    Screening,
)
from inm_portal.kernel.permissions import name_for

pytestmark = pytest.mark.django_db

INM = ["director", "staff", "finance", "admin", "auditor"]
SEES_MONEY = ["sponsor", "technical", "billing", "legal", "council"]
SERVES_ONE_PURPOSE = ["coordinator", "colleague"]
NOBODY_HERE = ["visitor", "stranger", "leaver"]


@pytest.mark.parametrize("who", INM)
def test_everybody_at_inm_sees_every_member(cast, who):
    seen = Organization.objects.permitted(cast[who], "view")

    assert set(seen) == {cast.siemens, cast.amgen}


@pytest.mark.parametrize("who", [*SEES_MONEY, *SERVES_ONE_PURPOSE])
def test_people_of_a_company_see_that_company_alone(cast, who):
    seen = Organization.objects.permitted(cast[who], "view")

    assert set(seen) == {cast.siemens}


@pytest.mark.parametrize("who", NOBODY_HERE)
def test_others_see_no_company(cast, who):
    assert not Organization.objects.permitted(cast[who], "view").exists()


@pytest.mark.parametrize("who", SEES_MONEY)
def test_roles_with_a_say_see_the_signed_agreement_and_its_years(cast, who):
    agreements = Agreement.objects.permitted(cast[who], "view")
    years = CommitmentYear.objects.permitted(cast[who], "view")

    assert set(agreements) == {cast.signed}
    assert set(years) == set(cast.signed.commitment_years.all())


@pytest.mark.parametrize("who", [*SERVES_ONE_PURPOSE, *NOBODY_HERE])
def test_others_see_no_amounts(cast, who):
    assert not Agreement.objects.permitted(cast[who], "view").exists()
    assert not CommitmentYear.objects.permitted(cast[who], "view").exists()


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("sign", {"director", "staff"}),
        ("change", {"director", "staff"}),
        ("waive", {"director"}),
    ],
)
def test_who_may_act_on_a_draft(cast, action, who):
    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm(f"consortium.{action}_agreement", cast.drafted)
    }

    assert may == who


def test_a_contact_is_changed_by_staff_by_its_sponsor_and_by_nobody_else(cast):
    may = {
        name
        for name, user in cast.people.items()
        if user.has_perm("consortium.change_contact", cast.contact)
    }

    assert may == {"director", "staff", "admin", "sponsor"}


def test_a_person_changes_their_own_contact(cast):
    own = Contact.objects.get(user=cast["billing"])

    assert cast["billing"].has_perm("consortium.change_contact", own)
    assert not cast["technical"].has_perm("consortium.change_contact", own)


ACTIONS = {
    Organization: [
        *["view", "change", "rename", "add_site", "add_contact", "draft_agreement"]
    ],
    Contact: ["view", "change", "confirm", "assign_role", "depart"],
    RoleAssignment: ["view", "end"],
    Agreement: ["view", "change", "sign", "waive", "amend", "add_deviation"],
    Amendment: ["view", "change", "sign", "waive", "abandon"],
    Deviation: ["view", "remove"],
    OrganizationLink: ["view", "open_history"],
    Screening: ["view"],
    CommitmentYear: ["view"],
}


@pytest.mark.parametrize(
    ("model", "action"),
    [(model, action) for model, actions in ACTIONS.items() for action in actions],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_list_object_and_button_agree(cast, model, action):
    for name, user in cast.people.items():
        listed = set(model.objects.permitted(user, action))
        flagged = {
            row
            for row in model.objects.with_permissions(user, action)
            if getattr(row, f"may_{action}")
        }
        held = {
            row
            for row in model.objects.all()
            if user.has_perm(name_for(model, action), row)
        }

        assert listed == flagged == held, name
