"""Bodies of requests: JSON that a row can hold."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser


class PlainJSONParser(JSONParser):
    """JSON, but nested no deeper than Python reads, and without broken characters."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            data = super().parse(*args, **kwargs)
            repr(data).encode()
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except UnicodeEncodeError:
            raise ParseError("The JSON holds half a character.") from None
        return data


#: What takes a file with its other fields.
FILES = [MultiPartParser, PlainJSONParser]
