"""Write down where a draft differs from the template."""

from django.db import transaction
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import journal

from ..models import Agreement, Deviation
from ..verbs import Verb
from .agreements import lock_draft
from .interests import require_no_interest


@transaction.atomic
def add_deviation(agreement: Agreement, *, by: User, **words: str) -> Deviation:
    """
    Write down one clause that says something else than the template.

    :raises NotADraft: once signed.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    agreement = _lock_unbarred(agreement, by=by)
    deviation = Deviation.objects.create(agreement=agreement, **words)
    agreement.edit(None, touched=True)
    facts = {"deviation": deviation.pk}
    journal.record(Verb.DEVIATION_RECORDED, agreement, by=by, **facts)
    return deviation


@transaction.atomic
def remove_deviation(deviation: Deviation, *, by: User) -> Agreement:
    """
    Take a deviation out of a draft again.

    :raises NotADraft: once signed.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    agreement = _lock_unbarred(deviation.agreement, by=by)
    facts = {"deviation": deviation.pk}
    deviation.delete()
    agreement.edit(None, touched=True)
    journal.record(Verb.DEVIATION_REMOVED, agreement, by=by, **facts)
    return agreement


def _lock_unbarred(agreement: Agreement, *, by: User) -> Agreement:
    agreement = lock_draft(agreement)
    require_no_interest(agreement.organization, on=timezone.localdate(), by=by)
    return agreement
