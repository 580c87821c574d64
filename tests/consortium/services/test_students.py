"""Students: found while they say so, by who recruits alone, and each look on record."""

import pytest
from django.utils import timezone

from consortium import services
from consortium.models import ProfileConsent, ProfileOpening, StudentProfile
from consortium.services.students import NoProfile, NoResume, SaidBefore
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import Document
from inm_portal.kernel.privacy import kinds, pseudonym_of
from tests.factories.accounts import UserFactory
from tests.factories.library import sent
from tests.factories.workforce import recruiter, student
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def found_by(user) -> set[int]:
    rows = StudentProfile.objects.permitted(user, "view")
    return {*rows.values_list("pk", flat=True)}


def say(profile, *, is_given: bool) -> ProfileConsent:
    return services.say_about_profile(profile.person, is_given=is_given, at=NOW)


def test_only_who_recruits_finds_a_student_who_shared(cast):
    mina = recruiter(cast.siemens)
    profile = student(shared=False)
    assert found_by(mina) == found_by(cast["staff"]) == set()
    assert found_by(profile.person) == {profile.pk}

    say(profile, is_given=True)

    seen = {who for who in cast.people if who != "visitor" and found_by(cast[who])}
    assert seen == {"staff", "director"}
    assert found_by(mina) == {profile.pk}
    say(profile, is_given=False)
    assert found_by(mina) == found_by(cast["staff"]) == set()
    say(profile, is_given=True)
    assert found_by(mina) == {profile.pk}


def test_who_recruits_for_a_former_member_finds_nobody(cast, time_machine):
    mina = recruiter(cast.siemens)
    student()
    assert found_by(mina)

    time_machine.move_to("2031-01-01")

    assert not found_by(mina)


def test_each_word_about_sharing_is_dated_and_kept():
    profile = student(shared=False)
    for is_given in (True, False, True):
        say(profile, is_given=is_given)

    with pytest.raises(SaidBefore):
        say(profile, is_given=True)
    with pytest.raises(NoProfile):
        services.say_about_profile(UserFactory(), is_given=True, at=NOW)
    said = profile.consents.order_by("pk").values_list("is_given", flat=True)
    assert [*said] == [True, False, True]
    row = StudentProfile.objects.with_consent().get()
    assert (row.is_shared, row.consent_at) == (True, NOW)


def test_every_look_is_on_record_and_the_students_own_is_not(cast):
    mina, profile = recruiter(cast.siemens), student()
    now = {"at": NOW}
    services.look_at_profile(profile, **now, by=mina)
    services.take_resume(profile, **now, by=mina)
    services.look_at_profile(profile, **now, by=cast["staff"])
    services.look_at_profile(profile, **now, by=profile.person)

    rows = ProfileOpening.objects.order_by("pk")
    assert [(r.person, r.organization, r.is_resume) for r in rows] == [
        (mina, cast.siemens, False),
        (mina, cast.siemens, True),
        (cast["staff"], None, False),
    ]
    counts = {
        name: ProfileOpening.objects.permitted(user, "view").count()
        for name, user in [
            *[("mina", mina), ("student", profile.person)],
            *[(who, cast[who]) for who in ("staff", "sponsor", "auditor")],
        ]
    }
    assert counts == {"mina": 2, "student": 3, "staff": 3, "sponsor": 0, "auditor": 0}


def test_a_further_resume_replaces_the_one_before_and_no_way_leads_around():
    profile = student()
    first = profile.resume
    profile = student(profile.person, shared=False, file=sent(name="new.pdf"))

    first.refresh_from_db()
    assert (first.superseded_at is None, profile.resume.name) == (False, "new.pdf")
    for person in (profile.person, UserFactory()):
        assert not Document.objects.permitted(person, "view").exists()
    bare = student(file=None)
    with pytest.raises(NoResume):
        services.take_resume(bare, at=NOW, by=bare.person)


def test_a_profile_that_was_changed_elsewhere_is_not_overwritten():
    profile = student(version=None)
    student(profile.person, shared=False, version=1, skills="Welding")

    with pytest.raises(EditConflict):
        student(profile.person, shared=False, version=1, skills="Painting")


def test_who_is_erased_is_found_no_longer_and_told_nothing_of(cast):
    profile = student(skills="Knows Fortran")
    kind = next(kind for kind in kinds() if kind.key == "student_profiles")
    assert [row["skills"] for row in kind.rows(profile.person)] == ["Knows Fortran"]

    kind.erase(profile.person, pseudonym_of(profile.person))

    assert found_by(cast["staff"]) == set()
    profile.refresh_from_db()
    assert (profile.resume, "Fortran" in profile.skills) == (None, False)
    assert not Document.objects.current().filter(kind="consortium.resume").exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_say_it_once():
    profile = student(shared=False)

    def share():
        return say(profile, is_given=True)

    assert refusals(at_once(share, share)) == [SaidBefore]
    assert profile.consents.count() == 1
