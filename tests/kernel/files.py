"""Small files of each type, and some that only say that they are."""

import io
import struct
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 32
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 32
HTML = b"<!DOCTYPE html><script>alert(document.cookie)</script>"
PROGRAM = b"MZ\x90\0" + b"\0" * 200


def packed(**parts: bytes) -> bytes:
    """Return a zip of parts, each named by a path with ``__`` for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            zipped.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


DOCX = packed(word__document_xml=b"<document/>")
XLSX = packed(xl__workbook_xml=b"<workbook/>")
PPTX = packed(ppt__presentation_xml=b"<presentation/>")


def lying(content: bytes, *, size: int) -> bytes:
    """Return a zip whose directory says that its last part unpacks to ``size``."""
    at = content.rfind(b"PK\1\2") + 24
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def sent(content: bytes = PDF, name: str = "agreement.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
