"""What the description of the API says of every operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from .idempotency import HEADER, AnsweredOnce

DESCRIPTION = (
    "Random, 1 to 255 visible ASCII characters. The same request under the same key"
    " is done once: repeats are answered as the first was, with"
    " `Idempotent-Replayed: true`; other content under it is refused with 422."
    " An answer of 400 or above uses up no key. Keys are kept for seven days."
)


#: The header in which programs of a shared mailbox say who acts.
ACTING_NAME = "Acting-Name"
WHO_ACTS = (
    "Only, and always, for the account of a shared mailbox: the name of the person"
    " who acts, up to 200 characters, percent-encoded UTF-8 beyond ASCII. Without it"
    " nothing is done, and the answer is 400 `name_needed`; so it is for a GET that"
    " the journal notes, as of a confidential document."
)


class PortalSchema(AutoSchema):
    """
    Adds to each operation that changes something what its request says of itself.

    To each POST the key that makes it safe to repeat, to all of them who acts.
    """

    def get_override_parameters(self) -> list[Any]:
        if self.method == "GET":
            return []
        who = _header(ACTING_NAME, WHO_ACTS)
        if self.method != "POST" or not isinstance(self.view, AnsweredOnce):
            return [who]
        return [_header(HEADER, DESCRIPTION, required=self.view.requires_key), who]


def _header(name: str, description: str, *, required: bool = False) -> Any:
    return OpenApiParameter(
        name,
        str,
        OpenApiParameter.HEADER,
        required=required,
        description=description,
    )
