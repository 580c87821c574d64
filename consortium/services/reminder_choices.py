"""What a member chooses of its reminders: how early, and who else reads them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    MOST_COPIES,
    Contact,
    FirstNotice,
    Organization,
    ReminderCopy,
    ReminderPreference,
)
from ..verbs import Verb
from .organizations import lock_organizations


class ChosenMeanwhile(Refusal):
    code = "chosen_meanwhile"


class ReaderOfAnother(Refusal):
    code = "reader_of_another"
    field = "readers"


class TooManyReaders(Refusal):
    code = "too_many_readers"
    field = "readers"


class NoSuchNotice(Refusal):
    code = "no_such_notice"
    field = "first_notice"


@transaction.atomic
def choose_reminders(
    organization: Organization,
    *,
    first_notice: int,
    readers: Sequence[Contact],
    version: int | None,
    by: User,
) -> ReminderPreference:
    """
    Tell a member of its dues as early as it asks, and these people as well.

    ``version`` is what somebody read, 0 where nothing was chosen. What is late is
    reminded of in any case.

    :raises ChosenMeanwhile: if somebody chose otherwise meanwhile.
    :raises NoSuchNotice: for a notice that is not offered.
    :raises ReaderOfAnother: if a contact is of another company, or left.
    :raises TooManyReaders: if there are more than five.
    """
    lock_organizations(organization)
    if first_notice not in FirstNotice.values:
        raise NoSuchNotice(_("Choose one of the days that are offered."))
    _require_readers(organization, readers)
    row = ReminderPreference.objects.filter(organization=organization).first()
    if version is not None and version != (row.version if row else 0):
        raise ChosenMeanwhile(
            _("Somebody else chose meanwhile. Open this page anew to compare.")
        )
    old = set(organization.reminder_copies.values_list("contact", flat=True))
    new = {contact.pk for contact in readers}
    if row is None:
        row = ReminderPreference.objects.create(
            organization=organization, first_notice=first_notice
        )
        changed = ["first_notice"]
    else:
        changed = row.edit(version, touched=old != new, first_notice=first_notice)
    organization.reminder_copies.exclude(contact__in=new).delete()
    ReminderCopy.objects.bulk_create(
        ReminderCopy(organization=organization, contact=contact)
        for contact in readers
        if contact.pk not in old
    )
    if changed or old != new:
        facts = {"first_notice": first_notice, "readers": sorted(new)}
        journal.record(Verb.REMINDERS_CHOSEN, organization, by=by, **facts)
    return row


def _require_readers(organization: Organization, readers: Sequence[Contact]) -> None:
    keys = {contact.pk for contact in readers}
    here = Contact.objects.current().filter(organization=organization, pk__in=keys)
    if here.count() < len(keys):
        raise ReaderOfAnother(_("Choose people of the company who are still there."))
    if len(keys) > MOST_COPIES:
        raise TooManyReaders(
            _("At most %(most)s people are added.") % {"most": MOST_COPIES}
        )
