"""What a member committed, who is missing, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.kernel import money
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.prepared import prepared

from .models import (
    EXPECTED,
    Agreement,
    CommitmentYear,
    Contact,
    ContactRole,
    ContributionCredit,
    InvoiceLine,
    Organization,
    ReceiptShare,
    RoleAssignment,
)
from .states import MembershipStatus, YearStatus

#: How long before a renewal notice is due the portal speaks of it.
RENEWAL_AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class CommitmentLine:
    """One year of a member's commitment, and all required up to its end."""

    year: CommitmentYear
    status: YearStatus
    cumulative: Decimal
    is_open: bool


@dataclass(frozen=True)
class Commitment:
    """A member's commitment, year by year; each total is the sum of its lines."""

    lines: Sequence[CommitmentLine]

    @property
    def current(self) -> CommitmentLine | None:
        return next((line for line in self.lines if line.is_open), None)

    @property
    def required(self) -> Decimal:
        return sum((line.year.required_now for line in self.lines), Decimal())

    @property
    def fee_part(self) -> Decimal:
        return sum((line.year.fee_now for line in self.lines), Decimal())

    @property
    def other_part(self) -> Decimal:
        return self.required - self.fee_part

    @property
    def plot(self) -> dict[str, Any]:
        """Return the years as stacked bars; the table beside it says the same."""
        years = [line.year for line in self.lines]
        return {
            "labels": [_("Year %(number)s") % {"number": y.number} for y in years],
            "datasets": [
                {
                    "label": _("Membership fee"),
                    "data": [float(y.fee_now) for y in years],
                },
                {
                    "label": _("Other activities at MIT"),
                    "data": [float(y.other_now) for y in years],
                },
            ],
        }


def commitment_of(agreement: Agreement | None, *, user: Any, on: date) -> Commitment:
    """Return the commitment of one agreement, as far as ``user`` may see it."""
    years = CommitmentYear.objects.filter(agreement=agreement).permitted(user, "view")
    lines, cumulative = [], Decimal()
    rows = years.select_related("agreement").with_position(on=on)
    for year in rows.order_by("number"):
        cumulative += year.required_now
        is_open = year.starts_on <= on <= year.ends_on
        status = YearStatus(year.status)
        lines.append(CommitmentLine(year, status, cumulative, is_open))
    return Commitment(lines)


#: What is added up over the years of a term.
TOTALS = ["required_now", "credited", "pending", "short", "excess", "recognized"]


@dataclass(frozen=True)
class Term:
    """A signed agreement with its years, each with its position on a day."""

    agreement: Agreement
    years: Sequence[CommitmentYear]
    on: date

    @property
    def current(self) -> CommitmentYear | None:
        covering = (y for y in self.years if y.starts_on <= self.on <= y.ends_on)
        return next(covering, None)

    @property
    def ends_on(self) -> date:
        """Return the end of the term as it was known on the day."""
        return self.agreement.ends_on_known(self.on) or self.years[-1].ends_on

    @property
    def totals(self) -> dict[str, Decimal]:
        return {
            name: sum((getattr(year, name) for year in self.years), Decimal())
            for name in TOTALS
        }

    @property
    def plot(self) -> dict[str, Any]:
        labels = [_("Year %(number)s") % {"number": y.number} for y in self.years]
        return {"labels": labels, "datasets": series_of(self.years)}


def terms_of(organization: Organization, *, user: Any, on: date) -> list[Term]:
    """Return the terms of a member that ``user`` may see, the latest first."""
    rows = CommitmentYear.objects.filter(agreement__organization=organization)
    rows = rows.known(on=on).permitted(user, "view")
    years = rows.select_related("agreement").with_position(on=on)
    by_term: dict[Agreement, list[CommitmentYear]] = {}
    for year in years.order_by("-agreement__effective_on", "number"):
        by_term.setdefault(year.agreement, []).append(year)
    return [Term(agreement, found, on) for agreement, found in by_term.items()]


def mark_prepaid(
    organization: Organization, years: Sequence[CommitmentYear], *, on: date
) -> None:
    """
    Set ``prepaid`` of the years to come: what is credited when they open (W2).

    That is what was applied to their invoices, and then what is on account: of the
    fee that is missing, in the order of the years, as known on a day.
    """
    if all(year.status != YearStatus.UPCOMING for year in years):
        return
    settled: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in _lines_of(organization.pk, on=on):
        settled[line.commitment_year_id] += line.allocated + line.written_off
    shares = _on_account(organization.pk, years[0].currency, on=on)
    left = sum((share.unapplied for share in shares), Decimal())
    for year in sorted(years, key=attrgetter("starts_on")):
        paid = settled[year.pk]
        ahead = min(left, max(year.fee_now - paid, Decimal()))
        left -= ahead
        if year.status == YearStatus.UPCOMING:
            year.prepaid = paid + ahead


