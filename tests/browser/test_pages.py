"""Every page, in light and dark, wide and narrow: readable, sound, and alone."""

from dataclasses import dataclass
from datetime import (
    date,
    timedelta,
)
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page, Request

from consortium import services
from consortium.models import (
    Agreement,
    Amendment,
    Benefit,
    BenefitUse,
    Body,
    CommitmentYear,
    Contact,
    ContributionCredit,
    Entitlement,
    FacultyMember,
    FollowUp,
    Inquiry,
    Interaction,
    Interest,
    Invoice,
    InvoiceLine,
    LibraryItem,
    OneToOneRequest,
    Organization,
    ProgramContribution,
    ProgramPart,
    Prospect,
    ReminderPolicy,
    RenewalEstimate,
    RoleAssignment,
    StudentProfile,
    WorkforceProgram,
)
from inm_portal.accounts import invitations
from inm_portal.accounts.models import (
    Delegation,
    Invitation,
    InvitationKind,
    User,
    digest_of,
)
from inm_portal.kernel.models import Bounce, Job, Message, ReminderDelivery
from seed_projects import services as seeds
from seed_projects.models import Call, CallQuestion, FormVersion, ProblemStatement
from tests.conftest import TODAY
from tests.factories import (
    banking,
    calls,
    governance,
    proposals,
    receivables,
    renewals,
    screening,
)
from tests.factories.billing import (
    approved,
    credited,
    drafted,
    issued,
    order,
    payer,
)
from tests.factories.credits import year_of
from tests.factories.invoices import an_instalment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

STAFF, DIRECTOR = "staff@inm.example", "director@inm.example"
STUDENT = "noor@students.example"
ADMIN, AUDITOR = "admin@inm.example", "auditor@inm.example"
FINANCE = "finance@inm.example"
SPONSOR, COUNCIL = "sponsor@siemens.example", "council@siemens.example"
MAILBOX = "ap@siemens.example"

#: Whose roles differ in what they may do: about mails, and about reminders.
AT_INM = [STAFF, DIRECTOR, ADMIN, AUDITOR, FINANCE]
CARE, STEER, MANAGE = [STAFF, DIRECTOR], [STAFF, DIRECTOR, ADMIN], [DIRECTOR, ADMIN]
MOST_REQUESTS = 8
AXE = Axe().axe_script
#: What colors alone decide, which takes most of the time of a look.
COLORS = ["color-contrast", "link-in-text-block"]
ALL_RULES: dict[str, Any] = {"resultTypes": ["violations"]}
BUT_COLORS = ALL_RULES | {"rules": {rule: {"enabled": False} for rule in COLORS}}
ONLY_COLORS = ALL_RULES | {"runOnly": COLORS}
#: Nothing fades: a color that is read is the one that stays.
STILL = {"color_scheme": "light", "reduced_motion": "reduce"}

#: What answers no page: files, buttons, monitors, and the API by its prefix.
NO_PAGES = {
    *["accounts:end_session", "accounts:sign_out_everywhere"],
    *["accounts:revoke_token", "set_theme", "healthz", "readyz", "metrics"],
    *["api-schema"],
    *["consortium:export_members", "consortium:export_contacts"],
    *["consortium:export_agreements", "consortium:confirm_contact"],
    *["consortium:export_commitments", "consortium:export_credits"],
    *["consortium:export_invoices", "consortium:invoice_pdf"],
    *["consortium:export_to_draft", "consortium:approve_invoice"],
    *["consortium:issue_invoice", "consortium:apply_offer"],
    *["consortium:export_credit_notes", "consortium:credit_note_pdf"],
    *["consortium:issue_credit_note", "consortium:abandon_credit_note"],
    *["consortium:withdraw_credit", "consortium:review_credit"],
    "consortium:agree_item",
    *[
        "consortium:export_exceptions",
        *["consortium:export_entitlements", "consortium:export_benefit_rates"],
        "consortium:export_renewals",
        *["consortium:export_relationships", "consortium:export_exits"],
        *["consortium:export_prospects", "consortium:export_inquiries"],
        "consortium:export_entitlements",
        "consortium:export_interactions",
        *["consortium:export_faculty", "consortium:export_one_to_ones"],
        *["consortium:export_bodies", "consortium:export_meetings"],
        *["consortium:export_attendance", "consortium:export_decisions"],
        *["consortium:export_motions", "consortium:open_paper"],
        *["consortium:adopt_minutes", "consortium:acknowledge_antitrust"],
        *["consortium:close_motion", "consortium:certify_motion"],
        *["consortium:export_library", "consortium:export_library_openings"],
        *["consortium:export_programs", "consortium:export_program_contributions"],
        *["consortium:export_students", "consortium:export_profile_openings"],
        *["consortium:student_resume", "consortium:share_profile"],
        "consortium:stop_sharing_profile",
        *["consortium:publish_library_item", "consortium:open_library_version"],
        "consortium:open_history",
    ],
    "consortium:remove_deviation",
    *["seed_projects:export_calls", "seed_projects:export_problems"],
    *["seed_projects:export_proposals", "seed_projects:remove_author"],
    *["seed_projects:confirm_part", "seed_projects:remove_budget_line"],
    *["seed_projects:decline_part", "seed_projects:autosave_section"],
    *["seed_projects:remove_file", "seed_projects:submission_paper"],
    *["seed_projects:submit_proposal", "seed_projects:take_back_proposal"],
    "seed_projects:revive_proposal",
    *["seed_projects:open_calls_feed", "seed_projects:open_call"],
    *["seed_projects:close_call", "seed_projects:review_call"],
    *["seed_projects:decide_call", "seed_projects:archive_call"],
    *["seed_projects:remove_stage", "seed_projects:remove_date"],
    *["seed_projects:remove_track", "seed_projects:remove_rule"],
    *["seed_projects:withdraw_problem", "seed_projects:begin_form_version"],
    *["seed_projects:publish_form", "seed_projects:move_section"],
    *["seed_projects:remove_section", "seed_projects:move_question"],
    *["seed_projects:remove_question", "seed_projects:begin_rubric_version"],
    *["seed_projects:publish_rubric", "seed_projects:move_criterion"],
    "seed_projects:remove_criterion",
    *["seed_projects:export_screening", "seed_projects:accept_proposal"],
    *["seed_projects:leave_out", "seed_projects:export_screening_moves"],
    *["seed_projects:undo_move", "seed_projects:undo_batch"],
    *["seed_projects:export_appeals", "seed_projects:screened_paper"],
    *["seed_projects:export_extensions", "seed_projects:export_rates"],
    *["seed_projects:export_eligibility_exceptions"],
    *["seed_projects:bind_book", "seed_projects:export_letters"],
    "seed_projects:send_letter",
    *["consortium:export_purchase_orders", "consortium:export_remittance_advices"],
    *["consortium:export_disputes", "consortium:export_promises"],
    *["consortium:withdraw_advice", "consortium:withdraw_promise"],
    *["consortium:release_dues", "consortium:send_sponsor_note"],
    *["consortium:export_dues_steps", "consortium:export_sponsor_notes"],
    *["consortium:export_dunning", "consortium:export_dues_exceptions"],
    *["consortium:export_receipts", "consortium:approve_receipt"],
    *["consortium:export_to_match", "consortium:refuse_refund"],
    *["consortium:approve_write_off", "consortium:refuse_write_off"],
    *["consortium:export_aging", "consortium:export_open_invoices"],
    "consortium:export_statements",
    *["consortium:statement_pdf", "consortium:statement_csv"],
    *["consortium:forecast_csv", "consortium:sources_file"],
    "consortium:recognized_file",
    *["consortium:export_ledger", "consortium:approve_reopening"],
    *["consortium:refuse_reopening", "consortium:export_export_batches"],
    *["consortium:download_export", "consortium:export_recognized_amounts"],
    *["consortium:export_bank_files", "consortium:take_in_bank_file"],
    "consortium:export_bank_accounts",
    *["consortium:refuse_receipt", "consortium:export_call_backs"],
    *["consortium:export_reminder_policies"],
    *["consortium:approve_ladder", "consortium:refuse_ladder"],
    *["export_journal", "export_jobs", "job_progress", "cancel_job", "retry_job"],
    *["document", "supersede_document"],
    *["mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"],
    *["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_login_webauthn"],
    *["mfa_generate_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn"],
    *["end_view_as", "export_viewings", "export_messages", "export_bounces"],
    *["export_people", "export_invitations", "export_access_requests"],
    *["export_reminders", "export_past_reminders", "message_preview", "own_data"],
    *["contact_data", "export_delegations"],
    *["person_data", "finish_task", "withdraw_closure", "lift_hold", "stop_acting"],
    *["release_message", "release_all_mail", "release_stop", "cancel_stop"],
    *["resend_invitation", "revoke_invitation", "end_access", "restore_access"],
    *["undo_merge", "consortium:undo_contact_merge", "consortium:invite_contact"],
    *["accounts:act", "accounts:revoke_delegation", "welcome_request"],
    *["decline_request", "sso_start", "sso_return", "sso_connect", "sso_remove"],
    *["sso_again", "open_invitation"],
}


