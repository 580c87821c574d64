"""Forms and buttons sent twice, by a double click, a reload or the way back."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from . import context, idempotency
from .idempotency import AnswerNotKept, OtherContent, Post, Repeated
from .models import KeptAnswer

#: The hidden field that holds the key of a form, and the one that says "yes, again".
FIELD = "idempotency_key"
AGAIN = "again"
#: Names the field whose file a form that is shown again has lost.
LOST = "lost_file"
#: The field in which whoever acts by a shared account says who they are.
ACTING_NAME = "acting_name"
NO_CONTENT = {FIELD, AGAIN, LOST, ACTING_NAME, "csrfmiddlewaretoken"}

#: For so long the same content under a fresh key is taken for a slip: a browser
#: that goes back to a form may ask for the page, and so for a key, anew.
LATELY = timedelta(hours=1)


class SeeOther(HttpResponseRedirect):
    """Look there for what was done."""

    status_code = 303


class SentBefore(Repeated):
    code = "sent_before"


def once(
    request: HttpRequest,
    act: Callable[[], HttpResponse],
    *,
    still_may: Callable[[], bool],
    asks_again: bool = False,
) -> HttpResponse:
    """
    Do what a form or a button asks for, unless the same POST did it before.

    What was done and its key commit together; an answer of 400 or above
    undoes both. ``asks_again`` holds back the same content under another key.

    :raises Repeated: for a key with other content, or content without an answer.
    """
    post = post_of(request)
    if post is None:
        return act()
    with transaction.atomic():
        if kept := idempotency.earlier(post):
            return lead_on(kept)
        if asks_again and AGAIN not in request.POST:
            _hold_back(post)
        response = act()
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            transaction.set_rollback(True)
            context.forget()
        else:
            place = {"Location": response["Location"]} if "Location" in response else {}
            idempotency.keep(
                post,
                status=response.status_code,
                headers=place,
                right_ended=not still_may(),
            )
    return response


def repeated(request: HttpRequest) -> HttpResponse | None:
    """Lead on whoever repeats the act that ended their own right to it."""
    post = post_of(request)
    try:
        kept = post and idempotency.kept(post)
    except OtherContent:
        return None
    return lead_on(kept) if kept and kept.right_ended else None


def lead_on(kept: KeptAnswer) -> HttpResponse:
    """
    Return the way to what was done; the page there asks who may see it.

    :raises AnswerNotKept: if it was shown once and for all.
    """
    if "Location" not in kept.headers:
        raise AnswerNotKept(
            _("This was done before, and its answer is shown only once."), kept
        )
    return SeeOther(kept.headers["Location"])


def post_of(request: HttpRequest) -> Post | None:
    """Return what was sent, if it bears a key; visitors have no keys."""
    key = request.POST.get(FIELD, "")
    if not request.user.is_authenticated or not idempotency.KEY.fullmatch(key):
        return None
    content = idempotency.plain(request.POST) | idempotency.plain(request.FILES)
    typed = {name: content[name] for name in content.keys() - NO_CONTENT}
    return Post(request.user, request.get_full_path(), key, typed)


def _hold_back(post: Post) -> None:
    """
    :raises SentBefore: if the same content was sent under another key lately.
    """
    if twin := idempotency.twin(post, within=LATELY):
        raise SentBefore(
            _("You sent exactly this a while ago; it was done then, and not again."),
            twin,
        )
