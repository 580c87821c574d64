"""A line on each page of a PDF, and nothing else of it changed."""

import re
import zlib

import pytest

from inm_portal.kernel.watermarks import CannotBeMarked, marked, pages_of
from tests.factories.library import pdf


def streams(content: bytes) -> bytes:
    """Return all that is drawn in a PDF, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return b"\n".join(_unpacked(part) for part in found)


def _unpacked(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return part


def words_drawn(content: bytes) -> int:
    """Return how many pieces of text are drawn in a PDF."""
    return len(re.findall(rb"\bBT\b", streams(content)))


def test_it_stays_as_many_pages_as_it_had():
    assert pages_of(pdf(3)) == 3
    assert pages_of(marked(pdf(3), "Siemens")) == 3


def test_a_line_is_drawn_on_each_page():
    nothing, line = marked(pdf(3), ""), marked(pdf(3), "Siemens, Ada, 2026-11-22")

    assert words_drawn(line) > words_drawn(nothing)


def test_what_is_typed_is_text_and_no_markup():
    assert pages_of(marked(pdf(), '#pagebreak() "quoted" *bold* \\ $x$ [')) == 2


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 cut off", b"plain text"])
def test_what_cannot_be_read_cannot_be_marked(content):
    with pytest.raises(CannotBeMarked):
        pages_of(content)
    with pytest.raises(CannotBeMarked):
        marked(content, "Siemens")
