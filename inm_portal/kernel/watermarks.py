"""A line on each page of a PDF that says for whom the copy was made."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.utils.translation import gettext as _

from .errors import Refusal
from .pdf import fonts

#: Lays each page below a line of words; what people typed is text there, never markup.
MARKED = """
#set page(
  width: auto, height: auto, margin: 0pt,
  foreground: place(bottom + center, dy: -8pt, box(
    fill: white.transparentize(15%), inset: (x: 4pt, y: 2pt), radius: 2pt,
    text(size: 7pt, fill: rgb("#4a4a4a"), sys.inputs.words),
  )),
)
#for number in range(1, int(sys.inputs.pages) + 1) {
  page(image("given.pdf", page: number))
}
"""

#: Asks for a page that no file has, to be told how many there are.
COUNTED = '#image("given.pdf", page: 1000000)'
PAGES = re.compile(r"the document only has (\d+) page")


class CannotBeMarked(Refusal):
    """A PDF that nothing can be written on: locked, or damaged."""

    code = "cannot_be_marked"
    field = "file"


def pages_of(content: bytes) -> int:
    """
    Return the number of pages of a PDF.

    :raises CannotBeMarked: if it cannot be read.
    """
    try:
        _compiled(COUNTED, content, {})
    except typst.TypstError as error:
        if found := PAGES.search(" ".join(error.hints)):
            return int(found[1])
    raise CannotBeMarked(
        _("This PDF is locked or damaged; save it again without a password.")
    )


def marked(content: bytes, words: str) -> bytes:
    """
    Return a PDF with ``words`` at the foot of each page.

    Pages, sizes and text stay; tags and links of the original do not.

    :raises CannotBeMarked: if it cannot be read.
    """
    inputs = {"words": words, "pages": str(pages_of(content))}
    try:
        return _compiled(MARKED, content, inputs)
    except typst.TypstError as error:
        raise CannotBeMarked(_("A page of this PDF cannot be read.")) from error


def _compiled(source: str, content: bytes, inputs: dict[str, str]) -> bytes:
    with TemporaryDirectory() as name:
        folder = Path(name)
        main = folder / "main.typ"
        main.write_text(source)
        (folder / "given.pdf").write_bytes(content)
        return typst.compile(
            main,
            root=folder,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
