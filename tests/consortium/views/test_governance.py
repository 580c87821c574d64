"""The pages of bodies: who sits reads and votes, staff and the chair keep them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import Cast, CommitmentYear, Meeting, MeetingPaper, Motion
from inm_portal.accounts.models import User
from inm_portal.kernel.models import JournalEntry, Message
from tests.conftest import NOON, TODAY
from tests.factories import governance as make
from tests.factories.accounts import UserFactory
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db
CALLED = {"title": "Winter", "day": "2026-12-10", "starts": "09:00", "ends": "11:00"}
CALLED |= {"place": "Cambridge", "agenda": "Results | 30 | Mina\n* Our wishes | 20"}


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def paper(meeting: Meeting, audience: str, item=None) -> MeetingPaper:
    told = {"title": audience, "audience": audience, "item": item}
    return services.add_paper(meeting, file=sent(), **told, at=NOON, by=None)


@pytest.fixture
def sitting(cast):
    """The colleague's seat on the council."""
    place = make.seat(make.council(), "Siemens", organization=cast.siemens)
    return make.sits(place, contact=cast["colleague"].contacts.get())


def test_who_sits_finds_the_body_in_the_sidebar_and_others_do_not(
    sign_in, cast, sitting
):
    shown = text(sign_in(cast["colleague"]).get("/"))
    url = sitting.body.get_absolute_url()

    assert reverse("consortium:bodies") in shown
    assert reverse("consortium:bodies") not in text(sign_in(cast["sponsor"]).get("/"))
    assert sign_in(cast["colleague"]).get(url).status_code == 200
    assert sign_in(cast["sponsor"]).get(url).status_code == 404


def test_the_chair_calls_meetings_and_who_sits_is_written_to(sign_in, cast, sitting):
    chair = make.sits(make.seat(sitting.body, "Chair", is_chair=True)).person
    url = reverse("consortium:call_meeting", args=[sitting.body_id])

    assert sign_in(cast["colleague"]).post(url, CALLED).status_code == 403
    sign_in(chair).post(url, CALLED)

    meeting = Meeting.objects.get()
    assert timezone.localtime(meeting.starts_at).hour == 9
    told = Message.objects.filter(kind__endswith="meeting_called")
    to = {chair.email, cast["colleague"].email}
    assert set(told.values_list("recipient", flat=True)) == to
    items = meeting.agenda.order_by("position").values_list("title", "is_closed")
    assert list(items) == [("Results", False), ("Our wishes", True)]


@pytest.mark.parametrize("line", ["Results", "Results | soon", "| 30", "* | 5"])
def test_a_line_of_the_agenda_that_says_no_minutes_is_refused(
    sign_in, cast, sitting, line
):
    url = reverse("consortium:call_meeting", args=[sitting.body_id])

    answer = sign_in(cast["staff"]).post(url, CALLED | {"agenda": line})

    assert answer.status_code == 422
    assert "Write a title and its minutes" in text(answer)
    assert "Cambridge" in text(answer)


def test_a_closed_session_is_of_those_who_sit_alone(sign_in, cast, sitting):
    agenda = [services.Item("Open part", 10), services.Item("Wishes", 9, "", True)]
    meeting = make.meeting(sitting.body, agenda=agenda)
    paper(meeting, "closed")
    paper(meeting, "inm", meeting.agenda.get(is_closed=True))
    url = meeting.get_absolute_url()

    seen = text(sign_in(cast["colleague"]).get(url))
    at_inm = text(sign_in(cast["director"]).get(url))

    assert "Wishes" in seen
    assert "Wishes" not in at_inm
    assert "Open part" in at_inm


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("sitting", {"colleague", "staff"}),
        ("closed", {"colleague"}),
        ("members", {"colleague", "staff", "sponsor", "amgen sponsor"}),
        ("inm", {"staff"}),
    ],
)
def test_a_paper_is_read_by_its_audience(sign_in, cast, sitting, audience, readers):
    row = paper(make.meeting(sitting.body), audience)
    url = reverse("consortium:open_paper", args=[row.pk])

    everybody = ["colleague", "staff", "sponsor", "amgen sponsor", "stranger"]
    answers = {who: sign_in(cast[who]).get(url).status_code for who in everybody}

    assert {who for who, status in answers.items() if status == 200} == readers
    assert {s for s in answers.values() if s != 200} == {404}


