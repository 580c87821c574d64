"""The pages on which authors write: begun, answered, budgeted, submitted, withdrawn."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inm_portal.kernel.models import Message
from seed_projects.models import Answer, AsideText, Proposal
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.accounts import UserFactory
from tests.factories.calls import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIST = reverse("seed_projects:proposals")


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def way(name: str, *args) -> str:
    return reverse(f"seed_projects:{name}", args=args)


def fields(proposal: Proposal, value: str, version: int = 0) -> dict:
    """What is typed into every question of the form's one section."""
    told: dict = {}
    for question in proposal.form.questions.all():
        told |= {f"q{question.pk}": value, f"v{question.pk}": version}
    return told


def test_who_belongs_to_no_company_begins_a_proposal_and_nobody_else_reads_it(
    sign_in, cast
):
    call, pi = make.opened(), UserFactory()
    client = sign_in(pi)
    assert way("begin_proposal", call.pk) in text(client.get(call.get_absolute_url()))

    done = client.post(way("begin_proposal", call.pk), {"title": "Cold spray"})

    proposal = Proposal.objects.get()
    there = proposal.get_absolute_url()
    assert done["Location"] == there
    assert "Cold spray" in text(client.get(LIST))
    for who in ("staff", "director", "sponsor", "stranger"):
        other = sign_in(cast[who])
        assert other.get(there).status_code == 404
        assert "Cold spray" not in text(other.get(LIST))
    refused = sign_in(cast["sponsor"]).get(way("begin_proposal", call.pk))
    assert refused.status_code == 403


def test_a_proposal_is_written_and_submitted_and_taken_back(sign_in):
    proposal = proposals.draft()
    pi = proposals.pi_of(proposal)
    client, there = sign_in(pi), proposal.get_absolute_url()
    section = proposal.form.sections.get()
    head = {"title": "Cold spray", "abstract": "Repair.", "version": proposal.version}
    head |= {"starts_on": "2027-06-01", "smallest_budget": "5000"}

    client.post(way("submit_proposal", proposal.pk))
    proposal.refresh_from_db()
    assert proposal.state == "draft"
    check = way("ready_proposal", proposal.pk)
    assert "Nothing is missing" not in text(client.get(check))

    client.post(way("change_proposal", proposal.pk), head)
    client.post(way("answer_section", proposal.pk, section.pk), fields(proposal, "So"))
    rules = {f"rule_{rule.pk}": "on" for rule in proposal.call.rules.all()}
    client.post(way("declare", proposal.pk), rules)
    line = {"year": 1, "category": "materials", "what": "Powder"}
    line |= {"quantity": "2", "unit_amount": "$4,000"}
    client.post(way("add_budget_line", proposal.pk), line)
    assert "Nothing is missing" in text(client.get(check))
    client.post(way("submit_proposal", proposal.pk))

    proposal.refresh_from_db()
    assert proposal.state == "submitted"
    assert proposal.snapshots.get().sha256 in text(client.get(there))
    assert Message.objects.filter(to=pi, kind__endswith="receipt").exists()
    client.post(way("take_back_proposal", proposal.pk))
    proposal.refresh_from_db()
    assert proposal.state == "draft"


def test_two_who_write_at_once_keep_both_texts_until_one_is_chosen(sign_in):
    proposal = proposals.draft()
    client = sign_in(proposals.pi_of(proposal))
    url = way("answer_section", proposal.pk, proposal.form.sections.get().pk)

    client.post(url, fields(proposal, "First"))
    answer = client.post(url, fields(proposal, "Second"), follow=True)

    assert "Both texts are kept" in text(answer)
    assert "Two texts met" in text(answer)
    aside = AsideText.objects.earliest("pk")
    shown = text(client.get(way("settle_text", aside.pk)))
    assert "First" in shown
    assert "Second" in shown
    told = {"value": "First and second", "version": aside.answer.version}
    client.post(way("settle_text", aside.pk), told)
    kept = Answer.objects.get(pk=aside.answer_id)
    assert kept.value == "First and second"


def test_nothing_is_written_after_the_deadline_and_the_page_says_so(sign_in):
    proposal = proposals.draft()
    url = way("answer_section", proposal.pk, proposal.form.sections.get().pk)
    late = NOON + timedelta(days=11)

    with time_machine.travel(late, tick=False):
        client = sign_in(proposals.pi_of(proposal))
        answer = client.post(url, fields(proposal, "Too late"))
        shown = text(client.get(proposal.get_absolute_url()))

    assert answer.status_code == 422
    assert "Too late" in text(answer)
    assert not Answer.objects.exists()
    assert "over" in shown


def test_a_line_that_the_call_does_not_pay_for_is_refused_beside_it(sign_in):
    call = make.opened(cost_categories=["materials"])
    proposal = proposals.draft(call)
    client = sign_in(proposals.pi_of(proposal))
    line = {"year": 9, "category": "travel_foreign", "what": "Trip"}
    line |= {"quantity": "1", "unit_amount": "900"}

    answer = client.post(way("add_budget_line", proposal.pk), line)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {"category", "year"}
    assert "Trip" in text(answer)


