"""What is spoken with members, and by whom of the faculty."""

from datetime import date

from consortium import services
from consortium.models import (
    Contact,
    FacultyMember,
    FollowUp,
    Interaction,
    OneToOneRequest,
)

from .credits import at

TODAY = date(2026, 11, 22)


def faculty(name: str = "Mina Kwon", **told) -> FacultyMember:
    address = f"{name.split()[0].lower()}@mit.example"
    given = {"email": address, "department": "Mechanical Engineering", "by": None}
    return services.add_faculty(name=name, **given | told)


def interaction(contact: Contact, **told) -> Interaction:
    """A call with somebody of a member, for INM alone."""
    given = {"kind": "call", "held_on": TODAY, "summary": "On the pilot line"}
    given |= {"contacts": [contact], "today": TODAY, "at": at(TODAY), "by": None}
    return services.record_interaction(contact.organization, **given | told)


def correct(one: Interaction, contact: Contact, **told) -> Interaction:
    given = {"reason": "It was a visit", "kind": "visit", "held_on": one.held_on}
    given |= {"summary": one.summary, "contacts": [contact], "today": TODAY}
    given |= {"at": at(TODAY), "by": None}
    return services.correct_interaction(one, **given | told)


def follow_up(one: Interaction, *, owner, **told) -> FollowUp:
    given = {"what": "Send the case study", "due_on": TODAY, "today": TODAY}
    given |= {"at": at(TODAY), "by": None}
    return services.follow_up(one, owner=owner, **given | told)


def one_to_one(contact: Contact, name: str = "Mina Kwon", **told) -> OneToOneRequest:
    """A talk that somebody of a member asks for."""
    given = {"topic": "Robots", "suits": "In December", "today": TODAY}
    given |= {"at": at(TODAY), "by": None}
    given |= {"faculty": told.pop("faculty", None) or faculty(name)}
    return services.ask_one_to_one(
        contact.organization, contact=contact, **given | told
    )


def agree(one: OneToOneRequest, **told) -> OneToOneRequest:
    given = {"meets_on": TODAY, "place": "Room 5", "today": TODAY}
    given |= {"at": at(TODAY), "by": None}
    return services.agree_one_to_one(one, **given | told)


def agreed(contact: Contact, name: str = "Mina Kwon", **told) -> OneToOneRequest:
    """A talk that is agreed, for today unless told."""
    return agree(one_to_one(contact, name), **told)