def test_who_declares_a_conflict_reads_no_paper_of_the_item(sign_in, cast, sitting):
    meeting = make.meeting(sitting.body)
    item = meeting.agenda.get()
    row, client = paper(meeting, "sitting", item), sign_in(cast["colleague"])
    file = reverse("consortium:open_paper", args=[row.pk])
    url = reverse("consortium:declare_conflict", args=[meeting.pk])
    assert client.get(file).status_code == 200

    client.post(url, {"sitting": sitting.pk, "item": item.pk, "what": "We bid"})

    assert client.get(file).status_code == 404
    assert sign_in(cast["staff"]).get(file).status_code == 200


def test_nobody_declares_a_conflict_of_somebody_else(sign_in, cast, sitting):
    other = make.sits(make.seat(sitting.body, "Other"))
    meeting = make.meeting(sitting.body)
    url = reverse("consortium:declare_conflict", args=[meeting.pk])

    answer = sign_in(cast["colleague"]).post(url, {"sitting": other.pk, "what": "X"})

    assert answer.status_code == 422
    assert not meeting.conflicts.exists()


def test_a_meeting_is_kept_from_who_came_to_its_adopted_minutes(sign_in, cast, sitting):
    began = timezone.now() - timedelta(hours=3)
    meeting = make.meeting(
        sitting.body, starts_at=began, ends_at=began + timedelta(hours=1)
    )
    client = sign_in(cast["staff"])
    there = meeting.get_absolute_url()
    held = {f"presence_{sitting.pk}": "remote", "guests": "Ines Ko\n\n"}

    client.post(f"{there}hold/", held)
    client.post(f"{there}decisions/new/", {"text": "Shorter reports"})
    client.post(f"{there}minutes/new/", {"text": "All was said."})
    client.post(reverse("consortium:adopt_minutes", args=[meeting.minutes.get().pk]))

    shown = text(sign_in(cast["colleague"]).get(there))
    for words in ["by call", "Ines Ko", "Shorter reports", "All was said.", "Adopted"]:
        assert words in shown
    assert client.post(f"{there}minutes/new/", {"text": "More"}).status_code == 403


def test_who_sits_acknowledges_the_statement_once_a_year(sign_in, cast, sitting):
    services.publish_statement(text="No prices", from_on=TODAY, at=NOON, by=None)
    client = sign_in(cast["colleague"])
    page, act = (
        reverse(f"consortium:{name}") for name in ["antitrust", "acknowledge_antitrust"]
    )
    body = sitting.body.get_absolute_url()
    lacking = "Not acknowledged within a year"
    assert lacking in text(sign_in(cast["staff"]).get(body))

    client.post(act)
    client.post(act)

    assert "You read this version" in text(client.get(page))
    assert lacking not in text(sign_in(cast["staff"]).get(body))
    assert sign_in(cast["stranger"]).post(act).status_code == 404


def test_a_motion_is_voted_on_counted_and_certified(sign_in, cast, sitting):
    motion = make.opened(sitting.body)
    elector = make.elector(motion, sitting)
    client, staff = sign_in(cast["colleague"]), sign_in(cast["staff"])
    there = motion.get_absolute_url()

    client.post(reverse("consortium:vote", args=[elector.pk]), {"choice": "against"})
    client.post(reverse("consortium:vote", args=[elector.pk]), {"choice": "for"})
    staff.post(f"{there}close/")
    sign_in(cast["director"]).post(f"{there}certify/")

    motion.refresh_from_db()
    assert (motion.state, motion.outcome, motion.in_favor) == (
        "certified",
        "carried",
        1,
    )
    assert Cast.objects.count() == 2


def test_who_is_recused_is_of_neither_side_nor_of_the_quorum(cast, sitting):
    others = [make.sits(make.seat(sitting.body, name)) for name in ("A", "B")]
    motion = make.opened(sitting.body, quorum=100)
    make.vote(motion, others[0])
    make.vote(motion, others[1])
    make.vote(motion, sitting, "recused")

    closed = services.close_motion(motion, at=make.SOON, by=None)

    assert (closed.electorate, closed.in_favor, closed.outcome) == (2, 2, "carried")


