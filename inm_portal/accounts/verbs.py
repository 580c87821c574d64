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


vocabulary.register(Verb)
