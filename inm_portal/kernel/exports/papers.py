"""Papers that are kept as they were issued, sent as files that run nowhere."""

from typing import IO

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF, byte for byte as it was kept."""
    return _kept(content, name, "application/pdf")


def csv_file(content: bytes, name: str) -> HttpResponse:
    """Answer with a CSV file, byte for byte as it was kept."""
    return _kept(content, name, "text/csv; charset=utf-8")


def given_file(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    """Answer with a file as it was opened for somebody."""
    response = FileResponse(file)
    for header, value in _headers(name).items():
        response[header] = value
    response["Content-Type"] = content_type
    return response


def _kept(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        bytes(content), content_type=content_type, headers=_headers(name)
    )


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Encoding": "identity",
    }
