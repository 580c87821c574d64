"""
Private files of objects: taken in by type, size and name, read by permission.

Each app registers the kinds of documents that its models have; who may see
the object may read them. The bytes lie in the private storage, and are there
before the row that names them.
"""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from . import files, jobs, journal, scanners
from .errors import Refusal
from .invariants import Invariant, declare
from .locks import take_turns
from .models import Document, Job, ScanState
from .permissions import NOBODY
from .prepared import prepared
from .verbs import Verb

MIB = 1024 * 1024
SCAN = "kernel.scan_document"

#: Documents on the page of their object; the API has the rest.
SHOWN = 50


class TooManyFiles(Refusal):
    code = "too_many_files"
    field = "file"


class NoRoom(Refusal):
    code = "no_room"
    field = "file"


class HeldBack(Refusal):
    """A file that nobody may have: not scanned yet, infected, or gone."""

    code = "held_back"


class AlreadySuperseded(Refusal):
    code = "already_superseded"


class DocumentStays(Refusal):
    code = "document_stays"


@dataclass(frozen=True)
class Kind:
    """
    The documents of one model: who reads and who manages them, and what they are.

    ``view`` and ``manage`` are actions of the model's permissions.
    """

    name: str
    model: type[Model]
    types: tuple[str, ...]
    view: str = "view"
    manage: str = ""
    most_bytes: int = 25 * MIB
    most_files: int = 200
    is_confidential: bool = True
    #: The column of the object that names the document which stays in use for good.
    fixed: str = ""
    #: Made by the portal itself: neither checked nor scanned.
    is_ours: bool = False

    @property
    def accept(self) -> str:
        """Return what a file input offers to choose."""
        return ",".join(f".{extension}" for extension in self.types)

    @property
    def help_text(self) -> str:
        types = ", ".join(files.TYPES[one].label for one in self.types)
        return _("%(types)s; up to %(most)s MB.") % {
            "types": types,
            "most": self.most_bytes // MIB,
        }


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of document known, and that each needs its object."""
    _kinds[kind.name] = kind
    table = kind.model._meta.db_table
    declare(
        Invariant(
            f"Each document of kind {kind.name} belongs to an object.",
            f"""
            SELECT d.id FROM kernel_document d WHERE d.kind = '{kind.name}'
            AND NOT EXISTS (SELECT FROM {table} s WHERE s.id = d.subject_id)
            """,  # noqa: S608 - names of our own
        )
    )
    return kind


#: What a job made for the one person who asked.
RESULTS = register(
    Kind("kernel.result", Job, (), "take_result", is_ours=True, is_confidential=False)
)


def kind_of(document: Document) -> Kind:
    return _kinds[document.kind]


def subject_of(document: Document) -> Any:
    """Return the object that a document belongs to; read once."""
    if document.subject is None:
        rows = kind_of(document).model._base_manager
        document.subject = rows.get(pk=document.subject_id)
    return document.subject


def seen_by(user: Any) -> Q:
    """Return the condition of documents whose object lets ``user`` read them."""
    read = Q(superseded_at=None) & _of_objects(user, "view")
    return read | managed_by(user)


def managed_by(user: Any) -> Q:
    """Return the condition of documents whose object lets ``user`` manage them."""
    return _of_objects(user, "manage")


def _of_objects(user: Any, what: str) -> Q:
    rows = NOBODY
    for kind in _kinds.values():
        if action := getattr(kind, what):
            manager: Any = kind.model._default_manager
            objects = manager.permitted(user, action).order_by().values("pk")
            rows |= Q(kind=kind.name, subject_id__in=objects)
    return rows


def listed(
    subject: Model, kind: Kind, *, with_superseded: bool = False
) -> list[Document]:
    """Return the documents of an object for its page, those in use first."""
    found = _files_of(kind.name, subject.pk, with_superseded=with_superseded)[:SHOWN]
    for document in found:
        document.is_unchecked = is_unchecked(document)
        document.is_fixed = is_fixed(document, subject, kind)
    return found


@prepared
def _files_of(kind: str, key: int, *, with_superseded: bool) -> Any:
    rows = Document.objects.filter(kind=kind, subject_id=key)
    if not with_superseded:
        rows = rows.current()
    order: list[Any] = [F("superseded_at").desc(nulls_first=True), "-pk"]
    return rows.with_related("uploaded_by__name").order_by(*order)


def is_fixed(document: Document, subject: Any, kind: Kind) -> bool:
    """Say whether a document is the one that its object keeps in use for good."""
    return bool(kind.fixed) and getattr(subject, f"{kind.fixed}_id") == document.pk


def upload(
    file: File, *, kind: Kind, subject: Model, at: datetime, by: Any
) -> Document:
    """
    Take in a file that somebody sent, and ask for its scan.

    :raises WrongName: if nothing of its name can stay.
    :raises WrongType: if name and content do not agree on a type of the kind.
    :raises TooLarge: if it is, or unpacks to, more than the kind takes.
    :raises TooManyFiles: if its object has as many as the kind takes.
    :raises NoRoom: if the storage cannot keep it.
    """
    name = files.safe_name(file.name or "")
    if (file.size or 0) > kind.most_bytes:
        raise files.TooLarge(
            _("The file is larger than %(most)s MB.") % {"most": kind.most_bytes // MIB}
        )
    opened: Any = file
    type_ = files.type_of(opened, name, allowed=kind.types)
    measured = _store(file)
    with _only_with_row(measured.stored), transaction.atomic():
        _require_place(kind, subject)
        document = _write(
            measured,
            kind=kind.name,
            subject_id=subject.pk,
            name=name,
            content_type=type_.content_type,
            uploaded_by=by,
            uploaded_at=at,
        )
        facts = {"document": document, "sha256": document.sha256}
        journal.record(Verb.DOCUMENT_ADDED, subject, by=by, **facts)
        ask_scan(document, at=at)
    return document


def _require_place(kind: Kind, subject: Model) -> None:
    take_turns(f"documents of {kind.name} {subject.pk}")
    rows = Document.objects.filter(kind=kind.name, subject_id=subject.pk)
    if rows.count() >= kind.most_files:
        raise TooManyFiles(_("This has as many documents as it can have."))


def keep(
    file: IO[bytes],
    *,
    kind: Kind,
    subject: Model,
    name: str,
    content_type: str,
    at: datetime,
    expires_at: datetime | None = None,
) -> Document:
    """
    Keep a file that the portal made, in the caller's transaction.

    :raises NoRoom: if the storage cannot keep it.
    """
    measured = _store(File(file))
    with _only_with_row(measured.stored):
        return _write(
            measured,
            kind=kind.name,
            subject_id=subject.pk,
            name=files.safe_name(name),
            content_type=content_type,
            uploaded_at=at,
            expires_at=expires_at,
        )


def open_for(document: Document, *, by: Any, at: datetime) -> File:
    """
    Open a document for somebody who may read it; who did is on record.

    :raises HeldBack: if it is not scanned yet, infected, expired or gone.
    """
    require_open(document, at=at)
    with ExitStack() as unless_recorded:
        try:
            file = default_storage.open(document.stored)
        except OSError:
            raise HeldBack(_("This file cannot be read just now.")) from None
        unless_recorded.callback(file.close)
        if kind_of(document).is_confidential:
            _record_reading(document, by=by)
        unless_recorded.pop_all()
    return file


@transaction.atomic
def _record_reading(document: Document, *, by: Any) -> None:
    subject, verb = subject_of(document), Verb.DOCUMENT_DOWNLOADED
    journal.record(verb, subject, by=by, document=document)


def require_open(document: Document, *, at: datetime) -> None:
    """
    :raises HeldBack: if nobody may have the document.
    """
    if document.state == ScanState.INFECTED:
        raise HeldBack(_("This file is infected, and stays where it is."))
    if is_unchecked(document):
        raise HeldBack(_("This file is being checked; try again in a minute."))
    if document.expires_at and document.expires_at <= at:
        raise HeldBack(_("This file has expired; ask for it again."))


def is_unchecked(document: Document) -> bool:
    """Say whether a document waits for the scanner; without one none does."""
    needs_scan = scanners.is_there() and not kind_of(document).is_ours
    return needs_scan and document.state == ScanState.UNSCANNED


@transaction.atomic
def supersede(document: Document, *, at: datetime, by: Any) -> Document:
    """
    Take a document out of use; it stays for those who manage it.

    :raises AlreadySuperseded: if it was before.
    :raises DocumentStays: if it is what its object was signed with.
    """
    document = Document.objects.locked(document)
    if document.superseded_at:
        raise AlreadySuperseded(_("This document was taken out of use before."))
    subject = subject_of(document)
    if is_fixed(document, subject, kind_of(document)):
        raise DocumentStays(_("This is what was signed; it stays in use."))
    document.superseded_at = at
    document.save(update_fields=["superseded_at"])
    journal.record(Verb.DOCUMENT_SUPERSEDED, subject, by=by, document=document)
    return document


def withdraw_results(user: Any, *, at: datetime) -> None:
    """Take out of use what jobs made for somebody who may see less from now on."""
    asked = Job.objects.filter(asked_by=user).values("pk")
    made = Document.objects.current().filter(kind=RESULTS.name, subject_id__in=asked)
    made.update(superseded_at=at)


def ask_scan(document: Document, *, at: datetime) -> None:
    """Ask for the scan of a document, if there is a scanner and it needs one."""
    if is_unchecked(document):
        title = _("Scan of a document")
        jobs.ask(SCAN, title=title, by=None, at=at, document=document.pk)


def note_scan(document: Document, *, is_clean: bool, at: datetime) -> None:
    """Write what the scanner said, in the caller's transaction."""
    document = Document.objects.locked(document)
    document.move_to(ScanState.CLEAN if is_clean else ScanState.INFECTED)
    document.scanned_at = at
    document.save(update_fields=["state", "scanned_at"])
    if not is_clean:
        subject, verb = subject_of(document), Verb.DOCUMENT_INFECTED
        journal.record(verb, subject, by=None, document=document)


class _Measured(File):
    """A file that is hashed and counted while it is read, and where it went."""

    stored = ""

    def __init__(self, file: File) -> None:
        super().__init__(file, file.name)
        self.digest, self.count = hashlib.sha256(), 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            self.count += len(chunk)
            yield chunk


def _store(file: File) -> _Measured:
    """
    Bring a file to the storage, under a name that tells nothing.

    :raises NoRoom: if the storage cannot keep it.
    """
    measured, key = _Measured(file), uuid.uuid4().hex
    try:
        measured.stored = default_storage.save(f"{key[:2]}/{key[2:]}", measured)
    except OSError:
        raise NoRoom(_("The portal cannot keep files just now.")) from None
    return measured


def _write(measured: _Measured, **fields: Any) -> Document:
    return Document.objects.create(
        stored=measured.stored,
        size=measured.count,
        sha256=measured.digest.hexdigest(),
        **fields,
    )


@contextmanager
def _only_with_row(stored: str) -> Iterator[None]:
    """Take a file away again if the row that names it is not written."""
    try:
        yield
    except BaseException:
        default_storage.delete(stored)
        raise
