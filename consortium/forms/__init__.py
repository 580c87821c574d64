"""What people type about members, contacts and agreements, by subject."""

from .agreements import (
    AgreementDraftForm,
    AgreementFileForm,
    AgreementForm,
    DeviationForm,
    SignatureForm,
    TerminationForm,
    WaiverForm,
)
from .amendments import AbandonForm, AmendmentDraftForm, AmendmentForm
from .banking import BankAccountChange, BankAccountForm, BankFileForm
from .benefit_definitions import (
    ChangeBenefitForm,
    DefineBenefitForm,
    EndBenefitForm,
    rate_typed,
)
from .benefits import GrantBenefitForm, UseBenefitForm
from .books import ExportEntriesForm, RecognitionFileForm, RecognitionForm
from .call_backs import CallBackForm, CallForm
from .claims import ClaimForm
from .commitments import years_of
from .contacts import (
    ContactDetailsForm,
    ContactForm,
    DepartureForm,
    EndRoleForm,
    RoleForm,
)
from .credits import AskForm, DecisionForm, OpinionForm, ReductionForm
from .dues_steps import (
    DecideDuesForm,
    HandOverForm,
    SponsorNoteForm,
    TellSteeringForm,
)
from .engagement import (
    CorrectInteractionForm,
    FacultyForm,
    FollowUpForm,
    InteractionForm,
    ReopenForm,
)
from .evidence import EvidenceFileForm, EvidenceForm
from .health import (
    HealthForm,
)
from .in_kind import (
    AppraisalForm,
    ApprovalForm,
    AssessmentForm,
    BookingForm,
    DeliveryForm,
    DisputeForm,
    DisputeOutcomeForm,
    OfferForm,
    ValuationForm,
)
from .interests import EndInterestForm, InterestForm
from .invoice_answers import (
    AnswerForm,
    DeliveryOfInvoiceForm,
    DisputeByFinanceForm,
    DisputeOfInvoiceForm,
    NumberForm,
    PaperForm,
    PromiseForm,
    PromiseToFinanceForm,
    SettlementForm,
)
from .issuing import (
    MOST,
    ChangeInvoiceForm,
    CreditNoteForm,
    DraftForm,
    OfferedForm,
    ReplaceForm,
    SendBackForm,
    VoidForm,
)
from .ladders import LadderOfAllForm, LadderOfSomeForm, ReminderChoiceForm
from .library import (
    ChangeLibraryItemForm,
    CommentForm,
    FollowLibraryForm,
    LibraryItemForm,
    LibraryVersionForm,
)
from .links import LinkForm, SpinOffForm
from .matching import (
    AllocationForm,
    BounceForm,
    RefundForm,
    RefundPaidForm,
    RefundReturnedForm,
    ShareForm,
    TakeBackForm,
    WriteOffForm,
)
from .merging import MergeForm
from .months import CloseMonthForm, ReopenMonthForm
from .organizations import (
    OrganizationDetailsForm,
    OrganizationForm,
    RenameForm,
    SiteForm,
)
from .payers import (
    AdviceForm,
    NewPayerByFinanceForm,
    NewPayerForm,
    OrderChangeForm,
    OrderEndForm,
    OrderForm,
    PayerByFinanceForm,
    PayerForm,
)
from .prospects import (
    InquiryForm,
    ProspectForm,
    StepForm,
    TakeUpForm,
    begun,
)
from .receipts import AdviceFileForm, ReceiptForm, RemittanceForm
from .reminding import HoldDuesForm, SendReminderForm
from .renewals import (
    ExitInterviewForm,
    GoodwillForm,
    LateNoticeForm,
    MemberAnswerForm,
    RenewalAnswerForm,
    RenewalEstimateForm,
)
from .screenings import ScreeningForm
from .verification import CheckCodeForm

__all__ = [
    "MOST",
    "AbandonForm",
    "AdviceFileForm",
    "AdviceForm",
    "AgreementDraftForm",
    "AgreementFileForm",
    "AgreementForm",
    "AllocationForm",
    "AmendmentDraftForm",
    "AmendmentForm",
    "AnswerForm",
    "AppraisalForm",
    "ApprovalForm",
    "AskForm",
    "AssessmentForm",
    "BankAccountChange",
    "BankAccountForm",
    "BankFileForm",
    "BookingForm",
    "BounceForm",
    "CallBackForm",
    "CallForm",
    "ChangeBenefitForm",
    "ChangeInvoiceForm",
    "ChangeLibraryItemForm",
    "CheckCodeForm",
    "ClaimForm",
    "CloseMonthForm",
    "CommentForm",
    "ContactDetailsForm",
    "ContactForm",
    "CorrectInteractionForm",
    "CreditNoteForm",
    "DecideDuesForm",
    "DecisionForm",
    "DefineBenefitForm",
    "DeliveryForm",
    "DeliveryOfInvoiceForm",
    "DepartureForm",
    "DeviationForm",
    "DisputeByFinanceForm",
    "DisputeForm",
    "DisputeOfInvoiceForm",
    "DisputeOutcomeForm",
    "DraftForm",
    "EndBenefitForm",
    "EndInterestForm",
    "EndRoleForm",
    "EvidenceFileForm",
    "EvidenceForm",
    "ExitInterviewForm",
    "ExportEntriesForm",
    "FacultyForm",
    "FollowLibraryForm",
    "FollowUpForm",
    "GoodwillForm",
    "GrantBenefitForm",
    "HandOverForm",
    "HealthForm",
    "HoldDuesForm",
    "InquiryForm",
    "InteractionForm",
    "InterestForm",
    "LadderOfAllForm",
    "LadderOfSomeForm",
    "LateNoticeForm",
    "LibraryItemForm",
    "LibraryVersionForm",
    "LinkForm",
    "MemberAnswerForm",
    "MergeForm",
    "NewPayerByFinanceForm",
    "NewPayerForm",
    "NumberForm",
    "OfferForm",
    "OfferedForm",
    "OpinionForm",
    "OrderChangeForm",
    "OrderEndForm",
    "OrderForm",
    "OrganizationDetailsForm",
    "OrganizationForm",
    "PaperForm",
    "PayerByFinanceForm",
    "PayerForm",
    "PromiseForm",
    "PromiseToFinanceForm",
    "ProspectForm",
    "ReceiptForm",
    "RecognitionFileForm",
    "RecognitionForm",
    "ReductionForm",
    "RefundForm",
    "RefundPaidForm",
    "RefundReturnedForm",
    "ReminderChoiceForm",
    "RemittanceForm",
    "RenameForm",
    "RenewalAnswerForm",
    "RenewalEstimateForm",
    "ReopenForm",
    "ReopenMonthForm",
    "ReplaceForm",
    "RoleForm",
    "ScreeningForm",
    "SendBackForm",
    "SendReminderForm",
    "SettlementForm",
    "ShareForm",
    "SignatureForm",
    "SiteForm",
    "SpinOffForm",
    "SponsorNoteForm",
    "StepForm",
    "TakeBackForm",
    "TakeUpForm",
    "TellSteeringForm",
    "TerminationForm",
    "UseBenefitForm",
    "ValuationForm",
    "VoidForm",
    "WaiverForm",
    "WriteOffForm",
    "begun",
    "rate_typed",
    "years_of",
]
