"""Answer the people who came in by an institution."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from .access import end_access
from .models import AccessRequest, Outcome, User
from .verbs import Verb


class AlreadyAnswered(Refusal):
    code = "already_answered"


@transaction.atomic
def welcome(request: AccessRequest, *, at: datetime, by: User) -> AccessRequest:
    """
    Settle a request of somebody who has a place here now, or soon.

    :raises AlreadyAnswered: if somebody did before.
    """
    return _answer(request, Outcome.WELCOMED, at=at, by=by)


@transaction.atomic
def decline(request: AccessRequest, *, at: datetime, by: User) -> AccessRequest:
    """
    Close the account of somebody who has no business here.

    :raises AlreadyAnswered: if somebody answered before.
    """
    request = _answer(request, Outcome.DECLINED, at=at, by=by)
    if request.user.is_active:
        end_access(request.user, by=by)
    return request


def _answer(
    request: AccessRequest, outcome: Outcome, *, at: datetime, by: User
) -> AccessRequest:
    request = (
        AccessRequest.objects.select_related("user")
        .select_for_update(of=("self",))
        .get(pk=request.pk)
    )
    if request.outcome:
        raise AlreadyAnswered(_("Somebody has answered this request already."))
    request.outcome, request.answered_at, request.answered_by = outcome, at, by
    request.save()
    journal.record(Verb.REQUEST_ANSWERED, request.user, by=by, outcome=outcome)
    return request
