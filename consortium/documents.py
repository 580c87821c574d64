"""Which files belong to the consortium's objects."""

from inm_portal.kernel.documents import Kind, register

from .models import Agreement, Evidence

#: What was signed, and what was sent while it was negotiated.
AGREEMENT = register(
    Kind("consortium.agreement", Agreement, ("pdf", "docx"), manage="attach")
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
