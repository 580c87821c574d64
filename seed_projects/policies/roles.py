"""What each role may do with the models of seed projects."""

from inm_portal.accounts.roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF

VIEW = [
    *["view_call", "view_formdefinition", "view_rubric", "view_extension"],
    *["view_problemstatement", "view_callquestion", "view_eligibilityexception"],
]
#: Who prepares calls and sees them through.
RUNNING = [
    *["add_call", "change_call", "add_formdefinition", "add_rubric"],
    *["add_extension", "add_eligibilityexception", "change_callquestion"],
]
#: Who reads what was submitted, and screens it.
PROPOSALS = ["view_proposal", "view_costrate"]
SCREENING = ["change_proposal", "add_costrate"]

#: Who decides of appeals against what others returned.
APPEALS = ["add_appealdecision"]

ROLES = {
    DIRECTOR: [*VIEW, *RUNNING, *PROPOSALS, *SCREENING, *APPEALS],
    PROGRAM_STAFF: [*VIEW, *RUNNING, *PROPOSALS, *SCREENING],
    FINANCE: [*VIEW, "view_costrate"],
    ADMIN: VIEW,
    AUDITOR: [*VIEW, *PROPOSALS],
}
