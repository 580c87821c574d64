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


class PortalSchema(AutoSchema):
    """Adds to each POST the key that makes it safe to repeat."""

    def get_override_parameters(self) -> list[Any]:
        if self.method != "POST" or not isinstance(self.view, AnsweredOnce):
            return []
        return [
            OpenApiParameter(
                HEADER,
                str,
                OpenApiParameter.HEADER,
                required=self.view.requires_key,
                description=DESCRIPTION,
            )
        ]
