"""States change along their table: by ``move_to``, and in the database too."""

from datetime import date
from itertools import product

import pytest
from django.db import InternalError, transaction

from consortium.models import Agreement
from consortium.states import AGREEMENT_STEPS, AgreementState
from inm_portal.kernel.errors import IllegalTransition

from ..factories.consortium import OrganizationFactory, draft, sign

PAIRS = list(product(AgreementState, AgreementState))
STEPS = {(a, b) for a, following in AGREEMENT_STEPS.items() for b in following}
JUMPS = [pair for pair in PAIRS if pair not in STEPS and pair[0] != pair[1]]


@pytest.mark.parametrize(("present", "asked"), sorted(STEPS))
def test_a_step_of_the_table_is_taken(present, asked):
    agreement = Agreement(state=present)

    agreement.move_to(asked)

    assert agreement.state == asked


@pytest.mark.parametrize(
    ("present", "asked"), [pair for pair in PAIRS if pair not in STEPS]
)
def test_any_other_step_is_refused_and_changes_nothing(present, asked):
    agreement = Agreement(state=present)

    with pytest.raises(IllegalTransition):
        agreement.move_to(asked)

    assert agreement.state == present


def test_a_refused_step_is_told_in_words():
    agreement = Agreement(state=AgreementState.TERMINATED)

    with pytest.raises(IllegalTransition) as refusal:
        agreement.move_to(AgreementState.DRAFT)

    assert str(refusal.value) == "This agreement is terminated; it cannot become draft."
    assert refusal.value.code == "illegal_transition"


def test_next_states_are_those_of_the_table():
    states = {
        state: list(Agreement(state=state).next_states) for state in AgreementState
    }

    assert states == {
        AgreementState.DRAFT: [AgreementState.SIGNED],
        AgreementState.SIGNED: [AgreementState.TERMINATED],
        AgreementState.TERMINATED: [],
    }


@pytest.fixture
def in_state(db):
    """Return an agreement that came into a state along the table."""

    def bring(state: AgreementState) -> Agreement:
        agreement = draft(OrganizationFactory())
        if state != AgreementState.DRAFT:
            agreement = sign(agreement)
        if state == AgreementState.TERMINATED:
            agreement.move_to(state)
            agreement.last_on = agreement.notice_received_on = agreement.effective_on
            agreement.termination_recorded_on = agreement.effective_on
            agreement.terminated_because = "The plant closes."
            agreement.save()
        return agreement

    return bring


@pytest.mark.parametrize(("present", "asked"), JUMPS)
def test_an_update_of_rows_cannot_jump(in_state, present, asked):
    agreement = in_state(present)

    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(state=asked)

    assert agreement.refreshed().state == present


@pytest.mark.parametrize(("present", "asked"), JUMPS)
def test_sql_cannot_jump(in_state, run, present, asked):
    agreement = in_state(present)

    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        run(
            "UPDATE consortium_agreement SET state = %s WHERE id = %s",
            asked,
            agreement.pk,
        )

    assert agreement.refreshed().state == present


@pytest.mark.parametrize("state", [AgreementState.SIGNED, AgreementState.TERMINATED])
def test_no_row_begins_in_a_later_state(db, state):
    organization = OrganizationFactory()

    with pytest.raises(InternalError, match="Cannot insert"), transaction.atomic():
        Agreement.objects.create(
            organization=organization,
            contracting_entity=organization.legal_name,
            effective_on=date(2026, 1, 1),
            term_years=3,
            state=state,
            **facts_of(state),
        )

    assert not Agreement.objects.exists()


def facts_of(state: AgreementState) -> dict:
    """Return what the constraints tie to a state, so that only the step is wrong."""
    if state == AgreementState.DRAFT:
        return {"signed_on": None}
    return {
        "signed_on": date(2026, 1, 1),
        "signed_for_member_by": "A Sponsor",
        "signed_for_mit_by": "A Director",
    }
