"""Which files belong to the consortium's objects."""

from inm_portal.kernel.documents import Kind, register

from .models import Agreement, Amendment, ContributionCredit, Evidence, PurchaseOrder

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
