"""Which files belong to the consortium's objects."""

from inm_portal.kernel.documents import Kind, register

from .models import (
    Agreement,
    Amendment,
    ContributionCredit,
    Evidence,
    Invoice,
    LibraryItem,
    Meeting,
    PurchaseOrder,
    Receipt,
    RemittanceAdvice,
    StudentProfile,
    WriteOff,
)

#: What was signed, and what was sent while it was negotiated.
AGREEMENT = register(
    Kind(
        *("consortium.agreement", Agreement, ("pdf", "docx")),
        manage="attach",
        fixed="executed",
    )
)

#: What was signed when an agreement was amended.
AMENDMENT = register(
    Kind("consortium.amendment", Amendment, ("pdf", "docx"), fixed="executed")
)

#: What shows a contribution; only staff take it out of use.
EVIDENCE = register(
    Kind(
        "consortium.evidence",
        Evidence,
        ("pdf", "docx", "xlsx", "png", "jpg"),
        manage="change",
    )
)

#: What independent appraisers found; each belongs to its appraisal for good.
APPRAISAL = register(Kind("consortium.appraisal", ContributionCredit, ("pdf", "docx")))

#: What a member sent as its approval to pay.
PURCHASE_ORDER = register(
    Kind("consortium.purchase_order", PurchaseOrder, ("pdf",), fixed="document")
)

#: What accounts payable wants beside an invoice, as a W-9 or a page of the agreement.
INVOICE = register(
    Kind("consortium.invoice", Invoice, ("pdf", "docx", "xlsx"), manage="attach")
)

#: What a payer said which invoices a payment is for.
REMITTANCE = register(
    Kind(
        "consortium.remittance",
        Receipt,
        ("pdf", "docx", "xlsx", "png", "jpg"),
        manage="attach",
    )
)

#: What a member sent with the news that it paid.
REMITTANCE_ADVICE = register(
    Kind(
        "consortium.remittance_advice",
        RemittanceAdvice,
        ("pdf", "docx", "xlsx", "png", "jpg"),
        manage="attach",
    )
)

#: Works of the library. Nobody reads them but by opening a version, which is on record.
LIBRARY = register(
    Kind(
        *("consortium.library_item", LibraryItem, ("pdf", "docx", "pptx", "xlsx")),
        view="",
        is_confidential=False,
    )
)

#: Nobody reads a résumé but by a way that is on record.
RESUME = register(
    Kind(
        *("consortium.resume", StudentProfile, ("pdf", "docx")),
        view="",
        is_confidential=False,
    )
)

#: Papers of meetings. Nobody reads them but by the way that knows their audience.
MEETING_PAPER = register(
    Kind("consortium.meeting_paper", Meeting, ("pdf", "docx", "pptx", "xlsx"), view="")
)

#: What shows that tax was withheld; it belongs to its write-off for good.
CERTIFICATE = register(
    Kind(
        *("consortium.certificate", WriteOff, ("pdf", "png", "jpg")),
        fixed="certificate",
    )
)