@prepared
def _lines_of(organization: int, *, on: date) -> Any:
    """Return what a member is asked to pay, with what paid it by a day."""
    rows = InvoiceLine.objects.filter(invoice__organization=organization)
    return rows.with_open(on).only("commitment_year").order_by("pk")


@prepared
def _on_account(organization: int, currency: str, *, on: date) -> Any:
    """Return the money of a member that was not used by a day."""
    rows: Any = ReceiptShare.objects.filter(organization=organization)
    rows = rows.filter(receipt__currency=currency).unused(on)
    return rows.only("pk").order_by("pk")


@dataclass(frozen=True)
class Gap:
    """What would bring a year to what it asks for."""

    short: Decimal
    #: What only cash can close, all or some of it.
    in_cash: Decimal
    #: Room that the cap leaves for contributions in kind.
    room_in_kind: Decimal
    #: What would be missing still if all that is pending were accepted.
    after_pending: Decimal
    until: date


def gap_of(year: CommitmentYear) -> Gap | None:
    """Return what a year ``with_position`` lacks; nothing once it is met."""
    if not year.missing:
        return None
    return Gap(
        short=year.short,
        in_cash=year.cash_short,
        room_in_kind=year.room_in_kind,
        after_pending=year.missing_after_pending,
        until=year.cure_until,
    )


def positions_plot(years: Iterable[CommitmentYear]) -> dict[str, Any]:
    """Return years of several members as stacked bars."""
    shown = list(years)
    labels = [f"{y.agreement.organization.name}, {y.number}" for y in shown]
    return {"labels": labels, "datasets": series_of(shown)}


#: What of the position of a year `series_of` reads, beside what every list shows.
READ_BY_PLOTS = ("cash_short", "pending_in_cash", "pending_in_kind", "room_in_kind")


def series_of(years: Sequence[CommitmentYear]) -> list[dict[str, Any]]:
    """
    Return what is credited, what of the pending would count, and what is missing then.

    Of a year that has not begun nothing is missing yet.
    """
    lacking = [y.missing_after_pending for y in years]
    is_to_come = [y.status == YearStatus.UPCOMING for y in years]
    return [
        {
            "label": _("Credited"),
            "tone": "green",
            "data": [float(y.credited) for y in years],
        },
        {
            "label": _("Pending"),
            "tone": "azure",
            "data": [float(y.missing - y.missing_after_pending) for y in years],
        },
        {
            "label": _("Missing"),
            "tone": "orange",
            "data": _where([not ahead for ahead in is_to_come], lacking),
        },
        {
            "label": _("Years to come"),
            "tone": "gray-500",
            "data": _where(is_to_come, lacking),
        },
    ]


def _where(chosen: Sequence[bool], amounts: Sequence[Decimal]) -> list[float]:
    """Return amounts for a plot, 0 where one is not chosen."""
    return [float(a) if c else 0.0 for c, a in zip(chosen, amounts, strict=True)]


def agreement_of_today(
    agreements: Sequence[Agreement], *, on: date
) -> Agreement | None:
    """Return the signed agreement in force; else the next, else the last one."""
    signed = [a for a in agreements if a.state != Agreement.State.DRAFT]
    in_force = [a for a in signed if a.effective_on <= on <= a.ends_on]
    coming = [a for a in signed if a.effective_on > on]
    by_start = attrgetter("effective_on")
    if in_force or coming:
        return min(in_force or coming, key=by_start)
    return max(signed, key=by_start, default=None)


@dataclass(frozen=True)
class Attention:
    """Something that waits for a person, with a date where one is set."""

    text: str
    url: str
    due_on: date | None = None
    is_late: bool = False


def attention_of(
    organization: Organization,
    contacts: Sequence[Contact],
    agreements: Sequence[Agreement],
    *,
    on: date,
    years: Iterable[CommitmentYear] = (),
    asked: Iterable[ContributionCredit] = (),
) -> list[Attention]:
    """
    Return what a member should see to, what is dated first.

    ``contacts`` are its present ones, read ``with_roles`` and with the
    flag ``may_confirm``; ``years`` are read ``with_position``; ``asked`` are
    claims whose evidence is missing.
    """
    found = [*_renewals(agreements, on), *_unconfirmed(contacts, on)]
    found += [*_curable(years, on), *_asked_for(asked)]
    if organization.status in (MembershipStatus.ACTIVE, MembershipStatus.UPCOMING):
        found += _vacancies(organization, contacts)
    return sorted(found, key=lambda item: item.due_on or date.max)


