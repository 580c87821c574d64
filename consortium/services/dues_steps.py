"""What people do at the last rungs of the ladder: hand over, write, decide, tell."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails, tasklist
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Task
from inm_portal.kernel.money import written
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    DECISIONS,
    DUES_RULE,
    NOTE_TASK,
    Contact,
    ContactRole,
    DuesStep,
    Invoice,
    InvoiceLine,
    SponsorNote,
    StepKind,
    chased_lines,
)
from ..states import InvoiceState, NoteState
from ..verbs import Verb
from .chasing import stops_of
from .interests import require_no_interest
from .invoices import NotIssued, lock_invoice

#: The tasks that each kind of step ends, by the rung that opened them.
ENDS = {
    StepKind.HANDED_OVER: "hand-over",
    StepKind.TOLD: "steering",
    **dict.fromkeys(DECISIONS, "decide"),
}

#: What the journal says of each.
SAYS = {
    StepKind.HANDED_OVER: Verb.DUES_HANDED_OVER,
    StepKind.TOLD: Verb.STEERING_TOLD,
    **dict.fromkeys(DECISIONS, Verb.DUES_DECIDED),
}

#: Who minds invoices at INM.
MINDS = "change_invoice"


class NotLate(Refusal):
    code = "not_late"


class StepInFuture(Refusal):
    code = "step_in_future"
    field = "on"


class BeforeDue(Refusal):
    code = "before_due"
    field = "on"


class SaysNotWhy(Refusal):
    code = "says_not_why"
    field = "reason"


class NothingAsked(Refusal):
    code = "nothing_asked"


class NoSponsor(Refusal):
    code = "no_sponsor"


@transaction.atomic
def take_step(
    invoice: Invoice,
    *,
    kind: str,
    on: date,
    today: date,
    at: datetime,
    by: User,
    reason: str = "",
    reference: str = "",
) -> DuesStep:
    """
    Record what was done about an overdue invoice; its task is done, and people told.

    :raises NotIssued: if it was not issued, or is void.
    :raises NotLate: if nothing of it is open, or it is not overdue.
    :raises StepInFuture: if the day lies ahead.
    :raises BeforeDue: if it was not overdue by that day.
    :raises SaysNotWhy: if a decision has no reason.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    invoice = _late(invoice, today=today)
    require_no_interest(invoice.organization, on=today, by=by)
    if on > today:
        raise StepInFuture(_("This day lies ahead."))
    if invoice.due_on is not None and on <= invoice.due_on:
        raise BeforeDue(_("It was not overdue by this day."))
    if kind in DECISIONS and not reason.strip():
        raise SaysNotWhy(_("Say why; it stays on record."))
    step = DuesStep.objects.create(
        invoice=invoice,
        kind=kind,
        on=on,
        reason=reason,
        reference=reference,
        recorded_at=at,
        recorded_by=by,
    )
    outcome = f"{step.get_kind_display()}. {reason}".strip()
    _finish(f"{DUES_RULE}.{ENDS[StepKind(kind)]}", invoice, outcome, at=at, by=by)
    journal.record(SAYS[StepKind(kind)], invoice, by=by, kind=kind, on=on)
    _tell(invoice, step.get_kind_display(), reason or reference, step, at=at, by=by)
    return step


def _late(invoice: Invoice, *, today: date) -> Invoice:
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.ISSUED or invoice.due_on is None:
        raise NotIssued(_("This invoice was not issued, or is void."))
    open_amount = Invoice.objects.with_open().get(pk=invoice.pk).open_amount
    if invoice.due_on >= today or not open_amount:
        raise NotLate(_("Nothing of this invoice is overdue."))
    return invoice


def _finish(
    kind: str, invoice: Invoice, outcome: str, *, at: datetime, by: User
) -> None:
    tasks = Task.objects.filter(
        kind=kind,
        subject_type=InvoiceLine._meta.label_lower,
        subject_id__in=list(invoice.lines.values_list("pk", flat=True)),
    )
    tasklist.finish_open(tasks, outcome=outcome[:500], at=at, by=by)


def _tell(
    invoice: Invoice,
    what: str,
    why: str,
    about: DuesStep | SponsorNote,
    *,
    at: datetime,
    by: User,
) -> None:
    """Tell finance and who looks after the member what was done, and why."""
    able = Group.objects.filter(permissions__codename=MINDS)
    people = set(User.objects.filter(is_active=True, groups__in=able))
    owner = invoice.organization.owner
    people |= {owner} if owner and owner.is_active else set()
    context = {
        "company": invoice.organization.name,
        "number": invoice.number,
        "what": what,
        "why": why,
        "name": by.name if by else "INM",
        "key": invoice.pk,
    }
    for person in sorted(people - {by}, key=lambda one: one.pk):
        mails.write(
            "consortium/mail/dues_step",
            to=person,
            about=about,
            slot=f"step {at.isoformat()}",
            at=at,
            context=context,
        )


@transaction.atomic
def prepare_note(invoice: Invoice, *, on: date, at: datetime) -> SponsorNote:
    """Draft the note to the sponsor of a late member, once for a due date."""
    invoice = lock_invoice(invoice)
    cycle = invoice.due_on or on
    found: SponsorNote | None = invoice.sponsor_notes.filter(cycle=cycle).first()
    if found:
        return found
    subject, text = words_of_note(invoice, on=on)
    note = SponsorNote.objects.create(
        invoice=invoice, cycle=cycle, subject=subject, text=text, drafted_at=at
    )
    journal.record(Verb.SPONSOR_NOTE_DRAFTED, invoice, by=None, note=note)
    return note


