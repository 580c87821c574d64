"""Hand out what the portal holds about a person, and erase it."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, privacy
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.exports import inert
from inm_portal.kernel.privacy import Kind, Pseudonym, pseudonym_of

from .models import Erasure, Ground, User
from .verbs import Verb

#: The number of the account that somebody without one would have.
NOBODY = 0

#: Bytes of an archive that stay in memory.
IN_MEMORY = 1024 * 1024


class StillNeeded(Refusal):
    code = "still_needed"


class AlreadyErased(Refusal):
    code = "already_erased"


class AnotherPerson(Refusal):
    code = "another_person"
    field = "address"


@dataclass(frozen=True)
class Preview:
    """What erasing somebody does to one kind of data."""

    kind: Kind
    count: int


def kinds_of(user: User) -> Sequence[Kind]:
    """Return the kinds of data that there can be about somebody."""
    return privacy.kinds(without_account=user.pk == NOBODY)


def preview(user: User) -> list[Preview]:
    """Return what erasing somebody does, for each kind that there is something of."""
    counted = [Preview(kind, _count(kind.rows(user))) for kind in kinds_of(user)]
    return [one for one in counted if one.count]


def _count(rows: Iterable[Any]) -> int:
    return sum(1 for _row in rows)


def objections(user: User) -> list[str]:
    """Return, in words, what has to happen before somebody can be erased."""
    return [words for kind in kinds_of(user) if (words := kind.objection(user))]


@transaction.atomic
def hand_out(user: User, *, by: User) -> IO[bytes]:
    """Return an archive of all that is held about a person, and note who took it."""
    journal.record(Verb.DATA_HANDED_OUT, user, by=by)
    return archive_of(user)


def archive_of(user: User) -> IO[bytes]:
    """Return all that is held about a person, as JSON and tables."""
    with ExitStack() as open_files:
        archive = open_files.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
        with ZipFile(archive, "w", ZIP_DEFLATED) as files:
            _fill(files, user)
        open_files.pop_all()  # who is handed the archive closes it
    archive.seek(0)
    return archive


def _fill(files: ZipFile, user: User) -> None:
    with files.open("data.json", "w") as stream:
        stream.write(b"{")
        for number, kind in enumerate(kinds_of(user)):
            stream.write(b",\n" if number else b"\n")
            stream.writelines(_json(kind, user))
        stream.write(b"\n}\n")
    for kind in kinds_of(user):
        with files.open(f"{kind.key}.csv", "w") as stream:
            stream.writelines(_csv(kind.rows(user)))


def _json(kind: Kind, user: User) -> Iterator[bytes]:
    """Yield a member of a JSON object, row by row."""
    yield f"{json.dumps(kind.key)}: [".encode()
    for number, row in enumerate(kind.rows(user)):
        yield b",\n  " if number else b"\n  "
        yield json.dumps(row, cls=DjangoJSONEncoder).encode()
    yield b"]"


def _csv(rows: Iterable[privacy.Row]) -> Iterator[bytes]:
    """Yield the lines of a table; no cell of it is a formula."""
    for number, row in enumerate(rows):
        for line in [[*row], [*row.values()]][number > 0 :]:
            text = io.StringIO()
            csv.writer(text).writerow(inert(cell) for cell in line)
            yield text.getvalue().encode()


@transaction.atomic
def erase(
    user: User,
    *,
    address: str,
    ground: Ground,
    at: datetime,
    by: User,
    reference: str = "",
) -> User:
    """
    Take away who somebody was, for good; what the records need keeps their number.

    ``address`` is theirs, typed once more by whoever does it. Accounts that
    were merged into theirs go with it.

    :raises AlreadyErased: if they were erased before.
    :raises AnotherPerson: if the address is not theirs.
    :raises StillNeeded: while they have a place here.
    """
    user = User.objects.locked(user)
    if Erasure.objects.filter(user=user).exists():
        raise AlreadyErased(_("This person was erased before."))
    if address.strip().lower() != user.email:
        raise AnotherPerson(_("That is not the address of this person."))
    if user == by:
        raise StillNeeded(_("Nobody erases themselves; ask a colleague."))
    if found := objections(user):
        raise StillNeeded(" ".join(found))
    for account in [*User.objects.leading_to(user), user]:
        _strip(account)
        Erasure.objects.create(
            user=account, ground=ground, reference=reference, erased_at=at, erased_by=by
        )
        journal.record(Verb.PERSON_ERASED, account, by=by, ground=ground)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def erase_again(user: User) -> None:
    """Repeat an erasure on a database that was restored from before it."""
    _strip(User.objects.locked(user))
    journal.record(Verb.PERSON_ERASED, user, by=None, again=True)


def _strip(user: User) -> None:
    strip(user, pseudonym_of(user))


def strip(user: User, pseudonym: Pseudonym) -> None:
    """Put ``pseudonym`` where somebody was, in each kind of data."""
    for kind in kinds_of(user):
        kind.erase(copy(user), pseudonym)  # each finds the person as they were
