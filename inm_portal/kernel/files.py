"""What a file may be called and hold: names that cannot hurt, types by content."""

import codecs
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from os import SEEK_END
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.utils.translation import gettext as _

from .errors import Refusal

LONGEST_NAME = 120

#: Names that Windows keeps for devices.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.I)

#: Bytes that tell what a file is.
HEAD = 8 * 1024
CHUNK = 64 * 1024

#: What the packed parts of one file may come to, unpacked, and their directory.
MOST_UNPACKED = 200 * 1024 * 1024
LONGEST_DIRECTORY = 1024 * 1024
LONGEST_COMMENT = 64 * 1024

#: The last record of a packed file; its sixth part is the directory's length.
END_OF_ZIP = struct.Struct("<4s4H2LH")


class WrongType(Refusal):
    code = "wrong_type"
    field = "file"


class TooLarge(Refusal):
    code = "file_too_large"
    field = "file"


class WrongName(Refusal):
    code = "wrong_name"
    field = "file"


@dataclass(frozen=True)
class FileType:
    """A type of file: its extension, what browsers call it, how its content looks."""

    extension: str
    content_type: str
    holds: Callable[[IO[bytes], bytes], bool]

    @property
    def label(self) -> str:
        return self.extension.upper()


def _starts_with(signature: bytes, *extensions: str) -> Callable[..., bool]:
    """Return a check that a file begins as its type does, and as nothing else."""

    def holds(file: IO[bytes], head: bytes) -> bool:
        if not head.startswith(signature):
            return False
        found = puremagic.magic_string(head)
        return any(match.extension.lstrip(".") in extensions for match in found)

    return holds


def _office(main_part: str) -> Callable[[IO[bytes], bytes], bool]:
    """Return a check of a packed office file, by what it lists; nothing is unpacked."""

    def holds(file: IO[bytes], head: bytes) -> bool:
        require_short_directory(file)
        try:
            with zipfile.ZipFile(file) as packed:
                parts = packed.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return False
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise TooLarge(_("This file unpacks to more than the portal takes."))
        names = {part.filename for part in parts}
        has_code = any(name.lower().endswith("vbaproject.bin") for name in names)
        return {"[Content_Types].xml", main_part} <= names and not has_code

    return holds


def require_short_directory(file: IO[bytes]) -> None:
    """
    Insist that the directory of a packed file is short, before anybody reads it.

    :raises TooLarge: for one of more bytes than any office file needs.
    """
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - END_OF_ZIP.size - LONGEST_COMMENT))
    end = file.read()
    at = end.rfind(b"PK\5\6")
    if at >= 0 and len(end) - at >= END_OF_ZIP.size:
        length = END_OF_ZIP.unpack_from(end, at)[5]
        if length > LONGEST_DIRECTORY:
            raise TooLarge(_("This file has more parts than the portal takes."))


def _is_text(file: IO[bytes], head: bytes) -> bool:
    file.seek(0)
    chunks = iter(partial(file.read, CHUNK), b"")
    try:
        return all("\0" not in text for text in codecs.iterdecode(chunks, "utf-8"))
    except UnicodeDecodeError:
        return False


OPEN_XML = "application/vnd.openxmlformats-officedocument"
TYPES = {
    one.extension: one
    for one in [
        FileType("pdf", "application/pdf", _starts_with(b"%PDF-", "pdf")),
        FileType("png", "image/png", _starts_with(b"\x89PNG\r\n\x1a\n", "png")),
        FileType("jpg", "image/jpeg", _starts_with(b"\xff\xd8\xff", "jpg", "jpeg")),
        FileType("jpeg", "image/jpeg", _starts_with(b"\xff\xd8\xff", "jpg", "jpeg")),
        FileType(
            "docx",
            f"{OPEN_XML}.wordprocessingml.document",
            _office("word/document.xml"),
        ),
        FileType("xlsx", f"{OPEN_XML}.spreadsheetml.sheet", _office("xl/workbook.xml")),
        FileType(
            "pptx",
            f"{OPEN_XML}.presentationml.presentation",
            _office("ppt/presentation.xml"),
        ),
        FileType("txt", "text/plain; charset=utf-8", _is_text),
        FileType("csv", "text/csv; charset=utf-8", _is_text),
    ]
}


def type_of(file: IO[bytes], name: str, *, allowed: tuple[str, ...]) -> FileType:
    """
    Return the type on which the name and the content of a file agree.

    :raises WrongType: if they do not, or the type is not among ``allowed``.
    :raises TooLarge: if it unpacks to more than anybody needs.
    """
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    if extension not in allowed:
        listed = ", ".join(TYPES[one].label for one in allowed)
        raise WrongType(_("The file must be one of: %(types)s.") % {"types": listed})
    kind = TYPES[extension]
    file.seek(0)
    if not kind.holds(file, file.read(HEAD)):
        raise WrongType(
            _("The content of this file is not that of a %(type)s file.")
            % {"type": kind.label}
        )
    return kind


def safe_name(given: str) -> str:
    """
    Return the last part of a name, without what could hurt a system or an eye.

    :raises WrongName: if nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(
        c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " "
    )
    plain = re.sub(r'[<>:"|?*%]', "_", " ".join(seen.split())).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    if not stem or not extension:
        raise WrongName(_("The file needs a name with an extension."))
    if DEVICES.fullmatch(stem.partition(".")[0]):
        stem = f"_{stem}"
    return f"{stem[: LONGEST_NAME - len(extension)].rstrip(' .')}{dot}{extension}"
