"""Keep the library: add works and versions, publish, withdraw, open, comment."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, watermarks
from inm_portal.kernel.errors import Refusal

from ..documents import LIBRARY
from ..models import (
    LibraryComment,
    LibraryItem,
    LibraryKind,
    LibraryOpening,
    LibraryVersion,
    Organization,
)
from ..states import LibraryState
from ..ties import companies_of
from ..verbs import Verb
from .two_people import require_reason

PDF = "application/pdf"


class NoVersion(Refusal):
    code = "no_version"


class OneOfBoth(Refusal):
    """A version is a file or the address of a recording, and not both."""

    code = "one_of_both"
    field = "link"


class LinksToRecordings(Refusal):
    code = "links_to_recordings"
    field = "link"


class NotADraft(Refusal):
    code = "not_a_draft"


class IsWithdrawn(Refusal):
    code = "is_withdrawn"


@transaction.atomic
def add_library_item(*, at: datetime, by: User | None, **details: Any) -> LibraryItem:
    """Begin a work of the library as a draft; its versions follow."""
    item = LibraryItem.objects.create(added_by=by, added_at=at, **details)
    journal.record(
        Verb.LIBRARY_ITEM_ADDED, item, by=by, kind=item.kind, audience=item.audience
    )
    return item


@transaction.atomic
def change_library_item(
    item: LibraryItem, *, by: User | None, version: int | None = None, **details: Any
) -> LibraryItem:
    """
    Change what it is called, who reads it, and from when.

    :raises EditConflict: if somebody changed it since ``version``.
    :raises IsWithdrawn: if it was withdrawn.
    """
    item = LibraryItem.objects.locked(item)
    _require_in_use(item)
    if changed := item.edit(version, **details):
        facts = {"fields": sorted(changed), "audience": item.audience}
        journal.record(Verb.LIBRARY_ITEM_CHANGED, item, by=by, **facts)
    return item


@transaction.atomic
def add_library_version(
    item: LibraryItem,
    *,
    at: datetime,
    by: User | None,
    file: File | None = None,
    link: str = "",
    changes: str = "",
) -> LibraryVersion:
    """
    Add the next version: a file, or the address of a recording.

    :raises IsWithdrawn: if the work was withdrawn.
    :raises OneOfBoth: unless there is one of both.
    :raises LinksToRecordings: if what an address leads to is no recording.
    :raises CannotBeMarked: if it is a PDF that no watermark can be put on.
    """
    item = LibraryItem.objects.locked(item)
    _require_in_use(item)
    if (file is None) == (not link):
        raise OneOfBoth(_("Give a file or an address, one of both."))
    if link and item.kind != LibraryKind.RECORDING:
        raise LinksToRecordings(_("Only a recording can be an address; add a file."))
    document = None
    if file is not None:
        document = documents.upload(file, kind=LIBRARY, subject=item, at=at, by=by)
        if document.content_type == PDF:
            file.seek(0)
            watermarks.pages_of(file.read())
    row = LibraryVersion.objects.create(
        item=item,
        number=item.versions.count() + 1,
        document=document,
        link=link,
        changes=changes,
        added_by=by,
        added_at=at,
    )
    facts = {"version": row.number}
    journal.record(Verb.LIBRARY_VERSION_ADDED, item, by=by, **facts)
    return row


@transaction.atomic
def publish_library_item(
    item: LibraryItem, *, at: datetime, by: User | None
) -> LibraryItem:
    """
    Let the audience read it, as soon as no embargo holds it back.

    :raises IllegalTransition: if it is published.
    :raises NoVersion: if there is nothing to read.
    """
    item = LibraryItem.objects.locked(item)
    item.move_to(LibraryState.PUBLISHED)
    if not item.versions.exists():
        raise NoVersion(_("Add a version first; there is nothing to read."))
    item.published_at, item.withdrawn_at, item.withdrawal_reason = at, None, ""
    item.version += 1
    item.save()
    facts = {"audience": item.audience, "embargo": item.embargo_until}
    journal.record(Verb.LIBRARY_ITEM_PUBLISHED, item, by=by, **facts)
    return item


@transaction.atomic
def withdraw_library_item(
    item: LibraryItem, *, reason: str, at: datetime, by: User | None
) -> LibraryItem:
    """
    Take it out of the sight of all but INM; who opened it stays on record.

    :raises IllegalTransition: if it was withdrawn.
    :raises SaysNoReason: without a reason.
    """
    item = LibraryItem.objects.locked(item)
    require_reason(reason)
    item.move_to(LibraryState.WITHDRAWN)
    item.withdrawn_at, item.withdrawal_reason = at, reason
    item.version += 1
    item.save()
    journal.record(Verb.LIBRARY_ITEM_WITHDRAWN, item, by=by)
    return item


@transaction.atomic
def comment_on_draft(
    item: LibraryItem, *, text: str, at: datetime, by: User
) -> LibraryComment:
    """
    Say something to a draft, to be read by all who read it.

    :raises NotADraft: if it is no draft that is shared.
    """
    item = LibraryItem.objects.locked(item)
    if item.state != LibraryState.DRAFT or not item.is_draft_shared:
        raise NotADraft(_("This is no longer a draft that can be commented."))
    row = LibraryComment.objects.create(
        item=item,
        author=by,
        organization_id=_company_of(by),
        number=item.versions.count(),
        text=text,
        written_at=at,
    )
    journal.record(Verb.LIBRARY_DRAFT_COMMENTED, item, by=by, comment=row.pk)
    return row


@dataclass(frozen=True)
class Opened:
    """What somebody is given of a version: a file, or an address to go to."""

    opening: LibraryOpening
    link: str = ""
    file: IO[bytes] | None = None
    name: str = ""
    content_type: str = ""


@transaction.atomic
def open_library_version(version: LibraryVersion, *, at: datetime, by: Any) -> Opened:
    """
    Give somebody a version that they may read; who did is on record.

    A PDF for anybody but INM says on each page whose copy it is.

    :raises HeldBack: if its file cannot be had now.
    :raises CannotBeMarked: if its file can no longer be read.
    """
    reader, document = by.really, version.document
    at_inm = reader.is_at_inm
    company = None if at_inm else _company_of(by)
    is_pdf = document is not None and document.content_type == PDF
    opening = LibraryOpening.objects.create(
        version=version,
        person=reader,
        organization_id=company,
        is_marked=is_pdf and not at_inm,
        opened_at=at,
    )
    if document is None:
        return Opened(opening, link=version.link)
    file: Any = documents.open_for(document, by=by, at=at)
    if opening.is_marked:
        with file:
            content = watermarks.marked(file.read(), _words_of(opening))
        file = ContentFile(content)
    return Opened(
        opening, file=file, name=document.name, content_type=document.content_type
    )


def _words_of(opening: LibraryOpening) -> str:
    """Return what stands at the foot of each page of somebody's copy."""
    company = opening.organization
    day = timezone.localtime(opening.opened_at).date()
    parts = [
        *([company.name] if company else []),
        *[opening.person.name, day.isoformat()],
        _("copy %(number)s") % {"number": opening.pk},
    ]
    return " · ".join(parts)


def _company_of(user: Any) -> int | None:
    """Return the key of the company for which somebody reads; a member goes first."""
    theirs: Any = Organization.objects.filter(pk__in=companies_of(user))
    rows = theirs.with_membership(on=timezone.localdate())
    found = rows.order_by("status", "name", "pk").values_list("pk", flat=True)
    return found.first()


def _require_in_use(item: LibraryItem) -> None:
    if item.state == LibraryState.WITHDRAWN:
        raise IsWithdrawn(_("This was withdrawn; publish it again first."))
