"""Programs and profiles through the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consortium.models import ProgramPart, StudentProfile
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory
from tests.factories.library import pdf
from tests.factories.workforce import part, student

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


def test_a_program_is_opened_joined_and_contributed_to(sign_in, cast):
    client = sign_in(cast["staff"])
    told = {"kind": "techamp", "name": "TechAMP", "summary": "x", "seats": 5}
    told |= {"starts_on": str(TODAY)}
    added = client.post("/api/v1/programs/", told, **JSON).json()
    way = f"/api/v1/programs/{added['id']}/join/"
    siemens = {"organization": cast.siemens.pk, "on": str(TODAY)}

    many = client.post(way, siemens | {"seats": 6}, **JSON)
    joined = client.post(way, siemens | {"seats": 4}, **JSON)

    assert (many.status_code, many.json()["code"]) == (409, "no_seats_left")
    given = client.post(
        f"/api/v1/program-parts/{joined.json()['id']}/contribute/",
        {"kind": "money", "what": "x", "amount": "5.00", "contributed_on": str(TODAY)},
        **JSON,
    )
    assert given.json()["amount"] == "5.00"
    assert client.get("/api/v1/programs/").json()["results"][0]["left"] == 1


def test_seats_are_changed_from_what_was_read(sign_in, cast):
    row, client = part(cast.siemens), sign_in(cast["staff"])
    url = f"/api/v1/program-parts/{row.pk}/"

    right = client.patch(url, {"seats": 2}, headers={"If-Match": '"1"'}, **JSON)
    late = client.patch(url, {"seats": 3}, headers={"If-Match": '"1"'}, **JSON)

    assert (right.status_code, late.status_code) == (200, 412)
    assert ProgramPart.objects.get().seats == 2


def test_a_student_keeps_a_profile_and_shares_it(sign_in):
    client = sign_in(UserFactory())
    told = {"degree": "SM", "department": "Mechanics", "skills": "Robots"}
    told |= {"graduates_on": "2027-06-01", "looks_for": "job"}
    told |= {"file": SimpleUploadedFile("resume.pdf", pdf())}

    made = client.post("/api/v1/student-profiles/", told)
    way = f"/api/v1/student-profiles/{made.json()['id']}/"
    shared = client.post(f"{way}share/")
    again = client.post(f"{way}share/")

    assert (made.status_code, shared.json()["is_shared"]) == (201, True)
    assert again.status_code == 403
    assert StudentProfile.objects.get().resume.name == "resume.pdf"
    assert client.post(f"{way}stop-sharing/").json()["is_shared"] is False


def test_nobody_shares_the_profile_of_another(sign_in, cast):
    profile = student()

    answer = sign_in(cast["staff"]).post(
        f"/api/v1/student-profiles/{profile.pk}/stop-sharing/"
    )

    assert answer.status_code == 403
