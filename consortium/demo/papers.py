"""Papers of the demo world: small PDF files of one page."""

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, tasklist
from inm_portal.kernel.models import Task

from ..documents import AGREEMENT
from ..models import Agreement
from ..policies import FOREIGN_ENTITY

SIGNED = "Consortium agreement, signed"
TITLES = ["First scan", "Exhibit A"]
INVENTED = ["This paper belongs to a demonstration.", "Nobody signed it."]

HEADING = b"BT /F1 18 Tf 72 740 Td (%s) Tj ET\n"
BEGIN = b"BT /F1 11 Tf 72 700 Td 18 TL\n"
LINE = b"(%s) Tj T*\n"


def load(*, by: User) -> None:
    """Add a first scan of what Siemens signed, out of use since, and an exhibit."""
    agreement = Agreement.objects.signed().get(organization__name="Siemens")
    first, *_others = [_add(agreement, title, by) for title in TITLES]
    documents.supersede(first, at=timezone.now(), by=by)


def approve(agreement: Agreement) -> None:
    """Finish the task to approve an entity abroad, if there is one."""
    about = {"subject_type": agreement._meta.label_lower, "subject_id": agreement.pk}
    for task in Task.objects.open().filter(kind=FOREIGN_ENTITY, **about):
        tasklist.finish_task(
            task,
            outcome="Approved by the office for sponsored programs.",
            at=timezone.now(),
            by=User.objects.get(email="director@inm.example"),
        )


def signed(number: str, title: str = SIGNED) -> ContentFile:
    """Return what was signed, as a file."""
    return ContentFile(pdf(number, [title, *INVENTED]), f"{title}.pdf")


def _add(agreement: Agreement, title: str, by: User) -> documents.Document:
    return documents.upload(
        signed(agreement.number, title),
        kind=AGREEMENT,
        subject=agreement,
        at=timezone.now(),
        by=by,
    )


def pdf(heading: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one page with a heading and lines below it."""
    text = HEADING % _escaped(heading) + BEGIN
    text += b"".join(LINE % _escaped(line) for line in lines) + b"ET"
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
            b" /Encoding /WinAnsiEncoding >>",
        ]
    )


def _escaped(text: str) -> bytes:
    plain = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return plain.encode("cp1252", "replace")


def _file(objects: Sequence[bytes]) -> bytes:
    """Return objects as a file, with the table that says where each begins."""
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, len(file))
    )
