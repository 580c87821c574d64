"""The first people of a portal, until somebody in it can invite others."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from .models import User
from .verbs import Verb


class AddressTaken(Refusal):
    code = "address_taken"


def address_lock(email: str) -> str:
    """Name the lock under which an address becomes an account."""
    return f"address {email.lower()}"


@transaction.atomic
def add_person(email: str, name: str, *, role: str, by: User | None) -> User:
    """
    Add somebody in one role at INM, who signs in once a password is chosen.

    :raises AddressTaken: if somebody signs in with that address.
    """
    take_turns(address_lock(email))
    if User.objects.filter(email__iexact=email).exists():
        raise AddressTaken(_("Somebody signs in with this address."))
    user = User.objects.create_user(email, name)
    user.groups.add(Group.objects.get(name=role))
    journal.record(Verb.PERSON_ADDED, user, by=by, role=role)
    return user


def password_link(user: User) -> str:
    """Return where ``user`` chooses a password, once, within the hour."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    start = reverse("account_reset_password_from_key", args=["UID", "KEY"])
    return f"{settings.PORTAL_URL}{start.replace('UID-KEY', key)}"