def words_of_note(invoice: Invoice, *, on: date) -> tuple[str, str]:
    """Return subject and text of a note as the portal drafts it."""
    rows = chased_lines(on=on).filter(invoice=invoice)
    asked = sum((line.chased for line in rows), start=0)
    facts = {
        "company": invoice.organization.name,
        "number": invoice.number,
        "amount": written(asked, invoice.currency),
        "due": written_day(invoice.due_on),
    }
    text = _(
        "I am writing to you myself, since %(amount)s of our invoice %(number)s to "
        "%(company)s, due on %(due)s, is still open.\n\n"
        "Is there anything about the consortium, or about this invoice, that keeps "
        "it from being paid? If so, I should like to hear it from you. If not, I "
        "would be grateful if you could see to it that it is paid, or tell me by "
        "when we may expect it.\n\n"
        "Thank you for what %(company)s does with us."
    )
    subject = _("%(company)s and INM: our invoice %(number)s")
    return subject % facts, text % facts


@transaction.atomic
def change_note(
    note: SponsorNote,
    *,
    version: int | None,
    by: User,
    subject: str = "",
    text: str = "",
) -> SponsorNote:
    """
    Change what a draft says; what is left out stays.

    :raises NothingAsked: if it was sent, or declined.
    :raises EditConflict: if it changed since ``version``.
    """
    invoice = lock_invoice(note.invoice)
    note = SponsorNote.objects.locked(note)
    if note.state != NoteState.DRAFT:
        raise NothingAsked(_("This note was sent or declined; it is no draft."))
    told: Any = {"subject": subject or note.subject, "text": text or note.text}
    if note.edit(version, **told):
        journal.record(Verb.SPONSOR_NOTE_CHANGED, invoice, by=by, note=note)
    return note


@transaction.atomic
def send_note(
    note: SponsorNote, *, version: int | None, today: date, at: datetime, by: User
) -> SponsorNote:
    """
    Send a note to those who sponsor the member, once; its task is done.

    :raises IllegalTransition: if it was sent, or declined.
    :raises EditConflict: if it is not the note that was read.
    :raises NothingAsked: if nothing is asked for today: paid, promised, disputed.
    :raises NoSponsor: if nobody sponsors the member.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    invoice = lock_invoice(note.invoice)
    require_no_interest(invoice.organization, on=today, by=by)
    note = SponsorNote.objects.locked(note)
    note.require(version)
    note.move_to(NoteState.SENT)
    if why := not_asked(invoice, on=today):
        raise NothingAsked(why)
    sponsors = sponsors_of(invoice, on=today)
    if not sponsors:
        raise NoSponsor(_("Nobody sponsors this member; name somebody first."))
    messages = [
        mails.write(
            "consortium/mail/sponsor_note",
            to=sponsor.user
            if sponsor.user and sponsor.user.is_active
            else sponsor.email,
            about=note,
            slot="note",
            at=at,
            context={
                "subject_line": note.subject,
                "sponsor": sponsor.name,
                "paragraphs": [one for one in note.text.split("\n\n") if one.strip()],
                "signed": by.name,
                "key": invoice.pk,
            },
            once=True,
        )
        for sponsor in sponsors
    ]
    _decide(note, at=at, by=by, message=messages[0])
    journal.record(Verb.SPONSOR_NOTE_SENT, invoice, by=by, note=note)
    outcome = _("Sent to %(who)s.") % {"who": ", ".join(s.name for s in sponsors)}
    _finish(NOTE_TASK, invoice, outcome, at=at, by=by)
    _tell(invoice, _("Note to the sponsor sent"), note.subject, note, at=at, by=by)
    return note


@transaction.atomic
def decline_note(
    note: SponsorNote, *, reason: str, today: date, at: datetime, by: User
) -> SponsorNote:
    """
    Leave a note unsent, and say why; its task is done.

    :raises IllegalTransition: if it was sent, or declined.
    :raises SaysNotWhy: without a reason.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    invoice = lock_invoice(note.invoice)
    require_no_interest(invoice.organization, on=today, by=by)
    if not reason.strip():
        raise SaysNotWhy(_("Say why; it stays on record."))
    note = SponsorNote.objects.locked(note)
    note.move_to(NoteState.DECLINED)
    _decide(note, at=at, by=by, reason=reason)
    journal.record(Verb.SPONSOR_NOTE_DECLINED, invoice, by=by, note=note)
    outcome = _("Not sent: %(why)s") % {"why": reason}
    _finish(NOTE_TASK, invoice, outcome, at=at, by=by)
    _tell(invoice, _("No note to the sponsor"), reason, note, at=at, by=by)
    return note


def _decide(note: SponsorNote, *, at: datetime, by: User, **more: object) -> None:
    note.decided_at, note.decided_by = at, by
    for name, value in more.items():
        setattr(note, name, value)
    note.version += 1
    note.save(update_fields=["state", "decided_at", "decided_by", "version", *more])


def not_asked(invoice: Invoice, *, on: date) -> str:
    """Say why nothing of an invoice is asked for on a day, if so."""
    rows = chased_lines(on=on).filter(invoice=invoice).select_related("invoice")
    words = [stops_of(line, on=on) for line in rows.order_by("pk")]
    return next(iter(words), "") if all(words) else ""


def sponsors_of(invoice: Invoice, *, on: date) -> list[Contact]:
    """Return who gets a note about an invoice."""
    rows: Iterable[Contact] = Contact.objects.recipients(
        invoice.organization, ContactRole.SPONSOR, on=on
    ).select_related("user")
    return sorted(rows, key=lambda one: one.pk)
