"""What the journal can say about people."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel import vocabulary


class Verb(TextChoices):
    PERSON_ADDED = "accounts.person_added", _("Person added")
    ROLE_GIVEN = "accounts.role_given", _("Role at INM given")
    ROLE_TAKEN = "accounts.role_taken", _("Role at INM taken away")
    ACCESS_ENDED = "accounts.access_ended", _("Access ended")
    ACCESS_RESTORED = "accounts.access_restored", _("Access restored")
    PEOPLE_MERGED = "accounts.people_merged", _("Accounts merged")
    PEOPLE_PARTED = "accounts.people_parted", _("Merge of accounts undone")
    INVITED = "accounts.invited", _("Invited")
    INVITATION_RESENT = "accounts.invitation_resent", _("Invitation sent again")
    INVITATION_REVOKED = "accounts.invitation_revoked", _("Invitation revoked")
    INVITATION_ACCEPTED = "accounts.invitation_accepted", _("Invitation accepted")
    SIGNED_IN = "accounts.signed_in", _("Signed in")
    SIGNED_OUT = "accounts.signed_out", _("Signed out")
    SIGN_IN_REFUSED = "accounts.sign_in_refused", _("Sign-in refused")
    PASSWORD_SET = "accounts.password_set", _("Password set")
    EMAIL_CHANGE_ASKED = "accounts.email_change_asked", _("E-mail change asked for")
    EMAIL_CHANGED = "accounts.email_changed", _("E-mail address changed")
    TIME_ZONE_SET = "accounts.time_zone_set", _("Time zone set")
    FACTOR_ADDED = "accounts.factor_added", _("Second factor added")
    FACTOR_REMOVED = "accounts.factor_removed", _("Second factor removed")
    FACTOR_USED = "accounts.factor_used", _("Second factor used")
    FACTOR_REFUSED = "accounts.factor_refused", _("Second factor refused")
    FACTORS_RESET = "accounts.factors_reset", _("Second factors reset")
    RECOVERY_CODES_MADE = "accounts.recovery_codes_made", _("Recovery codes made")
    RECOVERY_CODE_USED = "accounts.recovery_code_used", _("Recovery code used")
    SESSIONS_ENDED = "accounts.sessions_ended", _("Sessions ended")
    TOKEN_ISSUED = "accounts.token_issued", _("API token issued")
    TOKENS_REVOKED = "accounts.tokens_revoked", _("API tokens revoked")
    CAME_IN = "accounts.came_in", _("Came in by an institution")
    IDENTITY_CONNECTED = "accounts.identity_connected", _("Identity connected")
    IDENTITY_REMOVED = "accounts.identity_removed", _("Identity removed")
    DELEGATED = "accounts.delegated", _("Delegation given")
    DELEGATION_REVOKED = "accounts.delegation_revoked", _("Delegation taken back")
    ACTING_BEGUN = "accounts.acting_begun", _("Acting for somebody begun")
    ACTING_ENDED = "accounts.acting_ended", _("Acting for somebody ended")
    DATA_HANDED_OUT = "accounts.data_handed_out", _("Personal data handed out")
    PERSON_ERASED = "accounts.person_erased", _("Person erased")
    REQUEST_ANSWERED = "accounts.request_answered", _("Access request answered")
    VIEW_AS_STARTED = "accounts.view_as_started", _("Portal viewed as this person")
    VIEW_AS_ENDED = "accounts.view_as_ended", _("Viewing as this person ended")


#: What people are told about their own account.
TOLD = [
    *[Verb.PASSWORD_SET, Verb.SESSIONS_ENDED, Verb.TOKEN_ISSUED, Verb.TOKENS_REVOKED],
    *[Verb.EMAIL_CHANGED, Verb.FACTOR_ADDED, Verb.FACTOR_REMOVED, Verb.FACTORS_RESET],
    *[Verb.RECOVERY_CODES_MADE, Verb.RECOVERY_CODE_USED],
    *[Verb.IDENTITY_CONNECTED, Verb.IDENTITY_REMOVED],
    *[Verb.DELEGATED, Verb.DELEGATION_REVOKED],
    *[Verb.DATA_HANDED_OUT, Verb.VIEW_AS_STARTED, Verb.VIEW_AS_ENDED],
]

vocabulary.register(Verb, for_members=TOLD)
