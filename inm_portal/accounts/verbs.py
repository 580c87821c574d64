"""What the journal can say about people."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel import vocabulary


class Verb(TextChoices):
    PERSON_ADDED = "accounts.person_added", _("Person added")
    SIGNED_IN = "accounts.signed_in", _("Signed in")
    SIGNED_OUT = "accounts.signed_out", _("Signed out")
    SIGN_IN_REFUSED = "accounts.sign_in_refused", _("Sign-in refused")
    PASSWORD_SET = "accounts.password_set", _("Password set")
    SESSIONS_ENDED = "accounts.sessions_ended", _("Sessions ended")
    TOKEN_ISSUED = "accounts.token_issued", _("API token issued")
    TOKENS_REVOKED = "accounts.tokens_revoked", _("API tokens revoked")
    CAME_IN = "accounts.came_in", _("Came in by an institution")
    IDENTITY_CONNECTED = "accounts.identity_connected", _("Identity connected")
    IDENTITY_REMOVED = "accounts.identity_removed", _("Identity removed")
    DATA_HANDED_OUT = "accounts.data_handed_out", _("Personal data handed out")
    PERSON_ERASED = "accounts.person_erased", _("Person erased")
    REQUEST_ANSWERED = "accounts.request_answered", _("Access request answered")


vocabulary.register(Verb)
