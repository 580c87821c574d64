"""What stands here about people: accounts, ways in, mails, what they did."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel import mentions, vocabulary
from inm_portal.kernel.models import (
    Bounce,
    Document,
    GivenName,
    Job,
    JournalEntry,
    KeptAnswer,
    Message,
    Session,
)
from inm_portal.kernel.privacy import Fate, Kind, Pseudonym, Row, register, values

from .models import (
    AccessRequest,
    ApiToken,
    Delegation,
    EmailChange,
    Invitation,
    InvitationState,
    User,
    UserMerge,
    Viewing,
)


def tokens(user: User) -> Iterable[Row]:
    rows = ApiToken.objects.filter(user=user)
    return values(rows, "name", "token_key", "scope", "created", "expiry")


def erase_tokens(user: User, pseudonym: Pseudonym) -> None:
    ApiToken.objects.filter(user=user).delete()


def sessions(user: User) -> Iterable[Row]:
    rows = Session.objects.filter(user=user)
    return values(rows, "began_at", "seen_at", "device", "address")


def erase_sessions(user: User, pseudonym: Pseudonym) -> None:
    Session.objects.filter(user=user).delete()


def factors(user: User) -> Iterable[Row]:
    rows = Authenticator.objects.filter(user=user).order_by("pk")
    return values(rows, "type", "created_at", "last_used_at")


def erase_factors(user: User, pseudonym: Pseudonym) -> None:
    Authenticator.objects.filter(user=user).delete()


def email_changes(user: User) -> Iterable[Row]:
    return values(EmailChange.objects.filter(user=user), "email", "asked_at")


def erase_email_changes(user: User, pseudonym: Pseudonym) -> None:
    EmailChange.objects.filter(user=user).delete()


def delegations(user: User) -> Iterable[Row]:
    rows = Delegation.objects.filter(Q(principal=user) | Q(delegate=user))
    columns = ["scopes", "starts_on", "ends_on", "revoked_at", "principal_id"]
    for row in values(rows.order_by("pk"), *columns):
        yield row | {"for_you": row.pop("principal_id") == user.pk}


def strip_delegations(user: User, pseudonym: Pseudonym) -> None:
    """Forget the words of a delegation; it ended with the place."""
    theirs = Delegation.objects.filter(Q(principal=user) | Q(delegate=user))
    for words in ("reason", "ended_because"):
        theirs.exclude(**{words: ""}).update(**{words: _("Erased")})


def identities(user: User) -> Iterable[Row]:
    rows = SocialAccount.objects.filter(user=user)
    return values(
        rows, "date_joined", "last_login", institution="provider", said="extra_data"
    )


def erase_identities(user: User, pseudonym: Pseudonym) -> None:
    SocialAccount.objects.filter(user=user).delete()


def requests(user: User) -> Iterable[Row]:
    rows = AccessRequest.objects.filter(user=user)
    return values(rows, "institution", "asked_at", "outcome", "answered_at")


def erase_requests(user: User, pseudonym: Pseudonym) -> None:
    AccessRequest.objects.filter(user=user).delete()


def invitations(user: User) -> Iterable[Row]:
    rows = _invitations(user)
    return values(rows, "name", "email", "place", "sent_at", "accepted_at")


def _invitations(user: User) -> Any:
    own = Q(accepted_by=user) | Q(email=user.email)
    return Invitation.objects.filter(own).order_by("pk")


def strip_invitations(user: User, pseudonym: Pseudonym) -> None:
    """Take back what is pending; leave no name on what is over."""
    rows = _invitations(user)
    rows.pending().update(state=InvitationState.REVOKED)
    _invitations(user).update(name=pseudonym.name, email=pseudonym.email)


def merges(user: User) -> Iterable[Row]:
    own = Q(survivor=user) | Q(merged=user)
    return values(UserMerge.objects.filter(own), "merged_at", "undone_at")


def kept_answers(user: User) -> Iterable[Row]:
    return values(KeptAnswer.objects.filter(user=user), "endpoint", "created_at")


def erase_kept_answers(user: User, pseudonym: Pseudonym) -> None:
    KeptAnswer.objects.filter(user=user).delete()


def jobs(user: User) -> Iterable[Row]:
    rows = Job.objects.filter(asked_by=user).order_by("pk")
    return values(rows, "kind", "title", "asked_at", "state")


def documents(user: User) -> Iterable[Row]:
    rows = Document.objects.filter(uploaded_by=user).order_by("pk")
    return values(rows, "kind", "name", "uploaded_at")


def mails(user: User) -> Iterable[Row]:
    return values(_mails(user), "kind", "subject", "state", "sent_at")


def _mails(user: User) -> Any:
    to_them = Q(to=user) | Q(recipient__iexact=user.email)
    return Message.objects.filter(to_them).order_by("pk")


def erase_mails(user: User, pseudonym: Pseudonym) -> None:
    """Let nothing go out any more, and no mail say what it said."""
    mentions.blank(_mails(user), pseudonym)


def mails_about(user: User) -> Iterable[Row]:
    return mentions.rows_of(_mails_about(user))


def _mails_about(user: User) -> Any:
    leaves = Delegation.objects.filter(Q(principal=user) | Q(delegate=user))
    objects = {
        User: [user.pk],
        Delegation: leaves.values_list("pk", flat=True),
        Invitation: _invitations(user).values_list("pk", flat=True),
    }
    return mentions.mails_about(objects, to=user.email)


def rename_in_mails(user: User, pseudonym: Pseudonym) -> None:
    known = [user.name, user.email]
    for row in _invitations(user).values_list("name", "email"):
        known += row
    mentions.rename_in(_mails_about(user), known, pseudonym)


def bounces(user: User) -> Iterable[Row]:
    return values(
        Bounce.objects.of([user.email]).order_by("pk"), "address", "kind", "at"
    )


def entries(user: User) -> Iterable[Row]:
    """Yield what a person did and what was done about them; not by whom."""
    own = JournalEntry.objects.filter(
        Q(actor=user)
        | Q(acting_as=user)
        | Q(subject_type="accounts.user", subject_id=user.pk)
    )
    columns = ["at", "verb", "subject_type", "subject_id", "actor_id"]
    for row in values(own.order_by("pk"), *columns):
        acted = row.pop("actor_id") == user.pk
        yield row | {"verb": vocabulary.sentence_of(row["verb"]), "by_you": acted}


def given_names(user: User) -> Iterable[Row]:
    """Yield when a name was given; whose, is for each of those people to be told."""
    rows = GivenName.objects.filter(entry__actor=user).order_by("pk")
    return values(rows, given_at="entry__at")


def strip_given_names(user: User, pseudonym: Pseudonym) -> None:
    """Forget who acted by a shared mailbox; that somebody did is a record."""
    GivenName.objects.filter(entry__actor=user).update(name=pseudonym.name)


def account(user: User) -> Iterable[Row]:
    rows = User.objects.filter(pk=user.pk)
    fields = ["name", "email", "time_zone", "joined_at", "last_login", "is_active"]
    held = Group.objects.filter(user=user).values_list("name", flat=True)
    return [row | {"roles": ", ".join(held)} for row in values(rows, *fields)]


def erase_account(user: User, pseudonym: Pseudonym) -> None:
    user.name, user.email = pseudonym.name, pseudonym.email
    user.password = make_password(None)
    user.is_active, user.last_login = False, None
    user.time_zone = settings.TIME_ZONE
    user.save()
    user.groups.clear()


def holds_role(user: User) -> str:
    held = user.groups.exists()
    return _("Take the role at INM away first.") if held else ""


def viewings(user: User) -> Iterable[Row]:
    """Yield when somebody at INM saw what a person sees; to whoever looked, too."""
    rows = Viewing.objects.filter(Q(person=user) | Q(by=user)).order_by("pk")
    columns = ["started_at", "ended_at", "reason", "person_id"]
    for row in values(rows, *columns):
        yield row | {"as_you": row.pop("person_id") == user.pk}


def strip_viewings(user: User, pseudonym: Pseudonym) -> None:
    """Forget why; that it happened is a record."""
    rows = Viewing.objects.filter(Q(person=user) | Q(by=user))
    rows.update(reason=_("Erased"))


register(
    Kind(
        "mails_about",
        _("Mails to others about the account"),
        _("Name and address go; the rest stays with whom they were sent to."),
        Fate.PSEUDONYMISED,
        mails_about,
        rename_in_mails,
        without_account=True,
    ),
    Kind(
        "viewings",
        _("Views of the portal as the person"),
        _("They show who looked when; the reason goes."),
        Fate.PSEUDONYMISED,
        viewings,
        strip_viewings,
        tables=["accounts.Viewing"],
    ),
    Kind(
        "sessions",
        _("Sessions"),
        _("They end at once."),
        Fate.ERASED,
        sessions,
        erase_sessions,
        tables=["kernel.Session"],
    ),
    Kind(
        "second_factors",
        _("Second factors"),
        _("They open nothing any more."),
        Fate.ERASED,
        factors,
        erase_factors,
        tables=["mfa.Authenticator"],
    ),
    Kind(
        "email_changes",
        _("Changes of the address"),
        _("Nothing needs an address that was asked for."),
        Fate.ERASED,
        email_changes,
        erase_email_changes,
        tables=["accounts.EmailChange"],
    ),
    Kind(
        "delegations",
        _("Delegations"),
        _("They show who acted for whom; the reason goes."),
        Fate.PSEUDONYMISED,
        delegations,
        strip_delegations,
        tables=["accounts.Delegation"],
    ),
    Kind(
        "api_tokens",
        _("API tokens"),
        _("They open nothing any more."),
        Fate.ERASED,
        tokens,
        erase_tokens,
        tables=["accounts.ApiToken"],
    ),
    Kind(
        "identities",
        _("Identities at institutions"),
        _("They open nothing any more."),
        Fate.ERASED,
        identities,
        erase_identities,
        tables=["socialaccount.SocialAccount"],
    ),
    Kind(
        "access_requests",
        _("Access requests"),
        _("Nobody needs them once the person is gone."),
        Fate.ERASED,
        requests,
        erase_requests,
        tables=["accounts.AccessRequest"],
    ),
    Kind(
        "invitations",
        _("Invitations"),
        _("Name and address go; that somebody was invited stays."),
        Fate.PSEUDONYMISED,
        invitations,
        strip_invitations,
        without_account=True,
        tables=["accounts.Invitation"],
    ),
    Kind(
        "merges",
        _("Merges of accounts"),
        _("They hold no name, and show which account leads to which."),
        Fate.KEPT,
        merges,
        tables=["accounts.UserMerge"],
    ),
    Kind(
        "kept_answers",
        _("Answers kept for a week"),
        _("They serve whoever sends the same again."),
        Fate.ERASED,
        kept_answers,
        erase_kept_answers,
        tables=["kernel.KeptAnswer"],
    ),
    Kind(
        "mails",
        _("Mails to the person"),
        _("Address, subject and text go; that a mail was sent is a record."),
        Fate.PSEUDONYMISED,
        mails,
        erase_mails,
        without_account=True,
        tables=["kernel.Message"],
    ),
    Kind(
        "jobs",
        _("Long work asked for"),
        _("It shows who took what out of the portal."),
        Fate.KEPT,
        jobs,
        tables=["kernel.Job"],
    ),
    Kind(
        "documents",
        _("Files added"),
        _("They belong to companies and contracts, not to who added them."),
        Fate.KEPT,
        documents,
        tables=["kernel.Document"],
    ),
    Kind(
        "bounces",
        _("Marks that the address refuses mail"),
        _("The address alone stays, so that no mail is tried there again."),
        Fate.KEPT,
        bounces,
        without_account=True,
        tables=["kernel.Bounce"],
    ),
    Kind(
        "journal",
        _("Journal entries"),
        _(
            "The journal holds numbers and no names, and is sealed; it shows that"
            " money, votes and records are right."
        ),
        Fate.KEPT,
        entries,
        tables=["kernel.JournalEntry"],
    ),
    Kind(
        "given_names",
        _("Names given when acting by a shared mailbox"),
        _("They are of colleagues; they go with the account, and its entries stay."),
        Fate.PSEUDONYMISED,
        given_names,
        strip_given_names,
        tables=["kernel.GivenName"],
    ),
    Kind(
        "account",
        _("Account"),
        _("Name and address go; the number stays, since records point to it."),
        Fate.PSEUDONYMISED,
        account,
        erase_account,
        holds_role,
        tables=["accounts.User"],
    ),
)
