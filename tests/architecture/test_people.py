"""Where two accounts become one, every column that names a person was thought of."""

from inm_portal.accounts.merging import moving_fields
from inm_portal.accounts.models import User

from .sources import own_models

#: Columns that say who did something, or that belong to the account itself.
STAYS = {
    *["Invitation.invited_by", "Invitation.accepted_by"],
    *["UserMerge.survivor", "UserMerge.merged", "UserMerge.merged_by"],
    *["ContactErasure.erased_by"],
    *["ContactMerge.merged_by", "FloorWaiver.granted_by"],
    *["ShortfallWaiver.granted_by", "Evidence.recorded_by", "CreditEntry.by"],
    *["ContributionCredit.claimed_by", "ContributionCredit.decided_by"],
    *["CreditOpinion.given_by", "Valuation.valued_by", "ValuationDispute.raised_by"],
    *["DisputeOutcome.settled_by", "Interest.recorded_by"],
    *["ItemApproval.recorded_by", "Appraisal.recorded_by"],
    *["Screening.recorded_by", "LedgerEntry.recorded_by", "PurchaseOrder.recorded_by"],
    *["Invoice.drafted_by", "Invoice.changed_by", "Invoice.approved_by"],
    "Invoice.issued_by",
    "InvoiceReturn.returned_by",
    *["InvoiceDelivery.recorded_by", "CustomerAnswer.recorded_by"],
    *["PaymentPromise.recorded_by", "InvoiceDispute.recorded_by"],
    *["PromiseWithdrawal.recorded_by", "RemittanceAdvice.recorded_by"],
    "RemittanceWithdrawal.recorded_by",
    *["InvoiceDispute.owner", "DisputeResolution.resolved_by"],
    *["DuesStep.recorded_by", "SponsorNote.decided_by"],
    *["Invoice.voided_by", "CreditNote.drafted_by", "CreditNote.issued_by"],
    *["PeriodClose.closed_by", "ExportBatch.made_by", "RecognitionImport.imported_by"],
    *["BankFile.uploaded_by", "BankImport.imported_by"],
    *["Receipt.proposed_by", "Receipt.decided_by"],
    *["BenefitRate.recorded_by", "RenewalEstimate.estimated_by"],
    *["RenewalAnswer.recorded_by", "LateNoticeRuling.ruled_by"],
    *["GoodwillAccess.recorded_by", "ExitInterview.recorded_by"],
    *["HealthNote.recorded_by", "Inquiry.set_aside_by", "ProspectStep.recorded_by"],
    *["Benefit.defined_by", "BenefitGrant.recorded_by", "BenefitUse.recorded_by"],
    *["LibraryItem.added_by", "LibraryVersion.added_by", "LibraryOpening.person"],
    "LibraryComment.author",
    *["WorkforceProgram.added_by", "ProgramPart.recorded_by"],
    *["ProgramContribution.recorded_by", "ProfileOpening.person"],
    *["Interaction.recorded_by", "Participant.person", "FollowUp.recorded_by"],
    "OneToOneRequest.asked_by",
    *["AntitrustStatement.published_by", "Acknowledgment.person"],
    *["Meeting.called_by", "ConflictDeclared.recorded_by", "Minutes.recorded_by"],
    "MeetingPaper.recorded_by",
    *["Decision.recorded_by", "Action.recorded_by", "Motion.opened_by"],
    *["Motion.certified_by", "Proxy.given_by", "Cast.cast_by"],
    *["CallBack.proposed_by", "CallBack.decided_by"],
    *["WriteOff.proposed_by", "WriteOff.decided_by"],
    *["ReminderPolicy.proposed_by", "ReminderPolicy.decided_by"],
    "PolicyEnd.ended_by",
    *["Refund.proposed_by", "Refund.decided_by"],
    *["PeriodReopening.proposed_by", "PeriodReopening.decided_by"],
    *["AccessRequest.user", "AccessRequest.answered_by"],
    *["Erasure.user", "Erasure.erased_by", "EmailChange.user"],
    *["Delegation.principal", "Delegation.delegate", "Delegation.granted_by"],
    *["Viewing.by", "Viewing.person"],
    *["ApiToken.user", "User.merged_into"],
    *["FormVersion.published_by", "RubricVersion.published_by"],
    *["Extension.granted_by", "EligibilityException.granted_by"],
    *["Extension.person", "EligibilityException.person"],
    *["ProblemStatement.stated_by", "ProblemUse.used_by"],
    "CallQuestion.answered_by",
    *["ScreeningMove.moved_by", "ScreeningCheck.checked_by", "MoveBatch.made_by"],
    *["CallLetter.written_by", "CallLetter.sent_by"],
    *["MoveUndo.undone_by", "Appeal.made_by", "AppealDecision.decided_by"],
    *["ProposalPerson.added_by", "Answer.written_by", "AsideText.written_by"],
    *[
        "Declaration.declared_by",
        "ProposalComment.written_by",
        "ProposalSnapshot.submitted_by",
    ],
    "CostRate.recorded_by",
}


def test_each_column_that_names_a_person_moves_or_stays_with_a_merge():
    """The kernel's tables tell of acts, which stay with the account that did them."""
    named = {
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.related_model is User and model._meta.app_label != "kernel"
    }
    moves = {
        f"{model.__name__}.{field}"
        for model, field in moving_fields()
        if model in own_models()
    }

    assert named - STAYS == moves
