"""FIL-01 to FIL-05: files are taken in whole and right, and read by permission."""

import hashlib
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from consortium.documents import AGREEMENT
from inm_portal.kernel import documents, invariants, jobs, orphans
from inm_portal.kernel.documents import (
    RESULTS,
    AlreadySuperseded,
    HeldBack,
    NoRoom,
    TooManyFiles,
)
from inm_portal.kernel.files import TooLarge, WrongType
from inm_portal.kernel.models import Document, Job, JobState, JournalEntry, ScanState
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory
from ..factories.consortium import OrganizationFactory, draft
from .files import HTML, PDF, sent
from .scanner import EICAR, clamd

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """Keep the files of a test in a folder, as a real portal does."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "inm_portal.kernel.storage.DurableStorage"}
    }
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def agreement(db):
    return draft(OrganizationFactory())


@pytest.fixture
def staff(db):
    return UserFactory()


def upload(agreement, content: bytes = PDF, name: str = "a.pdf", by=None, **changes):
    kind = replace(AGREEMENT, **changes)
    return documents.upload(
        sent(content, name), kind=kind, subject=agreement, at=NOW, by=by
    )


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def state(document: Document) -> str:
    return Document.objects.get(pk=document.pk).state


def verbs_about(thing) -> list[str]:
    return [entry.verb for entry in JournalEntry.objects.about(thing).order_by("pk")]


class TestUpload:
    def test_a_file_is_kept_whole_under_a_name_that_tells_nothing(
        self, folder, agreement, staff
    ):
        document = upload(agreement, name="../Signed copy.pdf", by=staff)

        document = Document.objects.get(pk=document.pk)
        assert (document.name, document.content_type, document.size) == (
            "Signed copy.pdf",
            "application/pdf",
            len(PDF),
        )
        assert document.sha256 == hashlib.sha256(PDF).hexdigest()
        [file] = stored_files(folder)
        assert file.read_bytes() == PDF
        assert str(file.relative_to(folder)) == document.stored
        assert "Signed" not in document.stored
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (
            0o640,
            0o750,
        )

    def test_a_large_file_is_streamed_from_where_it_was_received(
        self, folder, agreement
    ):
        content = PDF + b"\n%" + b"x" * 5_000_000
        received = TemporaryUploadedFile("a.pdf", "application/pdf", len(content), None)
        received.write(content)
        received.seek(0)

        document = documents.upload(
            received, kind=AGREEMENT, subject=agreement, at=NOW, by=None
        )

        assert document.size == len(content)
        assert document.sha256 == hashlib.sha256(content).hexdigest()
        assert Path(received.temporary_file_path()).exists()
        received.close()

    def test_who_added_which_file_is_journaled_without_its_name(
        self, folder, agreement, staff
    ):
        document = upload(agreement, name="Severance of Ada.pdf", by=staff)

        entry = JournalEntry.objects.about(agreement).get(verb=Verb.DOCUMENT_ADDED)
        assert entry.actor == staff
        assert entry.facts == {"document": document.pk, "sha256": document.sha256}

    @pytest.mark.parametrize(
        ("content", "changes", "refusal"),
        [
            (HTML, {}, WrongType),
            (PDF, {"types": ("docx",)}, WrongType),
            (PDF, {"most_bytes": len(PDF) - 1}, TooLarge),
            (PDF, {"most_files": 0}, TooManyFiles),
        ],
    )
    def test_what_is_refused_leaves_neither_file_nor_row(
        self, folder, agreement, content, changes, refusal
    ):
        with pytest.raises(refusal):
            upload(agreement, content, **changes)

        assert stored_files(folder) == []
        assert not Document.objects.exists()

    def test_a_file_without_its_row_is_taken_away_again(
        self, folder, agreement, monkeypatch
    ):
        monkeypatch.setattr(documents.journal, "record", lambda *a, **k: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            upload(agreement)

        assert stored_files(folder) == []
        assert not Document.objects.exists()

    def test_the_file_is_on_the_disk_before_its_row_commits(
        self, folder, agreement, monkeypatch
    ):
        happened, sync, record = [], os.fsync, documents.journal.record

        def note_sync(handle: int) -> None:
            happened.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
            sync(handle)

        def note_row(*args, **facts):
            happened.append("row")
            return record(*args, **facts)

        monkeypatch.setattr(os, "fsync", note_sync)
        monkeypatch.setattr(documents.journal, "record", note_row)
        document = upload(agreement)

        file = folder / document.stored
        assert happened == [file, file.parent, folder, "row"]

    def test_a_full_disk_loses_nothing_and_records_nothing(self, folder, agreement):
        """FLT-03: as much as the kernel lets a file grow; then no."""
        kept = upload(agreement)
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))
        try:
            with pytest.raises(NoRoom):
                upload(agreement, PDF + b"x" * 200_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)

        assert stored_files(folder) == [folder / kept.stored]
        assert Document.objects.get() == kept
        assert list(orphans.faults()) == []

    def test_two_at_once_do_not_both_take_the_last_place(
        self, folder, transactional_db
    ):
        agreement = draft(OrganizationFactory())

        def take(_number: int) -> bool:
            try:
                upload(agreement, most_files=1)
            except TooManyFiles:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(3) as pool:
            taken = list(pool.map(take, range(3)))

        assert sorted(taken) == [False, False, True]
        assert len(stored_files(folder)) == Document.objects.count() == 1


class TestAroundPython:
    @pytest.mark.parametrize(
        "change",
        [
            *({"name": "b.pdf"}, {"stored": "x"}, {"sha256": "0" * 64}, {"size": 1}),
            *({"subject_id": 1}, {"content_type": "text/html"}, {"kind": "x"}),
        ],
        ids=str,
    )
    def test_what_was_taken_in_does_not_change(self, agreement, change):
        upload(agreement)

        with pytest.raises(InternalError, match="Cannot update"):
            Document.objects.update(**change)

    def test_a_document_is_kept_for_good(self, agreement):
        document = upload(agreement)

        with pytest.raises(InternalError, match="Cannot delete"):
            document.delete()

    def test_infected_does_not_become_clean(self, agreement):
        document = upload(agreement)
        with transaction.atomic():
            documents.note_scan(document, is_clean=False, at=NOW)

        with pytest.raises(InternalError, match="Invalid transition"):
            Document.objects.update(state=ScanState.CLEAN)

    def test_a_verdict_has_its_moment(self, agreement):
        upload(agreement)

        with pytest.raises(IntegrityError, match="document_scanned_at_iff_scanned"):
            Document.objects.update(state=ScanState.CLEAN)


#: What the agreements of the cast were signed with.
EXECUTED = ["executed", "amgen's executed"]


class TestReading:
    def test_a_document_is_read_and_who_did_is_on_record(self, agreement, staff):
        document = upload(agreement)

        with documents.open_for(document, by=staff, at=NOW) as file:
            assert file.read() == PDF

        entry = JournalEntry.objects.about(agreement).get(verb=Verb.DOCUMENT_DOWNLOADED)
        assert (entry.actor, entry.facts) == (staff, {"document": document.pk})

    def test_what_is_out_of_use_stays_on_record(self, agreement, staff):
        document = upload(agreement)

        superseded = documents.supersede(document, at=NOW, by=staff)

        assert superseded.superseded_at == NOW
        assert documents.listed(agreement, AGREEMENT) == []
        assert documents.listed(agreement, AGREEMENT, with_superseded=True) == [
            document
        ]
        assert default_storage.exists(document.stored)
        assert verbs_about(agreement)[-1] == Verb.DOCUMENT_SUPERSEDED
        with pytest.raises(AlreadySuperseded):
            documents.supersede(document, at=NOW, by=staff)

    def test_who_sees_which_document_of_an_agreement(self, cast):
        made = {
            name: upload(subject)
            for name, subject in [
                *[("signed", cast.signed), ("drafted", cast.drafted)],
                *[("amgens", cast.amgens), ("superseded", cast.signed)],
            ]
        }
        documents.supersede(made["superseded"], at=NOW, by=None)
        names = {document.pk: name for name, document in made.items()}
        executed = [cast.signed.executed_id, cast.amgens.executed_id]
        names |= dict(zip(executed, EXECUTED, strict=True))

        seen = {
            who: {
                names[document.pk]
                for document in Document.objects.permitted(cast[who], "view")
            }
            for who in [
                "staff",
                "auditor",
                "sponsor",
                "colleague",
                "stranger",
                "visitor",
            ]
        }

        assert seen == {
            "staff": {"signed", "drafted", "amgens", "superseded", *EXECUTED},
            "auditor": {"signed", "drafted", "amgens", *EXECUTED},
            "sponsor": {"signed", "executed"},
            "colleague": set(),
            "stranger": set(),
            "visitor": set(),
        }

    def test_a_document_belongs_to_an_object(self, agreement):
        upload(agreement)
        assert list(invariants.broken()) == []
        agreement.pk += 1000

        lost = upload(agreement)

        assert list(invariants.broken()) == [
            "Each document of kind consortium.agreement belongs to an object."
            f" Not for {lost.pk}."
        ]


class TestScans:
    @pytest.fixture
    def scanner(self, settings):
        with clamd() as server:
            port = server.listening.getsockname()[1]
            settings.SCANNER = f"clamd://127.0.0.1:{port}"
            yield server

    def test_without_a_scanner_a_document_is_shown_as_not_scanned(self, agreement):
        document = upload(agreement)

        assert state(document) == ScanState.UNSCANNED
        assert not Job.objects.exists()
        documents.require_open(document, at=NOW)

    def test_a_file_is_held_back_until_it_was_scanned(self, scanner, agreement):
        document = upload(agreement)

        with pytest.raises(HeldBack, match="being checked"):
            documents.open_for(document, by=None, at=NOW)
        assert documents.listed(agreement, AGREEMENT)[0].is_held_back
        assert jobs.run_due() == 1

        assert (scanner.received, state(document)) == ([PDF], ScanState.CLEAN)
        scanned = Document.objects.get(pk=document.pk)
        documents.require_open(scanned, at=NOW)
        assert not documents.listed(agreement, AGREEMENT)[0].is_held_back

    def test_an_infected_file_stays_where_it_is(self, scanner, agreement):
        document = upload(agreement, PDF + EICAR)

        jobs.run_due()

        assert state(document) == ScanState.INFECTED
        with pytest.raises(HeldBack, match="infected"):
            documents.require_open(Document.objects.get(pk=document.pk), at=NOW)
        assert documents.listed(agreement, AGREEMENT)[0].is_held_back
        assert verbs_about(agreement)[-1] == Verb.DOCUMENT_INFECTED

    def test_a_file_stays_held_back_while_the_scanner_is_down(
        self, settings, agreement
    ):
        settings.SCANNER = "clamd://127.0.0.1:1"
        document = upload(agreement)

        assert jobs.run_due() == 1

        job = Job.objects.get()
        assert (job.state, job.attempts, job.words) == (
            JobState.QUEUED,
            0,
            "Waits for the scanner",
        )
        with pytest.raises(HeldBack):
            documents.require_open(document, at=NOW + 9 * DAY)

    def test_what_came_before_there_was_a_scanner_is_scanned_too(
        self, settings, agreement, scanner
    ):
        address, settings.SCANNER = settings.SCANNER, ""
        document = upload(agreement)
        settings.SCANNER = address

        with pytest.raises(HeldBack):
            documents.require_open(document, at=NOW)
        for _night in range(2):
            orphans.ask_missing_scans(at=NOW)
        assert Job.objects.count() == 1
        jobs.run_due()

        assert state(document) == ScanState.CLEAN


class TestOrphans:
    def test_files_that_no_row_names_are_removed_once_they_are_old(
        self, folder, agreement
    ):
        document = upload(agreement)
        left = [default_storage.save(f"ab/{n}", sent()) for n in ("old", "young")]
        long_ago = (NOW - 2 * DAY).timestamp()
        for name in [left[0], document.stored]:
            os.utime(folder / name, (long_ago, long_ago))

        assert orphans.remove_orphans(at=timezone.now()) == 1

        assert set(stored_files(folder)) == {folder / left[1], folder / document.stored}

    def test_an_empty_storage_has_no_orphans(self, folder, db):
        folder.rmdir()

        assert orphans.remove_orphans(at=NOW) == 0

    def test_what_was_made_for_a_day_is_gone_after_it(self, folder, db):
        with transaction.atomic():
            job = jobs.ask("test", title="T", by=UserFactory(), at=NOW)
        Job.objects.filter(pk=job.pk).update(
            state="running", lease="0" * 32, heard_at=NOW
        )
        document = made_for(job)
        Job.objects.filter(pk=job.pk).update(
            state="done", lease=None, ended_at=NOW, result=document
        )

        assert orphans.remove_expired(at=NOW) == 0
        with pytest.raises(HeldBack, match="expired"):
            documents.require_open(document, at=NOW + DAY)
        assert orphans.remove_expired(at=NOW + DAY) == 1

        assert stored_files(folder) == []
        assert Job.objects.get().result is None

    def test_a_file_that_is_gone_or_was_changed_is_named(self, folder, agreement):
        gone, changed, _sound = (upload(agreement) for _number in range(3))
        (folder / gone.stored).unlink()
        (folder / changed.stored).write_bytes(HTML)

        assert list(orphans.faults()) == [
            f"Document {gone.pk} has no file.",
            f"The file of document {changed.pk} was changed.",
        ]

    def test_a_file_that_is_gone_is_held_back(self, folder, agreement):
        document = upload(agreement)
        (folder / document.stored).unlink()

        with pytest.raises(HeldBack, match="cannot be read"):
            documents.open_for(document, by=None, at=NOW)


def made_for(job: Job) -> Document:
    """Return a document that the portal made, and keeps for a day."""
    return documents.keep(
        sent(b"rows"),
        kind=RESULTS,
        subject=job,
        name="members.xlsx",
        content_type="application/octet-stream",
        at=NOW,
        expires_at=NOW + DAY,
    )
