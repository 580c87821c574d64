"""Roles that lost their holder: somebody is asked to name another (case 41)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.tasklist import finish_about, open_task

from ..models import EXPECTED, Contact, ContactRole, Organization

#: How long somebody has to name another.
WITHIN = timedelta(days=14)


def ask_for_successors(
    organization: Organization, roles: Iterable[str], *, on: date, by: User | None
) -> None:
    """Ask sponsor and INM to name somebody for each expected role left vacant."""
    for role in map(ContactRole, roles):
        holders = Contact.objects.current().filter(organization=organization)
        if role in EXPECTED and not holders.holding(role, on=on).exists():
            _ask(organization, role, on=on, by=by)


def note_successor(
    organization: Organization, role: ContactRole, *, by: User | None
) -> None:
    """Finish what was asked when the role was left vacant."""
    for kind in (_of_member(role), _of_inm(role)):
        finish_about(kind, organization, outcome=_("Named."), at=timezone.now(), by=by)


def _ask(
    organization: Organization, role: ContactRole, *, on: date, by: User | None
) -> None:
    asked: dict[str, Any] = {
        "what": _("Name somebody for the role: %(role)s.") % {"role": role.label},
        "why": _("Who held it left; its mail goes to the executive sponsor."),
        "due_on": on + WITHIN,
        "url": organization.get_absolute_url(),
        "by": by,
    }
    sponsors = Contact.objects.current().filter(organization=organization)
    sponsor = sponsors.holding(ContactRole.SPONSOR, on=on).exclude(user=None).first()
    if sponsor is not None:
        open_task(_of_member(role), organization, person=sponsor.user, **asked)
    open_task(_of_inm(role), organization, person=organization.owner, **asked)


def _of_member(role: ContactRole) -> str:
    return f"consortium.replace_{role}"


def _of_inm(role: ContactRole) -> str:
    return f"consortium.replace_{role}_at_inm"
