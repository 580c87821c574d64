"""Who is reminded of a draft or of a part, when, and what ends it."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from inm_portal.kernel.models import Message, Task
from inm_portal.kernel.reminders.sweeping import sweep
from seed_projects import services
from seed_projects.models import Proposal, with_deadline
from seed_projects.services.last_hours import KIND
from tests.factories import calls as make
from tests.factories import proposals, screening
from tests.factories.accounts import UserFactory
from tests.factories.calls import BOSTON, NOON

pytestmark = pytest.mark.django_db
#: The deadline of the call: ten days after it opened, on a Wednesday.
DEADLINE = NOON + timedelta(days=10)


@pytest.fixture(autouse=True)
def proposals_alone(plan_only):
    plan_only(
        "seed_projects.draft", "seed_projects.part", "seed_projects.part_submitted"
    )


def run(days_before: int, *, more: int = 2) -> None:
    """Sweep at noon of a day before the deadline, and on some more after it."""
    for days in range(days_before, days_before - more - 1, -1):
        day = (DEADLINE - timedelta(days=days)).date()
        assert sweep(at=datetime.combine(day, time(12), BOSTON))


def mails(words: str) -> list[str]:
    found = Message.objects.filter(text__contains=words).order_by("pk")
    return list(found.values_list("recipient", flat=True))


@pytest.fixture
def draft(db):
    return proposals.draft(pi=UserFactory(email="pi@mit.example"))


class TestDraft:
    def test_its_pi_is_reminded_a_week_and_two_days_before(self, draft):
        run(7)
        run(2)

        assert mails("Submit “Cold spray”") == ["pi@mit.example"] * 2

    def test_who_writes_for_the_pi_is_reminded_too(self, draft):
        clerk = UserFactory(email="clerk@mit.example", name="Clerk")
        told = {"role": "administrator", "right": "write", "at": NOON}
        services.add_author(
            draft, email=clerk.email, name="Clerk", **told, by=proposals.pi_of(draft)
        )

        run(7)

        assert sorted(mails("Submit “Cold spray”")) == [
            "clerk@mit.example",
            "pi@mit.example",
        ]

    def test_what_was_submitted_is_reminded_of_no_more(self, db):
        proposals.submitted(pi=UserFactory(email="pi@mit.example"))

        run(7)
        run(2)

        assert mails("Submit “") == []

    def test_a_pi_with_more_time_is_reminded_before_their_own_deadline(self, draft):
        services.extend_deadline(
            draft.stage,
            until_at=DEADLINE + timedelta(days=30),
            person=proposals.pi_of(draft),
            reason="A child was born.",
            at=NOON,
            by=None,
        )

        run(2)
        assert mails("Submit “Cold spray”") == []
        run(-28)

        assert mails("Submit “Cold spray”") == ["pi@mit.example"]

    def test_a_cancelled_call_reminds_nobody(self, draft):
        services.cancel_call(draft.call, reason="No money.", at=NOON, by=None)

        run(7)

        assert mails("Submit “") == []

    def test_the_deadline_told_of_many_is_that_of_each(self, draft):
        told = with_deadline(Proposal.objects.all()).get(pk=draft.pk)

        own = services.deadline_of(draft.stage, proposals.pi_of(draft))
        assert told.deadline_at == own


class TestLastHours:
    def tell(self, before: timedelta) -> None:
        services.tell_of_last_hours(at=DEADLINE - before)

    def sent(self) -> list[str]:
        rows = Message.objects.filter(kind=KIND).order_by("pk")
        return list(rows.values_list("recipient", flat=True))

    def test_four_hours_before_and_not_earlier_the_pi_is_told_once(self, draft):
        self.tell(timedelta(hours=4, minutes=1))
        assert self.sent() == []

        self.tell(timedelta(hours=4))
        self.tell(timedelta(hours=3))

        assert self.sent() == ["pi@mit.example"]

    def test_a_later_deadline_is_told_of_again(self, draft):
        self.tell(timedelta(hours=3))
        services.extend_deadline(
            draft.stage,
            until_at=DEADLINE + timedelta(days=1),
            reason="The portal was down.",
            at=DEADLINE - timedelta(hours=2),
            by=None,
        )

        self.tell(timedelta(hours=-21))

        assert self.sent() == ["pi@mit.example"] * 2

    def test_nobody_is_told_once_it_is_over_or_submitted(self, draft):
        proposals.submitted(make.opened("Second"))

        self.tell(-timedelta(minutes=1))
        services.tell_of_last_hours(at=DEADLINE + timedelta(minutes=1))

        assert self.sent() == []


class TestParts:
    def asked(self, draft: Proposal):
        return services.add_author(
            draft,
            email="eve@mit.example",
            name="Eve",
            role="co_pi",
            right="read",
            at=NOON,
            by=proposals.pi_of(draft),
        )

    def test_who_was_asked_is_reminded_three_and_seven_days_later(self, draft):
        self.asked(draft)

        run(7)
        run(3)

        assert mails("Say whether you take part") == ["eve@mit.example"] * 2

    def test_who_confirmed_or_declined_is_asked_no_more(self, draft):
        eve = UserFactory(email="eve@mit.example")
        services.confirm_part(self.asked(draft), at=NOON, by=eve)
        other = proposals.draft(make.opened("Second"), title="Other")
        services.decline_part(self.asked(other), at=NOON, by=eve)

        run(7)

        assert mails("Say whether you take part") == []

    def test_case_52_three_days_after_submission_staff_has_a_task(self, db):
        made = proposals.complete(pi=UserFactory(email="pi@mit.example"))
        self.asked(made)
        services.submit_proposal(made, at=NOON, by=proposals.pi_of(made))

        run(9, more=1)
        assert mails("Say whether you take part") == ["eve@mit.example"]
        assert not Task.objects.filter(what__contains="Eve").exists()
        run(7)

        task = Task.objects.get(what__contains="Eve")
        assert task.what == "Ask whether Eve takes part in “Cold spray”"


class TestToldState:
    def test_a_return_is_seen_by_authors_once_they_are_told(
        self, sign_in, time_machine
    ):
        move = screening.returned()
        proposal = move.snapshot.proposal
        pi = proposals.pi_of(proposal)

        time_machine.move_to(move.told_at - timedelta(seconds=1), tick=False)
        client = sign_in(pi)
        early = client.get(proposal.get_absolute_url()).content.decode()
        listed = client.get(reverse("seed_projects:proposals") + "?state=returned")
        time_machine.move_to(move.told_at + timedelta(seconds=1), tick=False)
        late = sign_in(pi).get(proposal.get_absolute_url()).content.decode()

        assert move.words not in early
        assert "Returned" not in early
        assert proposal.title not in listed.content.decode()
        assert "Returned" in late
