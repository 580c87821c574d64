"""What the API says of the consortium, and what it takes, by subject."""

from .agreements import (
    AgreementDetail,
    AgreementInput,
    AgreementSerializer,
    DeviationSerializer,
    SignatureInput,
    TerminationInput,
    WaiverInput,
)
from .amendments import (
    AmendmentDetail,
    AmendmentInput,
    AmendmentSerializer,
    PreviewSerializer,
)
from .call_backs import CallBackAnswer, CallBackInput, CallBackSerializer
from .claims import ClaimInput
from .commitments import (
    CommitmentPositionSerializer,
    CommitmentYearSerializer,
    LedgerEntrySerializer,
    ShortfallWaiverSerializer,
)
from .contacts import (
    ContactInput,
    ContactSerializer,
    DepartureInput,
    EndRoleInput,
    RoleAssignmentSerializer,
    RoleInput,
)
from .credits import (
    AskInput,
    CreditDetail,
    CreditSerializer,
    DecisionInput,
    OpinionInput,
    ReductionInput,
)
from .evidence import EvidenceChange, EvidenceSerializer
from .exceptions import ExceptionSerializer
from .in_kind import (
    AppraisalInput,
    ApprovalInput,
    AssessmentInput,
    BookingInput,
    DeliveryInput,
    DisputeInput,
    OfferInput,
    SettlementInput,
    ValuationInput,
)
from .interests import EndInterestInput, InterestInput, InterestSerializer
from .invoices import InstalmentSerializer, InvoiceDetail, InvoiceSerializer
from .issuing import (
    CreditNoteDetail,
    CreditNoteInput,
    CreditNoteSerializer,
    DraftInput,
    InvoiceChange,
    ReplaceInput,
    ToDoSerializer,
)
from .links import LinkInput, LinkSerializer, SpinOffInput
from .merging import ContactMergeSerializer, MergeInput
from .organizations import (
    OrganizationChange,
    OrganizationDetail,
    OrganizationInput,
    OrganizationSerializer,
    RenameInput,
    SiteSerializer,
)
from .receipts import (
    AllocationSerializer,
    ReceiptDetail,
    ReceiptInput,
    ReceiptSerializer,
)
from .screenings import ScreeningInput, ScreeningSerializer

__all__ = [
    "AgreementDetail",
    "AgreementInput",
    "AgreementSerializer",
    "AllocationSerializer",
    "AmendmentDetail",
    "AmendmentInput",
    "AmendmentSerializer",
    "AppraisalInput",
    "ApprovalInput",
    "AskInput",
    "AssessmentInput",
    "BookingInput",
    "CallBackAnswer",
    "CallBackInput",
    "CallBackSerializer",
    "ClaimInput",
    "CommitmentPositionSerializer",
    "CommitmentYearSerializer",
    "ContactInput",
    "ContactMergeSerializer",
    "ContactSerializer",
    "CreditDetail",
    "CreditNoteDetail",
    "CreditNoteInput",
    "CreditNoteSerializer",
    "CreditSerializer",
    "DecisionInput",
    "DeliveryInput",
    "DepartureInput",
    "DeviationSerializer",
    "DisputeInput",
    "DraftInput",
    "EndInterestInput",
    "EndRoleInput",
    "EvidenceChange",
    "EvidenceSerializer",
    "ExceptionSerializer",
    "InstalmentSerializer",
    "InterestInput",
    "InterestSerializer",
    "InvoiceChange",
    "InvoiceDetail",
    "InvoiceSerializer",
    "LedgerEntrySerializer",
    "LinkInput",
    "LinkSerializer",
    "MergeInput",
    "OfferInput",
    "OpinionInput",
    "OrganizationChange",
    "OrganizationDetail",
    "OrganizationInput",
    "OrganizationSerializer",
    "PreviewSerializer",
    "ReceiptDetail",
    "ReceiptInput",
    "ReceiptSerializer",
    "ReductionInput",
    "RenameInput",
    "ReplaceInput",
    "RoleAssignmentSerializer",
    "RoleInput",
    "ScreeningInput",
    "ScreeningSerializer",
    "SettlementInput",
    "ShortfallWaiverSerializer",
    "SignatureInput",
    "SiteSerializer",
    "SpinOffInput",
    "TerminationInput",
    "ToDoSerializer",
    "ValuationInput",
    "WaiverInput",
]