def test_a_secret_vote_stands_nowhere_but_with_its_seat(
    sign_in, cast, program, sitting
):
    motion = make.opened(sitting.body, is_secret=True)
    make.vote(motion, sitting, "against")
    services.close_motion(motion, at=make.SOON, by=None)
    there = motion.get_absolute_url()

    mine = sign_in(cast["colleague"]).get(there).context["electors"]
    director = sign_in(cast["director"])
    theirs = director.get(there).context["electors"]
    api = program(cast["director"]).get("/api/v1/electors/").json()

    assert [row.said.choice for row in mine] == ["against"]
    assert [row.said for row in theirs] == [None]
    assert "against" not in str(api)
    facts = JournalEntry.objects.filter(verb__contains="vote").values_list("facts")
    assert "against" not in str(list(facts))


def test_motions_close_by_themselves_at_their_time(sitting):
    due, later = make.opened(sitting.body), make.opened(sitting.body)
    Motion.objects.filter(pk=later.pk)
    at = make.CLOSES

    assert services.close_due_motions(at=at - timedelta(seconds=1)) == 0
    assert services.close_due_motions(at=at) == 2
    assert services.close_due_motions(at=at) == 0
    due.refresh_from_db()
    assert due.state == "closed"


def test_staff_forms_a_body_and_seats_people_on_it(sign_in, cast):
    client = sign_in(cast["staff"])
    told = {"name": "Board", "kind": "advisory", "charge": "Advice"}

    client.post(reverse("consortium:form_body"), told | {"formed_on": TODAY})
    again = client.post(reverse("consortium:form_body"), told | {"formed_on": TODAY})
    body = make.Body.objects.get(name="Board")
    add = reverse("consortium:add_seat", args=[body.pk])
    client.post(add, {"name": "Chair", "votes": 1, "is_chair": "on"})
    second = client.post(add, {"name": "Other", "votes": 1, "is_chair": "on"})
    seat = body.seats.get()
    who = UserFactory()
    client.post(
        reverse("consortium:sit_on_seat", args=[seat.pk]),
        {"person": who.pk, "from_on": TODAY},
    )

    assert again.status_code == second.status_code == 422
    assert "This body has a chair." in text(second)
    assert seat.sittings.get().person == who
    assert User.objects.filter(pk=who.pk).exists()


@pytest.mark.parametrize("page", ["body", "meeting", "motion"])
def test_a_page_asks_as_often_for_many_as_for_few(sign_in, cast, sitting, page):
    meeting, motion = make.meeting(sitting.body), make.motion(sitting.body)
    things = {"body": sitting.body, "meeting": meeting, "motion": motion}
    url, client = things[page].get_absolute_url(), sign_in(cast["staff"])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    statements()
    few = statements()
    for number in range(3):
        paper(meeting, "sitting")
        make.sits(make.seat(sitting.body, f"Seat {number}"))
        make.meeting(sitting.body)
        make.motion(sitting.body)
    assert statements() == few


def test_staff_end_a_seat_and_a_refusal_keeps_what_was_typed(sign_in, cast, sitting):
    url = reverse("consortium:end_seat", args=[sitting.seat_id])
    told = {"until_on": "2026-11-21", "reason": "They merged."}

    refused = sign_in(cast["staff"]).post(url, told)
    done = sign_in(cast["staff"]).post(url, told | {"until_on": "2026-12-31"})

    assert refused.status_code == 422
    assert "Choose today or a later day." in text(refused)
    assert "They merged." in text(refused)
    assert done.status_code == 302
    shown = text(sign_in(cast["colleague"]).get(sitting.body.get_absolute_url()))
    assert "until Dec 31, 2026" in shown
    assert sign_in(cast["staff"]).get(url).status_code == 403


def test_seats_of_companies_that_merged_stand_side_by_side(sign_in, cast, sitting):
    make.seat(sitting.body, "Amgen", organization=cast.amgen, votes=2)
    kept = {"from_on": TODAY, "today": TODAY, "by": None}
    services.record_merger(cast.siemens, other=cast.amgen, **kept)
    url = reverse("consortium:end_seat", args=[sitting.seat_id])

    for member in (cast.siemens, cast.amgen):
        shown = text(sign_in(cast["staff"]).get(member.get_absolute_url()))
        assert "Seats and votes of the companies that merged" in shown
        assert url in shown
    starts_on = CommitmentYear.objects.filter(
        agreement__organization=cast.amgen, starts_on__gt=TODAY
    ).earliest("starts_on")
    proposed = f'value="{starts_on.starts_on.isoformat()}"'
    assert proposed in text(sign_in(cast["staff"]).get(url))
    seen = text(sign_in(cast["amgen sponsor"]).get(cast.amgen.get_absolute_url()))
    assert url not in seen
