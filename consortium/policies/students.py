"""Who sees a student's profile, and who sees who looked at it."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from inm_portal.kernel.permissions import NOBODY, permission, staff_or

from ..models import ContactRole, Organization, shared
from ..states import MembershipStatus
from ..ties import contacts_in


def recruits(user: Any) -> bool:
    """Say whether ``user`` holds the recruiting role at a member of today."""
    held = [c.organization_id for c in contacts_in(user, [ContactRole.RECRUITING])]
    if not held:
        return False
    theirs: Any = Organization.objects.filter(pk__in=held)
    members = theirs.with_membership(on=timezone.localdate())
    return bool(members.filter(status__in=MembershipStatus.present()).exists())


@permission("consortium.view_studentprofile")
@permission("consortium.take_resume_studentprofile")
def view_studentprofile(user: Any) -> Q:
    """Each their own; what is shared, those who recruit for a member, and staff."""
    finds = user.has_perm("consortium.view_studentprofile") or recruits(user)
    return Q(person=user) | (Q(shared()) if finds else NOBODY)


@permission("consortium.view_profileopening")
def view_profileopening(user: Any) -> Q:
    """Staff see all, a student who looked at them, each what they looked at."""
    return staff_or(
        user,
        "consortium.view_profileopening",
        lambda: Q(profile__person=user) | Q(person=user),
    )


@permission("consortium.share_studentprofile")
def share_studentprofile(user: Any) -> Q:
    return Q(person=user) & ~Q(shared())


@permission("consortium.stop_sharing_studentprofile")
def stop_sharing_studentprofile(user: Any) -> Q:
    return Q(person=user) & Q(shared())
