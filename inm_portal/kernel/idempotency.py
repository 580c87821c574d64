"""
What is asked for twice is done once (CON-03, CON-04).

A POST that bears a random key is answered once for its sender, address and
key; that answer commits together with what was done, and is given again to
whoever repeats the same. What failed uses up no key.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from .errors import Refusal
from .locks import take_turns
from .models import KeptAnswer

#: How long an answer is kept; who repeats an older POST is taken at their word.
KEPT = timedelta(days=7)

#: A key: visible ASCII, and not too much of it.
KEY = re.compile(r"[!-~]{1,255}")

#: The part of an address that a row names; the digest covers all of it.
ENDPOINT = 200


class Repeated(Refusal):
    """A POST that looks like an earlier one, and cannot be answered like it."""

    code = "idempotency_repeated"

    def __init__(self, message: str, answer: KeptAnswer) -> None:
        super().__init__(message)
        self.location = answer.headers.get("Location", "")


class OtherContent(Repeated):
    code = "idempotency_key_reused"


class AnswerNotKept(Repeated):
    code = "idempotency_answer_not_kept"


@dataclass(frozen=True)
class Post:
    """One POST as it was sent: by whom, to which address, under which key, what."""

    user: Any
    path: str
    key: str
    content: Any

    @property
    def endpoint(self) -> str:
        return self.path[:ENDPOINT]

    @property
    def digest(self) -> str:
        """Return what tells this content, sent to this address, from any other."""
        written = json.dumps([self.path, self.content], sort_keys=True, default=str)
        return sha256(written.encode()).hexdigest()


def plain(content: Any) -> Any:
    """Return what was sent as a digest can cover it: of a file, its own digest."""
    if isinstance(content, MultiValueDict):
        return {name: plain(values) for name, values in content.lists()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    return _of_file(content) if isinstance(content, UploadedFile) else content


def _of_file(file: UploadedFile) -> list[str]:
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return [str(file.name), digest.hexdigest()]


def earlier(post: Post) -> KeptAnswer | None:
    """
    Return the answer to the same POST sent before, if it was done.

    Waits for one that is under way; from then on the key is this transaction's.

    :raises OtherContent: if the key was used with another content.
    """
    take_turns(f"idempotency {post.user.pk} {post.endpoint} {post.key}")
    return kept(post)


def kept(post: Post) -> KeptAnswer | None:
    """
    Return the answer to the same POST, if it was done and committed.

    :raises OtherContent: if the key was used with another content.
    """
    found = _of(post).filter(key=post.key).first()
    if found and found.digest != post.digest:
        raise OtherContent(
            _("This was sent before with other content; that was done, this was not."),
            found,
        )
    return found


def twin(post: Post, *, within: timedelta) -> KeptAnswer | None:
    """Return the latest answer to the same content under another key."""
    since = timezone.now() - within
    return _of(post).filter(digest=post.digest, created_at__gt=since).last()


def keep(post: Post, **answer: Any) -> KeptAnswer:
    """Keep an answer, in the transaction of what it tells of."""
    return KeptAnswer.objects.create(
        user=post.user,
        endpoint=post.endpoint,
        key=post.key,
        digest=post.digest,
        created_at=timezone.now(),
        **answer,
    )


def forget(*, at: datetime) -> int:
    """Remove the answers that were kept long enough; return how many."""
    count, _tables = KeptAnswer.objects.filter(created_at__lt=at - KEPT).delete()
    return count


def _of(post: Post) -> Any:
    rows = KeptAnswer.objects.filter(user=post.user, endpoint=post.endpoint)
    return rows.order_by("pk")
