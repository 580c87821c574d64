"""FIL-01, FIL-03, FIL-04: what a file may hold and be called."""

import io
import zipfile

import pytest

from inm_portal.kernel import files
from inm_portal.kernel.files import TooLarge, WrongName, WrongType

from .files import (
    DOCX,
    HTML,
    JPG,
    PDF,
    PNG,
    PPTX,
    PROGRAM,
    XLSX,
    lying,
    packed,
)

ALL = tuple(files.TYPES)
BOMB = packed(word__document_xml=b"\0" * 10_000_000)
MACROS = packed(word__document_xml=b"<document/>", word__vbaProject__bin=b"code")


def type_of(content: bytes, name: str, allowed=ALL):
    return files.type_of(io.BytesIO(content), name, allowed=allowed)


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (PDF, "a.PDF", "application/pdf"),
        (PNG, "a.png", "image/png"),
        (JPG, "a.jpg", "image/jpeg"),
        (JPG, "a.jpeg", "image/jpeg"),
        (DOCX, "a.docx", f"{files.OPEN_XML}.wordprocessingml.document"),
        (XLSX, "a.xlsx", f"{files.OPEN_XML}.spreadsheetml.sheet"),
        (PPTX, "a.pptx", f"{files.OPEN_XML}.presentationml.presentation"),
        (b"Gr\xc3\xbc\xc3\x9fe", "a.txt", "text/plain; charset=utf-8"),
        (b"a,b\n1,2\n", "a.csv", "text/csv; charset=utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_name_and_content_agree_on_a_type(content, name, content_type):
    assert type_of(content, name).content_type == content_type


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (HTML, "a.pdf"),
        (HTML + PDF, "a.pdf"),
        (b"\n" + PDF, "a.pdf"),
        (b"", "a.pdf"),
        (PROGRAM, "a.pdf"),
        (HTML, "a.png"),
        (PNG, "a.jpg"),
        (JPG, "a.png"),
        (XLSX, "a.docx"),
        (DOCX, "a.xlsx"),
        (b"PK\3\4 but no more", "a.docx"),
        (PDF, "a.docx"),
        (MACROS.replace(b"vbaProject/bin", b"vbaProject.bin"), "a.docx"),
        (PROGRAM, "a.txt"),
        (b"\xff\xfe\0a", "a.csv"),
        (b"ok" * 40_000 + b"\xc3", "a.txt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_content_that_is_not_what_the_name_says_is_refused(content, name):
    with pytest.raises(WrongType, match="content"):
        type_of(content, name)


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.pdf.html", "a", "a."])
def test_a_type_that_is_not_on_the_list_is_refused_whatever_it_holds(name):
    with pytest.raises(WrongType, match=r"one of: PDF, DOCX\."):
        type_of(PDF, name, allowed=("pdf", "docx"))


def test_a_refusal_stands_beside_the_field():
    assert {one.field for one in (WrongType, TooLarge, WrongName)} == {"file"}


def test_a_bomb_is_refused_by_what_it_says_it_unpacks_to(monkeypatch):
    monkeypatch.setattr(files, "MOST_UNPACKED", 1_000_000)
    assert len(BOMB) < 20_000

    with pytest.raises(TooLarge, match="unpacks"):
        type_of(BOMB, "a.docx")


def test_a_directory_that_says_more_than_anybody_needs_is_believed():
    with pytest.raises(TooLarge, match="unpacks"):
        type_of(lying(DOCX, size=2**31), "a.docx")


def test_a_file_of_very_many_parts_is_refused_before_they_are_listed(monkeypatch):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for number in range(25_000):
            zipped.writestr(f"{number}", b"")
    monkeypatch.setattr(zipfile, "ZipFile", lambda file: pytest.fail("was listed"))

    with pytest.raises(TooLarge, match="parts"):
        type_of(file.getvalue(), "a.docx")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("agreement.pdf", "agreement.pdf"),
        ("Vereinbarung Süd.pdf", "Vereinbarung Süd.pdf"),
        ("契約書.pdf", "契約書.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\secret\\a.pdf", "a.pdf"),
        ("/a.pdf", "a.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("  a   b .pdf ", "a b.pdf"),
        ("...a.pdf", "a.pdf"),
        ("a.pdf...", "a.pdf"),
        ('"quoted".pdf', "_quoted_.pdf"),
        ("100%25.pdf", "100_25.pdf"),
        ("<b>.pdf", "_b_.pdf"),
        ("con.pdf", "_con.pdf"),
        ("COM1.x.pdf", "_COM1.x.pdf"),
        ("a" * 300 + ".pdf", "a" * 117 + ".pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
    ],
)
def test_a_name_keeps_what_cannot_hurt(given, kept):
    assert files.safe_name(given) == kept


@pytest.mark.parametrize("given", ["", ".", "..", "/", "a", ".pdf", "a.", "\0", " . "])
def test_a_name_of_which_nothing_stays_is_refused(given):
    with pytest.raises(WrongName):
        files.safe_name(given)
