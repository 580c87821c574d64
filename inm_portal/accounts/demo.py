"""The people of the demo world who are at INM or on campus; all are invented."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from .models import User, Viewing
from .roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF
from .viewing import end_viewing, start_viewing

PASSWORD = "new-manufacturing-demo"  # noqa: S105 - for the demo only, and public

STAFF = [
    ("director", "Miriam Castle", DIRECTOR),
    ("staff", "Jordan Avery", PROGRAM_STAFF),
    ("finance", "Dana Kim", FINANCE),
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


def have_helped(person: User, *, by: User) -> None:
    """Let ``by`` have seen once what ``person`` sees, and be back since."""
    if Viewing.objects.exists():
        return
    reason, now = "Asked where the membership fee of year 2 stands.", timezone.now()
    viewing = start_viewing(person, reason=reason, at=now, by=by)
    end_viewing(viewing, at=now, why="hand")
