"""What proposals cost: a text that is saved, the last minute of a call, its book."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from inm_portal.accounts import roles
from inm_portal.accounts.models import User
from inm_portal.kernel import jobs
from inm_portal.kernel.models import Job
from seed_projects import services
from seed_projects.models import Call, Proposal, Theme
from seed_projects.services.drafts import TooLate
from seed_projects.states import HANDED_IN

from . import processes
from .figures import Figure, Probe
from .writers import rate

PEOPLE, LATE = 500, 50
WRITERS = 16
SAVES, ROUNDS = 200, 5
IN_BOOK = 100
WORDS = "We learn from few defects on a line that makes one bad part in ten thousand. "
BARE = "UPDATE seed_projects_answer SET value = to_jsonb(%s::text) WHERE id = %s"
#: A text of about 2,000 signs, as people pause after.
TEXT = WORDS * 26
#: What a proposal answers: five questions of some 600 words.
LONG = WORDS * 40
#: The time of a saved text, in bare updates of the same row, which ask nothing first.
SAVED = 75.0
#: Many at once may lose a little of what one does alone, and no more.
LAST_MINUTE = 1.25
#: MiB that a book may add to a worker.
MORE = 256.0


def probes() -> Iterator[Probe]:
    yield Probe("proposals, a text saved", saved)
    yield Probe("proposals, the last minute of a call", last_minute)
    yield Probe("proposals, the book of a call", book)


def saved(_: Any) -> Iterator[Figure]:
    """Save a text again and again, beside bare updates of the same row."""
    call, now = a_call("saved", closes_in=timedelta(days=9)), timezone.now()
    proposal = a_draft(call, a_person("saved", 0), now)
    asked = proposal.form.questions.first()
    told: dict[str, Any] = {"at": now, "by": None}
    kept = services.save_answer(proposal, asked, value=TEXT, version=0, **told).answer
    version = kept.version

    def save(number: int) -> None:
        nonlocal version
        value = f"{TEXT}{number}"
        made = services.save_answer(
            proposal, asked, value=value, version=version, **told
        )
        version = made.answer.version

    def bare(number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE seed_projects_answer SET value = to_jsonb(%s::text) "
                "WHERE id = %s",
                [f"{TEXT}{number}", kept.pk],
            )

    rounds = [(_each(save), _each(bare)) for _round in range(ROUNDS)]
    yield Figure(
        "proposals, a text saved",
        f"{statistics.median(ours for ours, _bare in rounds) * 1000:.1f} ms",
        f"{statistics.median(theirs for _ours, theirs in rounds) * 1000:.1f} ms",
        statistics.median(ours / theirs for ours, theirs in rounds),
        SAVED,
    )


def _each(act: Callable[[int], None]) -> float:
    began = time.perf_counter()
    for number in range(SAVES):
        act(number)
    return (time.perf_counter() - began) / SAVES


def last_minute(_: Any) -> Iterator[Figure]:
    """
    Let 500 people submit in the last minute, and 50 more just after.

    :raises LookupError: if one is lost, counted twice, or taken after the deadline.
    """
    together, alone = _submitted(WRITERS), _submitted(1)
    yield Figure(
        f"proposals, {PEOPLE} in the last minute",
        f"{together:,.0f}/s",
        f"{alone:,.0f}/s",
        alone / together,
        LAST_MINUTE,
    )


def _submitted(writers: int) -> float:
    now = timezone.now()
    call = a_call(f"last-{writers}", closes_in=timedelta(days=9))
    deadline = call.stages.get().closes_at
    name = f"last-{writers}"
    drafts = [
        a_draft(call, a_person(name, number), now) for number in range(PEOPLE + LATE)
    ]
    people = {draft.pk: draft.people.get().person for draft in drafts}
    share = -(-len(drafts) // writers)

    def submit(writer: int, number: int) -> None:
        place = writer * share + number - 1
        if number == 0 or place >= len(drafts):
            return
        draft = drafts[place]
        is_late = place % 11 == 10
        at = deadline + timedelta(seconds=1 if is_late else -(place % 60))
        try:
            services.submit_proposal(draft, at=at, by=people[draft.pk])
        except TooLate:
            if not is_late:
                raise
        else:
            if is_late:
                raise LookupError("One was taken after the deadline.")

    found = rate(submit, writers=writers, times=share)
    taken = Proposal.objects.filter(call=call, state__in=HANDED_IN)
    snapshots = sum(one.snapshots.count() for one in taken)
    if (taken.count(), snapshots) != (PEOPLE, PEOPLE):
        raise LookupError(f"{taken.count()} of {PEOPLE} were taken")
    return found


def book(_: Any) -> Iterator[Figure]:
    """Bind 100 proposals in a process of its own, and see what it took."""
    call, now = a_call("book", closes_in=timedelta(days=9)), timezone.now()
    for number in range(IN_BOOK):
        person = a_person("book", number)
        draft = a_draft(call, person, now, text=LONG)
        services.submit_proposal(draft, at=now, by=person)
    member = User.objects.filter(groups__name=roles.PROGRAM_STAFF).first()
    if member is None:
        raise LookupError("There is nobody to ask for a book.")
    services.ask_for_book(call, at=now, by=member)
    connections.close_all()
    fork = get_context("fork")
    ours, theirs = fork.Pipe()
    child = fork.Process(target=_bind, args=(theirs,))
    child.start()
    before, peak, took, size = ours.recv()
    child.join()
    yield Figure(
        f"proposals, book of {IN_BOOK}: memory",
        f"+{peak - before:.0f} MiB",
        f"{size:.1f} MB in {took:.1f} s",
        peak - before,
        MORE,
    )


def _bind(told: Any) -> None:
    pid = os.getpid()
    before = processes.resident(pid)
    processes.forget_peak(pid)
    began = time.perf_counter()
    jobs.run_due()
    took = time.perf_counter() - began
    job = Job.objects.filter(kind=services.BIND).latest("pk")
    if job.result is None:
        raise LookupError(f"The book was not bound: {job.error}")
    told.send((before, processes.peak(pid), took, job.result.size / 1e6))


def a_person(name: str, number: int) -> User:
    address = f"{name}-{number}@bench.example"
    known = User.objects.filter(email=address).first()
    return known or User.objects.create_user(email=address, name=f"{name} {number}")


def a_call(name: str, *, closes_in: timedelta) -> Call:
    """Open a call of its own, with a form of five questions."""
    now = timezone.now()
    slug = f"bench-{name}-{now:%Y%m%d%H%M%S%f}"
    call = services.draft_call(
        title=slug,
        slug=slug,
        summary=slug,
        themes=list(Theme.objects.all()[:1]),
        ceiling=Decimal(100_000),
        cost_categories=["materials"],
        contact_name="Bench",
        contact_email="calls@bench.example",
        at=now,
        by=None,
    )
    form = services.add_form(title=slug, at=now, by=None)
    section = services.add_section(form, title="Project", by=None)
    for label in "ABCDE":
        services.add_question(section, kind="long_text", label=label, by=None)
    services.set_stage(
        call,
        kind="full",
        opens_at=now - timedelta(days=1),
        closes_at=now + closes_in,
        form=services.publish_form(form, at=now, by=None),
        by=None,
    )
    services.add_rule(call, statement="I hold PI status.", by=None)
    rubric = services.add_rubric(title=slug, at=now, by=None)
    services.add_criterion(rubric, title="Merit", by=None)
    rubric = services.publish_rubric(rubric, at=now, by=None)
    services.replace_rubric(call, rubric=rubric, by=None)
    return services.open_call(Call.objects.get(pk=call.pk), at=now, by=None)


def a_draft(call: Call, pi: User, at: datetime, *, text: str = WORDS) -> Proposal:
    """Begin a proposal that can be submitted."""
    act: dict[str, Any] = {"at": at, "by": pi}
    made = services.begin_proposal(call.stages.get(), title=call.title, pi=pi, **act)
    services.change_proposal(
        made,
        title=f"Of {pi.name}",
        abstract=WORDS,
        starts_on=date(at.year + 1, 6, 1),
        smallest_budget=Decimal(5_000),
        **act,
    )
    for question in made.form.questions.in_order():
        services.save_answer(made, question, value=text, version=0, **act)
    services.declare(made, call.rules.get(), is_met=True, **act)
    line = {"year": 1, "category": "materials", "what": "Steel"}
    amounts = {"quantity": Decimal(1), "unit_amount": Decimal(10_000)}
    services.set_budget(made, lines=[line | amounts], **act)
    return Proposal.objects.get(pk=made.pk)
