from django.urls import path

from .views import (
    aging,
    agreements,
    amendments,
    banking,
    benefit_definitions,
    benefits,
    call_backs,
    cockpit,
    commitments,
    contacts,
    credit_notes,
    credits,
    dues_exceptions,
    dues_steps,
    dunning,
    engagement,
    exceptions,
    exports,
    forecast,
    health,
    in_kind,
    interests,
    invoice_answers,
    invoice_steps,
    invoices,
    issuing,
    ladders,
    ledger,
    links,
    matching,
    merging,
    money_reports,
    months,
    organizations,
    payers,
    prospects,
    receipts,
    recognition,
    refunds,
    reminding,
    renewals,
    statements,
    verification,
    write_offs,
)

app_name = "consortium"

urlpatterns = [
    path("join/", prospects.Join.as_view(), name="join"),
    path("join/thanks/", prospects.Joined.as_view(), name="joined"),
    path("verify/", verification.VerifyPaper.as_view(), name="verify_paper"),
    path("members/", organizations.MemberList.as_view(), name="members"),
    path(
        "members/export/", organizations.ExportMembers.as_view(), name="export_members"
    ),
    path("members/new/", organizations.AddMember.as_view(), name="add_member"),
    path("members/<int:pk>/", organizations.MemberDetail.as_view(), name="member"),
    path(
        "members/<int:pk>/change/",
        organizations.ChangeMember.as_view(),
        name="change_member",
    ),
    path(
        "members/<int:pk>/rename/",
        organizations.RenameMember.as_view(),
        name="rename_member",
    ),
    path(
        "members/<int:pk>/sites/new/", organizations.AddSite.as_view(), name="add_site"
    ),
    path("members/<int:pk>/parent/", links.LinkParent.as_view(), name="link_parent"),
    path(
        "members/<int:pk>/merger/", links.RecordMerger.as_view(), name="record_merger"
    ),
    path(
        "members/<int:pk>/spin-off/",
        links.RecordSpinOff.as_view(),
        name="record_spin_off",
    ),
    path(
        "links/<int:pk>/open-history/",
        links.OpenHistory.as_view(),
        name="open_history",
    ),
    path("renewals/", renewals.RenewalList.as_view(), name="renewals"),
    path("renewals/export/", renewals.ExportRenewals.as_view(), name="export_renewals"),
    path("renewals/<int:pk>/", renewals.RenewalDetail.as_view(), name="renewal"),
    path(
        "renewals/<int:pk>/estimate/",
        renewals.EstimateRenewal.as_view(),
        name="estimate_renewal",
    ),
    path(
        "renewals/<int:pk>/answer/",
        renewals.AnswerRenewal.as_view(),
        name="answer_renewal",
    ),
    path(
        "renewals/answers/<int:pk>/decide/",
        renewals.RuleLateNotice.as_view(),
        name="rule_late_notice",
    ),
    path(
        "renewals/<int:pk>/goodwill/",
        renewals.GrantGoodwill.as_view(),
        name="grant_goodwill",
    ),
    path("renewals/<int:pk>/exit/", renewals.RecordExit.as_view(), name="record_exit"),
    path("renewals/exits/", renewals.ExitList.as_view(), name="exits"),
    path("renewals/exits/export/", renewals.ExportExits.as_view(), name="export_exits"),
    path("prospects/", prospects.ProspectList.as_view(), name="prospects"),
    path(
        "prospects/export/",
        prospects.ExportProspects.as_view(),
        name="export_prospects",
    ),
    path("prospects/<int:pk>/", prospects.ProspectDetail.as_view(), name="prospect"),
    path(
        "prospects/<int:pk>/move/",
        prospects.MoveProspect.as_view(),
        name="move_prospect",
    ),
    path(
        "organizations/<int:pk>/prospect/",
        prospects.OpenProspect.as_view(),
        name="open_prospect",
    ),
    path("inquiries/", prospects.InquiryList.as_view(), name="inquiries"),
    path(
        "inquiries/export/",
        prospects.ExportInquiries.as_view(),
        name="export_inquiries",
    ),
    path("inquiries/<int:pk>/", prospects.InquiryDetail.as_view(), name="inquiry"),
    path(
        "inquiries/<int:pk>/take-up/",
        prospects.TakeUpInquiry.as_view(),
        name="take_up_inquiry",
    ),
    path(
        "inquiries/<int:pk>/set-aside/",
        prospects.SetAsideInquiry.as_view(),
        name="set_aside_inquiry",
    ),
    path("relationships/", health.RelationshipList.as_view(), name="relationships"),
    path(
        "relationships/export/",
        health.ExportRelationships.as_view(),
        name="export_relationships",
    ),
    path(
        "organizations/<int:pk>/health/",
        health.NoteHealth.as_view(),
        name="note_health",
    ),
    path("benefits/", benefits.EntitlementList.as_view(), name="entitlements"),
    path(
        "benefits/export/",
        benefits.ExportEntitlements.as_view(),
        name="export_entitlements",
    ),
    path(
        "benefits/rates/",
        benefit_definitions.BenefitRateList.as_view(),
        name="benefit_rates",
    ),
    path(
        "benefits/rates/export/",
        benefit_definitions.ExportBenefitRates.as_view(),
        name="export_benefit_rates",
    ),
    path(
        "benefits/define/",
        benefit_definitions.DefineBenefit.as_view(),
        name="define_benefit",
    ),
    path(
        "benefits/definitions/<int:pk>/",
        benefit_definitions.BenefitDetail.as_view(),
        name="benefit",
    ),
    path(
        "benefits/definitions/<int:pk>/change/",
        benefit_definitions.ChangeBenefit.as_view(),
        name="change_benefit",
    ),
    path(
        "benefits/definitions/<int:pk>/end/",
        benefit_definitions.EndBenefit.as_view(),
        name="end_benefit",
    ),
    path(
        "benefits/<int:pk>/", benefits.EntitlementDetail.as_view(), name="entitlement"
    ),
    path("benefits/<int:pk>/use/", benefits.UseBenefit.as_view(), name="use_benefit"),
    path(
        "benefits/<int:pk>/grant/",
        benefits.GrantBenefit.as_view(),
        name="grant_benefit",
    ),
    path(
        "benefit-uses/<int:pk>/reverse/",
        benefits.ReverseUse.as_view(),
        name="reverse_use",
    ),
    path("interactions/", engagement.InteractionList.as_view(), name="interactions"),
    path(
        "interactions/export/",
        engagement.ExportInteractions.as_view(),
        name="export_interactions",
    ),
    path(
        "interactions/<int:pk>/",
        engagement.InteractionDetail.as_view(),
        name="interaction",
    ),
    path(
        "interactions/<int:pk>/correct/",
        engagement.CorrectInteraction.as_view(),
        name="correct_interaction",
    ),
    path(
        "interactions/<int:pk>/take-back/",
        engagement.TakeBackInteraction.as_view(),
        name="take_back_interaction",
    ),
    path(
        "interactions/<int:pk>/follow-up/",
        engagement.FollowUpInteraction.as_view(),
        name="follow_up_interaction",
    ),
    path(
        "follow-ups/<int:pk>/reopen/",
        engagement.ReopenFollowUp.as_view(),
        name="reopen_follow_up",
    ),
    path(
        "members/<int:pk>/interactions/new/",
        engagement.RecordInteraction.as_view(),
        name="record_interaction",
    ),
    path("faculty/", engagement.FacultyList.as_view(), name="faculty"),
    path("faculty/export/", engagement.ExportFaculty.as_view(), name="export_faculty"),
    path("faculty/new/", engagement.AddFaculty.as_view(), name="add_faculty"),
    path("exceptions/", exceptions.ExceptionList.as_view(), name="exceptions"),
    path(
        "exceptions/export/",
        exceptions.ExportExceptions.as_view(),
        name="export_exceptions",
    ),
    path(
        "members/<int:pk>/screenings/new/",
        organizations.RecordScreening.as_view(),
        name="record_screening",
    ),
    path(
        "members/<int:pk>/contacts/new/",
        contacts.AddContact.as_view(),
        name="add_contact",
    ),
    path(
        "members/<int:pk>/agreements/new/",
        agreements.DraftAgreement.as_view(),
        name="draft_agreement",
    ),
    path("members/<int:pk>/billing/", payers.PayerDetail.as_view(), name="payer"),
    path(
        "members/<int:pk>/billing/new/",
        payers.DescribePayer.as_view(),
        name="describe_payer",
    ),
    path(
        "members/<int:pk>/billing/change/",
        payers.ChangePayer.as_view(),
        name="change_payer",
    ),
    path(
        "members/<int:pk>/billing/purchase-orders/new/",
        payers.RecordOrder.as_view(),
        name="record_order",
    ),
    path(
        "members/<int:pk>/billing/payments/new/",
        payers.AdvisePayment.as_view(),
        name="advise_payment",
    ),
    path("contacts/", contacts.ContactList.as_view(), name="contacts"),
    path("contacts/export/", contacts.ExportContacts.as_view(), name="export_contacts"),
    path("contacts/<int:pk>/", contacts.ContactDetail.as_view(), name="contact"),
    path(
        "contacts/<int:pk>/change/",
        contacts.ChangeContact.as_view(),
        name="change_contact",
    ),
    path(
        "contacts/<int:pk>/confirm/",
        contacts.ConfirmContact.as_view(),
        name="confirm_contact",
    ),
    path(
        "contacts/<int:pk>/invite/",
        contacts.InviteContact.as_view(),
        name="invite_contact",
    ),
    path(
        "contacts/<int:pk>/merge/",
        merging.MergeContact.as_view(),
        name="merge_contact",
    ),
    path(
        "contact-merges/<int:pk>/undo/",
        merging.UndoContactMerge.as_view(),
        name="undo_contact_merge",
    ),
    path(
        "contacts/<int:pk>/depart/",
        contacts.DepartContact.as_view(),
        name="depart_contact",
    ),
    path(
        "contacts/<int:pk>/roles/new/",
        contacts.AssignRole.as_view(),
        name="assign_role",
    ),
    path("roles/<int:pk>/end/", contacts.EndRole.as_view(), name="end_role"),
    path("agreements/", agreements.AgreementList.as_view(), name="agreements"),
    path(
        "agreements/export/",
        agreements.ExportAgreements.as_view(),
        name="export_agreements",
    ),
    path(
        "agreements/<int:pk>/", agreements.AgreementDetail.as_view(), name="agreement"
    ),
    path(
        "agreements/<int:pk>/change/",
        agreements.ChangeDraft.as_view(),
        name="change_draft",
    ),
    path(
        "agreements/<int:pk>/waive/",
        agreements.WaiveFloor.as_view(),
        name="waive_floor",
    ),
    path(
        "agreements/<int:pk>/sign/",
        agreements.SignAgreement.as_view(),
        name="sign_agreement",
    ),
    path(
        "agreements/<int:pk>/terminate/",
        agreements.TerminateAgreement.as_view(),
        name="terminate_agreement",
    ),
    path(
        "agreements/<int:pk>/amendments/new/",
        amendments.DraftAmendment.as_view(),
        name="draft_amendment",
    ),
    path(
        "amendments/<int:pk>/", amendments.AmendmentDetail.as_view(), name="amendment"
    ),
    path(
        "amendments/<int:pk>/change/",
        amendments.ChangeAmendment.as_view(),
        name="change_amendment",
    ),
    path(
        "amendments/<int:pk>/waive/",
        amendments.WaiveAmendment.as_view(),
        name="waive_amendment",
    ),
    path(
        "amendments/<int:pk>/sign/",
        amendments.SignAmendment.as_view(),
        name="sign_amendment",
    ),
    path(
        "amendments/<int:pk>/abandon/",
        amendments.AbandonAmendment.as_view(),
        name="abandon_amendment",
    ),
    path(
        "agreements/<int:pk>/deviations/new/",
        agreements.AddDeviation.as_view(),
        name="add_deviation",
    ),
    path(
        "deviations/<int:pk>/remove/",
        agreements.RemoveDeviation.as_view(),
        name="remove_deviation",
    ),
    path(
        "agreements/<int:pk>/documents/new/",
        agreements.AttachDocument.as_view(),
        name="attach_document",
    ),
    path("commitments/", commitments.PositionList.as_view(), name="commitments"),
    path(
        "commitments/export/",
        commitments.ExportPositions.as_view(),
        name="export_commitments",
    ),
    path(
        "members/<int:pk>/commitment/",
        commitments.MemberCommitment.as_view(),
        name="member_commitment",
    ),
    path(
        "commitment-years/<int:pk>/",
        commitments.YearDetail.as_view(),
        name="commitment_year",
    ),
    path(
        "commitment-years/<int:pk>/waive/",
        commitments.WaiveShortfall.as_view(),
        name="waive_shortfall",
    ),
    path(
        "members/<int:pk>/credits/new/",
        credits.ClaimCredit.as_view(),
        name="claim_credit",
    ),
    path(
        "members/<int:pk>/in-kind/new/",
        credits.OfferInKind.as_view(),
        name="offer_in_kind",
    ),
    path("credits/", credits.CreditList.as_view(), name="credits"),
    path("credits/export/", credits.ExportCredits.as_view(), name="export_credits"),
    path("credits/<int:pk>/", credits.CreditDetail.as_view(), name="credit"),
    path(
        "credits/<int:pk>/withdraw/",
        credits.WithdrawCredit.as_view(),
        name="withdraw_credit",
    ),
    path(
        "credits/<int:pk>/review/", credits.ReviewCredit.as_view(), name="review_credit"
    ),
    path("credits/<int:pk>/ask/", credits.AskEvidence.as_view(), name="ask_evidence"),
    path(
        "credits/<int:pk>/answer/",
        credits.AnswerEvidence.as_view(),
        name="answer_evidence",
    ),
    path(
        "credits/<int:pk>/opinion/", credits.GiveOpinion.as_view(), name="give_opinion"
    ),
    path(
        "credits/<int:pk>/decide/", credits.DecideCredit.as_view(), name="decide_credit"
    ),
    path(
        "credits/<int:pk>/reduce/", credits.ReduceCredit.as_view(), name="reduce_credit"
    ),
    path(
        "credits/<int:pk>/reverse/",
        credits.ReverseCredit.as_view(),
        name="reverse_credit",
    ),
    path("credits/<int:pk>/assess/", in_kind.AssessItem.as_view(), name="assess_item"),
    path(
        "credits/<int:pk>/approve/", in_kind.ApproveItem.as_view(), name="approve_item"
    ),
    path(
        "credits/<int:pk>/appraise/",
        in_kind.AddAppraisal.as_view(),
        name="add_appraisal",
    ),
    path("credits/<int:pk>/agree/", in_kind.AgreeItem.as_view(), name="agree_item"),
    path(
        "credits/<int:pk>/decline/", in_kind.DeclineItem.as_view(), name="decline_item"
    ),
    path(
        "credits/<int:pk>/deliver/", in_kind.DeliverItem.as_view(), name="deliver_item"
    ),
    path("credits/<int:pk>/return/", in_kind.ReturnItem.as_view(), name="return_item"),
    path("credits/<int:pk>/value/", in_kind.ValueItem.as_view(), name="value_item"),
    path("credits/<int:pk>/book/", in_kind.BookItem.as_view(), name="book_item"),
    path(
        "credits/<int:pk>/dispute/",
        in_kind.DisputeValue.as_view(),
        name="dispute_value",
    ),
    path(
        "credits/<int:pk>/settle/",
        in_kind.SettleDispute.as_view(),
        name="settle_dispute",
    ),
    path("evidence/<int:pk>/", credits.EvidenceDetail.as_view(), name="evidence"),
    path(
        "evidence/<int:pk>/change/",
        credits.ChangeEvidence.as_view(),
        name="change_evidence",
    ),
    path(
        "evidence/<int:pk>/files/new/",
        credits.AttachEvidence.as_view(),
        name="attach_evidence",
    ),
    path(
        "members/<int:pk>/interests/new/",
        interests.DiscloseInterest.as_view(),
        name="disclose_interest",
    ),
    path(
        "interests/<int:pk>/end/", interests.EndInterest.as_view(), name="end_interest"
    ),
    path("call-backs/", call_backs.CallBackList.as_view(), name="call_backs"),
    path(
        "call-backs/export/",
        call_backs.ExportCallBacks.as_view(),
        name="export_call_backs",
    ),
    path(
        "members/<int:pk>/call-backs/new/",
        call_backs.AskForCallBack.as_view(),
        name="ask_for_call_back",
    ),
    path("call-backs/<int:pk>/", call_backs.CallBackDetail.as_view(), name="call_back"),
    path(
        "call-backs/<int:pk>/confirm/",
        call_backs.ConfirmCallBack.as_view(),
        name="confirm_call_back",
    ),
    path(
        "call-backs/<int:pk>/refuse/",
        call_backs.RefuseCallBack.as_view(),
        name="refuse_call_back",
    ),
    path("invoices/", invoices.InvoiceList.as_view(), name="invoices"),
    path("invoices/export/", invoices.ExportInvoices.as_view(), name="export_invoices"),
    path("invoices/<int:pk>/", invoices.InvoiceDetail.as_view(), name="invoice"),
    path("invoices/<int:pk>/pdf/", invoices.InvoicePaper.as_view(), name="invoice_pdf"),
    path(
        "invoices/<int:pk>/deliver/",
        invoice_answers.DeliverInvoice.as_view(),
        name="deliver_invoice",
    ),
    path(
        "invoices/<int:pk>/number/",
        invoice_answers.NoteNumber.as_view(),
        name="note_number",
    ),
    path(
        "invoices/<int:pk>/documents/add/",
        invoice_answers.AttachToInvoice.as_view(),
        name="attach_to_invoice",
    ),
    path(
        "invoices/<int:pk>/answer/",
        invoice_answers.AnswerInvoice.as_view(),
        name="answer_invoice",
    ),
    path(
        "invoices/<int:pk>/dispute/",
        invoice_answers.DisputeInvoice.as_view(),
        name="dispute_invoice",
    ),
    path(
        "invoices/<int:pk>/promise/",
        invoice_answers.PromisePayment.as_view(),
        name="promise_payment",
    ),
    path("invoices/<int:pk>/hold/", reminding.HoldDues.as_view(), name="hold_dues"),
    path(
        "invoices/<int:pk>/lift-hold/",
        reminding.ReleaseDues.as_view(),
        name="release_dues",
    ),
    path(
        "invoices/<int:pk>/remind/",
        reminding.SendReminder.as_view(),
        name="send_reminder",
    ),
    path(
        "invoices/<int:pk>/hand-over/",
        dues_steps.HandOverDues.as_view(),
        name="hand_over_dues",
    ),
    path(
        "invoices/<int:pk>/decide/",
        dues_steps.DecideDues.as_view(),
        name="decide_dues",
    ),
    path(
        "invoices/<int:pk>/tell-steering/",
        dues_steps.TellSteering.as_view(),
        name="tell_steering",
    ),
    path("dues/log/", dunning.DunningList.as_view(), name="dunning"),
    path("dues/log/export/", dunning.ExportDunning.as_view(), name="export_dunning"),
    path(
        "dues/exceptions/",
        dues_exceptions.DuesExceptionList.as_view(),
        name="dues_exceptions",
    ),
    path(
        "dues/exceptions/export/",
        dues_exceptions.ExportDuesExceptions.as_view(),
        name="export_dues_exceptions",
    ),
    path("dues/steps/", dues_steps.StepList.as_view(), name="dues_steps"),
    path(
        "dues/steps/export/",
        dues_steps.ExportSteps.as_view(),
        name="export_dues_steps",
    ),
    path("dues/notes/", dues_steps.NoteList.as_view(), name="sponsor_notes"),
    path(
        "dues/notes/export/",
        dues_steps.ExportNotes.as_view(),
        name="export_sponsor_notes",
    ),
    path("dues/notes/<int:pk>/", dues_steps.NoteDetail.as_view(), name="sponsor_note"),
    path(
        "dues/notes/<int:pk>/change/",
        dues_steps.ChangeNote.as_view(),
        name="change_sponsor_note",
    ),
    path(
        "dues/notes/<int:pk>/send/",
        dues_steps.SendNote.as_view(),
        name="send_sponsor_note",
    ),
    path(
        "dues/notes/<int:pk>/decline/",
        dues_steps.DeclineNote.as_view(),
        name="decline_sponsor_note",
    ),
    path("disputes/", invoice_answers.DisputeList.as_view(), name="disputes"),
    path(
        "disputes/export/",
        invoice_answers.ExportDisputes.as_view(),
        name="export_disputes",
    ),
    path(
        "disputes/<int:pk>/settle/",
        invoice_answers.SettleInvoiceDispute.as_view(),
        name="settle_invoice_dispute",
    ),
    path(
        "disputes/<int:pk>/withdraw/",
        invoice_answers.WithdrawInvoiceDispute.as_view(),
        name="withdraw_invoice_dispute",
    ),
    path("promises/", invoice_answers.PromiseList.as_view(), name="promises"),
    path(
        "promises/export/",
        invoice_answers.ExportPromises.as_view(),
        name="export_promises",
    ),
    path(
        "promises/<int:pk>/withdraw/",
        invoice_answers.WithdrawPromise.as_view(),
        name="withdraw_promise",
    ),
    path("purchase-orders/", payers.OrderList.as_view(), name="purchase_orders"),
    path(
        "purchase-orders/export/",
        payers.ExportOrders.as_view(),
        name="export_purchase_orders",
    ),
    path(
        "purchase-orders/<int:pk>/",
        payers.OrderDetail.as_view(),
        name="purchase_order",
    ),
    path(
        "purchase-orders/<int:pk>/change/",
        payers.ChangeOrder.as_view(),
        name="change_order",
    ),
    path("purchase-orders/<int:pk>/end/", payers.EndOrder.as_view(), name="end_order"),
    path("remittance-advices/", payers.AdviceList.as_view(), name="remittance_advices"),
    path(
        "remittance-advices/export/",
        payers.ExportAdvices.as_view(),
        name="export_remittance_advices",
    ),
    path(
        "remittance-advices/<int:pk>/",
        payers.AdviceDetail.as_view(),
        name="remittance_advice",
    ),
    path(
        "remittance-advices/<int:pk>/documents/new/",
        payers.AttachAdvice.as_view(),
        name="attach_advice",
    ),
    path(
        "remittance-advices/<int:pk>/withdraw/",
        payers.WithdrawAdvice.as_view(),
        name="withdraw_advice",
    ),
    path(
        "invoices/<int:pk>/change/",
        invoice_steps.ChangeInvoice.as_view(),
        name="change_invoice",
    ),
    path(
        "invoices/<int:pk>/approve/",
        invoice_steps.ApproveInvoice.as_view(),
        name="approve_invoice",
    ),
    path(
        "invoices/<int:pk>/send-back/",
        invoice_steps.SendBackInvoice.as_view(),
        name="send_back_invoice",
    ),
    path(
        "invoices/<int:pk>/issue/",
        invoice_steps.IssueInvoice.as_view(),
        name="issue_invoice",
    ),
    path(
        "invoices/<int:pk>/void/",
        invoice_steps.VoidInvoice.as_view(),
        name="void_invoice",
    ),
    path(
        "invoices/<int:pk>/replace/",
        invoice_steps.ReplaceInvoice.as_view(),
        name="replace_invoice",
    ),
    path(
        "invoices/<int:pk>/apply/",
        invoice_steps.ApplyOffer.as_view(),
        name="apply_offer",
    ),
    path(
        "invoices/<int:pk>/credit/",
        credit_notes.DraftCreditNote.as_view(),
        name="credit_invoice",
    ),
    path("issuing/", issuing.ToDraft.as_view(), name="to_draft"),
    path("issuing/export/", issuing.ExportToDraft.as_view(), name="export_to_draft"),
    path("issuing/draft/", issuing.DraftInvoices.as_view(), name="draft_invoices"),
    path("issuing/approve/", issuing.ToApprove.as_view(), name="to_approve"),
    path("issuing/issue/", issuing.ToIssue.as_view(), name="to_issue"),
    path(
        "instalments/<int:pk>/take-back/",
        credit_notes.TakeBackInstalment.as_view(),
        name="take_back_instalment",
    ),
    path("credit-notes/", credit_notes.CreditNoteList.as_view(), name="credit_notes"),
    path(
        "credit-notes/export/",
        credit_notes.ExportCreditNotes.as_view(),
        name="export_credit_notes",
    ),
    path(
        "credit-notes/<int:pk>/",
        credit_notes.CreditNoteDetail.as_view(),
        name="credit_note",
    ),
    path(
        "credit-notes/<int:pk>/pdf/",
        credit_notes.CreditNotePaper.as_view(),
        name="credit_note_pdf",
    ),
    path(
        "credit-notes/<int:pk>/issue/",
        credit_notes.IssueCreditNote.as_view(),
        name="issue_credit_note",
    ),
    path(
        "credit-notes/<int:pk>/abandon/",
        credit_notes.AbandonCreditNote.as_view(),
        name="abandon_credit_note",
    ),
    path("receipts/", receipts.ReceiptList.as_view(), name="receipts"),
    path("receipts/export/", receipts.ExportReceipts.as_view(), name="export_receipts"),
    path("receipts/new/", receipts.RecordReceipt.as_view(), name="record_receipt"),
    path("receipts/<int:pk>/", receipts.ReceiptDetail.as_view(), name="receipt"),
    path(
        "receipts/<int:pk>/approve/",
        receipts.ApproveReceipt.as_view(),
        name="approve_receipt",
    ),
    path(
        "receipts/<int:pk>/refuse/",
        receipts.RefuseReceipt.as_view(),
        name="refuse_receipt",
    ),
    path(
        "receipts/<int:pk>/files/new/",
        receipts.AttachRemittance.as_view(),
        name="attach_remittance",
    ),
    path(
        "receipts/<int:pk>/share/",
        matching.ShareReceipt.as_view(),
        name="share_receipt",
    ),
    path(
        "receipts/<int:pk>/bounce/",
        matching.BounceReceipt.as_view(),
        name="bounce_receipt",
    ),
    path(
        "receipts/shares/<int:pk>/apply/",
        matching.AllocateShare.as_view(),
        name="allocate_share",
    ),
    path(
        "receipts/shares/<int:pk>/reverse/",
        matching.ReverseShare.as_view(),
        name="reverse_share",
    ),
    path(
        "receipts/shares/<int:pk>/refund/",
        refunds.RefundShare.as_view(),
        name="refund_share",
    ),
    path(
        "receipts/allocations/<int:pk>/reverse/",
        matching.ReverseAllocation.as_view(),
        name="reverse_allocation",
    ),
    path(
        "receipts/refunds/<int:pk>/approve/",
        refunds.ApproveRefund.as_view(),
        name="approve_refund",
    ),
    path(
        "receipts/refunds/<int:pk>/refuse/",
        refunds.RefuseRefund.as_view(),
        name="refuse_refund",
    ),
    path(
        "receipts/refunds/<int:pk>/reverse/",
        refunds.ReverseRefund.as_view(),
        name="reverse_refund",
    ),
    path(
        "invoices/lines/<int:pk>/write-off/",
        write_offs.WriteOffLine.as_view(),
        name="write_off_line",
    ),
    path(
        "invoices/write-offs/<int:pk>/approve/",
        write_offs.ApproveWriteOff.as_view(),
        name="approve_write_off",
    ),
    path(
        "invoices/write-offs/<int:pk>/refuse/",
        write_offs.RefuseWriteOff.as_view(),
        name="refuse_write_off",
    ),
    path(
        "invoices/write-offs/<int:pk>/reverse/",
        write_offs.ReverseWriteOff.as_view(),
        name="reverse_write_off",
    ),
    path("ladders/", ladders.LadderList.as_view(), name="reminder_policies"),
    path(
        "ladders/export/",
        ladders.ExportLadders.as_view(),
        name="export_reminder_policies",
    ),
    path("ladders/new/", ladders.ProposeLadder.as_view(), name="propose_ladder"),
    path("ladders/<int:pk>/", ladders.LadderDetail.as_view(), name="reminder_policy"),
    path(
        "ladders/<int:pk>/approve/",
        ladders.ApproveLadder.as_view(),
        name="approve_ladder",
    ),
    path(
        "ladders/<int:pk>/refuse/",
        ladders.RefuseLadder.as_view(),
        name="refuse_ladder",
    ),
    path("ladders/<int:pk>/end/", ladders.EndLadder.as_view(), name="end_ladder"),
    path(
        "members/<int:pk>/ladder/",
        ladders.GiveMemberLadder.as_view(),
        name="give_member_ladder",
    ),
    path(
        "invoices/<int:pk>/ladder/",
        ladders.GiveInvoiceLadder.as_view(),
        name="give_invoice_ladder",
    ),
    path(
        "members/<int:pk>/reminders/",
        ladders.ChooseReminders.as_view(),
        name="choose_reminders",
    ),
    path("to-match/", matching.ToMatch.as_view(), name="to_match"),
    path("to-match/export/", matching.ExportToMatch.as_view(), name="export_to_match"),
    path("receivables/", cockpit.Cockpit.as_view(), name="cockpit"),
    path("aging/", aging.MemberAging.as_view(), name="aging"),
    path("aging/export/", aging.ExportMemberAging.as_view(), name="export_aging"),
    path("aging/forecast/", forecast.CashForecast.as_view(), name="forecast"),
    path("aging/forecast/csv/", forecast.ForecastFile.as_view(), name="forecast_csv"),
    path(
        "aging/sources-and-uses/",
        money_reports.SourcesAndUses.as_view(),
        name="sources_and_uses",
    ),
    path(
        "aging/sources-and-uses/file/",
        money_reports.SourcesFile.as_view(),
        name="sources_file",
    ),
    path(
        "aging/recognized/",
        money_reports.RecognizedAgainstCommitted.as_view(),
        name="recognized_against_committed",
    ),
    path(
        "aging/recognized/file/",
        money_reports.RecognizedAgainstCommittedFile.as_view(),
        name="recognized_file",
    ),
    path("aging/invoices/", aging.AgingList.as_view(), name="open_invoices"),
    path(
        "aging/invoices/export/",
        aging.ExportAging.as_view(),
        name="export_open_invoices",
    ),
    path(
        "members/<int:pk>/statement/",
        statements.StatementDetail.as_view(),
        name="statement",
    ),
    path(
        "members/<int:pk>/statement/pdf/",
        statements.StatementFile.as_view(kind="pdf"),
        name="statement_pdf",
    ),
    path(
        "members/<int:pk>/statement/csv/",
        statements.StatementFile.as_view(kind="csv"),
        name="statement_csv",
    ),
    path("ledger/", ledger.LedgerList.as_view(), name="ledger"),
    path("ledger/export/", ledger.ExportLedger.as_view(), name="export_ledger"),
    path("ledger/<int:pk>/", ledger.LedgerEntryDetail.as_view(), name="ledger_entry"),
    path("months/", months.MonthList.as_view(), name="months"),
    path("months/<str:month>/", months.MonthDetail.as_view(), name="month"),
    path("months/<str:month>/close/", months.CloseMonth.as_view(), name="close_month"),
    path("closes/<int:pk>/reopen/", months.ReopenMonth.as_view(), name="reopen_month"),
    path(
        "reopenings/<int:pk>/approve/",
        months.ApproveReopening.as_view(),
        name="approve_reopening",
    ),
    path(
        "reopenings/<int:pk>/refuse/",
        months.RefuseReopening.as_view(),
        name="refuse_reopening",
    ),
    path("ledger-exports/", exports.ExportBatchList.as_view(), name="export_batches"),
    path(
        "ledger-exports/export/",
        exports.ExportExportBatches.as_view(),
        name="export_export_batches",
    ),
    path("ledger-exports/new/", exports.MakeExport.as_view(), name="make_export"),
    path(
        "ledger-exports/<int:pk>/",
        exports.ExportBatchDetail.as_view(),
        name="export_batch",
    ),
    path(
        "ledger-exports/<int:pk>/file/",
        exports.DownloadExport.as_view(),
        name="download_export",
    ),
    path(
        "recognized/",
        recognition.RecognisedList.as_view(),
        name="recognized_amounts",
    ),
    path(
        "recognized/export/",
        recognition.ExportRecognised.as_view(),
        name="export_recognized_amounts",
    ),
    path(
        "recognized/import/",
        recognition.ImportRecognised.as_view(),
        name="import_recognized",
    ),
    path("bank-files/", banking.BankFileList.as_view(), name="bank_files"),
    path(
        "bank-files/export/",
        banking.ExportBankFiles.as_view(),
        name="export_bank_files",
    ),
    path("bank-files/new/", banking.UploadBankFile.as_view(), name="upload_bank_file"),
    path("bank-files/<int:pk>/", banking.BankFileDetail.as_view(), name="bank_file"),
    path(
        "bank-files/<int:pk>/take-in/",
        banking.TakeInBankFile.as_view(),
        name="take_in_bank_file",
    ),
    path("bank-accounts/", banking.BankAccountList.as_view(), name="bank_accounts"),
    path(
        "bank-accounts/export/",
        banking.ExportBankAccounts.as_view(),
        name="export_bank_accounts",
    ),
    path(
        "bank-accounts/new/",
        banking.AddBankAccount.as_view(),
        name="add_bank_account",
    ),
    path(
        "bank-accounts/<int:pk>/",
        banking.BankAccountDetail.as_view(),
        name="bank_account",
    ),
    path(
        "bank-accounts/<int:pk>/change/",
        banking.ChangeBankAccount.as_view(),
        name="change_bank_account",
    ),
]
