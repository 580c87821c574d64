from datetime import date

import pytest
from django.core.management import call_command

from consortium import services
from consortium.models import CommitmentYear, ContactRole
from inm_portal.kernel import invariants
from tests.conftest import TODAY
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    draft,
    sign,
)

pytestmark = pytest.mark.django_db


def test_all_hold_in_a_world_made_by_the_services(cast, capsys):
    services.depart_contact(cast.contact, on=TODAY, today=TODAY, by=None)

    call_command("check_invariants")

    assert capsys.readouterr().out == ""


def test_a_draft_with_commitment_years_is_found():
    agreement = draft(OrganizationFactory())
    CommitmentYear.objects.create(
        agreement=agreement,
        number=1,
        starts_on=date(2025, 5, 27),
        ends_on=date(2028, 5, 26),
        required=500_000,
        fee_part=0,
        currency="USD",
    )

    assert list(invariants.broken()) == [
        f"Drafts have no commitment years. Not for {agreement.pk}."
    ]


def test_a_year_too_many_is_found_and_ends_the_command_with_1(capsys):
    agreement = sign(draft(OrganizationFactory()))
    CommitmentYear.objects.create(
        agreement=agreement,
        number=4,
        starts_on=date(2028, 5, 27),
        ends_on=date(2029, 5, 26),
        required=500_000,
        fee_part=0,
        currency="USD",
    )

    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants")

    assert ended.value.code == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_role_of_somebody_who_left_is_found():
    contact = ContactFactory(departed_on=TODAY)
    RoleFactory(contact=contact, role=ContactRole.MENTOR)

    assert list(invariants.broken()) == [
        f"Who left holds no role. Not for {contact.pk}."
    ]
