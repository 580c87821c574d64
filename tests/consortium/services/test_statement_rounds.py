"""Statements of many members at once: to whom they go, once, and as files."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import ContactRole
from consortium.services import Period
from consortium.services.statement_rounds import MAIL
from consortium.services.statements import laid_out
from consortium.states import Stated, StatementForm
from consortium.verbs import Verb
from inm_portal.kernel import documents, jobs
from inm_portal.kernel.models import JobState, JournalEntry, Message
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import ContactFactory, RoleFactory, person_at
from tests.factories.receivables import TODAY, apply, cash, invoiced, member

pytestmark = pytest.mark.django_db

PERIOD = Period(date(2026, 7, 1), TODAY, TODAY, "USD")
ISSUE = reverse("consortium:issue_statements")
ROUNDS = reverse("consortium:statements")


@pytest.fixture(autouse=True)
def _told_at_once(monkeypatch):
    monkeypatch.setattr(jobs, "TELL_EVERY", timedelta())


@pytest.fixture
def finance():
    return staff("finance")


@pytest.fixture
def owing(db):
    """A member that owes, with somebody who pays its invoices."""
    organization = member(name="Flex")
    invoiced(organization, 1_000)
    person_at(organization, ContactRole.BILLING)
    return organization


@pytest.fixture
def settled(db):
    """A member that paid all it was asked for in the period."""
    organization = member(name="Siemens")
    apply(cash(500, organization), invoiced(organization, 500), 500)
    return organization


def ask(by, *, whom=Stated.MOVED, form=StatementForm.MAIL, period=PERIOD):
    return services.ask_for_statements(
        period, whom=whom, form=form, at=timezone.now(), by=by
    )


def done(job):
    jobs.run(jobs.claim(at=timezone.now()))
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return job


def mails() -> list[Message]:
    return list(Message.objects.filter(kind=MAIL).order_by("pk"))


def sent(organization) -> int:
    entries = JournalEntry.objects.about(organization)
    return entries.filter(verb=Verb.STATEMENT_SENT).count()


def test_billing_contacts_are_led_to_the_statement_of_their_company(finance, owing):
    done(ask(finance))

    (mail,) = mails()
    assert mail.about_id == owing.pk
    assert "$1,000" in mail.text
    assert f"{reverse('consortium:statement', args=[owing.pk])}?{PERIOD.asked}" in (
        mail.text
    )
    assert sent(owing) == 1


def test_the_same_statement_is_sent_to_nobody_twice(finance, owing):
    done(ask(finance))
    done(ask(finance))

    assert len(mails()) == 1
    assert sent(owing) == 1


def test_who_came_later_to_bill_gets_it_and_nobody_else_again(finance, owing):
    done(ask(finance))
    later = ContactFactory(organization=owing, email="later@flex.example")
    RoleFactory(contact=later, role=ContactRole.BILLING)

    done(ask(finance))

    assert [mail.recipient for mail in mails()][1:] == ["later@flex.example"]


def test_a_killed_worker_leaves_nobody_out_and_writes_to_nobody_twice(
    finance, owing, monkeypatch
):
    other = member(name="Yaskawa")
    invoiced(other, 2_000)
    person_at(other, ContactRole.BILLING)
    job = ask(finance)
    held = jobs.claim(at=timezone.now())
    send = services.send_statement

    def killed(organization, *args, **kwargs):
        if organization == other:
            raise KeyboardInterrupt
        return send(organization, *args, **kwargs)

    monkeypatch.setattr("consortium.services.statement_rounds.send_statement", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(held)
    monkeypatch.undo()
    assert {mail.about_id for mail in mails()} == {owing.pk}

    later = timezone.now() + jobs.LAPSED * 2
    jobs.recover(at=later)
    later += jobs.FIRST_WAIT * 2
    jobs.run(jobs.claim(at=later))

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert sorted(mail.about_id for mail in mails()) == sorted([owing.pk, other.pk])


def test_who_owes_is_told_apart_from_who_had_entries(finance, owing, settled):
    def those(whom):
        found = services.those_stated(PERIOD, whom=whom, by=finance)
        return {one.name for one in found}

    assert those(Stated.OWING) == {"Flex"}
    assert those(Stated.MOVED) == {"Flex", "Siemens"}


def test_who_asked_is_told_of_whom_nobody_can_be_reached(finance, owing, settled):
    done(ask(finance))

    told = Message.objects.get(kind="consortium/mail/statements_issued")
    assert told.to == finance
    assert "1 company was written to" in told.text
    assert "Siemens" in told.text
    assert "Flex" not in told.text


def test_files_are_packed_and_tie_with_the_statement_of_each(finance, owing, settled):
    job = done(ask(finance, form=StatementForm.CSV))

    with (
        documents.open_for(job.result, by=finance, at=timezone.now()) as file,
        zipfile.ZipFile(file) as pack,
    ):
        names = pack.namelist()
        rows = list(csv.DictReader(io.StringIO(pack.read(names[0]).decode())))
    assert len(names) == 2
    assert rows[-1]["balance"] == "1000.00"
    taken = JournalEntry.objects.about(owing).get(verb=Verb.STATEMENT_TAKEN)
    assert taken.actor_id == finance.pk
    assert not mails()


def test_pdf_files_are_those_that_one_takes_alone(finance, owing):
    job = done(ask(finance, form=StatementForm.PDF))

    alone = laid_out(services.statement_of(owing, PERIOD), form="pdf")
    with (
        documents.open_for(job.result, by=finance, at=timezone.now()) as file,
        zipfile.ZipFile(file) as pack,
    ):
        assert pack.read(alone.name) == alone.content


def test_who_lost_the_right_meanwhile_issues_nothing(finance, owing):
    job = ask(finance)
    finance.groups.clear()

    jobs.run(jobs.claim(at=timezone.now()))

    job.refresh_from_db()
    assert job.state == JobState.PARKED
    assert not mails()


def test_a_period_of_which_nobody_has_a_statement_is_refused(finance, owing):
    before = Period(date(2020, 7, 1), date(2021, 6, 30), TODAY, "USD")

    with pytest.raises(services.NobodyStated):
        ask(finance, period=before)


class TestPages:
    def test_the_list_is_what_is_issued(self, sign_in, finance, owing, settled):
        client = sign_in(finance)

        page = client.get(f"{ROUNDS}?whom=owing").content.decode()

        assert "Flex" in page
        assert "Siemens" not in page
        assert f"{ISSUE}?{PERIOD.asked}".replace("&", "&amp;") in page

    def test_a_period_that_ends_before_it_begins_is_told_beside_it(
        self, sign_in, finance, owing
    ):
        query = "?since=2026-08-01&until=2026-07-15"

        page = sign_in(finance).get(ROUNDS + query).content.decode()

        assert "The period ends before it begins." in page

    def test_it_is_asked_for_by_the_form(self, sign_in, finance, owing):
        client = sign_in(finance)
        form = {"since": "2026-07-01", "until": str(TODAY), "on": str(TODAY)}

        answer = client.post(ISSUE, form | {"whom": "owing", "form": "mail"})

        assert answer.status_code == 302
        assert "/jobs/" in answer.url

    def test_nobody_to_write_to_is_said_and_what_was_typed_is_kept(
        self, sign_in, finance, owing
    ):
        form = {"since": "2020-07-01", "until": "2021-06-30", "on": "2021-06-30"}

        answer = sign_in(finance).post(ISSUE, form | {"whom": "owing", "form": "pdf"})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "No member has such a statement" in page
        assert 'value="2020-07-01"' in page

    def test_staff_who_issue_no_invoices_see_the_list_alone(self, sign_in, owing):
        client = sign_in(staff("program staff"))

        assert ISSUE not in client.get(ROUNDS).content.decode()
        assert client.get(ISSUE).status_code == 403

    def test_a_stranger_sees_neither(self, sign_in, owing):
        client = sign_in(UserFactory())

        assert client.get(ROUNDS).status_code == 403
        assert client.get(ISSUE).status_code == 403
