"""Record what a screening said, and hold what a hit holds."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import DECIDED, Organization, Screening
from ..states import HOLDING, ScreeningResult
from ..verbs import Verb
from .approvals import require_drafted_nothing
from .interests import require_no_interest
from .organizations import lock_organization


class OnHold(Refusal):
    """Says that something holds, and not what: a hit is for few to know."""

    code = "on_hold"


class ScreenedInFuture(Refusal):
    code = "screened_in_future"
    field = "screened_on"


class HitStands(Refusal):
    code = "hit_stands"
    field = "result"


class NothingToDecide(Refusal):
    code = "nothing_to_decide"
    field = "result"


class NoReason(Refusal):
    code = "no_reason"
    field = "note"


@transaction.atomic
def record_screening(
    organization: Organization,
    *,
    result: ScreeningResult,
    screened_name: str,
    screened_on: date,
    note: str = "",
    today: date,
    by: User,
) -> Screening:
    """
    Write down what a screening said, or what was decided about its hit.

    A hit holds signing and invitations until it is cleared, by somebody who did not
    draft what is to be signed.

    :raises HasInterest: if ``by`` disclosed an interest in the company.
    :raises ScreenedInFuture: if the day lies ahead.
    :raises HitStands: if a hit waits for a decision, and this is none.
    :raises NothingToDecide: if there is no hit to clear or refuse.
    :raises NoReason: if a decision has none.
    :raises OwnDraft: if ``by`` drafted what waits to be signed, and decides.
    """
    organization = lock_organization(organization)
    require_no_interest(organization, on=today, by=by)
    if screened_on > today:
        raise ScreenedInFuture(_("The day of the screening lies ahead."))
    if result in DECIDED and not note.strip():
        raise NoReason(_("Say why it was cleared or refused."))
    _require_order(organization, result)
    if result in DECIDED:
        require_drafted_nothing(organization, by=by)
    screening = Screening.objects.create(
        organization=organization,
        screened_name=screened_name,
        result=result,
        screened_on=screened_on,
        note=note,
        recorded_by=by,
    )
    # What it said stays out of the journal, which more people read.
    journal.record(Verb.SCREENING_RECORDED, organization, by=by, screening=screening.pk)
    return screening


def require_no_hold(organization: Organization) -> None:
    """
    :raises OnHold: if a hit of this company was not cleared.
    """
    if Screening.objects.holding().filter(organization=organization).exists():
        raise OnHold(_("This company is on hold. A director can say more."))


def _require_order(organization: Organization, result: ScreeningResult) -> None:
    latest = organization.screenings.order_by("-pk").first()
    is_held = latest is not None and latest.result in HOLDING
    if is_held and result not in DECIDED:
        raise HitStands(_("A hit stands; clear or refuse it first."))
    if not is_held and result in DECIDED:
        raise NothingToDecide(_("There is no hit to decide about."))
