"""What several operations take beside their body."""

from datetime import date

from drf_spectacular.utils import OpenApiParameter

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that was read; an edit of an older version is refused.",
)

#: Lists take the same by their filters.
AS_KNOWN_ON = OpenApiParameter(
    "as_known_on", date, description="With what was recorded by the end of a day."
)
ON = OpenApiParameter(
    "on", date, description="As known on a day: what was recorded by its end."
)
RESTATED = OpenApiParameter(
    "restated",
    enum=["1"],
    description="1: what happened by the day, with what is known of it now.",
)