@dataclass(frozen=True)
class Row:
    """A page as one person sees it."""

    name: str
    email: str = STAFF
    what: str = ""
    query: str = ""  # with the keys of things in braces
    is_ours: bool = True
    follows: str = ""  # a link that leads there

    @property
    def id(self) -> str:
        who = self.email.partition("@")[0] or "visitor"
        return " ".join(filter(None, [self.name + self.query, self.what, "as", who]))


def seen_by(people: list[str], name: str, what: str = "", query: str = "") -> list[Row]:
    return [Row(name, email, what, query) for email in people]


ROWS = [
    Row("home"),
    Row("home", SPONSOR),
    Row("home", "events@siemens.example"),
    Row("home", "pi@inm.example"),
    Row("journal", AUDITOR),
    Row("accounts:account"),
    Row("accounts:account", SPONSOR),
    Row("accounts:add_token"),
    Row("jobs"),
    Row("jobs", SPONSOR),
    Row("job", STAFF, "job"),
    Row("accounts:preferences", SPONSOR),
    Row("accounts:change_email"),
    Row("accounts:confirm_email", STAFF, "spent link"),
    Row("mfa_index"),
    Row("mfa_activate_totp"),
    Row("mfa_add_webauthn"),
    Row("mfa_list_webauthn"),
    Row("viewings", DIRECTOR),
    Row("delegations", DIRECTOR),
    Row("view_as", STAFF, "person"),
    Row("account_login", ""),
    Row("account_logout"),
    Row("account_inactive", ""),
    Row("account_signup", ""),
    Row("account_reauthenticate"),
    Row("sso_reauthenticate", "attendee@inm.example"),
    Row("account_change_password"),
    Row("account_set_password", "attendee@inm.example"),
    Row("account_reset_password", ""),
    Row("account_reset_password_done", ""),
    Row("account_reset_password_from_key", "", "used link"),
    Row("account_reset_password_from_key_done", ""),
    Row("consortium:members"),
    Row("consortium:members", query="?search=nobody"),
    Row("consortium:add_member"),
    Row("consortium:member", STAFF, "member"),
    Row("consortium:member", STAFF, "prospect"),
    Row("consortium:member", SPONSOR, "member"),
    Row("consortium:change_member", STAFF, "member"),
    Row("consortium:rename_member", STAFF, "member"),
    Row("consortium:add_site", STAFF, "member"),
    Row("consortium:add_contact", STAFF, "member"),
    Row("consortium:draft_agreement", STAFF, "member"),
    Row("consortium:contacts"),
    Row("consortium:contact", STAFF, "contact"),
    Row("consortium:contact", STAFF, "leaver"),
    Row("consortium:change_contact", SPONSOR, "contact"),
    Row("consortium:depart_contact", STAFF, "contact"),
    Row("consortium:assign_role", STAFF, "contact"),
    Row("consortium:end_role", STAFF, "role"),
    Row("consortium:agreements"),
    Row("consortium:agreement", SPONSOR, "agreement"),
    Row("consortium:agreement", DIRECTOR, "draft"),
    Row("consortium:agreement", STAFF, "agreement"),
    Row("consortium:attach_document", STAFF, "agreement"),
    Row("consortium:add_deviation", STAFF, "draft"),
    Row("consortium:draft_amendment", STAFF, "agreement"),
    Row("consortium:amendment", DIRECTOR, "cut"),
    Row("consortium:amendment", STAFF, "raised"),
    Row("consortium:change_amendment", STAFF, "cut"),
    Row("consortium:waive_amendment", DIRECTOR, "cut"),
    Row("consortium:sign_amendment", STAFF, "cut"),
    Row("consortium:abandon_amendment", STAFF, "cut"),
    Row("consortium:exceptions"),
    Row("consortium:entitlements", SPONSOR),
    Row("consortium:entitlement", STAFF, "entitlement"),
    *seen_by([STAFF, AUDITOR], "consortium:benefit_rates"),
    Row("consortium:benefit", STAFF, "benefit"),
    *seen_by([STAFF, FINANCE], "consortium:renewals"),
    Row("consortium:renewal", DIRECTOR, "renewing"),
    Row("consortium:estimate_renewal", STAFF, "renewing"),
    Row("consortium:answer_renewal", STAFF, "renewing"),
    Row("consortium:record_exit", STAFF, "renewing"),
    *seen_by([STAFF, FINANCE], "consortium:relationships"),
    Row("consortium:exits"),
    Row("consortium:note_health", STAFF, "member"),
    Row("consortium:rule_late_notice", DIRECTOR, "late notice"),
    Row("consortium:grant_goodwill", DIRECTOR, "over"),
    Row("consortium:join", ""),
    Row("consortium:joined", ""),
    *seen_by([STAFF, AUDITOR], "consortium:prospects"),
    Row("consortium:prospect", STAFF, "talks"),
    Row("consortium:move_prospect", STAFF, "talks"),
    Row("consortium:open_prospect", STAFF, "member"),
    Row("consortium:inquiries"),
    Row("consortium:inquiry", STAFF, "inquiry"),
    Row("consortium:take_up_inquiry", STAFF, "inquiry"),
    Row("consortium:set_aside_inquiry", STAFF, "inquiry"),
    Row("consortium:define_benefit", STAFF),
    Row("consortium:change_benefit", STAFF, "benefit"),
    Row("consortium:end_benefit", STAFF, "benefit"),
    Row("consortium:use_benefit", STAFF, "entitlement"),
    Row("consortium:grant_benefit", STAFF, "entitlement"),
    Row("consortium:reverse_use", STAFF, "use"),
    Row("consortium:interactions"),
    Row("consortium:interactions", SPONSOR),
    Row("consortium:interaction", STAFF, "spoken"),
    Row("consortium:correct_interaction", STAFF, "spoken"),
    Row("consortium:take_back_interaction", STAFF, "spoken"),
    Row("consortium:follow_up_interaction", STAFF, "spoken"),
    Row("consortium:reopen_follow_up", STAFF, "follow-up"),
    Row("consortium:record_interaction", STAFF, "member"),
    Row("consortium:bodies"),
    Row("consortium:bodies", COUNCIL),
    Row("consortium:body", STAFF, "body"),
    Row("consortium:body", COUNCIL, "body"),
    Row("consortium:form_body", STAFF),
    *seen_by([STAFF], "consortium:add_seat", "body"),
    *seen_by([STAFF], "consortium:call_meeting", "body"),
    *seen_by([STAFF], "consortium:draft_motion", "body"),
    Row("consortium:sit_on_seat", STAFF, "seat"),
    Row("consortium:end_seat", STAFF, "seat"),
    Row("consortium:leave_seat", STAFF, "sitting"),
    Row("consortium:antitrust", STAFF),
    Row("consortium:antitrust", COUNCIL),
    Row("consortium:publish_antitrust", STAFF),
    Row("consortium:meetings", STAFF),
    Row("consortium:meeting", STAFF, "meeting held"),
    Row("consortium:meeting", COUNCIL, "meeting ahead"),
    Row("consortium:cancel_meeting", STAFF, "meeting ahead"),
    Row("consortium:hold_meeting", STAFF, "meeting ahead"),
    Row("consortium:declare_conflict", COUNCIL, "meeting ahead"),
    Row("consortium:add_paper", STAFF, "meeting ahead"),
    Row("consortium:record_decision", STAFF, "meeting open"),
    Row("consortium:ask_action", STAFF, "meeting open"),
    Row("consortium:write_minutes", STAFF, "meeting open"),
    Row("consortium:papers", COUNCIL),
    Row("consortium:motions", STAFF),
    Row("consortium:motion", STAFF, "motion certified"),
    Row("consortium:motion", COUNCIL, "motion open"),
    Row("consortium:open_motion", STAFF, "motion drafted"),
    Row("consortium:vote", COUNCIL, "elector"),
    Row("consortium:give_proxy", COUNCIL, "elector"),
    Row("consortium:one_to_ones"),
    Row("consortium:one_to_ones", SPONSOR),
    Row("consortium:one_to_one", STAFF, "talk"),
    Row("consortium:one_to_one", SPONSOR, "talk"),
    Row("consortium:ask_one_to_one", SPONSOR, "member"),
    Row("consortium:agree_one_to_one", STAFF, "talk"),
    Row("consortium:decline_one_to_one", STAFF, "talk"),
    Row("consortium:withdraw_one_to_one", SPONSOR, "talk"),
    Row("consortium:hold_one_to_one", STAFF, "agreed talk"),
    Row("consortium:cap_one_to_ones", STAFF, "professor"),
    Row("seed_projects:proposals", "pi@inm.example"),
    Row("seed_projects:proposal", "pi@inm.example", "own draft"),
    Row("seed_projects:begin_proposal", "pi@inm.example", "own call"),
    Row("seed_projects:ready_proposal", "pi@inm.example", "own draft"),
    Row("seed_projects:change_proposal", "pi@inm.example", "own draft"),
    Row("seed_projects:answer_section", "pi@inm.example", "own section"),
    Row("seed_projects:submission_differences", "pi@inm.example", "own second"),
    Row("seed_projects:settle_text", "pi@inm.example", "own text"),
    Row("seed_projects:declare", "pi@inm.example", "own draft"),
    Row("seed_projects:comment_proposal", "pi@inm.example", "own draft"),
    Row("seed_projects:attach_file", "pi@inm.example", "own file"),
    Row("seed_projects:add_author", "pi@inm.example", "own draft"),
    Row("seed_projects:change_author", "pi@inm.example", "own part"),
    Row("seed_projects:add_budget_line", "pi@inm.example", "own draft"),
    Row("seed_projects:change_budget_line", "pi@inm.example", "own line"),
    Row("seed_projects:withdraw_proposal", "pi@inm.example", "own handed in"),
    Row("seed_projects:open_calls", ""),
    Row("seed_projects:public_call", "", "slug"),
    Row("seed_projects:calls"),
    Row("seed_projects:calls", "pi@inm.example"),
    Row("seed_projects:call", STAFF, "open call"),
    Row("seed_projects:call", STAFF, "draft call"),
    Row("seed_projects:call", "pi@inm.example", "open call"),
    Row("seed_projects:draft_call", STAFF),
    *[
        Row(f"seed_projects:{name}", STAFF, "draft call")
        for name in [
            *["change_call", "copy_call", "cancel_call", "preview_call"],
            *["set_stage", "set_date", "add_track", "add_rule", "except_call"],
            *["choose_rubric", "use_problem"],
        ]
    ],
    Row("seed_projects:extend_call", STAFF, "open call"),
    Row("seed_projects:replace_form", STAFF, "open call"),
    Row("seed_projects:reopen_call", STAFF, "closed call"),
    Row("seed_projects:ask_call", "pi@inm.example", "open call"),
    Row("seed_projects:answer_question", STAFF, "asked"),
    Row("seed_projects:call_dashboard", STAFF, "slug"),
    Row("seed_projects:write_letter", STAFF, "open call"),
    Row("seed_projects:letters", STAFF),
    Row("seed_projects:letter", STAFF, "letter"),
    Row("seed_projects:change_letter", STAFF, "letter"),
    Row("seed_projects:rates", STAFF),
    Row("seed_projects:record_rate", STAFF),
    Row("seed_projects:extensions", STAFF),
    Row("seed_projects:eligibility_exceptions", STAFF),
    Row("seed_projects:screening", STAFF),
    Row("seed_projects:move_proposals", STAFF),
    Row("seed_projects:screened", STAFF, "screened"),
    Row("seed_projects:check_proposal", STAFF, "screened"),
    Row("seed_projects:return_proposal", STAFF, "screened"),
    Row("seed_projects:send_back_proposal", STAFF, "screened"),
    Row("seed_projects:screening_moves", STAFF),
    Row("seed_projects:screening_move", STAFF, "returned proposal"),
    Row("seed_projects:appeal_return", "pi@inm.example", "returned proposal"),
    Row("seed_projects:move_batch", STAFF, "moved together"),
    Row("seed_projects:appeals", STAFF),
    Row("seed_projects:decide_appeal", DIRECTOR, "appeal"),
    Row("seed_projects:problems"),
    Row("seed_projects:problems", SPONSOR),
    Row("seed_projects:problem", SPONSOR, "problem"),
    Row("seed_projects:state_problem", SPONSOR, "member"),
    Row("seed_projects:forms"),
    Row("seed_projects:add_form", STAFF),
    Row("seed_projects:form", STAFF, "form"),
    Row("seed_projects:form_version", STAFF, "form draft"),
    Row("seed_projects:add_section", STAFF, "form draft"),
    Row("seed_projects:change_section", STAFF, "section"),
    Row("seed_projects:add_question", STAFF, "section"),
    Row("seed_projects:change_question", STAFF, "question"),
    Row("seed_projects:rubrics"),
    Row("seed_projects:add_rubric", STAFF),
    Row("seed_projects:rubric", STAFF, "rubric"),
    Row("seed_projects:rubric_version", STAFF, "rubric draft"),
    Row("seed_projects:add_criterion", STAFF, "rubric draft"),
    Row("seed_projects:change_criterion", STAFF, "criterion"),
    Row("consortium:faculty"),
    Row("consortium:programs"),
    Row("consortium:programs", SPONSOR),
    Row("consortium:program_contributions"),
    Row("consortium:program", STAFF, "program"),
    Row("consortium:program", SPONSOR, "program"),
    Row("consortium:add_program", STAFF),
    Row("consortium:change_program", STAFF, "program"),
    Row("consortium:join_program", STAFF, "program"),
    Row("consortium:change_seats", STAFF, "part"),
    Row("consortium:leave_program", STAFF, "part"),
    Row("consortium:contribute_to_program", STAFF, "part"),
    Row("consortium:take_back_contribution", STAFF, "given"),
    Row("consortium:students", STAFF),
    Row("consortium:student", STAFF, "student"),
    Row("consortium:student", STUDENT, "student"),
    Row("consortium:my_profile", STUDENT),
    Row("consortium:profile_openings", STAFF),
    Row("consortium:profile_openings", STUDENT),
    Row("consortium:library"),
    Row("consortium:library", SPONSOR),
    Row("consortium:follow_library", SPONSOR),
    Row("consortium:library_openings"),
    Row("consortium:library_openings", SPONSOR),
    Row("consortium:add_library_item", STAFF),
    Row("consortium:library_item", STAFF, "work"),
    Row("consortium:library_item", SPONSOR, "shared work"),
    Row("consortium:comment_library_item", SPONSOR, "shared work"),
    Row("consortium:change_library_item", STAFF, "work"),
    Row("consortium:add_library_version", STAFF, "work"),
    Row("consortium:withdraw_library_item", STAFF, "work"),
    Row("consortium:add_faculty", STAFF),
    Row("consortium:member", DIRECTOR, "member"),
    Row("consortium:member", STAFF, "bought"),
    Row("consortium:link_parent", STAFF, "member"),
    Row("consortium:record_merger", STAFF, "member"),
    Row("consortium:record_spin_off", STAFF, "member"),
    Row("consortium:record_screening", DIRECTOR, "member"),
    Row("consortium:change_draft", STAFF, "draft"),
    Row("consortium:waive_floor", DIRECTOR, "draft"),
    Row("consortium:sign_agreement", STAFF, "draft"),
    Row("consortium:terminate_agreement", DIRECTOR, "agreement"),
    Row("consortium:agreement", DIRECTOR, "terminated"),
    Row("consortium:commitments"),
    Row("consortium:commitments", DIRECTOR, query="?on=2026-06-30&status=short"),
    Row("consortium:member_commitment", SPONSOR, "member"),
    Row("consortium:member_commitment", STAFF, "prospect"),
    Row("consortium:commitment_year", SPONSOR, "year"),
    Row("consortium:commitment_year", DIRECTOR, "short year"),
    Row("consortium:waive_shortfall", DIRECTOR, "short year"),
    Row("consortium:claim_credit", SPONSOR, "member"),
    Row("consortium:offer_in_kind", SPONSOR, "member"),
    Row("consortium:credits"),
    Row("consortium:credits", query="?outcome=pending"),
    Row("consortium:credit", SPONSOR, "claimed"),
    Row("consortium:credit", DIRECTOR, "under_review"),
    Row("consortium:credit", SPONSOR, "evidence_requested"),
    Row("consortium:credit", DIRECTOR, "reduced"),
    Row("consortium:credit", DIRECTOR, "disputed"),
    Row("consortium:ask_evidence", STAFF, "claimed"),
    Row("consortium:answer_evidence", SPONSOR, "evidence_requested"),
    Row("consortium:give_opinion", STAFF, "claimed"),
    Row("consortium:decide_credit", DIRECTOR, "under_review"),
    Row("consortium:reduce_credit", DIRECTOR, "reduced"),
    Row("consortium:reverse_credit", DIRECTOR, "reduced"),
    Row("consortium:decline_item", DIRECTOR, "offered"),
    Row("consortium:assess_item", STAFF, "offered"),
    Row("consortium:approve_item", STAFF, "assessing"),
    Row("consortium:add_appraisal", STAFF, "disputed"),
    Row("consortium:credit", DIRECTOR, "assessing"),
    Row("consortium:deliver_item", STAFF, "agreed"),
    Row("consortium:value_item", STAFF, "agreed"),
    Row("consortium:return_item", DIRECTOR, "disputed"),
    Row("consortium:book_item", "finance@inm.example", "disputed"),
    Row("consortium:dispute_value", STAFF, "disputed"),
    Row("consortium:settle_dispute", "codirector@inm.example", "disputed"),
    Row("consortium:evidence", SPONSOR, "evidence"),
    Row("consortium:evidence", STAFF, "evidence"),
    Row("consortium:evidence", STAFF, "paid invoice"),
    Row("consortium:change_evidence", STAFF, "evidence"),
    Row("consortium:attach_evidence", STAFF, "evidence"),
    Row("consortium:disclose_interest", STAFF, "member"),
    Row("consortium:end_interest", DIRECTOR, "interest"),
    *seen_by([FINANCE, SPONSOR], "consortium:invoices"),
    Row("consortium:invoices", FINANCE, query="?standing=overdue"),
    *seen_by([FINANCE, SPONSOR], "consortium:invoice", "invoice"),
    Row("consortium:invoice", MAILBOX, "invoice"),
    *seen_by([FINANCE, SPONSOR, MAILBOX], "consortium:payer", "member"),
    Row("consortium:payer", STAFF, "prospect"),
    Row("consortium:describe_payer", FINANCE, "prospect"),
    *seen_by([FINANCE, MAILBOX], "consortium:change_payer", "member"),
    *seen_by([FINANCE, MAILBOX], "consortium:record_order", "member"),
    *seen_by([FINANCE, SPONSOR], "consortium:purchase_orders"),
    *seen_by([FINANCE, SPONSOR], "consortium:purchase_order", "order"),
    Row("consortium:change_order", FINANCE, "order"),
    Row("consortium:end_order", FINANCE, "order"),
    Row("consortium:advise_payment", SPONSOR, "member", "?invoice={invoice}"),
    *seen_by([FINANCE, SPONSOR], "consortium:remittance_advices"),
    *seen_by([FINANCE, SPONSOR], "consortium:remittance_advice", "advice"),
    *seen_by([FINANCE, SPONSOR], "consortium:attach_advice", "advice"),
    Row("consortium:deliver_invoice", FINANCE, "invoice"),
    Row("consortium:note_number", FINANCE, "invoice"),
    Row("consortium:attach_to_invoice", FINANCE, "invoice"),
    Row("consortium:answer_invoice", SPONSOR, "invoice"),
    *seen_by([FINANCE, SPONSOR], "consortium:dispute_invoice", "invoice"),
    *seen_by([FINANCE, SPONSOR], "consortium:promise_payment", "invoice"),
    *seen_by([FINANCE, SPONSOR], "consortium:disputes"),
    Row("consortium:hold_dues", FINANCE, "unpaid invoice"),
    *seen_by([FINANCE, DIRECTOR], "consortium:send_reminder", "unpaid invoice"),
    *seen_by([FINANCE, DIRECTOR], "consortium:invoice", "unpaid invoice"),
    Row("consortium:hand_over_dues", FINANCE, "unpaid invoice"),
    Row("consortium:decide_dues", DIRECTOR, "unpaid invoice"),
    Row("consortium:tell_steering", DIRECTOR, "unpaid invoice"),
    *seen_by([FINANCE, SPONSOR], "consortium:dues_steps"),
    *seen_by([FINANCE, DIRECTOR], "consortium:sponsor_notes"),
    *seen_by([FINANCE, DIRECTOR], "consortium:sponsor_note", "sponsor note"),
    Row("consortium:change_sponsor_note", DIRECTOR, "sponsor note"),
    Row("consortium:decline_sponsor_note", DIRECTOR, "sponsor note"),
    *seen_by([FINANCE, AUDITOR], "consortium:dunning"),
    *seen_by([FINANCE, SPONSOR], "consortium:dues_exceptions"),
    Row("consortium:dunning", FINANCE, query="?search=nobody"),
    Row("consortium:settle_invoice_dispute", FINANCE, "dispute"),
    Row("consortium:withdraw_invoice_dispute", SPONSOR, "dispute"),
    *seen_by([FINANCE, SPONSOR], "consortium:promises"),
    *seen_by([FINANCE, DIRECTOR], "consortium:invoice", "drafted invoice"),
    Row("consortium:invoice", FINANCE, "invoice with an offer"),
    *seen_by([FINANCE, AUDITOR], "consortium:to_draft", query="?ahead=all"),
    Row("consortium:to_draft", FINANCE, query="?search=nobody"),
    Row("consortium:draft_invoices", FINANCE),
    Row("consortium:draft_invoices", FINANCE, query="?instalment={to do}"),
    *seen_by([FINANCE, DIRECTOR], "consortium:to_approve"),
    Row("consortium:to_issue", FINANCE),
    Row("consortium:change_invoice", FINANCE, "drafted invoice"),
    Row("consortium:send_back_invoice", DIRECTOR, "drafted invoice"),
    Row("consortium:void_invoice", DIRECTOR, "invoice with an offer"),
    Row("consortium:replace_invoice", FINANCE, "invoice with an offer"),
    Row("consortium:credit_invoice", FINANCE, "invoice"),
    Row("consortium:take_back_instalment", FINANCE, "lowered"),
    *seen_by([FINANCE, SPONSOR], "consortium:credit_notes"),
    *seen_by([FINANCE, SPONSOR], "consortium:credit_note", "credit note"),
    Row("consortium:credit_note", DIRECTOR, "drafted credit note"),
    Row("consortium:receipts", FINANCE),
    Row("consortium:receipts", AUDITOR, query="?which=unidentified"),
    Row("consortium:record_receipt", FINANCE),
    Row("consortium:receipt", FINANCE, "applied"),
    Row("consortium:receipt", DIRECTOR, "unsure"),
    Row("consortium:receipt", AUDITOR, "bounced"),
    Row("consortium:receipt", FINANCE, "unidentified"),
    *seen_by([FINANCE, AUDITOR], "consortium:to_match"),
    Row("consortium:to_match", FINANCE, query="?kind=refund"),
    Row("consortium:share_receipt", FINANCE, "unidentified"),
    Row("consortium:bounce_receipt", FINANCE, "applied"),
    Row("consortium:allocate_share", FINANCE, "share"),
    Row("consortium:reverse_share", FINANCE, "share"),
    Row("consortium:refund_share", FINANCE, "share"),
    Row("consortium:reverse_allocation", FINANCE, "allocation"),
    Row("consortium:approve_refund", DIRECTOR, "refund"),
    Row("consortium:reverse_refund", FINANCE, "paid back"),
    Row("consortium:receipt", DIRECTOR, "paid back in part"),
    Row("consortium:write_off_line", FINANCE, "unpaid"),
    Row("consortium:reverse_write_off", FINANCE, "given up"),
    Row("consortium:invoice", DIRECTOR, "written off"),
    Row("consortium:reminder_policies", FINANCE),
    Row("consortium:reminder_policies", STAFF),
    Row("consortium:propose_ladder", FINANCE),
    Row("consortium:reminder_policy", DIRECTOR, "ladder"),
    Row("consortium:reminder_policy", FINANCE, "own ladder"),
    Row("consortium:end_ladder", FINANCE, "own ladder"),
    Row("consortium:give_member_ladder", FINANCE, "member"),
    Row("consortium:give_invoice_ladder", FINANCE, "invoice"),
    Row("consortium:choose_reminders", MAILBOX, "member"),
    Row("consortium:call_backs", STAFF),
    Row("consortium:ask_for_call_back", STAFF, "member"),
    Row("consortium:call_back", FINANCE, "call"),
    Row("consortium:confirm_call_back", FINANCE, "call"),
    Row("consortium:refuse_call_back", DIRECTOR, "call"),
    Row("consortium:attach_remittance", FINANCE, "applied"),
    *seen_by([FINANCE, STAFF], "consortium:aging"),
    Row("consortium:aging", FINANCE, query="?on=2026-10-31&restated=1"),
    *seen_by([FINANCE, STAFF], "consortium:open_invoices"),
    *seen_by([FINANCE, STAFF], "consortium:statements"),
    Row("consortium:issue_statements", FINANCE),
    *seen_by([FINANCE, DIRECTOR], "consortium:cockpit"),
    Row("consortium:forecast", FINANCE),
    *seen_by([FINANCE, DIRECTOR], "consortium:sources_and_uses"),
    Row("consortium:recognized_against_committed", FINANCE),
    *seen_by([FINANCE, SPONSOR], "consortium:statement", "member"),
    Row("consortium:statement", FINANCE, "member", query="?since=2027-01-01"),
    *seen_by([FINANCE, AUDITOR], "consortium:ledger"),
    Row("consortium:ledger", FINANCE, query="?account=unapplied_cash&month=2026-11"),
    *seen_by([FINANCE, AUDITOR], "consortium:ledger_entry", "posting"),
    Row("consortium:ledger_entry", FINANCE, "reversing"),
    *seen_by([FINANCE, DIRECTOR], "consortium:months"),
    Row("consortium:month", FINANCE, "open month", "?checked=yes"),
    *seen_by([FINANCE, DIRECTOR], "consortium:month", "asked month"),
    Row("consortium:close_month", FINANCE, "open month"),
    Row("consortium:reopen_month", FINANCE, "closed"),
    *seen_by([FINANCE, AUDITOR], "consortium:export_batches"),
    Row("consortium:export_batch", FINANCE, "batch"),
    Row("consortium:make_export", FINANCE),
    *seen_by([FINANCE, AUDITOR], "consortium:recognized_amounts"),
    Row("consortium:import_recognized", FINANCE),
    *seen_by([FINANCE, AUDITOR], "consortium:bank_files"),
    *seen_by([FINANCE, AUDITOR], "consortium:bank_file", "bank file"),
    Row("consortium:bank_file", FINANCE, "taken in"),
    Row("consortium:upload_bank_file", FINANCE),
    *seen_by([FINANCE, AUDITOR], "consortium:bank_accounts"),
    Row("consortium:bank_account", FINANCE, "bank account"),
    Row("consortium:add_bank_account", FINANCE),
    Row("consortium:change_bank_account", FINANCE, "bank account"),
    Row("people"),
    Row("person", DIRECTOR, "person"),
    Row("invitations"),
    Row("invite", DIRECTOR),
    Row("tasks"),
    Row("today", STAFF),
    Row("today", SPONSOR),
    Row("reminders"),
    Row("past_reminders"),
    Row("reminder_rules"),
    Row("reminder_holds"),
    Row("closures"),
    Row("add_closure"),
    Row("messages"),
    Row("bounces"),
    Row("hold_all_mail"),
    Row("access_requests"),
    Row("api-docs", is_ours=False),
    Row("access_requests", DIRECTOR),
    Row("viewings", AUDITOR),
    *seen_by([COUNCIL, "pi@inm.example"], "accounts:account"),
    Row("accounts:delegate", SPONSOR),
    *seen_by(["", SPONSOR], "consortium:verify_paper"),
    Row("accept_invitation", "", follows="new link"),
    Row("accept_invitation", STAFF, follows="new link"),
    Row("accept_invitation", "", follows="link of somebody here"),
    *seen_by([STAFF, DIRECTOR, AUDITOR], "invitation", "invitation"),
    *seen_by([STAFF, ADMIN, AUDITOR], "person", "sponsor"),
    *[
        row
        for name in ["delegate_for", "reset_factors", "give_role", "erase_person"]
        for row in seen_by(MANAGE, name, "sponsor")
    ],
    *seen_by(MANAGE, "erase_person", "person"),
    *seen_by(MANAGE, "confirm_erasure", "person", "?ground=asked"),
    *seen_by(MANAGE, "erase_contact", "twin"),
    *seen_by(MANAGE, "confirm_contact_erasure", "twin", "?ground=asked"),
    *seen_by(MANAGE, "end_delegation", "leave"),
    *seen_by(MANAGE, "take_role", "colleague"),
    *seen_by(MANAGE, "merge_person", "investigator"),
    *seen_by(MANAGE, "merge_person", "investigator", "?merged={namesake}"),
    *seen_by(CARE, "consortium:merge_contact", "twin"),
    *seen_by(CARE, "consortium:merge_contact", "twin", "?merged={other}"),
    *[
        row
        for state in ["sent", "queued", "held", "failed", "unclear", "cancelled"]
        for row in seen_by(AT_INM if state == "held" else [STAFF], "message", state)
    ],
    *seen_by(STEER, "hold_message", "queued"),
    *seen_by(STEER, "cancel_message", "held"),
    *seen_by(STEER, "resend_message", "failed"),
    *seen_by(STEER, "clear_bounce", "bounce"),
    *seen_by(AT_INM, "reminder", "planned"),
    *[Row("reminder", STAFF, what) for what in ["written", "task", "filled"]],
    *seen_by(AT_INM, "reminder_ladders", query="?search=Siemens"),
    Row("reminder_ladders"),
    *seen_by(CARE, "hold_reminder", "planned"),
    *seen_by(CARE, "fill_reminder", "planned"),
    *seen_by(CARE, "hold_reminders"),
    Row("accounts:account", MAILBOX),
    Row("account_change_password", MAILBOX),
    Row("mfa_add_webauthn", MAILBOX),
    *seen_by([MAILBOX, STAFF], "consortium:contact", "mailbox"),
    Row("consortium:change_contact", MAILBOX, "mailbox"),
]

