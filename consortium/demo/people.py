"""
What happens with the people of the demo members; all are invented.

Some are invited, two have one name, one stands in for another.
"""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from inm_portal.accounts.delegations import delegate
from inm_portal.accounts.demo import PASSWORD
from inm_portal.accounts.models import User
from inm_portal.kernel import context
from inm_portal.kernel.demo import send

from .. import services
from ..models import ContactRole, Organization


def load(*, today: date, by: User) -> None:
    """Add them to members that are there already."""
    _invitations(by)
    _twin(today, by)
    _standing_in(today)
    _mailbox(today, by)


#: Company, name and address of who is invited; days since; whether they came.
INVITED = [
    ("Siemens", "Lena Hartmann", "lena.hartmann@siemens.example", 3, False),
    ("PTC", "Owen Clarke", "owen.clarke@ptc.example", 30, False),
    ("GE Vernova", "Carla Mendes", "carla.mendes@gevernova.example", 20, True),
]


def _invitations(by: User) -> None:
    """One invitation waits, one ran out, one was accepted."""
    now = timezone.now()
    for company, name, email, days, came in INVITED:
        at = now - timedelta(days=days)
        contact = services.add_contact(
            Organization.objects.get(name=company),
            name=name,
            email=email,
            job_title="Project Engineer",
            on=timezone.localdate(at),
            by=by,
        )
        role = ContactRole.MENTOR
        services.assign_role(contact, role=role, from_on=timezone.localdate(at), by=by)
        invitation = services.invite_contact(contact, at=at, by=by).invitation
        send(at=at)
        if came and invitation:
            services.accept_invitation(
                invitation,
                digest=invitation.digest,
                at=at + timedelta(days=1),
                password=PASSWORD,
                by=None,
            )


def _twin(today: date, by: User) -> None:
    """A second contact of the same name: perhaps the same person, perhaps not."""
    services.add_contact(
        Organization.objects.get(name="Flex"),
        name="Wei Zhang",
        email="w.zhang@flex.example",
        phone="+1 617 555 0190",
        on=today - timedelta(days=12),
        by=by,
    )


def _standing_in(today: date) -> None:
    """The sponsor of Siemens lets a colleague keep the contacts for four weeks."""
    at = timezone.now() - timedelta(days=7)
    sponsor = User.objects.get(email="sponsor@siemens.example")
    delegate(
        sponsor,
        delegate=User.objects.get(email="council@siemens.example"),
        scopes=["consortium.contacts"],
        starts_on=today - timedelta(days=7),
        ends_on=today + timedelta(days=21),
        at=at,
        today=today,
        by=sponsor,
    )
    send(at=at)


#: The mailbox of Siemens that several people read, and who used it once.
MAILBOX, USED_BY = ("Accounts payable", "ap@siemens.example"), "Mei Lin"


def _mailbox(today: date, by: User) -> None:
    """Accounts payable of Siemens sign in with one account, under their names."""
    name, email = MAILBOX
    user = User.objects.create(email=email, name=name, password=make_password(PASSWORD))
    contact = services.add_contact(
        Organization.objects.get(name="Siemens"),
        name=name,
        email=email,
        is_shared_mailbox=True,
        user=user,
        on=today - timedelta(days=220),
        by=by,
    )
    services.assign_role(
        contact, role=ContactRole.BILLING, from_on=today - timedelta(days=220), by=by
    )
    with context.of_one_name(context.Given(user.pk, USED_BY)):
        services.change_contact(
            contact, phone="+49 89 555 0142", on=today - timedelta(days=190), by=user
        )
