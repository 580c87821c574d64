"""Case 13: a hit of the screening holds, and only few learn of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consortium import services
from consortium.models import Screening
from consortium.services.screenings import (
    HitStands,
    NoReason,
    NothingToDecide,
    OnHold,
    ScreenedInFuture,
)
from consortium.states import ScreeningResult
from inm_portal.accounts.invitations import InvitationOver
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    sign,
)

pytestmark = pytest.mark.django_db

CLEAR, HIT = ScreeningResult.CLEAR, ScreeningResult.HIT
CLEARED, REFUSED = ScreeningResult.CLEARED, ScreeningResult.REFUSED


def screen(organization, *results, note="Another company of that name", **changes):
    for result in results:
        given = {"screened_on": TODAY, "today": TODAY, "by": None} | changes
        screening = services.record_screening(
            organization,
            result=result,
            screened_name=organization.legal_name,
            note=note,
            **given,
        )
    return screening


@pytest.mark.parametrize(
    ("results", "is_held"),
    [
        ([], False),
        ([CLEAR], False),
        ([HIT], True),
        ([CLEAR, HIT], True),
        ([HIT, CLEARED], False),
        ([HIT, REFUSED], True),
        ([HIT, REFUSED, CLEARED], False),
        ([HIT, CLEARED, HIT], True),
    ],
)
def test_case_13_a_hit_holds_the_signing_until_it_is_cleared(results, is_held):
    organization = OrganizationFactory()
    screen(OrganizationFactory(), HIT)  # of another company: holds nothing here
    agreement = draft(organization)
    if results:
        screen(organization, *results)

    if is_held:
        with pytest.raises(OnHold):
            sign(agreement)
    else:
        assert sign(agreement).state == "signed"


def test_case_13_a_hit_holds_invitations_new_and_old():
    """A link that was sent before opens nothing meanwhile."""
    contact, by = ContactFactory(), staff("director")
    now = timezone.now()
    invitation = services.invite_contact(contact, at=now, by=by).invitation
    screen(contact.organization, HIT)
    other = ContactFactory(organization=contact.organization)

    with pytest.raises(OnHold):
        services.invite_contact(other, at=now, by=by)
    with pytest.raises(OnHold):
        services.resend_invitation(invitation, at=now, by=by)
    accept = {"digest": invitation.digest, "at": now, "password": "x", "by": None}
    with pytest.raises(InvitationOver):
        services.accept_invitation(invitation, **accept)

    screen(contact.organization, CLEARED)
    assert services.accept_invitation(invitation, **accept).email == contact.email


@pytest.mark.parametrize(
    ("before", "result", "refusal"),
    [
        ([HIT], CLEAR, HitStands),
        ([HIT], HIT, HitStands),
        ([HIT, REFUSED], CLEAR, HitStands),
        ([], CLEARED, NothingToDecide),
        ([CLEAR], REFUSED, NothingToDecide),
        ([HIT, CLEARED], CLEARED, NothingToDecide),
    ],
)
def test_a_hit_is_decided_and_nothing_else_is(before, result, refusal):
    organization = OrganizationFactory()
    if before:
        screen(organization, *before)

    with pytest.raises(refusal):
        screen(organization, result)


def test_a_decision_has_a_reason_and_a_day_that_was():
    organization = OrganizationFactory()
    screen(organization, HIT, note="")

    with pytest.raises(NoReason):
        screen(organization, CLEARED, note=" ")
    with pytest.raises(ScreenedInFuture):
        screen(organization, CLEARED, screened_on=TODAY + timedelta(days=1))
    with pytest.raises(IntegrityError, match="has_a_reason"), transaction.atomic():
        Screening.objects.create(
            organization=organization,
            screened_name="X",
            result=CLEARED,
            screened_on=TODAY,
        )


def test_who_decided_and_when_is_on_record_and_the_result_is_not_in_the_journal():
    organization, director = OrganizationFactory(), staff("director")

    screening = screen(organization, HIT, by=director)

    assert (screening.recorded_by, screening.screened_on) == (director, TODAY)
    entry = JournalEntry.objects.about(organization).get()
    assert entry.facts == {"screening": screening.pk}
    assert "hit" not in entry.verb


def test_case_13_only_directors_see_a_hit(cast, sign_in):
    """Whoever else looks learns nothing, not even from the refusal."""
    hit = screen(cast.siemens, HIT)

    may = {
        name
        for name, user in cast.people.items()
        if Screening.objects.permitted(user, "view").filter(pk=hit.pk).exists()
    }
    shown = {
        name: "Restricted-party" in page.content.decode()
        for name in ["director", "staff", "admin", "auditor", "finance", "sponsor"]
        if (page := sign_in(cast[name]).get(cast.siemens.get_absolute_url()))
    }

    assert may == {"director"}
    assert [name for name, is_shown in shown.items() if is_shown] == ["director"]
    with pytest.raises(OnHold, match="A director can say more"):
        sign(cast.drafted)