#: Of each page one row is seen in every way, those of further people in two.
FIRST = set({(row.name, row.what, row.query): row for row in reversed(ROWS)}.values())


@pytest.fixture(scope="module")
def things(portal) -> dict[str, dict[str, Any]]:
    """What the addresses of pages hold, by the name that rows call it."""
    attendee = User.objects.get(email="attendee@inm.example")
    attendee.set_unusable_password()
    attendee.save()
    siemens = Organization.objects.get(name="Siemens")
    katrin = Contact.objects.get(email=SPONSOR)
    found = {
        "member": siemens,
        "prospect": Organization.objects.create(
            name="Prospect",
            legal_name="Prospect Inc.",
            named_since_on="2020-01-01",
            sector="other",
        ),
        "contact": katrin,
        "mailbox": Contact.objects.get(email=MAILBOX),
        "person": attendee,
        "leaver": Contact.objects.exclude(departed_on=None).get(),
        "role": RoleAssignment.objects.get(contact=katrin),
        "agreement": Agreement.objects.get(organization=siemens),
        "terminated": Agreement.objects.get(state="terminated"),
        "bought": Organization.objects.get(name="Autodesk"),
        "cut": Amendment.objects.get(agreement__organization__name="PTC"),
        "raised": Amendment.objects.get(agreement__organization__name="Autodesk"),
        "job": Job.objects.get(),
        "draft": Agreement.objects.get(organization__name="PTC", state="draft"),
        "invitation": Invitation.objects.get(name="Lena Hartmann"),
        "sponsor": katrin.user,
        "colleague": User.objects.get(email=STAFF),
        "investigator": User.objects.get(email="pi@inm.example"),
        "namesake": User.objects.get(email="arao@university.example"),
        "twin": Contact.objects.get(email="w.zhang@flex.example"),
        "other": Contact.objects.get(email="tech@flex.example"),
        "bounce": Bounce.objects.get(),
        "leave": Delegation.objects.get(),
        **{
            state: Message.objects.filter(state=state).earliest("pk")
            for state in ["sent", "queued", "held", "failed", "unclear", "cancelled"]
        },
        **{
            state: ReminderDelivery.objects.filter(state=state).earliest("pk")
            for state in ["planned", "written", "task", "filled"]
        },
    }
    found |= of_the_ledger() | of_invoices() | of_receipts(siemens)
    found |= of_the_books(found["bounced"])
    keys: dict[str, dict[str, Any]] = {
        name: {"pk": thing.pk} for name, thing in found.items()
    }
    return (
        keys
        | of_a_proposal()
        | {
            "open month": {"month": "2026-10"},
            "asked month": {"month": "2026-09"},
            "slug": {"slug": "ai-for-manufacturing-2027"},
            "": {},
            "new link": {"token": link_to(found["invitation"])},
            "link of somebody here": {"token": link_to(invited_again())},
            "used link": {"uidb36": "1", "key": "used-link"},
            "spent link": {"key": "spent"},
        }
    )


