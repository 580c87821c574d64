import re
from datetime import datetime
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone

from inm_portal.accounts import roles
from inm_portal.accounts.invitations import invite
from inm_portal.accounts.models import Invitation, InvitationKind, User
from inm_portal.kernel.models import Message


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@inm.example")
    name = factory.Sequence(lambda n: f"Person {n}")


def staff(role: str) -> User:
    """Return a person at INM in one role."""
    user = UserFactory(name=role.title())
    user.groups.add(Group.objects.get(name=role))
    return user


def invitation_to_inm(
    email: str = "new@inm.example",
    *,
    role: str = roles.PROGRAM_STAFF,
    at: datetime | None = None,
    by: User | None = None,
) -> Invitation:
    """Return a pending invitation to a role at INM."""
    return invite(
        email,
        "New Person",
        kind=InvitationKind.INM,
        role=Group.objects.get(name=role),
        place="INM",
        at=at or timezone.now(),
        by=by,
    )


def token_of(invitation: Any) -> str:
    """Return the token in the last mail of an invitation."""
    mail = Message.objects.about(invitation).latest("pk")
    (token,) = re.findall(r"/accounts/invitation/([\w-]+)/", mail.text)
    return token
