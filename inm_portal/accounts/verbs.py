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
    SESSIONS_ENDED = "accounts.sessions_ended", _("Sessions ended")
    TOKEN_ISSUED = "accounts.token_issued", _("API token issued")
    TOKENS_REVOKED = "accounts.tokens_revoked", _("API tokens revoked")


vocabulary.register(Verb)
