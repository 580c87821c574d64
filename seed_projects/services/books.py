"""The book of a call: all that was handed in, bound as one PDF by a job."""

import io
import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, jobs, journal, watermarks
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import Job, JobState
from inm_portal.kernel.pdf import fonts

from ..models import Call, ProposalSnapshot, ScreenedProposal
from ..states import HANDED_IN
from ..verbs import Verb
from .opening import in_zone
from .papers import paper_of
from .screening import require_unsealed

#: The kind of job that binds a book.
BIND = "seed_projects.bind_book"
BOOK = "templates/seed_projects/pdf/book.typ"
#: The file is for who asked, and gone after that.
KEPT_FOR = timedelta(days=1)


class NothingToBind(Refusal):
    code = "nothing_to_bind"


class MayNotRead(Refusal):
    code = "may_not_read"


@transaction.atomic
def ask_for_book(call: Call, *, at: datetime, by: User) -> Job:
    """
    Ask for the book of a call; the one that is under way is given again.

    :raises StillSealed: if nobody at INM reads its proposals yet.
    :raises NothingToBind: if nothing that ``by`` may read was handed in.
    """
    take_turns(f"{BIND} {call.pk} {by.pk}")
    require_unsealed(call)
    under_way = Job.objects.filter(
        kind=BIND,
        state__in=[JobState.QUEUED, JobState.RUNNING],
        asked_by=by,
        args__call=call.pk,
    )
    if job := under_way.order_by("-pk").first():
        return job
    if not _handed_in(call, by).exists():
        raise NothingToBind(_("Nothing was handed in yet."))
    journal.record(Verb.BOOK_ASKED, call, by=by)
    title = _("Book of %(call)s") % {"call": call.number}
    return jobs.ask(BIND, title=title, by=by, at=at, call=call.pk)


def _handed_in(call: Call, by: User) -> Any:
    rows = ScreenedProposal.objects.permitted(by, "view")
    return rows.filter(call=call.pk, state__in=HANDED_IN).order_by("pk")


def bind_book(job: Job, progress: jobs.Progress, *, at: datetime) -> None:
    """
    Lay out one proposal after the other, then bind them; only who asked takes it.

    No more than one proposal is in memory until all are bound.

    :raises MayNotRead: if who asked may read nothing of it by now.
    """
    call, by = Call.objects.get(pk=job.args["call"]), job.asked_by
    if by is None or not by.has_perm("seed_projects.book_call", call):
        raise MayNotRead(_("You may no longer read what was handed in."))
    total = _handed_in(call, by).count()
    with TemporaryDirectory() as name:
        folder, bound = Path(name), []
        for done, snapshot in enumerate(_last_of_each(call, by), start=1):
            bound.append(_laid_out(snapshot, folder))
            progress(done, of=total, words=_("Laying out proposals"))
        content = _bound(call, bound, folder, at=at)
    with progress.finishing() as held:
        held.done = held.total = total
        held.result = documents.keep(
            io.BytesIO(content),
            kind=documents.RESULTS,
            subject=held,
            name=f"{call.number}.pdf",
            content_type="application/pdf",
            at=at,
            expires_at=at + KEPT_FOR,
        )


def _last_of_each(call: Call, by: User) -> Iterator[ProposalSnapshot]:
    for key in _handed_in(call, by).values_list("pk", flat=True):
        yield ProposalSnapshot.objects.filter(proposal=key).latest("number")


def _laid_out(snapshot: ProposalSnapshot, folder: Path) -> dict[str, Any]:
    paper, number = paper_of(snapshot), snapshot.content["number"]
    file = f"{number}.pdf"
    (folder / file).write_bytes(paper)
    title = f"{number}  {snapshot.content['title']}"
    pages = watermarks.pages_of(paper)
    return {"title": title, "number": number, "file": file, "pages": pages}


def _bound(
    call: Call, proposals: list[dict[str, Any]], folder: Path, *, at: datetime
) -> bytes:
    book = {
        "title": call.title,
        "facts": [
            [_("Call"), call.number],
            [_("Proposals"), str(len(proposals))],
            [_("Made"), in_zone(at, call)],
            [_("Confidential"), _("For who asked for it, and nobody else.")],
        ],
        "words": {"contents": _("Contents"), "page": _("Page")},
        "proposals": proposals,
    }
    (folder / "book.json").write_text(json.dumps(book), "utf-8")
    main = folder / "book.typ"
    shutil.copyfile(Path(settings.BASE_DIR) / BOOK, main)
    return typst.compile(
        main, root=folder, font_paths=fonts(), ignore_system_fonts=True
    )