def test_lines_are_changed_and_removed_one_by_one(sign_in):
    proposal = proposals.draft()
    client = sign_in(proposals.pi_of(proposal))
    line = {"year": 1, "category": "materials", "what": "Powder"}
    line |= {"quantity": "1", "unit_amount": "900"}
    for what in ("Powder", "Gas"):
        client.post(way("add_budget_line", proposal.pk), line | {"what": what})
    first = proposal.budget_lines.get(what="Powder")

    url = way("change_budget_line", proposal.pk, first.pk)
    client.post(url, line | {"unit_amount": "950"})
    gas = proposal.budget_lines.get(what="Gas")
    client.post(way("remove_budget_line", proposal.pk, gas.pk))

    left = proposal.budget_lines.get()
    assert (left.what, left.unit_amount) == ("Powder", 950)


def test_a_co_investigator_confirms_and_reads_and_who_is_removed_does_not(sign_in):
    proposal, colleague = proposals.draft(), UserFactory()
    client = sign_in(proposals.pi_of(proposal))
    told = {"name": "Eve", "email": colleague.email, "role": "co_pi", "right": "write"}
    client.post(way("add_author", proposal.pk), told)
    part, other = proposal.people.get(role="co_pi"), sign_in(colleague)

    assert "You are asked to take part" in text(other.get(LIST))
    other.post(way("confirm_part", part.pk))
    part.refresh_from_db()
    assert part.confirmed_at == NOON
    assert other.post(way("submit_proposal", proposal.pk)).status_code == 403

    client.post(way("remove_author", part.pk))
    assert other.get(proposal.get_absolute_url()).status_code == 404


def test_the_pi_withdraws_with_a_reason_and_takes_that_back(sign_in):
    proposal = proposals.submitted()
    client = sign_in(proposals.pi_of(proposal))
    url = way("withdraw_proposal", proposal.pk)

    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Funded elsewhere"})
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    client.post(way("revive_proposal", proposal.pk))
    proposal.refresh_from_db()
    assert proposal.state == "draft"


def test_a_list_of_many_asks_as_often_as_a_list_of_one(sign_in):
    pi = UserFactory()
    client = sign_in(pi)
    proposals.draft(make.opened("First"), pi=pi)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    statements()
    alone = statements()
    for number in range(3):
        proposals.draft(make.opened(f"Call {number}"), pi=pi)
    assert statements() == alone


class TestAutosave:
    def url(self, proposal: Proposal) -> str:
        section = proposal.form.sections.get()
        return way("autosave_section", proposal.pk, section.pk)

    def test_what_is_typed_is_kept_upon_the_version_that_was_read(self, sign_in):
        proposal = proposals.draft()
        client = sign_in(proposals.pi_of(proposal))
        asked = proposals.question(proposal)

        first = client.post(self.url(proposal), one_field(asked, "We ", 0)).json()
        version = first["versions"][f"q{asked.pk}"]
        again = one_field(asked, "We repair", version)
        second = client.post(self.url(proposal), again).json()

        assert second["versions"][f"q{asked.pk}"] == version + 1
        assert second["words"] == ""
        assert Answer.objects.get(question=asked).value == "We repair"

    def test_two_texts_that_meet_are_both_kept_and_the_way_to_them_is_told(
        self, sign_in
    ):
        proposal = proposals.draft()
        client = sign_in(proposals.pi_of(proposal))
        asked = proposals.question(proposal)
        client.post(self.url(proposal), one_field(asked, "First", 0))

        told = client.post(self.url(proposal), one_field(asked, "Second", 0)).json()

        aside = AsideText.objects.get()
        assert (aside.value, aside.answer.value) == ("Second", "First")
        assert told["met"] == {f"q{asked.pk}": way("settle_text", aside.pk)}

    def test_sent_twice_it_is_kept_once(self, sign_in):
        proposal = proposals.draft()
        client = sign_in(proposals.pi_of(proposal))
        asked = proposals.question(proposal)

        for _time in range(2):
            client.post(self.url(proposal), one_field(asked, "Same", 0))

        assert Answer.objects.get(question=asked).version == 1
        assert not AsideText.objects.exists()

    def test_after_the_deadline_it_says_so_and_keeps_nothing(self, sign_in):
        proposal = proposals.draft()
        pi, asked = proposals.pi_of(proposal), proposals.question(proposal)

        with time_machine.travel(NOON + timedelta(days=11), tick=False):
            client = sign_in(pi)
            told = client.post(self.url(proposal), one_field(asked, "Late", 0)).json()

        assert "The deadline is over" in told["words"]
        assert not Answer.objects.exists()

    def test_who_may_only_read_saves_nothing(self, sign_in):
        proposal = proposals.draft()
        reader = UserFactory()
        proposal.people.create(
            person=reader, name="R", email=reader.email, role="student", added_at=NOON
        )
        asked = proposals.question(proposal)

        told = sign_in(reader).post(self.url(proposal), one_field(asked, "So", 0))

        assert told.status_code == 403
        assert not Answer.objects.exists()


def one_field(asked, value: str, version: int) -> dict:
    return {f"q{asked.pk}": value, f"v{asked.pk}": version}


def test_what_a_draft_lacks_leads_to_where_it_is_mended(sign_in):
    proposal = proposals.draft()
    section = proposal.form.sections.get()
    rule = proposal.call.rules.get()

    page = text(
        sign_in(proposals.pi_of(proposal)).get(way("ready_proposal", proposal.pk))
    )

    assert f'href="{way("change_proposal", proposal.pk)}"' in page
    assert rule.statement in page
    assert f'href="{way("declare", proposal.pk)}"' in page
    assert section is not None
