"""Papers that are kept as they were issued, sent as files that run nowhere."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF, byte for byte as it was kept."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(
        bytes(content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": disposition,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Encoding": "identity",
        },
    )
