"""One object of each kind that the kernel keeps for people, all about Siemens."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from consortium import services
from consortium.models import (
    DUES_RULE,
    Category,
    DuesException,
    InvoiceLine,
    PeriodReopening,
    ReceiptShare,
    Refund,
    ShortfallWaiver,
    WaitingMoney,
    WriteOff,
)
from inm_portal.accounts import roles
from inm_portal.kernel.models import (
    Closure,
    ReminderDelivery,
    ReminderHold,
    ReminderStop,
    Task,
)
from inm_portal.kernel.tasklist import finish_task
from seed_projects import services as seeds
from seed_projects.models import CallStage

from ..cast import Cast
from ..conftest import TODAY
from ..factories import (
    banking,
    benefits,
    calls,
    engagement,
    governance,
    library,
    prospects,
    receivables,
    renewals,
    workforce,
)
from ..factories.accounts import staff
from ..factories.billing import (
    order,
    payer,
)
from ..factories.credits import (
    agreed,
    appraise,
    at,
    claim,
    decide,
    delivered,
    dispute,
    offer,
    year_of,
)
from ..factories.invoices import a_draft, an_instalment, approve, credit, issue
from ..factories.ledger import recognize
from ..factories.renewals import estimate
from ..kernel.files import sent

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def of_reminders(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make one of each: about a contact of Siemens, a task of its sponsor."""
    rule = "consortium.contact_confirmation"
    stop = ReminderStop.objects.create(rule=rule, stopped_at=NOON)
    contact = {"subject_type": "consortium.contact", "subject_id": cast.contact.pk}
    reminder = ReminderDelivery.objects.create(
        **contact,
        **{"rule": rule, "rung": "due", "days": 0, "cycle": TODAY},
        **{"anchor_on": TODAY, "planned_on": TODAY, "person": cast["sponsor"]},
        **{"organization_key": cast.siemens.pk, "address": cast["sponsor"].email},
    )
    hold = ReminderHold.objects.create(**contact, reason="They asked", until_on=TODAY)
    closure = Closure.objects.create(on=date(2026, 12, 24), name="Christmas Eve")
    task = Task.objects.create(
        **contact,
        **{"kind": rule, "person": cast["sponsor"], "due_on": TODAY},
        **{"what": "Confirm your colleagues at Siemens", "why": "Nobody did"},
    )
    made = {"stop": stop, "reminder": reminder, "hold": hold}
    made |= {"closure": closure, "task": task}
    return {name: {"pk": thing.pk} for name, thing in made.items()}


