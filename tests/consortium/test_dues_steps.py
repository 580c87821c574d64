"""The last rungs: a note that a director sends, a decision, a hand-over, each once."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from consortium import services
from consortium.models import ContactRole, DuesStep, SponsorNote
from consortium.notifications.dues import DUES
from consortium.services.dues_steps import (
    BeforeDue,
    NoSponsor,
    NothingAsked,
    NotLate,
    SaysNotWhy,
    StepInFuture,
)
from consortium.services.interests import HasInterest
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.lifecycle import IllegalTransition
from inm_portal.kernel.models import JournalEntry, Message, Task
from inm_portal.kernel.reminders import rules

from ..factories.accounts import staff
from ..factories.consortium import OrganizationFactory, draft, person_at, sign
from ..factories.credits import at
from ..factories.receivables import apply, cash, invoiced
from ..races import at_once, refusals
from .test_dues import DUE, HALF, ISSUED, day, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dues_alone(monkeypatch):
    monkeypatch.setattr(rules, "_rules", {DUES.name: DUES})


@pytest.fixture
def siemens(db):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.SPONSOR)
    person_at(siemens, ContactRole.BILLING)
    return siemens


@pytest.fixture
def line(siemens):
    return invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def note(line):
    """The draft that the ladder made 90 days after, a Sunday, on the Monday."""
    run(91)
    return SponsorNote.objects.get()


def now(days: int, by=None) -> dict:
    return {"today": day(days), "at": at(day(days)), "by": by}


def open_tasks() -> list[str]:
    kinds = Task.objects.open().filter(kind__startswith=DUES.name)
    return [kind.rpartition(".")[2] for kind in kinds.values_list("kind", flat=True)]


def told() -> set[tuple[str, str]]:
    rows = Message.objects.filter(kind="consortium/mail/dues_step")
    return set(rows.values_list("recipient", "subject"))


class TestNote:
    def test_the_ladder_drafts_it_and_its_task_leads_to_it(self, note):
        task = Task.objects.open().get(kind=f"{DUES.name}.note")

        assert task.url == note.get_absolute_url()
        assert (note.state, note.cycle) == ("draft", DUE)
        assert "$137,500" in note.text
        assert not Message.objects.filter(kind__endswith="sponsor_note").exists()

    def test_it_is_drafted_once_a_due_date(self, note, line):
        again = services.prepare_note(line.invoice, on=day(95), at=at(day(95)))

        assert again == note
        with pytest.raises(IntegrityError), transaction.atomic():
            SponsorNote.objects.create(
                invoice=line.invoice, cycle=DUE, subject="x", drafted_at=at(day(95))
            )

    def test_a_director_changes_and_sends_it(self, note, director, siemens):
        note = services.change_note(
            note, version=1, text="Dear friend.\n\nPay, please.", by=director
        )
        services.send_note(note, version=2, **now(92, director))

        mail = Message.objects.get(kind="consortium/mail/sponsor_note")
        assert mail.recipient == "sponsor@siemens.example"
        assert "Pay, please." in mail.text
        assert director.name in mail.text
        assert mail.is_once
        assert open_tasks() == []
        owner = siemens.owner.email
        assert (owner, "Siemens, INM-2027-0001: Note to the sponsor sent") in told()
        verbs = JournalEntry.objects.filter(verb__contains="sponsor_note")
        assert [
            verb.rpartition("_")[2]
            for verb in verbs.values_list("verb", flat=True).order_by("pk")
        ] == ["drafted", "changed", "sent"]

    def test_what_was_read_is_what_is_sent(self, note, director):
        services.change_note(note, version=1, text="Other words", by=director)

        with pytest.raises(EditConflict):
            services.send_note(note, version=1, **now(92, director))

    def test_it_is_sent_once(self, note, director):
        services.send_note(note, version=1, **now(92, director))

        with pytest.raises((IllegalTransition, EditConflict)):
            services.send_note(note, version=None, **now(92, director))
        with pytest.raises(IllegalTransition):
            services.decline_note(note, reason="No", **now(92, director))
        with pytest.raises(NothingAsked):
            services.change_note(note, version=None, text="x", by=director)

    def test_one_that_is_not_sent_says_why(self, note, director):
        with pytest.raises(SaysNotWhy):
            services.decline_note(note, reason=" ", **now(92, director))

        services.decline_note(note, reason="I called her.", **now(92, director))

        task = Task.objects.get(kind=f"{DUES.name}.note")
        assert (task.outcome, task.done_by) == ("Not sent: I called her.", director)
        assert not Message.objects.filter(kind__endswith="sponsor_note").exists()

    def test_nothing_is_sent_about_what_was_paid_meanwhile(
        self, note, line, siemens, director
    ):
        apply(cash(HALF, siemens, on=day(92)), line, HALF, on=day(92))

        with pytest.raises(NothingAsked, match="Nothing of it is open"):
            services.send_note(note, version=1, **now(92, director))
        run(92)
        assert not SponsorNote.objects.with_need().get().is_needed

    def test_it_needs_a_sponsor(self, note, siemens, director):
        siemens.contacts.filter(roles__role=ContactRole.SPONSOR).update(
            departed_on=day(91)
        )

        with pytest.raises(NoSponsor):
            services.send_note(note, version=1, **now(92, director))

    def test_who_has_an_interest_does_not_send_it(self, note, siemens, director):
        services.disclose_interest(
            siemens,
            person=director,
            reason="Shares",
            from_on=day(0),
            at=at(day(0)),
            by=None,
        )

        with pytest.raises(HasInterest):
            services.send_note(note, version=1, **now(92, director))


class TestStep:
    def test_a_decision_is_recorded_ends_its_task_and_is_told(
        self, line, siemens, director
    ):
        run(120)
        assert open_tasks() == ["decide"]

        step = services.take_step(
            line.invoice,
            kind="suspended",
            on=day(121),
            reason="No answer at all.",
            **now(121, director),
        )

        assert (step.kind, step.recorded_by) == ("suspended", director)
        task = Task.objects.get(kind=f"{DUES.name}.decide")
        assert task.outcome == "Benefits suspended. No answer at all."
        assert (
            siemens.owner.email,
            "Siemens, INM-2027-0001: Benefits suspended",
        ) in told()
        assert JournalEntry.objects.filter(verb="consortium.dues_decided").exists()
        run(122, 130)
        assert open_tasks() == []

    @pytest.mark.parametrize(
        ("days", "kind", "ends"),
        [(63, "handed_over", "hand-over"), (182, "told", "steering")],
    )
    def test_a_hand_over_and_a_word_to_the_committee_end_their_tasks(
        self, line, days, kind, ends
    ):
        run(days)
        assert ends in open_tasks()

        services.take_step(line.invoice, kind=kind, on=day(days), **now(days))

        assert ends not in open_tasks()

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"kind": "kept", "reason": " "}, SaysNotWhy),
            ({"kind": "told", "on": day(200)}, StepInFuture),
            ({"kind": "handed_over", "on": DUE}, BeforeDue),
        ],
    )
    def test_what_is_refused(self, line, given, refusal):
        told = {"on": day(121)} | given

        with pytest.raises(refusal):
            services.take_step(line.invoice, **told, **now(121))

    def test_nothing_is_decided_on_what_is_not_late(self, line, siemens):
        with pytest.raises(NotLate):
            services.take_step(line.invoice, kind="told", on=DUE, **now(0))
        apply(cash(HALF, siemens, on=day(3)), line, HALF, on=day(3))
        with pytest.raises(NotLate):
            services.take_step(line.invoice, kind="told", on=day(5), **now(5))

    def test_a_decision_without_a_reason_is_kept_out_by_the_database(self, line):
        with pytest.raises(IntegrityError), transaction.atomic():
            DuesStep.objects.create(
                invoice=line.invoice, kind="kept", on=day(121), recorded_at=at(day(121))
            )

    @pytest.mark.parametrize("rung", ["hand-over", "note", "decide", "steering"])
    def test_their_tasks_are_not_finished_by_a_word(self, line, rung):
        days = {"hand-over": 63, "note": 91, "decide": 120, "steering": 182}[rung]
        run(days)
        task = Task.objects.get(kind=f"{DUES.name}.{rung}")

        for role in ["director", "program staff"]:
            person = staff(role)
            assert not person.has_perm("kernel.finish_task", task)


@pytest.mark.django_db(transaction=True)
def test_two_directors_at_once_send_one_note(dues_alone):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    person_at(siemens, ContactRole.SPONSOR)
    line = invoiced(siemens, HALF, due_on=DUE, issued_on=ISSUED)
    note = services.prepare_note(line.invoice, on=day(91), at=at(day(91)))
    both = [staff("director"), staff("director")]

    outcomes = at_once(
        *[
            lambda by=one: services.send_note(note, version=1, **now(92, by))
            for one in both
        ]
    )

    assert len(refusals(outcomes)) == 1
    assert Message.objects.filter(kind__endswith="sponsor_note").count() == 1


class TestPages:
    def test_the_director_finds_the_draft_and_sends_it(self, sign_in, note, director):
        page = note.get_absolute_url()
        with time_machine.travel(at(day(92)), tick=False):
            client = sign_in(director)
            shown = client.get(page).content.decode()
            send = reverse("consortium:send_sponsor_note", args=[note.pk])
            client.post(send, {"version": "1", "idempotency_key": "one"})
            after = client.get(page).content.decode()

        assert "Waits for a director" in shown
        assert "sponsor@siemens.example" in shown
        assert "The mail as written" in after

    def test_staff_read_it_and_find_no_button(self, sign_in, note):
        shown = sign_in(staff("finance")).get(note.get_absolute_url())

        assert shown.status_code == 200
        assert "Do not send" not in shown.content.decode()

    def test_the_invoice_tells_what_was_decided(self, sign_in, line, director):
        services.take_step(
            line.invoice,
            kind="plan",
            on=day(121),
            reason="Three parts",
            **now(121, director),
        )
        with time_machine.travel(at(day(122)), tick=False):
            page = sign_in(staff("finance")).get(line.invoice.get_absolute_url())

        assert "Payment plan" in page.content.decode()
        assert "Three parts" in page.content.decode()

    @pytest.mark.parametrize("name", ["dues_steps", "sponsor_notes"])
    def test_lists_cost_the_same_with_one_row_and_three(
        self, sign_in, siemens, django_assert_max_num_queries, name
    ):
        client, counts = sign_in(staff("finance")), []
        for number in (1, 2):
            for each in range(number):
                line = invoiced(siemens, 100 + each, due_on=DUE, issued_on=ISSUED)
                services.prepare_note(line.invoice, on=day(91), at=at(day(91)))
                services.take_step(line.invoice, kind="told", on=day(9), **now(9))
            with django_assert_max_num_queries(8) as found:
                client.get(reverse(f"consortium:{name}"))
            counts.append(len(found))

        assert counts[0] == counts[1]

    def test_the_page_of_an_invoice_asks_no_more_for_all_of_it(
        self, sign_in, siemens, line, note, django_assert_max_num_queries
    ):
        other = invoiced(siemens, 100, due_on=DUE, issued_on=ISSUED)
        counts = []
        with time_machine.travel(at(day(92)), tick=False):
            client = sign_in(staff("finance"))
            for invoice, steps in [(line.invoice, 1), (line.invoice, 3)]:
                for _each in range(steps):
                    told = {"kind": "told", "on": day(91)}
                    services.take_step(invoice, **told, **now(91))
                services.hold_dues(
                    invoice, until_on=day(99), reason="x", today=day(91), by=None
                )
                with django_assert_max_num_queries(30) as asked:
                    client.get(invoice.get_absolute_url())
                counts.append(len(asked))
            with django_assert_max_num_queries(30) as asked:
                client.get(other.invoice.get_absolute_url())

        assert counts[0] == counts[1]
        assert counts == [8, 8]
        assert len(asked) == 8
