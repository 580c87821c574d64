"""The calls of the demo world."""

import pytest
from django.utils import timezone

from inm_portal.accounts import roles
from seed_projects import services
from seed_projects.demo import load
from seed_projects.models import (
    Appeal,
    AsideText,
    Call,
    ProblemStatement,
    Proposal,
    ProposalSnapshot,
    ScreenedProposal,
)
from seed_projects.states import CallStatus, ScreeningState
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory

pytestmark = pytest.mark.django_db


def test_there_is_a_call_of_each_kind_and_twice_is_once():
    for name in ["Siemens", "Amgen", "Flex"]:
        OrganizationFactory(name=name)
    for local in ["pi", "copi", "director"]:
        UserFactory(email=f"{local}@inm.example")
    by = staff(roles.PROGRAM_STAFF)

    load(now=timezone.now(), by=by)
    load(now=timezone.now(), by=by)

    calls = Call.objects.with_closing()
    assert {call.present for call in calls} == {
        *[CallStatus.DECIDED, CallStatus.IN_REVIEW],
        *[CallStatus.OPEN, CallStatus.DRAFT, CallStatus.CLOSED],
    }
    assert ProblemStatement.objects.count() == 3
    screened = ScreenedProposal.objects.permitted(by, "view")
    assert set(screened.values_list("state", flat=True)) == set(ScreeningState.values)
    again = ProposalSnapshot.objects.filter(number=2).first()
    assert again is not None
    before = services.submission_before(again)
    assert Proposal.objects.exclude(former=None).exclude(abstract="").exists()
    found = services.differences_of(before.content, again.content)
    assert {"Abstract", "Smallest useful budget"} <= {one.label for one in found}
    assert Appeal.objects.filter(decision=None).count() == 1


def test_the_investigator_writes_to_the_open_call_and_two_texts_met():
    for name in ["Siemens", "Amgen", "Flex"]:
        OrganizationFactory(name=name)
    for local in ["pi", "copi", "director"]:
        UserFactory(email=f"{local}@inm.example")

    load(now=timezone.now(), by=staff(roles.PROGRAM_STAFF))

    drafts = Proposal.objects.filter(
        state="draft", people__person__email="pi@inm.example"
    )
    assert drafts.filter(call__slug="ai-for-manufacturing-2027").count() == 3
    assert AsideText.objects.unsettled().count() == 1
