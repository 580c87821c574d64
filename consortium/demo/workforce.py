"""Workforce programs of the demo, who takes part, what they give, and students."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.utils import timezone

from inm_portal.accounts.models import User

from .. import services
from ..models import (
    Contact,
    ContactRole,
    ContributionKind,
    LooksFor,
    Organization,
    ProgramKind,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)

#: Kind, name, what it is, days since it began, its days, and its seats.
PROGRAMS: list[tuple[ProgramKind, str, str, int, int | None, int | None]] = [
    (
        *(ProgramKind.TECHAMP, "TechAMP 2026"),
        "With community colleges: twelve months between technician and engineer.",
        *(80, 365, 60),
    ),
    (
        *(ProgramKind.EDUCATION, "AI for plant managers"),
        "Five days of professional education, on campus and in a plant.",
        *(40, 120, 24),
    ),
    (
        *(ProgramKind.OBSERVATORY, "Factory observatory, fall"),
        "Members open a plant to students for two days.",
        *(60, 100, None),
    ),
    (
        *(ProgramKind.INTERNSHIPS, "Summer internships 2026"),
        "Twelve weeks at a member, with a mentor there and one of the faculty.",
        *(200, 110, 30),
    ),
]
#: Company, number of the program, its seats, and the days since it joined.
PARTS = [
    *[("Siemens", 0, 20, 78), ("GE Vernova", 0, 25, 70), ("Flex", 0, 10, 60)],
    *[("Siemens", 1, 6, 35), ("Sanofi", 1, 18, 30), ("Amgen", 2, 0, 55)],
    *[("Siemens", 3, 4, 190), ("Autodesk", 3, 3, 180)],
]
#: Name, degree, department, days until graduation, what for, and what they can.
STUDENTS = [
    *[("Noor Haddad", "SM", "Mechanical Engineering", 190, LooksFor.JOB)],
    *[("Kenji Mori", "PhD", "Materials Science and Engineering", 540, LooksFor.BOTH)],
    *[("Ana Duarte", "MEng", "Electrical Engineering", 555, LooksFor.INTERNSHIP)],
]
SKILLS = [
    "Robot cells, simulation, PLC programming; spent a summer in a foundry.",
    "Recycled alloys, additive manufacturing, process control.",
    "Machine vision, embedded systems, inspection of welds.",
]


def load(*, today: date, password: str, by: User) -> None:
    """Make programs in each kind, and students who are found and who are not."""
    programs = [_program(*told, today=today, by=by) for told in PROGRAMS]
    parts = [
        _part(company, programs[number], seats, _day(today, ago), by)
        for company, number, seats, ago in PARTS
    ]
    _contributions(parts, today=today, by=by)
    services.leave_program(parts[7], on=_day(today, 90), by=by)
    mine = [
        _student(*told, skills, today=today, password=password)
        for told, skills in zip(STUDENTS, SKILLS, strict=True)
    ]
    for profile in mine[:2]:
        at = _at(today, 30)
        services.say_about_profile(profile.person, is_given=True, at=at)
    _looks(mine[0], today=today, by=by)


def _program(
    kind: ProgramKind,
    name: str,
    summary: str,
    ago: int,
    days: int | None,
    seats: int | None,
    *,
    today: date,
    by: User,
) -> WorkforceProgram:
    starts_on = _day(today, ago)
    return services.add_program(
        kind=kind,
        name=name,
        summary=summary,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days) if days else None,
        seats=seats,
        at=_at(today, ago + 30),
        by=by,
    )


def _part(
    company: str, program: WorkforceProgram, seats: int, on: date, by: User
) -> ProgramPart:
    member = Organization.objects.get(name=company)
    at = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    return services.join_program(
        program, organization=member, seats=seats, on=on, at=at, by=by
    )


def _contributions(parts: list[ProgramPart], *, today: date, by: User) -> None:
    given: list[tuple[int, ContributionKind, str, int | None, int]] = [
        (0, ContributionKind.EQUIPMENT, "Two training cells", 84_000, 50),
        (0, ContributionKind.TIME, "A master technician, two days a week", None, 40),
        (1, ContributionKind.CURRICULUM, "The course on grid equipment", 30_000, 45),
        (3, ContributionKind.HOSTING, "A day in the plant at Grand Prairie", None, 20),
        (2, ContributionKind.MONEY, "Stipends, entered for another program", 5_000, 15),
    ]
    rows = [
        services.contribute(
            parts[number],
            kind=kind,
            what=what,
            amount=None if amount is None else Decimal(amount),
            contributed_on=_day(today, ago),
            at=_at(today, ago),
            by=by,
        )
        for number, kind, what, amount, ago in given
    ]
    services.take_back_contribution(
        rows[-1], reason="It was of another program.", at=_at(today, 10), by=by
    )


def _student(
    name: str,
    degree: str,
    department: str,
    ahead: int,
    looks_for: LooksFor,
    skills: str,
    *,
    today: date,
    password: str,
) -> StudentProfile:
    email = f"{name.split()[0].lower()}@students.example"
    person = User.objects.create(email=email, name=name, password=password)
    told: dict[str, Any] = {"degree": degree, "department": department}
    told |= {"looks_for": looks_for, "skills": skills}
    source = f"= {name}\n{degree}, {department}\n\n{skills}"
    file = ContentFile(typst.compile(source.encode()), name=f"{name}.pdf")
    return services.keep_profile(
        person,
        **told,
        graduates_on=today + timedelta(days=ahead),
        file=file,
        at=_at(today, 45),
    )


def _looks(profile: StudentProfile, *, today: date, by: User) -> None:
    """Let the technical lead of Siemens recruit too, and look at a student."""
    lead = Contact.objects.get(email="tech@siemens.example")
    role = ContactRole.RECRUITING
    services.assign_role(lead, role=role, from_on=_day(today, 100), by=by)
    recruiter: Any = lead.user
    services.look_at_profile(profile, at=_at(today, 12), by=recruiter)
    services.take_resume(profile, at=_at(today, 12), by=recruiter)


def _day(today: date, ago: int) -> date:
    return today - timedelta(days=ago)


def _at(today: date, ago: int) -> datetime:
    noon = datetime.combine(_day(today, ago), datetime.min.time())
    return timezone.make_aware(noon.replace(hour=12))
