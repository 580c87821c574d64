"""Who asks the faculty for talks, who answers, and who reads of them."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import Contact
from ..states import OneToOneState
from ..ties import companies_of, contacts_of

ASKED = Q(state=OneToOneState.ASKED)
AGREED = Q(state=OneToOneState.AGREED)


def asked_of(user: Any) -> Q:
    """Return the condition of the requests that are for ``user`` to answer."""
    return Q(faculty__email__iexact=user.email)


@permission("consortium.view_onetoonerequest")
def view_onetoonerequest(user: Any) -> Q:
    """INM reads all, a member its own, and the faculty what is asked of them."""
    return staff_or(
        user,
        "consortium.view_interaction",
        lambda: Q(organization__in=companies_of(user)) | asked_of(user),
    )


@permission("consortium.ask_one_to_one_organization")
def ask_one_to_one_organization(user: Any) -> Q:
    return staff_or(
        user, "consortium.add_interaction", lambda: Q(pk__in=companies_of(user))
    )


def contacts_to_meet(user: Any) -> Any:
    """Return those for whom ``user`` asks: themselves; for staff, who is there now."""
    rows = Contact.objects.filter(departed_on=None)
    if user.has_perm("consortium.add_interaction"):
        return rows
    return rows.filter(pk__in=[one.pk for one in contacts_of(user)])


def answering(user: Any) -> Q:
    return staff_or(user, "consortium.add_interaction", lambda: asked_of(user))


@permission("consortium.agree_onetoonerequest")
def agree_onetoonerequest(user: Any) -> Q:
    return (ASKED | AGREED) & answering(user)


@permission("consortium.decline_onetoonerequest")
def decline_onetoonerequest(user: Any) -> Q:
    return ASKED & answering(user)


@permission("consortium.hold_onetoonerequest")
def hold_onetoonerequest(user: Any) -> Q:
    """Staff alone writes into the log of interactions."""
    return AGREED & staff("consortium.add_interaction")(user)


@permission("consortium.withdraw_onetoonerequest")
def withdraw_onetoonerequest(user: Any) -> Q:
    """Staff, the member, and once it is agreed the faculty, too."""
    theirs = Q(organization__in=companies_of(user)) | AGREED & asked_of(user)
    return (ASKED | AGREED) & staff_or(
        user, "consortium.add_interaction", lambda: theirs
    )


permission("consortium.cap_facultymember")(staff("consortium.add_facultymember"))
