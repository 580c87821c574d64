"""What stands on the PDF of an invoice or a credit note, in words and figures."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import CreditNote, Invoice, InvoiceLine

ISSUER = [
    "Massachusetts Institute of Technology",
    "Initiative for New Manufacturing",
    "77 Massachusetts Avenue",
    "Cambridge, MA 02139, USA",
]


def paper_of_invoice(invoice: Invoice) -> dict[str, Any]:
    """Return what the template of a paper says of an invoice."""
    lines = invoice.lines.select_related("commitment_year")
    return _paper(
        invoice,
        invoice,
        title=_("Invoice %(number)s") % {"number": invoice.number},
        facts=[
            (_("Invoice"), invoice.number),
            (_("Issued"), written_day(invoice.issued_on)),
            (_("Due"), written_day(invoice.due_on)),
            (_("Terms"), invoice.get_terms_days_display()),
            (_("Purchase order"), invoice.order_number),
            (_("Remittance reference"), invoice.remittance_reference),
            (_("In place of"), invoice.replaces.number if invoice.replaces else ""),
        ],
        lines=[_line(line, line.amount, invoice.currency) for line in lines],
        total=sum((line.amount for line in lines), Decimal()),
        paragraphs=[
            invoice.note,
            _("Please quote %(reference)s with your payment.")
            % {"reference": invoice.remittance_reference},
            _(
                "This invoice names no bank account, and no message that changes one "
                "comes from INM. Pay as MIT's finance office has instructed you; if in "
                "doubt, call it at a number that you know."
            ),
        ],
    )


def paper_of_credit_note(note: CreditNote) -> dict[str, Any]:
    """Return what the template of a paper says of a credit note."""
    lines = note.lines.select_related("line__commitment_year")
    return _paper(
        note,
        note.invoice,
        title=_("Credit note %(number)s") % {"number": note.number},
        facts=[
            (_("Credit note"), note.number),
            (_("Issued"), written_day(note.issued_on)),
            (_("For invoice"), note.invoice.number),
            (_("Purchase order"), note.invoice.order_number),
        ],
        lines=[_line(one.line, one.amount, note.currency) for one in lines],
        total=sum((one.amount for one in lines), Decimal()),
        paragraphs=[
            note.reason,
            _("You owe so much less of invoice %(number)s.")
            % {"number": note.invoice.number},
        ],
    )


def figures(amount: Decimal, currency: str) -> str:
    """Return an amount as papers write it: with cents, and with its currency."""
    return f"{currency} {amount:,.2f}"


def _line(line: InvoiceLine, amount: Decimal, currency: str) -> list[str]:
    year = line.commitment_year
    span = f"{_day(year.starts_on)} - {_day(year.ends_on)}"
    named = _("Year %(number)s") % {"number": year.number}
    return [line.description, f"{named}, {span}", figures(amount, currency)]


def _day(day: date) -> str:
    return written_day(day).replace(" ", "\N{NO-BREAK SPACE}")


def _paper(
    paper: Invoice | CreditNote,
    invoice: Invoice,
    *,
    title: str,
    facts: list[tuple[str, str | None]],
    lines: list[list[str]],
    total: Decimal,
    paragraphs: list[str],
) -> dict[str, Any]:
    address = invoice.bill_to_address.splitlines()
    verify = f"{settings.PORTAL_URL}{reverse('consortium:verify_paper')}"
    return {
        "title": title,
        "number": paper.number,
        "issuer": ISSUER,
        "to": [one for one in [invoice.bill_to_entity, invoice.attention] if one]
        + address,
        "facts": [[name, value] for name, value in facts if value],
        "columns": [_("For"), _("Commitment year"), _("Amount")],
        "lines": lines,
        "total": figures(total, paper.currency),
        "paragraphs": [one for one in paragraphs if one],
        "code": written_code(paper.check_code),
        "words": {
            "to": _("Bill to"),
            "page": _("Page"),
            "total": _("Total"),
            "code": _("Check code"),
            "verify": _("Whether this paper is genuine is told at %(address)s")
            % {"address": verify},
        },
    }


def written_code(code: str) -> str:
    """Return a check code in groups of four, as people read it out."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