def _renewals(agreements: Sequence[Agreement], on: date) -> list[Attention]:
    return [
        Attention(
            _("Say how membership goes on after the term of %(number)s.")
            % {"number": agreement.number},
            agreement.get_absolute_url(),
            agreement.renewal_notice_on,
            is_late=agreement.renewal_notice_on < on,
        )
        for agreement in agreements
        if agreement.state == Agreement.State.SIGNED
        and not agreement.is_followed
        and agreement.renewal_notice_on <= on + RENEWAL_AHEAD
        and on <= agreement.ends_on
    ]


def _unconfirmed(contacts: Sequence[Contact], on: date) -> list[Attention]:
    waiting = [c for c in contacts if c.may_confirm and not c.is_confirmed(on=on)]
    if not waiting:
        return []
    text = ngettext(
        "Confirm the details of %(name)s.",
        "Confirm the details of %(name)s and %(others)s more.",
        len(waiting),
    )
    values = {"name": waiting[0].name, "others": len(waiting) - 1}
    return [Attention(text % values, waiting[0].get_absolute_url())]


def _curable(years: Iterable[CommitmentYear], on: date) -> list[Attention]:
    return [
        Attention(
            _("Year %(number)s is short by %(short)s; it can be made good.")
            % {
                "number": year.number,
                "short": money.written(year.short, year.currency),
            },
            year.get_absolute_url(),
            year.cure_until,
        )
        for year in years
        if year.status == YearStatus.SHORT and on <= year.cure_until
    ]


def _asked_for(asked: Iterable[ContributionCredit]) -> list[Attention]:
    return [
        Attention(
            _("Add the evidence that is asked for: %(credit)s.")
            % {"credit": credit.ref},
            credit.get_absolute_url(),
        )
        for credit in asked
    ]


def _vacancies(
    organization: Organization, contacts: Sequence[Contact]
) -> list[Attention]:
    held = {role.role for contact in contacts for role in contact.current_roles}
    return [
        Attention(
            _("Nobody is named for the role: %(role)s.") % {"role": role.label},
            f"{organization.get_absolute_url()}#contacts",
        )
        for role in EXPECTED
        if role not in held
    ]


@dataclass(frozen=True)
class ConsortiumFigures:
    """The consortium on a day, for those who see all members."""

    members: int
    committed_this_year: Decimal
    committed_over_terms: Decimal
    unconfirmed_contacts: int
    claims_waiting: int


def consortium_figures(*, on: date) -> ConsortiumFigures:
    """Return the figures of a day; only for people who see every member."""
    in_force = Agreement.objects.in_force(on=on)
    years = CommitmentYear.objects.filter(agreement__in=in_force).with_terms()
    sums = years.aggregate(
        this_year=Sum("required_now", filter=Q(starts_on__lte=on, ends_on__gte=on)),
        terms=Sum("required_now"),
    )
    return ConsortiumFigures(
        members=in_force.values("organization").distinct().count(),
        committed_this_year=sums["this_year"] or Decimal(),
        committed_over_terms=sums["terms"] or Decimal(),
        unconfirmed_contacts=Contact.objects.unconfirmed(on=on).count(),
        claims_waiting=ContributionCredit.objects.pending(on=on).count(),
    )


def renewals_ahead(*, on: date, most: int = 10) -> Iterable[Agreement]:
    """Return the agreements in force that end first, those without a next term."""
    return (
        Agreement.objects.in_force(on=on)
        .filter(state=Agreement.State.SIGNED)
        .without_successor()
        .select_related("organization")
        .with_total()
        .order_by("ends_on", "pk")[:most]
    )


@dataclass(frozen=True)
class Vacancy:
    """A member and the expected roles that nobody holds there."""

    organization: Organization
    roles: Sequence[str]


def vacancies(*, on: date, most: int = 10) -> list[Vacancy]:
    """Return members that lack somebody in an expected role, by name."""
    held = RoleAssignment.objects.held(on=on).filter(role__in=EXPECTED)
    filled = held.values("organization").alias(roles=Count("role", distinct=True))
    members = Agreement.objects.in_force(on=on).values("organization")
    lacking = Organization.objects.filter(pk__in=members).exclude(
        pk__in=filled.filter(roles=len(EXPECTED)).values("organization")
    )
    there = held.filter(organization=OuterRef("pk")).values("role")
    found = lacking.annotate(held=ArraySubquery(there)).order_by("name", "pk")[:most]
    return [
        Vacancy(org, [str(role.label) for role in EXPECTED if role not in org.held])
        for org in found
    ]


def told(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Return journal entries with ``detail``: who and what each is about, in words."""
    read = list(entries)
    people = Contact.objects.in_bulk(
        {entry.facts["contact"] for entry in read if "contact" in entry.facts}
    )
    for entry in read:
        contact = people.get(entry.facts.get("contact"))
        role = entry.facts.get("role")
        parts = [contact and contact.name, role and ContactRole(role).label]
        entry.detail = ", ".join(str(part) for part in parts if part)
    return read
