"""The pages of programs and students: who takes part, who is found, who looked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortium.models import (
    ProfileOpening,
    ProgramContribution,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory
from tests.factories.library import pdf, sent
from tests.factories.workforce import contribution, part, program, recruiter, student

pytestmark = pytest.mark.django_db


def page(client, url) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_staff_opens_a_program_and_lets_a_member_take_part(sign_in, cast):
    client = sign_in(cast["staff"])
    told = {"kind": "techamp", "name": "TechAMP", "summary": "x", "seats": 5}
    client.post(reverse("consortium:add_program"), told | {"starts_on": TODAY})
    one = WorkforceProgram.objects.get()
    join = reverse("consortium:join_program", args=[one.pk])
    siemens = {"organization": cast.siemens.pk, "on": TODAY}

    many = client.post(join, siemens | {"seats": 6})
    client.post(join, siemens | {"seats": 4})

    assert many.status_code == 422
    assert "Of its seats 5 are left." in many.content.decode()
    row = ProgramPart.objects.get()
    way = reverse("consortium:contribute_to_program", args=[row.pk])
    client.post(way, {"kind": "time", "what": "A trainer", "contributed_on": TODAY})
    assert ProgramContribution.objects.get().what == "A trainer"
    shown = page(client, one.get_absolute_url())
    assert "4 of 5 taken" in shown
    assert all(f"{words} Siemens" in shown for words in ("seats of", "part of"))
    assert 'aria-label="Take back A trainer"' in shown
    assert "Take back" not in page(sign_in(cast["auditor"]), one.get_absolute_url())


def test_a_member_sees_its_own_part_and_not_who_else_takes_part(sign_in, cast):
    one = program()
    contribution(part(cast.siemens, one), what="Two cells")
    contribution(part(cast.amgen, one), what="A clean room")
    url = one.get_absolute_url()

    siemens = page(sign_in(cast["sponsor"]), url)
    amgen = page(sign_in(cast["amgen sponsor"]), url)
    colleague = page(sign_in(cast["colleague"]), url)

    assert "Two cells" in siemens
    assert "A clean room" in amgen
    assert "Amgen" not in siemens
    assert "Siemens" not in amgen
    assert "Two cells" not in colleague


def test_a_student_writes_a_profile_shares_it_and_sees_who_looked(sign_in, cast):
    ada = UserFactory(name="Ada Ray")
    mine, client = reverse("consortium:my_profile"), sign_in(ada)
    told = {"degree": "SM", "department": "Mechanics", "skills": "Robots"}
    told |= {"graduates_on": "2027-06-01", "looks_for": "job"}

    bare = client.post(mine, told | {"skills": ""})
    client.post(mine, told | {"file": sent(name="ada.pdf")})
    profile = StudentProfile.objects.get()
    client.post(reverse("consortium:share_profile", args=[profile.pk]))

    assert bare.status_code == 422
    mina = sign_in(recruiter(cast.siemens))
    listed = page(mina, reverse("consortium:students"))
    assert "SM, Mechanics" in listed
    assert "Ada Ray" not in listed
    assert not ProfileOpening.objects.exists()
    assert "Ada Ray" in page(mina, profile.get_absolute_url())
    taken = mina.get(reverse("consortium:student_resume", args=[profile.pk]))
    assert b"".join(taken.streaming_content) == pdf()
    assert ProfileOpening.objects.count() == 2
    assert "Siemens" in page(client, reverse("consortium:profile_openings"))
    assert "2 times" in page(client, profile.get_absolute_url())
    client.post(reverse("consortium:stop_sharing_profile", args=[profile.pk]))
    assert mina.get(profile.get_absolute_url()).status_code == 404
    sponsor = sign_in(cast["sponsor"])
    assert sponsor.get(profile.get_absolute_url()).status_code == 404


def test_no_file_of_students_holds_a_name(sign_in, cast):
    student(UserFactory(name="Ada Ray", email="ada.ray@students.example"))
    client = sign_in(recruiter(cast.siemens))

    answer = client.get(reverse("consortium:export_students"))

    told = b"".join(answer.streaming_content).decode()
    assert "Mechanics" in told
    assert "Ada" not in told
    assert "ada.ray" not in told
    rows = client.get("/api/v1/student-profiles/").json()["results"]
    assert "Ada" not in str(rows)
    assert not ProfileOpening.objects.exists()


def test_a_program_that_asks_for_a_student_is_on_record(sign_in, cast):
    profile = student(UserFactory(name="Ada Ray"))
    url = f"/api/v1/student-profiles/{profile.pk}/"

    told = sign_in(recruiter(cast.siemens)).get(url).json()

    assert told["name"] == "Ada Ray"
    assert ProfileOpening.objects.get().organization == cast.siemens


def test_students_are_narrowed_by_words_and_by_what_they_look_for(sign_in, cast):
    robots = student(skills="Robots", looks_for="job")
    either = student(skills="Welding", looks_for="both")
    client, url = sign_in(cast["staff"]), reverse("consortium:students")

    def found(**query) -> set[int]:
        return {row.pk for row in client.get(url, query).context["page"].object_list}

    assert found(search="robot") == {robots.pk}
    assert found(looks_for="job") == {robots.pk, either.pk}
    assert found(looks_for="internship") == {either.pk}
    assert found(since="2028-01-01") == set()


@pytest.mark.parametrize(
    "name", ["programs", "program_contributions", "students", "profile_openings"]
)
def test_a_list_asks_the_same_of_one_row_and_of_many(sign_in, cast, name):
    client, url = sign_in(cast["staff"]), reverse(f"consortium:{name}")

    def more(number: int) -> None:
        contribution(part(cast.siemens, program(f"Program {number}")))
        profile = student()
        client.get(profile.get_absolute_url())

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    more(0)
    cost()
    with_one = cost()
    for number in range(1, 5):
        more(number)

    assert cost() == with_one <= 8


@pytest.mark.parametrize("who", ["staff", "sponsor"])
def test_the_page_of_a_program_asks_the_same_of_much(sign_in, cast, who):
    one, client = program(), sign_in(cast[who])
    mine = part(cast.siemens, one)
    contribution(mine)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(one.get_absolute_url())
        return len(asked)

    cost()
    with_one = cost()
    part(cast.amgen, one)
    for _number in range(4):
        contribution(mine)

    assert cost() == with_one <= 8