def invited_again() -> Invitation:
    """Return the invitation to INM of somebody who has an account."""
    return invitations.invite(
        "speaker@inm.example",
        "Kenji Watanabe",
        kind=InvitationKind.CAMPUS,
        place="On campus",
        at=timezone.now(),
        by=User.objects.get(email=DIRECTOR),
    )


def of_the_ledger() -> dict[str, Any]:
    """Return a claim of the demo in each state, years, a document and an interest."""
    credits = ContributionCredit.objects.with_outcome()
    of_siemens = credits.filter(organization__name="Siemens").order_by("pk")
    states = ["claimed", "under_review", "evidence_requested"]
    years = CommitmentYear.objects.filter(number=1)
    return {
        **{state: of_siemens.filter(state=state)[0] for state in states},
        "reduced": credits.get(outcome="reduced"),
        "offered": credits.get(item__state="offered"),
        "assessing": credits.get(item__state="assessing"),
        "agreed": credits.get(item__state="agreed"),
        "disputed": credits.get(
            item__disputes__isnull=False, item__disputes__outcome=None
        ),
        "year": years.get(agreement__organization__name="Siemens"),
        "short year": years.get(agreement__organization__name="GE Vernova"),
        "evidence": of_siemens.filter(posting=None)[0].evidence,
        "paid invoice": of_siemens.exclude(posting=None)[0].evidence,
        "interest": Interest.objects.get(),
        "ladder": ReminderPolicy.objects.get(takes_two=True),
        "own ladder": ReminderPolicy.objects.get(organization__name="Sanofi"),
    }


