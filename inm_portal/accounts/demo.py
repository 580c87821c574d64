"""The people of the demo world who are at INM or on campus; all are invented."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from .models import AccessRequest, User, Viewing
from .roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF
from .sso.entry import admit
from .sso.identity import Identity
from .sso.institutions import Institution
from .viewing import end_viewing, start_viewing

PASSWORD = "new-manufacturing-demo"  # noqa: S105 - for the demo only, and public

STAFF = [
    ("director", "Miriam Castle", DIRECTOR),
    ("codirector", "Samir Nasser", DIRECTOR),
    ("staff", "Jordan Avery", PROGRAM_STAFF),
    ("finance", "Dana Kim", FINANCE),
    ("finance2", "Peter Osei", FINANCE),
    ("admin", "Robin Falk", ADMIN),
    ("auditor", "Leslie Tran", AUDITOR),
]
CAMPUS = [
    ("pi", "Anita Rao"),
    ("copi", "Samuel Brooks"),
    ("reviewer", "Ingrid Solberg"),
    ("reviewer2", "Hector Ruiz"),
    ("chair", "Evelyn Park"),
    ("steering", "Thomas Abara"),
    ("deptadmin", "Nora Feldman"),
    ("speaker", "Kenji Watanabe"),
    ("attendee", "Lucia Ferraro"),
]

#: Of eight people, the one who never came.
SELDOM = 6

UNIVERSITY = Institution(
    slug="example-university",
    label="Example University",
    issuer="https://sign-in.university.example",
    client_id="demo",
    client_secret="",
    domains=frozenset({"university.example"}),
    verified_claim="email_verified",
    second_factor=frozenset(),
)
#: Name and address of who came in by it, and days since; the first has an account.
NEWCOMERS = [
    ("Anita Rao", "arao@university.example", 4),
    ("Noor El-Amin", "noor.elamin@university.example", 2),
]


def load() -> dict[str, User]:
    """Make them all, those of INM in their groups; return them by local part."""
    password = make_password(PASSWORD)
    people = {}
    for local, name, *role in [*STAFF, *CAMPUS]:
        email = f"{local}@inm.example"
        user, _created = User.objects.get_or_create(
            email=email, defaults={"name": name, "password": password}
        )
        user.groups.set(Group.objects.filter(name__in=role))
        people[local] = user
    return people


def have_signed_in(*, now: datetime) -> None:
    """Let most of the people with a password have been here, some long ago."""
    if User.objects.exclude(last_login=None).exists():
        return
    for number, user in enumerate(User.objects.filter(invitations=None).order_by("pk")):
        if number % 8 != SELDOM:
            user.last_login = now - timedelta(hours=3 + number * 7 % 400)
        user.joined_at = now - timedelta(days=200 - number)
        user.save(update_fields=["last_login", "joined_at"])


def have_helped(person: User, *, by: User) -> None:
    """Let ``by`` have seen once what ``person`` sees, and be back since."""
    if Viewing.objects.exists():
        return
    reason, now = "Asked where the membership fee of year 2 stands.", timezone.now()
    viewing = start_viewing(person, reason=reason, at=now, by=by)
    end_viewing(viewing, at=now, why="hand")


def have_come_in(*, now: datetime) -> None:
    """Let people come in by an institution, and wait for a place."""
    if AccessRequest.objects.exists():
        return
    for name, email, days in NEWCOMERS:
        newcomer = Identity(
            issuer=UNIVERSITY.issuer,
            subject=email,
            email=email,
            is_verified=True,
            name=name,
            methods=frozenset(),
        )
        user = admit(UNIVERSITY, newcomer, at=now - timedelta(days=days))
        user.joined_at = now - timedelta(days=days)
        user.save(update_fields=["joined_at"])
