"""Issue the statements of many members at once, by a job: as mails, or as files."""

import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from tempfile import TemporaryFile
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, jobs, journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Job, Message
from inm_portal.kernel.money import written

from ..models import Contact, ContactRole, Organization
from ..models.statements import owing, with_account, with_something
from ..states import Stated, StatementForm
from ..verbs import Verb
from .statements import Period, as_taken, laid_out, statement_of

#: The kind of job that issues statements.
ISSUE = "consortium.issue_statements"
MAIL = "consortium/mail/statement_sent"
#: Files are for who asked, and gone after that.
KEPT_FOR = timedelta(days=1)


#: As many members that nobody could be reached of are named in the mail.
NAMED = 20


class NobodyStated(Refusal):
    code = "nobody_stated"


class MayNotIssue(Refusal):
    code = "may_not_issue"


@dataclass(frozen=True)
class Round:
    """What a round of statements is of, as its job keeps it."""

    period: Period
    whom: Stated
    form: StatementForm

    @classmethod
    def of(cls, job: Job) -> "Round":
        told = job.args
        since, until, on = (
            date.fromisoformat(told[name]) for name in ("since", "until", "on")
        )
        period = Period(since, until, on, told["currency"])
        return cls(period, Stated(told["whom"]), StatementForm(told["form"]))

    @property
    def args(self) -> dict[str, str]:
        period = self.period
        days = {"since": period.since, "until": period.until, "on": period.known_on}
        return {name: str(day) for name, day in days.items()} | {
            "currency": period.currency,
            "whom": self.whom.value,
            "form": self.form.value,
        }


def those_stated(period: Period, *, whom: Stated, by: User) -> Any:
    """Return the members of whom ``by`` reads the statement that say something."""
    seen = Organization.objects.permitted(by, "see_statement")
    rows = with_account(
        seen,
        since=period.since,
        until=period.until,
        known_on=period.known_on,
        currency=period.currency,
    )
    return rows.filter(owing() if whom == Stated.OWING else with_something())


@transaction.atomic
def ask_for_statements(
    period: Period, *, whom: Stated, form: StatementForm, at: datetime, by: User
) -> Job:
    """
    Ask a worker to issue the statements of a period; its page tells how far it is.

    :raises NobodyStated: if no member is one of ``whom``.
    """
    if not those_stated(period, whom=whom, by=by).exists():
        raise NobodyStated(_("No member has such a statement for this period."))
    words = {"since": period.since, "until": period.until}
    title = _("Statements of %(since)s to %(until)s") % words
    return jobs.ask(ISSUE, title=title, by=by, at=at, **Round(period, whom, form).args)


def issue_statements(job: Job, progress: jobs.Progress, *, at: datetime) -> None:
    """
    Issue the statements of a job, each of the day as known on which it was asked.

    :raises MayNotIssue: if who asked may no longer.
    """
    by = job.asked_by
    if by is None or not by.has_perm("consortium.add_invoice"):
        raise MayNotIssue(_("You may no longer issue statements."))
    asked = Round.of(job)
    members = those_stated(asked.period, whom=asked.whom, by=by)
    found = list(members.order_by("name", "pk"))
    if asked.form == StatementForm.MAIL:
        _send(progress, asked, found, at=at, by=by)
    else:
        _pack(progress, asked, found, at=at, by=by)


def _send(
    progress: jobs.Progress,
    asked: Round,
    members: list[Organization],
    *,
    at: datetime,
    by: User,
) -> None:
    """Write to the billing contacts of each, and to who asked how it went."""
    without = []
    for done, member in enumerate(members, start=1):
        if not send_statement(member, asked.period, at=at, by=by):
            without.append(member.name)
        progress(done, of=len(members), words=_("Writing to billing contacts"))
    with progress.finishing() as held:
        held.done = held.total = len(members)
        period = asked.period
        mails.write(
            "consortium/mail/statements_issued",
            to=by,
            about=held,
            slot="issued",
            at=at,
            context={
                "since": period.since,
                "until": period.until,
                "count": len(members) - len(without),
                "without": without[:NAMED],
                "more": len(without) - NAMED,
                "url": period.asked,
            },
        )


@transaction.atomic
def send_statement(
    member: Organization, period: Period, *, at: datetime, by: User
) -> bool:
    """
    Tell the billing contacts of a member where its statement of a period is.

    The same statement, as known on the same day, is told to nobody twice. Return
    whether there is anybody to tell; where nobody bills, that is the sponsor.
    """
    on = period.known_on
    people = Contact.objects.recipients(member, ContactRole.BILLING, on=on)
    emails = list(people.order_by("pk").values_list("email", flat=True))
    slot = f"{period.since} {period.until} {on} {period.currency}"
    known = Message.objects.filter(
        kind=MAIL, about_type=member._meta.label_lower, about_id=member.pk, slot=slot
    )
    told = set(known.values_list("recipient", flat=True))
    new = [email for email in emails if email not in told]
    if not new:
        return bool(emails)
    statement = statement_of(member, period)
    context = {
        "company": member.name,
        "member": member.pk,
        "since": period.since,
        "until": period.until,
        "asked": f"?{period.asked}",
        "balance": written(abs(statement.closing), period.currency),
        "is_owed": statement.closing > 0,
        "is_in_favor": statement.closing < 0,
    }
    for email in new:
        mails.write(
            MAIL, to=email, about=member, slot=slot, at=at, context=context, once=True
        )
    journal.record(
        Verb.STATEMENT_SENT,
        member,
        by=by,
        since=str(period.since),
        until=str(period.until),
        known_on=str(on),
        closing=statement.closing,
        currency=period.currency,
        people=len(new),
    )
    return True


def _pack(
    progress: jobs.Progress,
    asked: Round,
    members: list[Organization],
    *,
    at: datetime,
    by: User,
) -> None:
    """Lay out one statement after the other into one file; who took them is kept."""
    period, form = asked.period, asked.form.value
    taken: list[tuple[Organization, dict[str, Any]]] = []
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
            for done, member in enumerate(members, start=1):
                statement = statement_of(member, period)
                paper = laid_out(statement, form=form)
                pack.writestr(paper.name, paper.content)
                taken.append((member, as_taken(statement, paper, form)))
                progress(done, of=len(members), words=_("Laying out statements"))
        file.seek(0)
        with progress.finishing() as held:
            for member, told in taken:
                journal.record(Verb.STATEMENT_TAKEN, member, by=by, **told)
            held.done = held.total = len(members)
            held.result = documents.keep(
                file,
                kind=documents.RESULTS,
                subject=held,
                name=f"statements-{period.since}-{period.until}.zip",
                content_type="application/zip",
                at=at,
                expires_at=at + KEPT_FOR,
            )