def of_invoices() -> dict[str, Any]:
    """Return an issued invoice of Siemens with what became of it, and a draft."""
    agreement = Agreement.objects.get(organization__name="Siemens")
    year = year_of(agreement)
    payer(agreement.organization)
    invoice = issued(drafted(agreement, an_instalment(year, 275_000)))
    told = {"at": timezone.now(), "by": User.objects.get(email=FINANCE)}
    services.deliver_invoice(
        invoice, channel="email", delivered_on=TODAY, today=TODAY, **told
    )
    services.answer_invoice(
        invoice, kind="accepted", answered_on=TODAY, today=TODAY, **told
    )
    dispute = services.dispute_invoice(
        invoice,
        **{"amount": Decimal(1_000), "reason": "We were promised a discount."},
        **{"owner": told["by"], "settle_by": TODAY},
        **told,
    )
    draft = drafted(agreement, an_instalment(year, 6_000))
    services.send_back_invoice(
        draft, reason="Name the desk of the second year.", today=TODAY, **told
    )
    approved(drafted(agreement, an_instalment(year, 7_000)))
    member, now = agreement.organization, told | {"today": TODAY}
    services.promise_payment(invoice, pay_on=TODAY, amount=Decimal(5_000), **now)
    paid = {"paid_on": TODAY, "amount": Decimal(5_000), "method": "wire"}
    return {
        "dispute": dispute,
        "order": order(member, ends_on=TODAY + timedelta(days=60)),
        "advice": services.advise_payment(member, invoices=[invoice], **paid, **now),
        "invoice": invoice,
        "drafted invoice": draft,
        "invoice with an offer": _paid_before(),
        "to do": an_instalment(year, 8_000),
        "lowered": an_instalment(year, -100),
        "credit note": credited(invoice, 500),
        "drafted credit note": services.draft_credit_note(
            invoice, taken=services.left_of(invoice), reason="Agreed", **told
        ),
    }


