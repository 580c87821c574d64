"""Workforce programs, parts in them, and students to be found."""

from datetime import date

from consortium import services
from consortium.models import (
    ContactRole,
    ProgramContribution,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)

from .accounts import UserFactory
from .consortium import person_at
from .credits import at
from .library import sent

TODAY = date(2026, 11, 22)


def program(name: str = "TechAMP 2026", **told) -> WorkforceProgram:
    given = {"kind": "techamp", "summary": "For technicians", "seats": 10}
    given |= {"starts_on": TODAY, "ends_on": None, "at": at(TODAY), "by": None}
    return services.add_program(name=name, **given | told)


def part(organization, of=None, **told) -> ProgramPart:
    given = {"seats": 4, "on": TODAY, "at": at(TODAY), "by": None}
    one = of or program()
    return services.join_program(one, organization=organization, **given | told)


def contribution(of: ProgramPart, **told) -> ProgramContribution:
    given = {"kind": "equipment", "what": "A cell", "contributed_on": TODAY}
    given |= {"at": at(TODAY), "by": None}
    return services.contribute(of, **given | told)


def student(person=None, *, shared: bool = True, **told) -> StudentProfile:
    """Return a student with a résumé, whom members find unless told otherwise."""
    given = {"degree": "SM", "department": "Mechanics", "skills": "Robots"}
    given |= {"graduates_on": date(2027, 6, 1), "looks_for": "both"}
    given |= {"file": sent(name="resume.pdf"), "at": at(TODAY)}
    profile = services.keep_profile(person or UserFactory(), **given | told)
    if shared:
        services.say_about_profile(profile.person, is_given=True, at=at(TODAY))
    return profile


def recruiter(organization):
    return person_at(organization, ContactRole.RECRUITING).user
