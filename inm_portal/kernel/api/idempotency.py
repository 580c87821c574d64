"""``Idempotency-Key``: an operation that is asked for twice is done once."""

import json
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from rest_framework import exceptions, status, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import idempotency
from inm_portal.kernel.models import KeptAnswer

HEADER = "Idempotency-Key"

#: What an answer says beside its body, and says again.
KEPT_HEADERS = ["ETag", "Location"]


class KeyInvalid(exceptions.APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_invalid"
    default_detail = "An Idempotency-Key has 1 to 255 visible ASCII characters."


class KeyRequired(exceptions.APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_required"
    default_detail = "Send an Idempotency-Key, random and of your own."


class AnsweredOnce(viewsets.GenericViewSet):
    """
    Every POST of these operations takes a key.

    What was done and its answer commit together; whoever repeats the same is
    given that answer again, if they may still do it. An act that ended the
    right to it, such as a departure, asks only whether its object is seen.
    """

    #: Whether a POST without a key is refused, as those about money are.
    requires_key: ClassVar[bool] = False
    #: Actions whose answer holds a secret, and is so not kept.
    shown_once: ClassVar[frozenset[str]] = frozenset()

    post: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and self.action:
            self.handler, self.post = self.post, self.post_once

    def post_once(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Do what is asked for, unless the same was done under the same key."""
        key = self.key_of(request)
        if key is None:
            return self.handler(request, *args, **kwargs)
        path, content = request.get_full_path(), idempotency.plain(request.data)
        post = idempotency.Post(request.user, path, key, content)
        with transaction.atomic():
            if kept := idempotency.earlier(post):
                return self.answer_again(kept)
            response = self.handler(request, *args, **kwargs)
            self.keep(post, response)
        return response

    def key_of(self, request: Request) -> str | None:
        """
        Return the key that was sent, if any.

        :raises KeyRequired: without one, where it is required.
        :raises KeyInvalid: for one that is empty, long or not ASCII.
        """
        key = request.headers.get(HEADER)
        if key is None and self.requires_key:
            raise KeyRequired
        if key is not None and not idempotency.KEY.fullmatch(key):
            raise KeyInvalid
        return key

    def keep(self, post: idempotency.Post, response: Response) -> None:
        """Keep what was answered; what failed is undone and uses up no key."""
        if status.is_client_error(response.status_code):
            transaction.set_rollback(True)
            return
        body = b"" if self.is_secret else JSONRenderer().render(response.data)
        idempotency.keep(
            post,
            status=response.status_code,
            headers={name: response[name] for name in KEPT_HEADERS if name in response},
            body=body.decode(),
            right_ended=not self.still_may(),
        )

    def answer_again(self, kept: KeptAnswer) -> HttpResponse:
        """
        Answer as before, byte for byte, whoever may still ask for it.

        :raises AnswerNotKept: for a secret.
        """
        self.ask_again(kept)
        if self.is_secret:
            raise idempotency.AnswerNotKept(
                "This was done before, and its answer is shown only once.", kept
            )
        headers = kept.headers | {"Idempotent-Replayed": "true"}
        return HttpResponse(
            kept.body, "application/json", status=kept.status, headers=headers
        )

    def ask_again(self, kept: KeptAnswer) -> None:
        """
        :raises Http404: if what was acted on, or made, is no longer seen.
        :raises PermissionDenied: if it may no longer be done.
        """
        if self.detail and not kept.right_ended:
            self.get_object()
            return
        if not kept.body:
            return  # what was removed is seen by nobody, and nothing is told of it
        name = self.lookup_field if self.detail else "pk"
        key = self.kwargs[name] if self.detail else json.loads(kept.body).get("id")
        if key is not None:
            get_object_or_404(self.get_queryset(), **{name: key})

    @property
    def is_secret(self) -> bool:
        return self.action in self.shown_once

    def still_may(self) -> bool:
        """Say whether the caller may do it again, as far as they are concerned."""
        try:
            return not self.detail or bool(self.get_object())
        except (Http404, PermissionDenied, exceptions.PermissionDenied):
            return False