def _paid_before() -> Invoice:
    """Return an invoice that was issued to a member with cash on account."""
    flex = Agreement.objects.get(organization__name="Flex")
    payer(flex.organization)
    receivables.cash(9_000, flex.organization)
    return issued(drafted(flex, an_instalment(year_of(flex), 9_500)))


def of_receipts(siemens: Organization) -> dict[str, Any]:
    """Return a receipt that is applied, one that may be it, and two others."""
    share = receivables.cash(2_700, siemens, bank_reference="INM-2026-0001")
    line = receivables.invoiced(siemens, 2_900)
    gone = receivables.cash(1_300, siemens)
    unpaid = receivables.invoiced(siemens, 5_000)
    return {
        **of_dues(unpaid.invoice),
        "allocation": receivables.apply(share, line, 2_600),
        "applied": share.receipt,
        "share": share,
        "unpaid": unpaid,
        "written off": line.invoice,
        **of_two(line, siemens),
        "unsure": receivables.receive(2_700, siemens, reason="Paid twice"),
        "bounced": receivables.bounce(gone.receipt),
        "unidentified": receivables.receive(900),
        "call": receivables.call_back(siemens),
        "entitlement": Entitlement.objects.current(on=TODAY)
        .filter(organization=siemens)
        .first(),
        "talks": Prospect.objects.order_by("pk").first(),
        "inquiry": Inquiry.objects.waiting().first(),
        "over": renewals.ended(),
        "late notice": renewals.late_notice(
            Agreement.objects.get(organization__name="Sanofi", state="signed")
        ),
        "renewing": RenewalEstimate.objects.earliest("pk").agreement,
        "benefit": Benefit.objects.get(name="Visiting researcher"),
        "spoken": Interaction.objects.standing().first(),
        "follow-up": FollowUp.objects.first(),
        **of_talks(siemens),
        **of_the_council(),
        "program": WorkforceProgram.objects.get(name="TechAMP 2026"),
        "part": ProgramPart.objects.filter(left_on=None).earliest("pk"),
        "given": ProgramContribution.objects.standing().earliest("pk"),
        "student": StudentProfile.objects.get(person__email=STUDENT),
        "work": LibraryItem.objects.filter(state="published").earliest("pk"),
        "shared work": LibraryItem.objects.get(is_draft_shared=True),
        "use": BenefitUse.objects.filter(reverses=None, reversal=None).first(),
        **of_calls(),
        **of_screening(),
    }


