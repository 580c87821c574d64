"""Tell those who asked for it what is new in the library."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import mails
from inm_portal.kernel.locks import take_turns

from ..models import (
    Audience,
    Contact,
    FacultyMember,
    LibraryFollower,
    LibraryNotice,
    LibraryVersion,
    Organization,
)
from ..states import LibraryState, MembershipStatus

NEWS = "consortium/mail/library_news"


@transaction.atomic
def follow_library(person: User, *, is_following: bool, at: datetime) -> None:
    """Begin or stop to tell somebody of what is new; twice is as once."""
    take_turns(f"follower of the library {person.pk}")
    rows = LibraryFollower.objects.filter(person=person)
    if not is_following:
        rows.delete()
    elif not rows.exists():
        LibraryFollower.objects.create(person=person, since=at)


@transaction.atomic
def tell_library_news(*, at: datetime) -> int:
    """
    Tell of each newest version that can be read now and was not told of.

    Return of how many. An embargo that ends is found here, so nothing waits in
    the outbox that must not be read yet.
    """
    take_turns("news of the library")
    later = LibraryVersion.objects.filter(
        item=OuterRef("item"), number__gt=OuterRef("number")
    )
    is_over = Q(item__embargo_until=None) | Q(item__embargo_until__lte=at)
    versions = LibraryVersion.objects.filter(
        is_over, ~Exists(later), item__state=LibraryState.PUBLISHED, notice=None
    )
    found = list(versions.select_related("item").order_by("pk"))
    for version in found:
        LibraryNotice.objects.create(version=version, told_at=at)
        for person in _readers(version.item.audience):
            _tell(version, person, at=at)
    return len(found)


def _tell(version: LibraryVersion, person: User, *, at: datetime) -> None:
    item = version.item
    context: dict[str, Any] = {
        "item": item,
        "what": item.kind_label.lower(),
        "number": version.number,
        "is_first": version.number == 1,
    }
    slot = f"version {version.number}"
    mails.write(NEWS, to=person, about=item, slot=slot, at=at, context=context)


def _readers(audience: str) -> list[User]:
    """Return those who asked to be told, and are of an audience."""
    asked = LibraryFollower.objects.values("person")
    people: Any = User.objects.filter(is_active=True, pk__in=asked)
    if audience != Audience.EVERYBODY:
        at_inm = Q(pk__in=User.objects.at_inm().values("pk"))
        people = people.filter(
            at_inm | _of_consortium() if audience == Audience.MEMBERS else at_inm
        )
    return list(people.order_by("pk"))


def _of_consortium() -> Q:
    companies: Any = Organization.objects.with_membership(on=timezone.localdate())
    members = companies.filter(status__in=MembershipStatus.present()).values("pk")
    contacts = Contact.objects.current().filter(organization__in=members)
    of_faculty = FacultyMember.objects.values("email")
    with_account = contacts.filter(user__isnull=False)
    return Q(pk__in=with_account.values("user")) | Q(email__in=of_faculty)
