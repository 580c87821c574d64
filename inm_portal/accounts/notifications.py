"""What is asked about people: an invitation expires, an address refuses mail."""

from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.bounces import Holder, tells_whose
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from .models import Invitation, User


@tells_whose
def whose_account(address: str) -> Holder | None:
    """Return who signs in with an address; anybody at INM can ask them."""
    user = User.objects.filter(email=address, is_active=True).first()
    return Holder(user.name, user.get_absolute_url(), None) if user else None


INVITED, INVITER = "invited person", "inviter"


def invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("invited_by")


def invitations_to_answer(audience: str, *, on: date) -> QuerySet[Invitation]:
    """Return the invitations that nobody answered, with the day they run out on."""
    rows = Invitation.objects.pending().annotate(
        anchor_on=TruncDate("expires_at"),
        organization_key=Value(None, BigIntegerField()),
    )
    if audience == INVITED:
        return rows.annotate(
            person_key=Value(None, BigIntegerField()), address=F("email")
        )
    return rows.annotate(
        person_key=Case(When(invited_by__is_active=True, then="invited_by")),
        address=Coalesce("invited_by__email", Value(""), output_field=CharField()),
    )


def describe_invitation(delivery: ReminderDelivery, invitation: Invitation) -> Item:
    """
    Say what is asked: of whoever is invited, and in the end of who invited them.

    The link stands in the mail of the invitation alone: of its token the portal
    keeps only a digest.
    """
    if delivery.rung == UNANSWERED:
        return Item(
            what=_("Invite %(name)s again, or let it be") % {"name": invitation.name},
            why=_("The invitation ran out on %(day)s, and nobody answered.")
            % {"day": written_day(delivery.anchor_on)},
            by_on=delivery.planned_on,
            url=invitation.get_absolute_url(),
        )
    inviter = invitation.invited_by
    return Item(
        what=_("Your invitation to the INM consortium portal runs out"),
        why=_(
            "Open the link in the mail of %(day)s. If you no longer have it, ask "
            "%(name)s for a new one."
        )
        % {
            "day": written_day(timezone.localdate(invitation.sent_at)),
            "name": inviter.name if inviter else _("the program office at INM"),
        },
        by_on=delivery.anchor_on,
    )


UNANSWERED = "unanswered"


def matching(text: str) -> Any:
    return Invitation.objects.matching(text)


declare(
    Rule(
        name="accounts.invitation_expiry",
        title=_("Invitations about to expire"),
        sentence=_(
            "Whoever was invited is reminded two days before the invitation runs out. "
            "Once it did, who invited them has a task."
        ),
        subjects=invitations,
        candidates=invitations_to_answer,
        rungs=[
            Rung("expires", -2, INVITED, _("two days before")),
            Rung(
                *(UNANSWERED, 1, INVITER, _("task for the inviter")),
                in_business_days=True,
                is_task=True,
            ),
        ],
        describe=describe_invitation,
        matching=matching,
    )
)
