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
    VIEW_AS_STARTED = "accounts.view_as_started", _("Portal viewed as this person")
    VIEW_AS_ENDED = "accounts.view_as_ended", _("Viewing as this person ended")


#: What people are told about their own account.
TOLD = [
    *[Verb.PASSWORD_SET, Verb.SESSIONS_ENDED, Verb.TOKEN_ISSUED, Verb.TOKENS_REVOKED],
    *[Verb.VIEW_AS_STARTED, Verb.VIEW_AS_ENDED],
]

vocabulary.register(Verb, for_members=TOLD)
