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
from .call_backs import AnswerForm, CallBackForm
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
from .evidence import EvidenceFileForm, EvidenceForm
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
from .links import LinkForm, SpinOffForm
from .merging import MergeForm
from .organizations import (
    OrganizationDetailsForm,
    OrganizationForm,
    RenameForm,
    SiteForm,
)
from .receipts import ReceiptForm, RemittanceForm
from .screenings import ScreeningForm
from .verification import CheckCodeForm

__all__ = [
    "AbandonForm",
    "AgreementDraftForm",
    "AgreementFileForm",
    "AgreementForm",
    "AmendmentDraftForm",
    "AmendmentForm",
    "AnswerForm",
    "AppraisalForm",
    "ApprovalForm",
    "AskForm",
    "AssessmentForm",
    "BookingForm",
    "CallBackForm",
    "CheckCodeForm",
    "ClaimForm",
    "ContactDetailsForm",
    "ContactForm",
    "DecisionForm",
    "DeliveryForm",
    "DepartureForm",
    "DeviationForm",
    "DisputeForm",
    "DisputeOutcomeForm",
    "EndInterestForm",
    "EndRoleForm",
    "EvidenceFileForm",
    "EvidenceForm",
    "InterestForm",
    "LinkForm",
    "MergeForm",
    "OfferForm",
    "OpinionForm",
    "OrganizationDetailsForm",
    "OrganizationForm",
    "ReceiptForm",
    "ReductionForm",
    "RemittanceForm",
    "RenameForm",
    "RoleForm",
    "ScreeningForm",
    "SignatureForm",
    "SiteForm",
    "SpinOffForm",
    "TerminationForm",
    "ValuationForm",
    "WaiverForm",
    "years_of",
]
