"""
Dues: the ladder of reminders of what is open of invoices (domain.md 3.5).

State is kept by line. Mails quote what is left to pay alone; the last rungs are
tasks for people, and nothing is taken from a member by itself.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    DUES_RULE,
    InvoiceLine,
    Site,
    chased_lines,
    is_chased,
    with_who_pays,
)
from ..models.invoice_answers import of_members_matching
from ..services.chasing import OLDEST_DUES, stops
from .audiences import AHEAD, BILLING, FINANCE, OWNER, the_owner, whoever_takes_it

DIRECTOR, UNREACHED = "director", "unreached"

#: A reminder asks for an answer within so many days.
ANSWERED_WITHIN = timedelta(days=7)

#: Who else reads the mails.
OFFICE, WITH_LEAD = ("billing", "extra"), ("billing", "extra", "lead")

RUNGS = [
    Rung("-7", -7, BILLING, _("7 days before"), copied=OFFICE),
    Rung("+3", 3, BILLING, _("3 days late"), copied=OFFICE),
    Rung("+15", 15, BILLING, _("15 days late"), copied=WITH_LEAD),
    Rung("+30", 30, BILLING, _("30 days late"), copied=WITH_LEAD),
    Rung("call", 30, OWNER, _("task: call them"), is_task=True),
    Rung("hand-over", 60, FINANCE, _("task: hand over"), is_task=True),
    Rung("note", 90, DIRECTOR, _("task: a note"), is_task=True),
    Rung("decide", 120, DIRECTOR, _("task: decide"), is_task=True),
    Rung(
        "steering",
        180,
        DIRECTOR,
        _("steering committee"),
        is_task=True,
        stands_alone=True,
    ),
    Rung(
        "nobody",
        -7,
        UNREACHED,
        _("task: nobody to write to"),
        is_task=True,
        stands_alone=True,
    ),
]


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
    rows = chased_lines(on=on).filter(is_chased())
    rows = with_who_pays(rows, on=on, member="invoice__organization")
    first = min(rung.days for rung in RUNGS if rung.audience == audience)
    reach = (on - OLDEST_DUES, on + AHEAD - timedelta(days=first))
    rows = rows.filter(invoice__due_on__range=reach).annotate(
        anchor_on=F("invoice__due_on"),
        organization_key=F("invoice__organization"),
        country=F("payer_country"),
    )
    if audience == UNREACHED:
        rows = rows.filter(payer_address="")
    return rows if audience == BILLING else rows.annotate(**_staff(audience))


def _staff(audience: str) -> dict[str, Any]:
    """Return who at INM has the tasks of an audience."""
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
    what, why = WORDS[delivery.rung]
    is_early = delivery.days < 0
    return Item(
        what=what % facts,
        why=" ".join([why % facts, *_left_out(line, facts)]),
        by_on=invoice.due_on if is_early else delivery.planned_on + ANSWERED_WITHIN,
        url=invoice.get_absolute_url(),
    )


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
        _("It was due on %(due)s, and four reminders were due since."),
    ),
    "hand-over": (
        _("Hand %(number)s of %(company)s over to MIT AR: %(amount)s"),
        _("It was due on %(due)s. Note the hand-over as what came of this."),
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


def countries() -> list[str]:
    """Return the countries in which members are."""
    rows = Site.objects.order_by("country").values_list("country", flat=True)
    return [str(country) for country in rows.distinct()]


DUES = declare(
    Rule(
        name=DUES_RULE,
        title=_("Dues"),
        sentence=_(
            "Whoever pays at a member is reminded of what is open a week before it is "
            "due, and 3, 15 and 30 days after; then people at INM have tasks: a call "
            "at 30 days, the hand-over to MIT AR at 60, a note from the director at "
            "90, a decision at 120, a word to the steering committee at 180. What is "
            "disputed, promised, announced, or could be paid from cash on account is "
            "not reminded of."
        ),
        subjects=lines,
        candidates=lines_to_pay,
        rungs=RUNGS,
        describe=describe_line,
        matching=lines_matching,
        countries=countries,
        once=True,
        stops_whole=True,
        stops=stops,
    )
)