def of_credits(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a claim of Siemens in each state that a row needs, and an interest."""
    year, another = year_of(cast.signed), staff(roles.DIRECTOR)
    asked = services.ask_for_evidence(
        claim(year, 1_200), asked_for="The letter", at=at(TODAY), by=another
    )
    made = {
        "claim": claim(year, 1_100, category=Category.GIFT, by=cast["sponsor"]),
        "asked": asked,
        "reviewed": services.review_claim(claim(year, 1_300), by=another),
        "credit": decide(claim(year, 1_400), by=another),
        "offered": offer(year, 1_500),
        "assessing": services.assess_item(offer(year, 1_550), today=TODAY, by=another),
        "agreed": agreed(offer(year, 1_600), by=another),
        "delivered": _accepted(cast, 1_700, by=another),
        "disputed": _accepted(cast, 1_800, by=another),
    }
    said = {
        "dispute_of_value": dispute(made["disputed"], by=cast["sponsor"], on=TODAY),
        "appraisal": appraise(made["disputed"], by=another, on=TODAY),
        "valuation": made["disputed"].item.valuations.get(),
    }
    interest = services.disclose_interest(
        cast.siemens,
        person=staff(roles.AUDITOR),
        reason="Holds shares",
        from_on=TODAY,
        at=at(TODAY),
        by=None,
    )
    keys = {name: {"pk": thing.pk} for name, thing in {**made, **said}.items()}
    keys["evidence"] = {"pk": made["claim"].evidence_id}
    keys["line"] = {"pk": made["credit"].entries.get().pk}
    waiver = ShortfallWaiver.objects.create(
        **{"commitment_year": year, "amount": 1, "reason": "It is a trifle"},
        **{"granted_by": another, "granted_at": at(TODAY)},
    )
    keys["waived"] = {"pk": waiver.pk}
    return keys | {"interest": {"pk": interest.pk}}


def of_benefits(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a benefit of which Siemens used one this year."""
    defined = benefits.benefit()
    one = benefits.entitlement(cast.signed)
    return {
        "benefit": {"pk": defined.pk},
        "entitlement": {"pk": one.pk},
        "use": {"pk": benefits.use(one).pk},
    }


def of_renewals(cast: Cast) -> dict[str, dict[str, Any]]:
    """Estimate how likely Siemens renews, that leaves; and let a term be over."""
    return {
        "estimate": {"pk": estimate(cast.signed).pk},
        "late_notice": {"pk": renewals.late_notice(cast.signed).pk},
        "farewell": {"pk": renewals.farewell(cast.signed, cast.contact).pk},
        "health": {"pk": renewals.health(cast.siemens).pk},
        "over": {"pk": renewals.ended().pk},
    }


def of_prospects(cast: Cast) -> dict[str, dict[str, Any]]:
    """Let a company ask, and talk with another one."""
    return {
        "inquiry": {"pk": prospects.inquiry().pk},
        "prospect": {"pk": prospects.prospect(owner=cast["staff"]).pk},
    }


def of_engagement(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make what Siemens may read of a meeting, what it may not, and what follows."""
    shared = engagement.interaction(cast.contact, is_shared=True)
    done = engagement.follow_up(shared, owner=staff(roles.PROGRAM_STAFF))
    task = services.tasks_of(shared).get()
    finish_task(task, outcome="Sent", at=at(TODAY), by=None)
    return {
        "shared": {"pk": shared.pk},
        "confidential": {"pk": engagement.interaction(cast.contact).pk},
        "follow_up": {"pk": done.pk},
        "professor": {"pk": engagement.faculty().pk},
        "talk": {"pk": engagement.one_to_one(cast.contact, "Eva Ro").pk},
        "agreed_talk": {"pk": engagement.agreed(cast.contact, "Ben Li").pk},
    }


def of_governance(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a council on which the colleague sits, its meetings and its motions."""
    body = governance.council()
    place = governance.seat(body, "Siemens", organization=cast.siemens)
    contact = cast["colleague"].contacts.get()
    sitting = governance.sits(place, contact=contact)
    governance.sits(governance.seat(body, "Chair"))
    begun = {"starts_at": NOON - timedelta(hours=3), "ends_at": NOON}
    ahead = governance.meeting(body, title="Begun", **begun)
    held = services.hold_meeting(
        governance.meeting(body, **begun), presences={}, at=NOON, by=None
    )
    minutes = services.write_minutes(held, text="As said", at=NOON, by=None)
    decided = services.record_decision(held, text="Robots", at=NOON, by=None)
    paper = services.add_paper(
        ahead, file=sent(), title="Figures", audience="sitting", at=NOON, by=None
    )
    attended = services.hold_meeting(
        governance.meeting(body, **begun),
        presences={sitting: "present"},
        at=NOON,
        by=None,
    ).attendance.get()
    opened = governance.opened(body)
    closed = services.close_motion(
        governance.opened(body), at=governance.CLOSES, by=None
    )
    statement = services.publish_statement(text="No", from_on=TODAY, at=NOON, by=None)
    made = {
        **{"body": body, "free_seat": governance.seat(body, "Free")},
        **{"sitting": sitting, "council_meeting": ahead, "held_meeting": held},
        **{"minutes": minutes, "decision": decided, "paper": paper},
        **{"attendance": attended, "agenda_item": ahead.agenda.get()},
        **{"draft_vote": governance.motion(body), "open_vote": opened},
        **{"closed_vote": closed, "antitrust": statement},
        "elector": governance.elector(opened, sitting),
    }
    return {name: {"pk": thing.pk} for name, thing in made.items()}


def of_library(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make what members read, a draft, one that they comment, and what was opened."""
    roadmap, shelved = library.published(), library.work("Shelved")
    shared = library.work("Shared", is_draft_shared=True)
    edition, by = roadmap.versions.get(), cast["colleague"]
    now = {"at": at(TODAY), "by": by}
    opening = services.open_library_version(edition, **now).opening
    comment = services.comment_on_draft(shared, text="Add a year", **now)
    return {
        "roadmap": {"pk": roadmap.pk},
        "shelved": {"pk": shelved.pk},
        "shared_draft": {"pk": shared.pk},
        "edition": {"pk": edition.pk},
        "hidden_edition": {"pk": shelved.versions.get().pk},
        "opening": {"pk": opening.pk},
        "comment": {"pk": comment.pk},
    }


def of_workforce(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a program in which Siemens takes part, and a stranger who is a student."""
    one = workforce.program()
    part = workforce.part(cast.siemens, one)
    profile = workforce.student(cast["stranger"])
    look = services.look_at_profile(profile, at=at(TODAY), by=cast["staff"])
    return {
        "program": {"pk": one.pk},
        "part": {"pk": part.pk},
        "donation": {"pk": workforce.contribution(part).pk},
        "second_member": {"pk": cast.amgen.pk},
        "student": {"pk": profile.pk},
        "look": {"pk": look.pk if look else 0},
    }


def of_calls(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a call in each state that a row needs, forms, rubrics and what is said."""
    draft, published = calls.ready("Drafted"), calls.opened("Published")
    seeds.set_date(draft, kind="panel", at=NOON, by=None)
    seeds.add_track(draft, name="Juniors", by=None)
    form, rubric = (
        calls.form("Unwritten", is_published=False),
        calls.rubric("R", is_published=False),
    )
    stage = published.stages.get()
    longer = seeds.extend_deadline(
        stage,
        until_at=calls.NOON + 20 * calls.DAY,
        person=staff(roles.PROGRAM_STAFF),
        reason="Ill",
        at=calls.NOON,
        by=None,
    )
    made = {
        **{"draft_call": draft, "published": published, "past": calls.closed("Closed")},
        **{
            "in_review": calls.in_review("Reviewed"),
            "call_asked": calls.question(published),
        },
        "call_decided": seeds.decide_call(calls.in_review("Decided"), by=None),
        **{"stage": draft.stages.get(), "calldate": draft.dates.get()},
        **{"track": draft.tracks.get(), "rule": draft.rules.get()},
        **{"problem": calls.problem(cast.siemens), "extension": longer},
        **{"form_written": calls.form("Written").form, "form_draft": form},
        **{"section": form.sections.get(), "form_question": form.questions.last()},
        **{"rubric_written": calls.rubric("Written").rubric, "rubric_draft": rubric},
        **{"criterion": rubric.criteria.last(), "used_form": stage.form},
        **{"rubric_out": published.rubric, "published_stage": stage},
        "closed_stage": CallStage.objects.get(call__title="Closed"),
    }
    return {name: {"pk": thing.pk} for name, thing in made.items()} | {
        "slug": {"slug": published.slug}
    }


def of_receipts(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a receipt of Siemens that is applied in part, and one that may be it."""
    proposer = staff(roles.FINANCE)
    share = receivables.cash(2_700, cast.siemens, by=proposer)
    line = receivables.invoiced(cast.siemens, 2_900)
    receipt, told = share.receipt, {"reason": "Paid twice", "by": proposer}
    wire = receivables.receive(900, by=proposer)
    unused = receivables.cash(1_500, cast.siemens, by=proposer)
    made = {
        "receipt": receipt,
        "unsure": receivables.receive(2_700, cast.siemens, **told),
        "allocation": receivables.apply(share, line, 2_600),
        "call": receivables.call_back(cast.siemens, by=proposer),
        "share": share,
        "unused": unused,
        "cleared": unused.receipt,
        "wire": wire,
        "unpaid": receivables.invoiced(cast.siemens, 5_000),
        **of_two(share, line, by=proposer),
    }
    found = {name: {"pk": thing.pk} for name, thing in made.items()}
    found["called"] = {"pk": made["call"].contact_id}
    return found | {"waiting": {"pk": WaitingMoney.objects.get(receipt=wire).pk}}


def of_two(
    share: ReceiptShare, line: InvoiceLine, *, by: Any
) -> dict[str, WriteOff | Refund]:
    """Make write-offs and refunds: of each one to decide on, and one recorded."""
    now: Any = {"at": at(TODAY), "by": by}
    given: Any = {"kind": "bank_charge", "today": TODAY, **now}
    back: Any = {"amount": Decimal(20), "reason": "Paid twice", **now}
    paid_back = services.propose_refund(share, **back)
    paid: Any = {"paid_on": TODAY, "today": TODAY, "at": at(TODAY)}
    services.approve_refund(paid_back, **paid, by=staff(roles.DIRECTOR))
    return {
        "given": services.write_off(line, amount=Decimal(25), **given),
        "giving": services.write_off(line, amount=Decimal(99), reason="Gone", **given),
        "paidback": paid_back,
        "refund": services.propose_refund(share, **back),
    }


def of_ladders(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a ladder that waits for a second person, and what Siemens has of its own."""
    keeper, now = staff(roles.FINANCE), {"today": TODAY, "at": at(TODAY)}
    rungs, told = services.standard(), {"reason": "As the board asked"}
    made = {
        "ladder": services.propose_ladder(
            rungs=rungs,
            first_on=date(2026, 12, 24),
            based_on=None,
            by=keeper,
            **told,
            **now,
        ),
        "own_ladder": services.give_ladder(
            cast.siemens,
            rungs=rungs,
            until_on=date(2026, 12, 31),
            by=keeper,
            **told,
            **now,
        ),
        "chosen": services.choose_reminders(
            cast.siemens, first_notice=14, readers=[], version=0, by=keeper
        ),
    }
    return {name: {"pk": thing.pk} for name, thing in made.items()}


RECOGNIZED = b"member,month,amount,currency\nSiemens,2026-09,10.00,USD\n"
STATEMENT = banking.csv_of("2026-11-12,70.00,Siemens AG,FED-70,")


def of_books(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a month that is closed and one to open, an export, and files."""
    keeper, told = staff(roles.FINANCE), {"at": at(TODAY)}
    posting = recognize(cast.siemens, 50, value_on=date(2026, 8, 20))
    asked, closed = (
        services.close_period(date(2020, month, 1), today=TODAY, by=keeper, **told)
        for month in (1, 2)
    )
    earlier = PeriodReopening.objects.create(
        **{"close": asked, "reason": "A wire", "proposed_by": keeper},
        proposed_at=at(TODAY),
    )
    source = services.import_recognition(
        RECOGNIZED, name="a.csv", today=TODAY, by=keeper, **told
    )
    account = banking.account()
    made = {
        "posting": posting,
        "closed": closed,
        "reopening": earlier,
        "batch": services.export_entries(
            posted_until=date(2026, 8, 31), by=keeper, **told
        ),
        "told": source,
        "recognized": source.amounts.get(),
        "bank_account": account,
        "bank_file": banking.upload(STATEMENT, account, by=keeper),
    }
    keys = {name: {"pk": thing.pk} for name, thing in made.items()}
    return keys | {"a_month": {"month": "2026-10"}}


def _accepted(cast: Cast, amount: int, *, by: Any) -> Any:
    thing = offer(year_of(cast.signed), amount)
    delivered(thing, basis=amount, valued_by=cast["finance"], by=by)
    return decide(thing, amount - 100, by=by, on=TODAY)


def of_invoices(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make invoices of Siemens in each state, two credit notes, and what is to do."""
    first, second = year_of(cast.signed), year_of(cast.signed, 2)
    asked = [an_instalment(first, 5), an_instalment(second, 5)]
    taken_of = issue(a_draft(cast.signed, an_instalment(first, 6)))
    made = {
        "invoice": issue(a_draft(cast.signed, asked[0])),
        "drafting": a_draft(cast.signed, asked[1]),
        "approved": approve(a_draft(cast.signed, an_instalment(second, 6))),
        "credited": credit(taken_of, 1),
        "crediting": services.draft_credit_note(
            taken_of,
            taken=[services.Taken(taken_of.lines.get(), Decimal(1))],
            **{"reason": "Agreed", "at": at(TODAY), "by": None},
        ),
        "instalment": asked[0],
        "to_do": an_instalment(first, 7),
        "lowered": an_instalment(first, -2),
    }
    made |= of_paying(cast, made["invoice"]) | of_dues(cast)
    return {name: {"pk": thing.pk} for name, thing in made.items()}


def of_dues(cast: Cast) -> dict[str, Any]:
    """Make two late invoices of Siemens: one reminded of next, and one held."""
    late, held = (
        receivables.invoiced(cast.siemens, 9_000_000, year=3) for _each in range(2)
    )
    rung = ReminderDelivery.objects.create(
        **{"rule": DUES_RULE, "rung": "+15", "days": 15, "cycle": late.invoice.due_on},
        **{"subject_type": "consortium.invoiceline", "subject_id": late.pk},
        **{"anchor_on": late.invoice.due_on, "planned_on": date(2026, 11, 16)},
        **{
            "organization_key": cast.siemens.pk,
        },
    )
    ReminderDelivery.objects.create(
        **{"rule": DUES_RULE, "rung": "+30", "days": 30, "cycle": late.invoice.due_on},
        **{"subject_type": "consortium.invoiceline", "subject_id": late.pk},
        **{"anchor_on": late.invoice.due_on, "planned_on": date(2026, 12, 1)},
        **{"organization_key": cast.siemens.pk, "address": cast["billing"].email},
    )
    services.hold_dues(
        held.invoice,
        **{"until_on": TODAY, "reason": "They asked", "today": TODAY, "by": None},
    )
    now = {"today": TODAY, "at": at(TODAY), "by": None}
    step = services.take_step(held.invoice, kind="handed_over", on=TODAY, **now)
    note = services.prepare_note(late.invoice, on=TODAY, at=at(TODAY))
    promised = {"pay_on": date(2026, 11, 18), "amount": Decimal(9)}
    earlier = {"today": date(2026, 11, 2), "at": at(date(2026, 11, 2)), "by": None}
    services.promise_payment(held.invoice, **promised, **earlier)
    broken = DuesException.objects.get(invoice=held.invoice, kind="promise_broken")
    made = {"chased": late.invoice, "held_dues": held.invoice, "broken": broken}
    return made | {"step": step, "note": note, "rung": rung}


def of_paying(cast: Cast, invoice: Any) -> dict[str, Any]:
    """Make what Siemens says of how it pays, and of an invoice."""
    now = {"today": TODAY, "at": at(TODAY), "by": None}
    told = {"at": at(TODAY), "by": None}
    return {
        "payer": payer(cast.siemens),
        "order": order(cast.siemens, 6_000),
        "delivery": services.deliver_invoice(
            invoice, channel="email", delivered_on=TODAY, **now
        ),
        "customer_answer": services.answer_invoice(
            invoice, kind="rejected", reason="No order", answered_on=TODAY, **now
        ),
        "promise": services.promise_payment(
            invoice, pay_on=TODAY, amount=Decimal(2), **now
        ),
        "invoice_dispute": services.dispute_invoice(
            invoice, amount=Decimal(3), reason="One seat less", **told
        ),
        "advice": services.advise_payment(
            cast.siemens,
            **{"paid_on": TODAY, "amount": Decimal(3), "method": "wire"},
            **{"invoices": [invoice], **now},
        ),
    }
