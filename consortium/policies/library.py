"""Who reads the library, who keeps it, and who sees what was opened."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from inm_portal.kernel.context import once_a_request
from inm_portal.kernel.permissions import ANYONE, permission, staff, staff_or

from ..models import (
    Audience,
    ContactRole,
    FacultyMember,
    LibraryComment,
    LibraryVersion,
    Organization,
)
from ..states import LibraryState, MembershipStatus
from ..ties import companies_of, contacts_in

#: Who of a member sees what its people opened.
SEES_OPENINGS = [ContactRole.EVENTS, ContactRole.SPONSOR]


@once_a_request
def is_member(user: Any) -> bool:
    """Say whether ``user`` is with a member of today, or one that goodwill keeps."""
    theirs: Any = Organization.objects.filter(pk__in=companies_of(user))
    members = theirs.with_membership(on=timezone.localdate())
    present = MembershipStatus.present()
    return bool(members.filter(status__in=present).exists())


@once_a_request
def is_of_consortium(user: Any) -> bool:
    """Say whether ``user`` is with a member of today, or of the faculty."""
    if is_member(user):
        return True
    return FacultyMember.objects.filter(email__iexact=user.email).exists()


def readable(user: Any, of: str = "") -> Q:
    """
    Return what people outside INM read: published or a shared draft, of no embargo.

    ``of`` leads from the rows in question to their item, as in ``item__``.
    """
    labels = [Audience.EVERYBODY]
    if is_of_consortium(user):
        labels.append(Audience.MEMBERS)
    published = Q(**{f"{of}state": LibraryState.PUBLISHED})
    until = f"{of}embargo_until"
    is_over = Q(**{until: None}) | Q(**{f"{until}__lte": timezone.now()})
    shared = shared_draft(of)
    return Q(**{f"{of}audience__in": labels}) & is_over & (published | shared)


def shared_draft(of: str = "") -> Q:
    return Q(**{f"{of}state": LibraryState.DRAFT, f"{of}is_draft_shared": True})


@permission("consortium.view_libraryitem")
def view_libraryitem(user: Any) -> Q:
    return staff_or(user, "consortium.view_libraryitem", lambda: readable(user))


def _keeps(user: Any) -> Q:
    return staff("consortium.add_libraryitem")(user)


@permission("consortium.change_libraryitem")
@permission("consortium.add_version_libraryitem")
@permission("consortium.withdraw_libraryitem")
def change_libraryitem(user: Any) -> Q:
    return _keeps(user) & ~Q(state=LibraryState.WITHDRAWN)


@permission("consortium.publish_libraryitem")
def publish_libraryitem(user: Any) -> Q:
    return _keeps(user) & ~Q(state=LibraryState.PUBLISHED)


@permission("consortium.comment_libraryitem")
def comment_libraryitem(user: Any) -> Q:
    """Who keeps the library, and who reads a draft."""
    mine = staff_or(user, "consortium.add_libraryitem", lambda: readable(user))
    return shared_draft() & mine


@permission("consortium.follow_libraryitem")
def follow_libraryitem(user: Any) -> Q:
    """Whoever signs in may ask for news; they are of what one may read."""
    return ANYONE


@permission("consortium.view_libraryversion")
@permission("consortium.download_libraryversion")
def view_libraryversion(user: Any) -> Q:
    """INM reads all versions; others the newest of what they read."""
    later = LibraryVersion.objects.filter(
        item=OuterRef("item"), number__gt=OuterRef("number")
    )
    return staff_or(
        user,
        "consortium.view_libraryitem",
        lambda: readable(user, "item__") & Q(~Exists(later)),
    )


@permission("consortium.view_librarycomment")
def view_librarycomment(user: Any) -> Q:
    """INM reads all; others what is said to a draft that they read."""
    return staff_or(
        user,
        "consortium.view_libraryitem",
        lambda: readable(user, "item__") & shared_draft("item__"),
    )


@permission("consortium.view_libraryopening")
def view_libraryopening(user: Any) -> Q:
    """INM sees all; coordinator and sponsor those of their company; each their own."""
    return staff_or(user, "consortium.view_libraryopening", lambda: _own(user))


def _own(user: Any) -> Q:
    seen = [one.organization_id for one in contacts_in(user, SEES_OPENINGS)]
    return Q(person=user) | Q(organization__in=seen)


def comments_read_by(user: Any) -> Any:
    """Return the comments that ``user`` reads, with the names that they may know."""
    at_inm = user.has_perm("consortium.view_libraryitem")
    rows = LibraryComment.objects.permitted(user, "view")
    return rows.with_names(all_of_them=at_inm, companies=companies_of(user))
