"""What the journal can say about seed projects."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel import vocabulary


class Verb(TextChoices):
    CALL_DRAFTED = "seed_projects.call_drafted", _("Call drafted")
    CALL_COPIED = "seed_projects.call_copied", _("Call drafted from another one")
    CALL_CHANGED = "seed_projects.call_changed", _("Call changed")
    STAGE_SET = "seed_projects.stage_set", _("Stage of the call set")
    STAGE_REMOVED = "seed_projects.stage_removed", _("Stage of the call removed")
    DATE_SET = "seed_projects.date_set", _("Date of the call set")
    DATE_REMOVED = "seed_projects.date_removed", _("Date of the call removed")
    TRACK_ADDED = "seed_projects.track_added", _("Track added")
    TRACK_REMOVED = "seed_projects.track_removed", _("Track removed")
    RULE_ADDED = "seed_projects.rule_added", _("Rule of eligibility added")
    RULE_REMOVED = "seed_projects.rule_removed", _("Rule of eligibility removed")
    EXCEPTION_GRANTED = (
        "seed_projects.exception_granted",
        _("Exception of eligibility granted"),
    )
    CALL_OPENED = "seed_projects.call_opened", _("Call opened")
    CALL_CLOSED = "seed_projects.call_closed", _("Call closed")
    CALL_REOPENED = "seed_projects.call_reopened", _("Call reopened")
    CALL_CANCELLED = "seed_projects.call_cancelled", _("Call cancelled")
    CALL_REVIEWED = "seed_projects.call_reviewed", _("Review of the call begun")
    CALL_DECIDED = "seed_projects.call_decided", _("Call decided")
    CALL_ARCHIVED = "seed_projects.call_archived", _("Call archived")
    DEADLINE_EXTENDED = "seed_projects.deadline_extended", _("Deadline extended")
    FORM_CHANGED = "seed_projects.form_changed", _("Form of the call replaced")
    RUBRIC_CHANGED = "seed_projects.rubric_changed", _("Rubric of the call replaced")
    FORM_ADDED = "seed_projects.form_added", _("Form added")
    FORM_VERSION_ADDED = "seed_projects.form_version_added", _("Form's version begun")
    FORM_EDITED = "seed_projects.form_edited", _("Draft of a form edited")
    FORM_PUBLISHED = "seed_projects.form_published", _("Form published")
    RUBRIC_ADDED = "seed_projects.rubric_added", _("Rubric added")
    RUBRIC_VERSION_ADDED = (
        "seed_projects.rubric_version_added",
        _("Rubric's version begun"),
    )
    RUBRIC_EDITED = "seed_projects.rubric_edited", _("Draft of a rubric edited")
    RUBRIC_PUBLISHED = "seed_projects.rubric_published", _("Rubric published")
    PROBLEM_STATED = "seed_projects.problem_stated", _("Problem stated")
    PROBLEM_USED = "seed_projects.problem_used", _("Problem put into a call")
    PROBLEM_WITHDRAWN = "seed_projects.problem_withdrawn", _("Problem withdrawn")
    QUESTION_ASKED = "seed_projects.question_asked", _("Question about a call asked")
    QUESTION_ANSWERED = (
        "seed_projects.question_answered",
        _("Question about a call answered"),
    )
    PROPOSAL_BEGUN = "seed_projects.proposal_begun", _("Proposal begun")
    PROPOSAL_CHANGED = "seed_projects.proposal_changed", _("Proposal changed")
    ELIGIBILITY_DECLARED = (
        "seed_projects.eligibility_declared",
        _("Eligibility declared"),
    )
    BUDGET_CHANGED = "seed_projects.budget_changed", _("Budget changed")
    TEXT_SET_ASIDE = (
        "seed_projects.text_set_aside",
        _("Second text of an answer set aside"),
    )
    TEXTS_SETTLED = "seed_projects.texts_settled", _("Two texts of an answer settled")
    AUTHOR_ADDED = "seed_projects.author_added", _("Person added to a proposal")
    AUTHOR_CHANGED = "seed_projects.author_changed", _("Rights in a proposal changed")
    AUTHOR_REMOVED = "seed_projects.author_removed", _("Person removed from a proposal")
    PART_CONFIRMED = "seed_projects.part_confirmed", _("Part in a proposal confirmed")
    ANSWER_FILE_ATTACHED = (
        "seed_projects.answer_file_attached",
        _("File attached to a proposal"),
    )
    ANSWER_FILE_REMOVED = (
        "seed_projects.answer_file_removed",
        _("File removed from a proposal"),
    )
    PART_DECLINED = "seed_projects.part_declined", _("Part in a proposal declined")
    PROPOSAL_COMMENTED = "seed_projects.proposal_commented", _("Proposal commented on")
    PROPOSAL_SUBMITTED = "seed_projects.proposal_submitted", _("Proposal submitted")
    PROPOSAL_TAKEN_BACK = "seed_projects.proposal_taken_back", _("Proposal taken back")
    PROPOSAL_WITHDRAWN = "seed_projects.proposal_withdrawn", _("Proposal withdrawn")
    PROPOSAL_REVIVED = (
        "seed_projects.proposal_revived",
        _("Withdrawn proposal made a draft again"),
    )
    PROPOSAL_RETURNED = (
        "seed_projects.proposal_returned",
        _("Proposal returned without review"),
    )
    PROPOSAL_CHECKED = "seed_projects.proposal_checked", _("Submission checked")
    PROPOSAL_ACCEPTED = (
        "seed_projects.proposal_accepted",
        _("Proposal accepted into review"),
    )
    PROPOSAL_SENT_BACK = (
        "seed_projects.proposal_sent_back",
        _("Proposal sent back for more information"),
    )
    PROPOSALS_MOVED = "seed_projects.proposals_moved", _("Proposals moved together")
    MOVE_UNDONE = "seed_projects.move_undone", _("Move of a proposal undone")
    MOVES_UNDONE = "seed_projects.moves_undone", _("Move of several proposals undone")
    RETURN_APPEALED = "seed_projects.return_appealed", _("Return appealed")
    APPEAL_DECIDED = "seed_projects.appeal_decided", _("Appeal decided")
    LETTER_WRITTEN = "seed_projects.letter_written", _("Letter about the call written")
    LETTER_CHANGED = "seed_projects.letter_changed", _("Letter about the call changed")
    LETTER_SENT = "seed_projects.letter_sent", _("Letter about the call sent")
    PAPER_TAKEN = "seed_projects.paper_taken", _("Submission taken as a PDF")
    BOOK_ASKED = "seed_projects.book_asked", _("Book of the call asked for")
    RATE_RECORDED = "seed_projects.rate_recorded", _("Rate of budgets recorded")


vocabulary.register(Verb, for_members=[Verb.PROBLEM_STATED, Verb.PROBLEM_WITHDRAWN])
