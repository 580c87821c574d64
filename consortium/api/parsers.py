"""How operations read their body."""

from rest_framework.parsers import MultiPartParser

from inm_portal.kernel.api.parsers import PlainJSONParser

#: What takes a file with its other fields.
FILES = [MultiPartParser, PlainJSONParser]