def of_screening() -> dict[str, Any]:
    """Return a proposal to be screened, and some that were moved lately."""
    by = User.objects.get(email=STAFF)
    pi, call = User.objects.get(email="pi@inm.example"), calls.opened("Screened")
    back, told, gone, waiting = (
        screening.waiting(call, **given) for given in [{"pi": pi}, {}, {}, {}]
    )
    seeds.close_call(call, at=screening.LATER, by=None)
    now = timezone.now()
    act = {"reason": "It is about bread", "at": now - seeds.UNDO_FOR, "by": by}
    appealed = seeds.return_proposal(told, **act)
    with_pi = {"at": now, "by": proposals.pi_of(told)}
    return {
        "screened": waiting,
        "letter": seeds.write_letter(
            call,
            **{"audience": "submitted", "subject": "Soon", "body": "Dear {name}"},
            **{"at": now, "by": by},
        ),
        "returned proposal": seeds.return_proposal(back, **act),
        "appeal": seeds.appeal(appealed, text="Bread is made too", **with_pi),
        "moved together": seeds.move_together(
            [gone], kind="returned", reason="It is about bread", at=now, by=by
        ),
    }


def of_a_proposal() -> dict[str, dict[str, Any]]:
    """Make what the investigator works on: a draft, and one that was handed in."""
    pi = User.objects.get(email="pi@inm.example")
    call, now = calls.opened("Answered here", files=1), {"at": calls.NOON, "by": pi}
    draft = proposals.draft(call, pi=pi)
    seeds.set_budget(draft, lines=[proposals.line()], **now)
    told = {"role": "co_pi", "right": "write", "name": "Eve", "email": "e@mit.example"}
    part = seeds.add_author(draft, **told, **now)
    asked = draft.form.questions.in_order().first()
    seeds.save_answer(draft, asked, value="One", version=0, **now)
    aside = seeds.save_answer(draft, asked, value="Two", version=0, **now).aside
    handed_in = proposals.submitted(calls.opened("Answered too"), pi=pi)
    second = proposals.submitted_twice(calls.opened("Answered twice"), pi=pi)
    return {
        "own call": {"pk": call.pk},
        "own draft": {"pk": draft.pk},
        "own file": {
            "pk": draft.pk,
            "question": draft.form.questions.get(kind="file").pk,
        },
        "own part": {"pk": part.pk},
        "own text": {"pk": aside.pk},
        "own section": {"pk": draft.pk, "section": asked.section_id},
        "own line": {"pk": draft.pk, "line": draft.budget_lines.get().pk},
        "own handed in": {"pk": handed_in.pk},
        "own second": {"pk": second.pk},
    }


def of_the_council() -> dict[str, Any]:
    """Return its seats, a meeting and a motion in each state that pages ask for."""
    council = Body.objects.get(name="Leadership council")
    meetings, motions = council.meetings, council.motions
    ahead = meetings.get(title="Winter meeting")
    begun = timezone.now() - timedelta(days=2)
    unfinished = governance.meeting(
        council, starts_at=begun, ends_at=begun + timedelta(hours=1)
    )
    services.hold_meeting(unfinished, presences={}, at=timezone.now(), by=None)
    seat = council.seats.get(name="Siemens")
    opened = motions.get(state="open")
    return {
        "body": council,
        "seat": seat,
        "sitting": seat.sittings.get(is_alternate=False),
        "meeting ahead": ahead,
        "meeting held": meetings.get(title="Spring meeting"),
        "meeting open": unfinished,
        "motion certified": motions.get(state="certified"),
        "motion drafted": motions.get(state="draft"),
        "motion open": opened,
        "elector": opened.electors.get(seat=seat),
    }


def of_talks(siemens: Organization) -> dict[str, Any]:
    """Return a talk that waits for an answer, and one that is agreed for today."""
    talks = OneToOneRequest.objects.filter(organization=siemens)
    return {
        "talk": talks.get(state="asked"),
        "agreed talk": talks.filter(state="agreed").earliest("meets_on"),
        "professor": FacultyMember.objects.get(name="Mina Kwon"),
    }


def of_calls() -> dict[str, Any]:
    """Return calls of the demo, a closed one, and a form and a rubric in writing."""
    rubric = calls.rubric("In writing", is_published=False)
    draft = FormVersion.objects.get(published_at=None)
    return {
        "open call": Call.objects.get(slug="ai-for-manufacturing-2027"),
        "draft call": Call.objects.get(slug="skills-2027"),
        "closed call": calls.closed("Closed"),
        "asked": CallQuestion.objects.get(answered_at=None),
        "problem": ProblemStatement.objects.get(organization__name="Siemens"),
        **{"form": draft.form, "form draft": draft},
        **{"section": draft.sections.first(), "question": draft.questions.first()},
        **{"rubric": rubric.rubric, "rubric draft": rubric},
        "criterion": rubric.criteria.first(),
    }


