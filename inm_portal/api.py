"""The routes of the API, of all apps."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from consortium.api import views as consortium
from inm_portal.accounts.api import (
    AccountViewSet,
    DelegationViewSet,
    SignInViewSet,
    TokenViewSet,
)
from inm_portal.home.access_requests import AccessRequestViewSet
from inm_portal.home.documents import DocumentViewSet
from inm_portal.home.jobs import JobViewSet
from inm_portal.home.journal import JournalEntryViewSet
from inm_portal.home.mail.api import (
    BounceViewSet,
    MailHoldViewSet,
    MessageViewSet,
)
from inm_portal.home.people_api import (
    InvitationViewSet,
    PersonMergeViewSet,
    PersonViewSet,
)
from inm_portal.home.reminders import api as reminders
from inm_portal.home.viewing import ViewingViewSet
from seed_projects.api import views as seed_projects

router = SimpleRouter()
router.register("organizations", consortium.OrganizationViewSet)
router.register("contacts", consortium.ContactViewSet)
router.register("contact-merges", consortium.ContactMergeViewSet)
router.register("role-assignments", consortium.RoleAssignmentViewSet)
router.register("agreements", consortium.AgreementViewSet)
router.register("amendments", consortium.AmendmentViewSet)
router.register("organization-links", consortium.OrganizationLinkViewSet)
router.register("renewal-estimates", consortium.RenewalEstimateViewSet)
router.register("renewal-answers", consortium.RenewalAnswerViewSet)
router.register("exit-interviews", consortium.ExitInterviewViewSet)
router.register("prospects", consortium.ProspectViewSet)
router.register("inquiries", consortium.InquiryViewSet)
router.register("health-notes", consortium.HealthNoteViewSet)
router.register(
    "relationships", consortium.RelationshipViewSet, basename="relationship"
)
router.register("benefits", consortium.BenefitViewSet)
router.register("entitlements", consortium.EntitlementViewSet)
router.register("benefit-uses", consortium.BenefitUseViewSet)
router.register("interactions", consortium.InteractionViewSet)
router.register("follow-ups", consortium.FollowUpViewSet)
router.register("bodies", consortium.BodyViewSet)
router.register("body-seats", consortium.SeatViewSet)
router.register("sittings", consortium.SittingViewSet)
router.register("meetings", consortium.MeetingViewSet)
router.register("agenda-items", consortium.AgendaItemViewSet)
router.register("meeting-papers", consortium.MeetingPaperViewSet)
router.register("attendance", consortium.AttendanceViewSet)
router.register("body-decisions", consortium.BodyDecisionViewSet)
router.register("minutes", consortium.MinutesViewSet)
router.register("motions", consortium.MotionViewSet)
router.register("electors", consortium.ElectorViewSet)
router.register("antitrust-statements", consortium.AntitrustViewSet)
router.register("one-to-ones", consortium.OneToOneViewSet)
router.register("faculty", consortium.FacultyViewSet)
router.register("library-items", consortium.LibraryItemViewSet)
router.register("library-versions", consortium.LibraryVersionViewSet)
router.register("library-comments", consortium.LibraryCommentViewSet)
router.register("library-openings", consortium.LibraryOpeningViewSet)
router.register("programs", consortium.ProgramViewSet)
router.register("program-parts", consortium.ProgramPartViewSet)
router.register("program-contributions", consortium.ProgramContributionViewSet)
router.register("student-profiles", consortium.StudentProfileViewSet)
router.register("profile-openings", consortium.ProfileOpeningViewSet)
router.register("exceptions", consortium.AgreementExceptionViewSet)
router.register("deviations", consortium.DeviationViewSet)
router.register("screenings", consortium.ScreeningViewSet)
router.register("commitment-years", consortium.CommitmentYearViewSet)
router.register(
    "commitment-positions",
    consortium.CommitmentPositionViewSet,
    basename="commitmentposition",
)
router.register("credit-entries", consortium.CreditEntryViewSet)
router.register("shortfall-waivers", consortium.ShortfallWaiverViewSet)
router.register("contribution-credits", consortium.ContributionCreditViewSet)
router.register("appraisals", consortium.AppraisalViewSet)
router.register("valuations", consortium.ValuationViewSet)
router.register("valuation-disputes", consortium.ValuationDisputeViewSet)
router.register("evidence", consortium.EvidenceViewSet)
router.register("interests", consortium.InterestViewSet)
router.register("instalments", consortium.InstalmentViewSet)
router.register("invoices", consortium.InvoiceViewSet)
router.register("invoice-deliveries", consortium.InvoiceDeliveryViewSet)
router.register("invoice-answers", consortium.CustomerAnswerViewSet)
router.register("invoice-disputes", consortium.InvoiceDisputeViewSet)
router.register("payment-promises", consortium.PaymentPromiseViewSet)
router.register("payer-profiles", consortium.PayerProfileViewSet)
router.register("purchase-orders", consortium.PurchaseOrderViewSet)
router.register("remittance-advices", consortium.RemittanceAdviceViewSet)
router.register("dunning-log", consortium.DunningLogViewSet, basename="dunning-log")
router.register("dues-exceptions", consortium.DuesExceptionViewSet)
router.register("dues-steps", consortium.DuesStepViewSet)
router.register("sponsor-notes", consortium.SponsorNoteViewSet)
router.register("credit-notes", consortium.CreditNoteViewSet)
router.register("receipts", consortium.ReceiptViewSet)
router.register("receipt-shares", consortium.ReceiptShareViewSet)
router.register("call-backs", consortium.CallBackViewSet)
router.register("allocations", consortium.AllocationViewSet)
router.register("write-offs", consortium.WriteOffViewSet)
router.register("refunds", consortium.RefundViewSet)
router.register("reminder-ladders", consortium.ReminderPolicyViewSet)
router.register("reminder-choices", consortium.ReminderPreferenceViewSet)
router.register("to-match", consortium.WaitingMoneyViewSet)
router.register("bank-accounts", consortium.BankAccountViewSet)
router.register("bank-files", consortium.BankFileViewSet)
router.register("aging", consortium.AgingViewSet, basename="aging")
router.register("open-invoices", consortium.OpenInvoiceViewSet, basename="open-invoice")
router.register("ledger-entries", consortium.LedgerEntryViewSet)
router.register("closed-months", consortium.PeriodCloseViewSet)
router.register("reopenings", consortium.PeriodReopeningViewSet)
router.register("ledger-exports", consortium.ExportBatchViewSet)
router.register("recognized-amounts", consortium.RecognisedAmountViewSet)
router.register("recognition-imports", consortium.RecognitionImportViewSet)
router.register("calls", seed_projects.CallViewSet)
router.register("call-stages", seed_projects.CallStageViewSet)
router.register("call-dates", seed_projects.CallDateViewSet)
router.register("call-tracks", seed_projects.TrackViewSet)
router.register("eligibility-rules", seed_projects.EligibilityRuleViewSet)
router.register("cost-rates", seed_projects.CostRateViewSet)
router.register("deadline-extensions", seed_projects.ExtensionViewSet)
router.register("call-questions", seed_projects.CallQuestionViewSet)
router.register("problem-statements", seed_projects.ProblemStatementViewSet)
router.register("forms", seed_projects.FormViewSet)
router.register("form-versions", seed_projects.FormVersionViewSet)
router.register("form-sections", seed_projects.SectionViewSet)
router.register("form-questions", seed_projects.QuestionViewSet)
router.register("rubrics", seed_projects.RubricViewSet)
router.register("rubric-versions", seed_projects.RubricVersionViewSet)
router.register("rubric-criteria", seed_projects.CriterionViewSet)
router.register("proposals", seed_projects.ProposalViewSet)
router.register("proposal-people", seed_projects.ProposalPersonViewSet)
router.register("proposal-answers", seed_projects.AnswerViewSet)
router.register("proposal-second-texts", seed_projects.AsideTextViewSet)
router.register("proposal-budget-lines", seed_projects.BudgetLineViewSet)
router.register("proposal-declarations", seed_projects.DeclarationViewSet)
router.register("proposal-submissions", seed_projects.SubmissionViewSet)
router.register("proposal-comments", seed_projects.ProposalCommentViewSet)
router.register(
    "submission-differences",
    seed_projects.SubmissionDifferencesViewSet,
    basename="submissiondifferences",
)
router.register("screening", seed_projects.ScreeningViewSet)
router.register("screening-checks", seed_projects.ScreeningCheckViewSet)
router.register("screening-moves", seed_projects.ScreeningMoveViewSet)
router.register("move-batches", seed_projects.MoveBatchViewSet)
router.register("eligibility-exceptions", seed_projects.EligibilityExceptionViewSet)
router.register("call-letters", seed_projects.CallLetterViewSet)
router.register("appeals", seed_projects.AppealViewSet)
router.register("tokens", TokenViewSet)
router.register("sign-ins", SignInViewSet, basename="sign-in")
router.register("documents", DocumentViewSet)
router.register("jobs", JobViewSet)
router.register("viewings", ViewingViewSet)
router.register("journal", JournalEntryViewSet, basename="journal")
router.register("access-requests", AccessRequestViewSet)
router.register("delegations", DelegationViewSet)
router.register("messages", MessageViewSet)
router.register("mail-holds", MailHoldViewSet)
router.register("bounces", BounceViewSet)
router.register("invitations", InvitationViewSet)
router.register("people", PersonViewSet, basename="person")
router.register("person-merges", PersonMergeViewSet)
router.register("reminders", reminders.ReminderViewSet)
router.register("reminder-holds", reminders.HoldViewSet)
router.register("reminder-stops", reminders.StopViewSet)
router.register("closures", reminders.ClosureViewSet)
router.register("tasks", reminders.TaskViewSet)

#: One object, that of the caller: it has no list and no key.
account = AccountViewSet.as_view({"get": "retrieve", "patch": "partial_update"})

urlpatterns = [path("account/", account, name="own-account"), *router.urls]
