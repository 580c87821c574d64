"""Each operation: read what the caller may see, or call one service; by subject."""

from .agreements import AgreementViewSet, DeviationViewSet
from .amendments import AmendmentViewSet
from .call_backs import CallBackViewSet
from .commitments import (
    CommitmentPositionViewSet,
    CommitmentYearViewSet,
    CreditEntryViewSet,
    ShortfallWaiverViewSet,
)
from .contacts import ContactViewSet, RoleAssignmentViewSet
from .credits import ContributionCreditViewSet
from .evidence import EvidenceViewSet
from .exceptions import AgreementExceptionViewSet
from .interests import InterestViewSet
from .invoice_answers import (
    CustomerAnswerViewSet,
    InvoiceDeliveryViewSet,
    InvoiceDisputeViewSet,
    PaymentPromiseViewSet,
)
from .invoices import CreditNoteViewSet, InstalmentViewSet, InvoiceViewSet
from .links import OrganizationLinkViewSet
from .merging import ContactMergeViewSet
from .organizations import OrganizationViewSet
from .payers import (
    PayerProfileViewSet,
    PurchaseOrderViewSet,
    RemittanceAdviceViewSet,
)
from .receipts import AllocationViewSet, ReceiptViewSet
from .screenings import ScreeningViewSet

__all__ = [
    "AgreementExceptionViewSet",
    "AgreementViewSet",
    "AllocationViewSet",
    "AmendmentViewSet",
    "CallBackViewSet",
    "CommitmentPositionViewSet",
    "CommitmentYearViewSet",
    "ContactMergeViewSet",
    "ContactViewSet",
    "ContributionCreditViewSet",
    "CreditEntryViewSet",
    "CreditNoteViewSet",
    "CustomerAnswerViewSet",
    "DeviationViewSet",
    "EvidenceViewSet",
    "InstalmentViewSet",
    "InterestViewSet",
    "InvoiceDeliveryViewSet",
    "InvoiceDisputeViewSet",
    "InvoiceViewSet",
    "OrganizationLinkViewSet",
    "OrganizationViewSet",
    "PayerProfileViewSet",
    "PaymentPromiseViewSet",
    "PurchaseOrderViewSet",
    "ReceiptViewSet",
    "RemittanceAdviceViewSet",
    "RoleAssignmentViewSet",
    "ScreeningViewSet",
    "ShortfallWaiverViewSet",
]
