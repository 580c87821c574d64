"""Papers that are kept as they were issued, sent as files that run nowhere."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF, byte for byte as it was kept."""
    return _kept(content, name, "application/pdf")


def csv_file(content: bytes, name: str) -> HttpResponse:
    """Answer with a CSV file, byte for byte as it was kept."""
    return _kept(content, name, "text/csv; charset=utf-8")


def _kept(content: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(
        bytes(content),
        content_type=content_type,
        headers={
            "Content-Disposition": disposition,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Encoding": "identity",
        },
    )
