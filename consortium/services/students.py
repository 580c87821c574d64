"""Keep profiles of students, share them while they say so, and note each look."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..documents import RESUME
from ..models import ContactRole, ProfileConsent, ProfileOpening, StudentProfile
from ..ties import contacts_in
from ..verbs import Verb


class NoProfile(Refusal):
    code = "no_profile"


class SaidBefore(Refusal):
    code = "said_before"


class NoResume(Refusal):
    code = "no_resume"


@transaction.atomic
def keep_profile(
    person: User,
    *,
    degree: str,
    department: str,
    graduates_on: date,
    looks_for: str,
    skills: str,
    at: datetime,
    version: int | None = None,
    file: File | None = None,
) -> StudentProfile:
    """
    Write or change somebody's own profile; nobody else sees it before they say so.

    A further résumé takes the place of the one before.

    :raises EditConflict: if it was changed since ``version``.
    """
    take_turns(f"student profile {person.pk}")
    told: dict[str, Any] = {
        **{"degree": degree, "department": department, "skills": skills},
        **{"graduates_on": graduates_on, "looks_for": looks_for},
    }
    profile = StudentProfile.objects.filter(person=person).first()
    if profile is None:
        profile = StudentProfile.objects.create(person=person, **told)
    else:
        profile = StudentProfile.objects.locked(profile)
        profile.edit(version, **told)
    if file is not None:
        _replace_resume(profile, file, at=at, by=person)
    journal.record(Verb.PROFILE_KEPT, profile, by=person, resume=file is not None)
    return profile


def _replace_resume(
    profile: StudentProfile, file: File, *, at: datetime, by: User
) -> None:
    was = profile.resume
    profile.resume = documents.upload(file, kind=RESUME, subject=profile, at=at, by=by)
    profile.save(update_fields=["resume"])
    if was is not None:
        documents.supersede(was, at=at, by=by)


@transaction.atomic
def say_about_profile(person: User, *, is_given: bool, at: datetime) -> ProfileConsent:
    """
    Let members that recruit find somebody from now on, or no longer.

    :raises NoProfile: if there is nothing to share.
    :raises SaidBefore: if it is so already.
    """
    take_turns(f"student profile {person.pk}")
    rows: Any = StudentProfile.objects.filter(person=person)
    profile = rows.with_consent().first()
    if profile is None:
        raise NoProfile(_("Write your profile first."))
    if profile.is_shared == is_given:
        raise SaidBefore(_("It is so already."))
    consent = ProfileConsent.objects.create(
        profile=profile, is_given=is_given, said_at=at
    )
    verb = Verb.PROFILE_SHARED if is_given else Verb.PROFILE_NOT_SHARED
    journal.record(verb, profile, by=person)
    return consent


@transaction.atomic
def look_at_profile(
    profile: StudentProfile, *, at: datetime, by: Any
) -> ProfileOpening | None:
    """Write down that somebody looked at a profile; whose it is may look unnoticed."""
    return _note(profile, is_resume=False, at=at, by=by)


@dataclass(frozen=True)
class Resume:
    file: IO[bytes]
    name: str
    content_type: str


@transaction.atomic
def take_resume(profile: StudentProfile, *, at: datetime, by: Any) -> Resume:
    """
    Give a résumé to somebody who sees the profile; that they took it is on record.

    :raises NoResume: if there is none.
    :raises HeldBack: if it cannot be had now.
    """
    document = profile.resume
    if document is None:
        raise NoResume(_("There is no résumé."))
    _note(profile, is_resume=True, at=at, by=by)
    file: Any = documents.open_for(document, by=by, at=at)
    return Resume(file, document.name, document.content_type)


def _note(
    profile: StudentProfile, *, is_resume: bool, at: datetime, by: Any
) -> ProfileOpening | None:
    person = by.really
    if person.pk == profile.person_id:
        return None
    recruiting = (
        [] if person.is_at_inm else [*contacts_in(by, [ContactRole.RECRUITING])]
    )
    return ProfileOpening.objects.create(
        profile=profile,
        person=person,
        organization_id=recruiting[0].organization_id if recruiting else None,
        is_resume=is_resume,
        opened_at=at,
    )