def of_dues(unpaid: Invoice) -> dict[str, Any]:
    """Return what people do about an invoice that is late, with a hold of it."""
    now: Any = {"today": TODAY, "by": User.objects.get(email=FINANCE)}
    services.hold_dues(unpaid, until_on=TODAY, reason="They call back.", **now)
    now |= {"at": timezone.now()}
    services.take_step(unpaid, kind="handed_over", on=TODAY, reference="AR-71", **now)
    note = services.prepare_note(unpaid, on=TODAY, at=timezone.now())
    return {"unpaid invoice": unpaid, "sponsor note": note}


def of_two(line: InvoiceLine, siemens: Organization) -> dict[str, Any]:
    """Return what takes two people: refunds and write-offs, asked for and recorded."""
    by, director = (User.objects.get(email=one) for one in (FINANCE, DIRECTOR))
    share = receivables.cash(1_700, siemens, bank_reference="Paid twice")
    told: Any = {"at": timezone.now(), "by": by}
    given: Any = {"kind": "bank_charge", "today": TODAY, "reason": "A fee", **told}
    back: Any = {"amount": Decimal(40), "reason": "Paid twice", **told}
    paid_back = services.propose_refund(share, **back)
    paid: Any = {"paid_on": TODAY, "today": TODAY, "at": timezone.now()}
    services.approve_refund(paid_back, **paid, by=director)
    services.write_off(line, amount=Decimal(150), **given)
    return {
        "paid back": paid_back,
        "paid back in part": share.receipt,
        "refund": services.propose_refund(share, **back),
        "given up": services.write_off(line, amount=Decimal(20), **given),
    }


def of_the_books(bounced: Any) -> dict[str, Any]:
    """Return entries, a month that is asked for, an export, and files of the bank."""
    told = {"at": timezone.now(), "by": User.objects.get(email=FINANCE)}
    batch = services.export_entries(posted_until=TODAY, **told)
    closed = services.close_period(date(2026, 8, 1), today=TODAY, **told)
    asked = services.close_period(date(2026, 9, 1), today=TODAY, **told)
    services.propose_reopening(asked, reason="A wire was missing.", **told)
    services.import_recognition(
        b"member,month,amount,currency\nSiemens,2026-10,22916.67,USD\n",
        **{"name": "october.csv", "today": TODAY, **told},
    )
    account = banking.account()
    rows = ["2026-11-12,70.00,Siemens AG,FED-70,", "2026-11-12,-7.00,The bank,,Fee"]
    taken_in = banking.upload(banking.csv_of(rows[0]), account, by=told["by"])
    banking.take_in(taken_in, by=told["by"])
    more = "2026-11-12,90.00,Acme Treasury BV,FED-71,INM-2027-0001"
    return {
        "posting": bounced.entry,
        "reversing": bounced.entry.reversal,
        "closed": closed,
        "batch": batch,
        "bank account": account,
        "taken in": taken_in,
        "bank file": banking.upload(
            banking.csv_of(*rows, more), account, by=told["by"]
        ),
    }


def link_to(invitation: Invitation) -> str:
    """Return a token that opens an invitation."""
    token = f"token of {invitation.pk}".replace(" ", "-")
    Invitation.objects.filter(pk=invitation.pk).update(digest=digest_of(token))
    return token


def test_every_page_has_a_row():
    assert {row.name for row in ROWS} == set(named(get_resolver())) - NO_PAGES


def named(resolver: Any, prefix: str = "") -> list[str]:
    """Return the full names of all addresses but those of the API."""
    names = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            names.append(f"{prefix}{pattern.name}")
        elif not str(pattern.pattern).startswith("api/v1"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            names += named(pattern, prefix + inner)
    return names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_page_is_sound(row, things, portal, visit):
    page = visit("about:blank", row.email, **STILL)
    keys = {name: thing["pk"] for name, thing in things.items() if "pk" in thing}
    path = reverse(row.name, kwargs=things[row.what]) + row.query.format(**keys)
    if row.follows:
        page.goto(reverse("open_invitation", kwargs=things[row.follows]))
    faults = Watch(page, portal.url)

    answer = page.goto(path)

    assert answer is not None
    assert (answer.status, urlsplit(page.url).path) == (200, urlsplit(path).path)
    if row.is_ours:
        for view in VIEWS if row in FIRST else VIEWS_OF_OTHERS:
            view(page, faults)
    assert faults.found() == []


@pytest.mark.parametrize(
    ("path", "email", "status"),
    [
        ("/nowhere/", STAFF, 404),
        ("/nowhere/", "", 404),
        ("/accounts/invitation/nothing/", "", 404),
        ("/consortium/members/new/", SPONSOR, 403),
    ],
)
def test_a_refusal_is_sound(path, email, status, portal, visit):
    page = visit("about:blank", email, **STILL)
    faults = Watch(page, portal.url, expected=f"status of {status}")

    answer = page.goto(path)

    assert answer is not None
    assert answer.status == status
    for view in [wide_light, narrow_dark]:
        view(page, faults)
    assert faults.found() == []


def test_a_form_with_errors_is_sound(visit, portal):
    page = visit("/consortium/members/new/", STAFF, **STILL)
    faults = Watch(page, portal.url, expected="status of 422")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("alert").wait_for()

    for view in [wide_light, narrow_dark]:
        view(page, faults)
    assert faults.found() == []


def wide_light(page: Page, watch: "Watch") -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    watch.look(page, "wide, light", ALL_RULES)


def narrow_light(page: Page, watch: "Watch") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    watch.look(page, "narrow, light", BUT_COLORS)


def narrow_dark(page: Page, watch: "Watch") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    watch.look(page, "narrow, dark", ONLY_COLORS)


def wide_chosen_dark(page: Page, watch: "Watch") -> None:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    watch.look(page, "wide, chosen dark", ONLY_COLORS)


VIEWS = [wide_light, narrow_light, narrow_dark, wide_chosen_dark]
VIEWS_OF_OTHERS = [wide_light, narrow_dark]

#: What is wider than its place, once a drawing had two frames to follow the window.
SCROLLS = """async () => {
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
  return [document.documentElement, ...document.querySelectorAll(
    "main, .card, .table-responsive")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => `too wide for its place: ${box.tagName}.${box.className}`)
}"""


ASKED = "rules => axe.run(rules).then(found => found.violations)"


class Watch:
    """Collects what is wrong with a page while it loads and when it is looked at."""

    def __init__(self, page: Page, url: str, *, expected: str = "") -> None:
        self.url = url
        self.expected = expected
        self.faults: list[str] = []
        self.requests: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self.note)

    def hear(self, message: Any) -> None:
        """Keep errors and warnings; a refused style or script is one."""
        is_expected = self.expected and self.expected in message.text
        if message.type in ("error", "warning") and not is_expected:
            self.faults.append(f"console: {message.text}")

    def note(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("data", "blob"):
            return
        self.requests.append(request.url)
        if not request.url.startswith(self.url):
            self.faults.append(f"asks another host: {request.url}")

    def look(self, page: Page, view: str, rules: dict[str, Any]) -> None:
        """Keep what does not fit and what axe finds by some of its rules."""
        where = f"{urlsplit(page.url).path} {view}"
        self.faults += [f"{where}: {box}" for box in page.evaluate(SCROLLS)]
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        for violation in page.evaluate(ASKED, rules):
            nodes = [node["html"] for node in violation["nodes"][:3]]
            self.faults.append(f"{where}: {violation['help']}: {nodes}")

    def found(self) -> list[str]:
        """Return the faults; too many requests before the first look are one."""
        if len(self.requests) > MOST_REQUESTS:
            return [*self.faults, f"{len(self.requests)} requests: {self.requests}"]
        return self.faults
