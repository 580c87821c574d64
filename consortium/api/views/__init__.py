"""Each operation: read what the caller may see, or call one service; by subject."""

from .aging import AgingViewSet, OpenInvoiceViewSet
from .agreements import AgreementViewSet, DeviationViewSet
from .amendments import AmendmentViewSet
from .banking import BankAccountViewSet, BankFileViewSet
from .benefit_definitions import (
    BenefitViewSet,
)
from .benefits import BenefitUseViewSet, EntitlementViewSet
from .books import (
    ExportBatchViewSet,
    LedgerEntryViewSet,
    PeriodCloseViewSet,
    PeriodReopeningViewSet,
    RecognisedAmountViewSet,
    RecognitionImportViewSet,
)
from .call_backs import CallBackViewSet
from .commitments import (
    CommitmentPositionViewSet,
    CommitmentYearViewSet,
    CreditEntryViewSet,
    ShortfallWaiverViewSet,
)
from .contacts import ContactViewSet, RoleAssignmentViewSet
from .credits import ContributionCreditViewSet
from .dues_exceptions import DuesExceptionViewSet
from .dues_steps import DuesStepViewSet, SponsorNoteViewSet
from .dunning import DunningLogViewSet
from .engagement import (
    FacultyViewSet,
    FollowUpViewSet,
    InteractionViewSet,
)
from .evidence import EvidenceViewSet
from .exceptions import AgreementExceptionViewSet
from .governance import (
    AgendaItemViewSet,
    AntitrustViewSet,
    AttendanceViewSet,
    BodyDecisionViewSet,
    BodyViewSet,
    ElectorViewSet,
    MeetingPaperViewSet,
    MeetingViewSet,
    MinutesViewSet,
    MotionViewSet,
    SeatViewSet,
    SittingViewSet,
)
from .health import (
    HealthNoteViewSet,
    RelationshipViewSet,
)
from .in_kind import AppraisalViewSet, ValuationDisputeViewSet, ValuationViewSet
from .interests import InterestViewSet
from .invoice_answers import (
    CustomerAnswerViewSet,
    InvoiceDeliveryViewSet,
    InvoiceDisputeViewSet,
    PaymentPromiseViewSet,
)
from .invoices import CreditNoteViewSet, InstalmentViewSet, InvoiceViewSet
from .ladders import ReminderPolicyViewSet, ReminderPreferenceViewSet
from .library import (
    LibraryCommentViewSet,
    LibraryItemViewSet,
    LibraryOpeningViewSet,
    LibraryVersionViewSet,
)
from .links import OrganizationLinkViewSet
from .matching import (
    AllocationViewSet,
    ReceiptShareViewSet,
    RefundViewSet,
    WaitingMoneyViewSet,
    WriteOffViewSet,
)
from .merging import ContactMergeViewSet
from .one_to_ones import (
    OneToOneViewSet,
)
from .organizations import OrganizationViewSet
from .payers import (
    PayerProfileViewSet,
    PurchaseOrderViewSet,
    RemittanceAdviceViewSet,
)
from .prospects import (
    InquiryViewSet,
    ProspectViewSet,
)
from .receipts import ReceiptViewSet
from .renewals import (
    ExitInterviewViewSet,
    RenewalAnswerViewSet,
    RenewalEstimateViewSet,
)
from .screenings import ScreeningViewSet
from .workforce import (
    ProfileOpeningViewSet,
    ProgramContributionViewSet,
    ProgramPartViewSet,
    ProgramViewSet,
    StudentProfileViewSet,
)

__all__ = [
    "AgendaItemViewSet",
    "AgingViewSet",
    "AgreementExceptionViewSet",
    "AgreementViewSet",
    "AllocationViewSet",
    "AmendmentViewSet",
    "AntitrustViewSet",
    "AppraisalViewSet",
    "AttendanceViewSet",
    "BankAccountViewSet",
    "BankFileViewSet",
    "BenefitUseViewSet",
    "BenefitViewSet",
    "BodyDecisionViewSet",
    "BodyViewSet",
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
    "DuesExceptionViewSet",
    "DuesStepViewSet",
    "DunningLogViewSet",
    "ElectorViewSet",
    "EntitlementViewSet",
    "EvidenceViewSet",
    "ExitInterviewViewSet",
    "ExportBatchViewSet",
    "FacultyViewSet",
    "FollowUpViewSet",
    "HealthNoteViewSet",
    "InquiryViewSet",
    "InstalmentViewSet",
    "InteractionViewSet",
    "InterestViewSet",
    "InvoiceDeliveryViewSet",
    "InvoiceDisputeViewSet",
    "InvoiceViewSet",
    "LedgerEntryViewSet",
    "LibraryCommentViewSet",
    "LibraryItemViewSet",
    "LibraryOpeningViewSet",
    "LibraryVersionViewSet",
    "MeetingPaperViewSet",
    "MeetingViewSet",
    "MinutesViewSet",
    "MotionViewSet",
    "OneToOneViewSet",
    "OpenInvoiceViewSet",
    "OrganizationLinkViewSet",
    "OrganizationViewSet",
    "PayerProfileViewSet",
    "PaymentPromiseViewSet",
    "PeriodCloseViewSet",
    "PeriodReopeningViewSet",
    "ProfileOpeningViewSet",
    "ProgramContributionViewSet",
    "ProgramPartViewSet",
    "ProgramViewSet",
    "ProspectViewSet",
    "PurchaseOrderViewSet",
    "ReceiptShareViewSet",
    "ReceiptViewSet",
    "RecognisedAmountViewSet",
    "RecognitionImportViewSet",
    "RefundViewSet",
    "RelationshipViewSet",
    "ReminderPolicyViewSet",
    "ReminderPreferenceViewSet",
    "RemittanceAdviceViewSet",
    "RenewalAnswerViewSet",
    "RenewalEstimateViewSet",
    "RoleAssignmentViewSet",
    "ScreeningViewSet",
    "SeatViewSet",
    "ShortfallWaiverViewSet",
    "SittingViewSet",
    "SponsorNoteViewSet",
    "StudentProfileViewSet",
    "ValuationDisputeViewSet",
    "ValuationViewSet",
    "WaitingMoneyViewSet",
    "WriteOffViewSet",
]
