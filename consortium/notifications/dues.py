"""
Dues: the ladder of reminders of what is open of invoices (domain.md 3.5).

State is kept by line. Mails quote what is left to pay alone; the last rungs are
tasks for people, and nothing is taken from a member by itself.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.rules import Item, Rule, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    DUES_RULE,
    MOST_BEFORE,
    Invoice,
    InvoiceLine,
    Site,
    Wording,
    chased_lines,
    is_chased,
    with_ladder,
    with_who_pays,
)
from ..models.invoice_answers import of_members_matching
from ..services import prepare_note
from ..services.chasing import OLDEST_DUES, stops
from ..services.ladders import (
    BILLING,
    CALLS,
    FIRST,
    OWNER,
    RUNGS,
    UNREACHED,
    ladders,
)
from .audiences import AHEAD, the_owner, whoever_takes_it

#: A reminder asks for an answer within so many days.
ANSWERED_WITHIN = timedelta(days=7)

#: How early the first rung of an audience may be: mails before, tasks after the day.
#: No audience is asked of more lines than who pays.
EARLIEST = {BILLING: -MOST_BEFORE, UNREACHED: -MOST_BEFORE}


def lines() -> Any:
    """Return the lines of invoices with what is asked of each today."""
    rows = chased_lines(on=timezone.localdate())
    return rows.select_related("invoice__organization__owner")


def lines_matching(text: str) -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.filter(of_members_matching(text)).issued()


def lines_to_pay(audience: str, *, on: date) -> Any:
    """
    Return the lines that are reminded of, each with its contractual due date.

    Tasks are for those alone that are late enough, or that nobody can be told of.
    """
    rows = _lines_chased(on).filter(_is_asked(audience, on))
    return rows.annotate(**_asked(audience))


def lines_for_all(*, on: date) -> Any:
    """Return the same lines for all audiences, each read once."""
    asked = {
        audience: Case(
            When(
                _is_asked(audience, on),
                then=JSONObject(person=who["person_key"], address=who["address"]),
            )
        )
        for audience in sorted({rung.audience for rung in RUNGS})
        for who in [_asked(audience)]
    }
    widest = _is_asked(BILLING, on)
    return _lines_chased(on).filter(widest).annotate(asked=JSONObject(**asked))


def _lines_chased(on: date) -> Any:
    rows = chased_lines(on=on).filter(is_chased())
    rows = with_who_pays(rows, on=on, member="invoice__organization")
    return with_ladder(rows, on=on).annotate(
        anchor_on=F("invoice__due_on"),
        organization_key=F("invoice__organization"),
        country=F("payer_country"),
    )


def _is_asked(audience: str, on: date) -> Q:
    """Return the condition that a line can be reminded of now, or is planned."""
    first = EARLIEST.get(audience, 1)
    reach = (on - OLDEST_DUES, on + AHEAD - timedelta(days=first))
    near = Q(invoice__due_on__range=reach)
    return near & Q(payer_address="") if audience == UNREACHED else near


def _asked(audience: str) -> dict[str, Any]:
    """Return who has the mails, or the tasks, of an audience."""
    if audience == BILLING:
        return {"person_key": F("payer"), "address": F("payer_address")}
    if audience in (OWNER, UNREACHED):
        return the_owner("invoice__organization")
    return whoever_takes_it()


def describe_line(delivery: ReminderDelivery, line: Any) -> Item:
    """Say what is to be paid: what is open, and nothing that is not asked for."""
    invoice = line.invoice
    facts = {
        "number": invoice.number,
        "company": invoice.organization.name,
        "amount": written(line.chased, invoice.currency),
        "asked": written(line.amount, invoice.currency),
        "due": written_day(invoice.due_on),
        "days": abs(delivery.days),
    }
    what, why = words_of(delivery)
    is_early = delivery.days < 0
    return Item(
        what=what % facts,
        why=" ".join([why % facts, *_left_out(line, facts)]),
        by_on=invoice.due_on if is_early else delivery.planned_on + ANSWERED_WITHIN,
        url=page_of(delivery.rung, invoice),
    )


def page_of(rung: str, invoice: Invoice) -> str:
    """Return the page on which what a rung asks for is done."""
    if rung in PAGES:
        return reverse(PAGES[rung], args=[invoice.pk])
    return invoice.get_absolute_url()


#: Where the last rungs are recorded.
PAGES = {
    "hand-over": "consortium:hand_over_dues",
    "decide": "consortium:decide_dues",
    "steering": "consortium:tell_steering",
}


def _left_out(line: Any, facts: Mapping[str, Any]) -> list[str]:
    """Say which part of a line is not asked for, and why."""
    currency = line.invoice.currency
    said = []
    if line.chased < line.amount:
        said.append(_("%(asked)s were invoiced; this is what is left to pay.") % facts)
    for amount, words in [
        (line.disputed, _("%(amount)s are in dispute, and not asked for here.")),
        (line.promised, _("%(amount)s are promised, and not asked for here.")),
        (line.announced, _("%(amount)s were announced as paid.")),
        (line.expected, _("%(amount)s were announced as paid, for no invoice.")),
        (line.on_account, _("%(amount)s are on account, and not applied yet.")),
    ]:
        if amount:
            said.append(words % {"amount": written(amount, currency)})
    return said


def words_of(delivery: ReminderDelivery) -> tuple[str, str]:
    """Return what a rung asks for and why, in the wording of its ladder."""
    own = WORDINGS.get((delivery.rung, delivery.wording))
    return own or WORDS[delivery.rung]


#: What each rung asks for, and why.
WORDS = {
    "-7": (
        _("%(amount)s of %(number)s are due on %(due)s"),
        _("A courtesy of a few days: the fee of %(company)s falls due."),
    ),
    "+3": (
        _("Say when you pay %(number)s: %(amount)s are late"),
        _("It was due on %(due)s. If it is on its way, tell us its date."),
    ),
    "+15": (
        _("%(amount)s of %(number)s are %(days)s days late"),
        _("It was due on %(due)s. Pay it, or tell us what keeps you from it."),
    ),
    "+30": (
        _("%(amount)s of %(number)s are %(days)s days late"),
        _("It was due on %(due)s. We shall call you about it."),
    ),
    "call": (
        _("Call %(company)s about %(number)s: %(amount)s"),
        _("It was due on %(due)s, and reminders did not help."),
    ),
    **{
        rung.key: (
            _("Call %(company)s about %(number)s: %(amount)s"),
            _("It was due on %(due)s. Their ladder asks for a call, not for a mail."),
        )
        for rung in CALLS.values()
    },
    "hand-over": (
        _("Hand %(number)s of %(company)s over to MIT AR: %(amount)s"),
        _("It was due on %(due)s. Record the hand-over with the number of its case."),
    ),
    "note": (
        _("A note to the sponsor of %(company)s about %(number)s"),
        _("%(amount)s were due on %(due)s. Write it: nothing goes out by itself."),
    ),
    "decide": (
        _("Decide on the benefits of %(company)s: %(number)s is not paid"),
        _("%(amount)s were due on %(due)s. Keep, limit or suspend: you decide."),
    ),
    "steering": (
        _("Tell the steering committee of %(number)s of %(company)s"),
        _("%(amount)s were due on %(due)s, and are not paid."),
    ),
    "nobody": (
        _("Find somebody at %(company)s who pays %(number)s"),
        _("Neither a billing contact nor a sponsor is there to be reminded."),
    ),
}

#: The same otherwise, where a ladder says so.
WORDINGS: dict[tuple[str, str], tuple[str, str]] = {
    (FIRST, Wording.GENTLE): (
        _("For your planning: %(amount)s of %(number)s are due on %(due)s"),
        _("Nothing is late. If a date does not suit %(company)s, tell us."),
    ),
    (FIRST, Wording.FIRM): (
        _("Pay %(amount)s of %(number)s by %(due)s"),
        _("The fee of %(company)s is due on this day, as its agreement says."),
    ),
    ("+3", Wording.GENTLE): (
        _("Did %(amount)s of %(number)s cross in the mail?"),
        _("It was due on %(due)s. If it is on its way, no need to do anything else."),
    ),
    ("+3", Wording.FIRM): (
        _("%(amount)s of %(number)s are late: pay now"),
        _("It was due on %(due)s. Pay it, or tell us today on which day you will."),
    ),
    ("+15", Wording.GENTLE): (
        _("%(amount)s of %(number)s are still open"),
        _("It was due on %(due)s. If something keeps you from it, we can help."),
    ),
    ("+15", Wording.FIRM): (
        _("%(amount)s of %(number)s are %(days)s days late: pay now"),
        _("It was due on %(due)s. Pay it within a week, or say in writing why not."),
    ),
    ("+30", Wording.GENTLE): (
        _("May we call you about %(amount)s of %(number)s?"),
        _("It was due on %(due)s, %(days)s days ago, and we did not hear from you."),
    ),
    ("+30", Wording.FIRM): (
        _("%(amount)s of %(number)s are %(days)s days late: last reminder"),
        _("It was due on %(due)s. After this one, it is handed over for collection."),
    ),
}


def prepare(delivery: ReminderDelivery, line: Any, task: Task) -> None:
    """Draft the note to the sponsor, to which its task then leads."""
    if delivery.rung == "note":
        now = timezone.now()
        note = prepare_note(line.invoice, on=timezone.localdate(now), at=now)
        Task.objects.filter(pk=task.pk).update(url=note.get_absolute_url())


def countries() -> list[str]:
    """Return the countries in which members are."""
    rows = Site.objects.order_by("country").values_list("country", flat=True)
    return [str(country) for country in rows.distinct()]


DUES = declare(
    Rule(
        name=DUES_RULE,
        title=_("Dues"),
        sentence=_(
            "Whoever pays at a member is reminded of what is open, before it is due "
            "and after; then people at INM have tasks: a call, the hand-over to MIT "
            "AR, a note from the director, a decision, a word to the steering "
            "committee. On which days, the ladder in force says; a member or an "
            "invoice may have its own. What is disputed, promised, announced, or "
            "could be paid from cash on account is not reminded of."
        ),
        subjects=lines,
        candidates=lines_to_pay,
        at_once=lines_for_all,
        rungs=RUNGS,
        describe=describe_line,
        matching=lines_matching,
        countries=countries,
        once=True,
        stops_whole=True,
        variants=ladders,
        stops=stops,
        opened=prepare,
    )
)
