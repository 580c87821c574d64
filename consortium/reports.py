"""What a member committed, who is missing, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.kernel.models import JournalEntry

from .models import (
    EXPECTED,
    Agreement,
    CommitmentYear,
    Contact,
    ContactRole,
    Organization,
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

    @property
    def is_open(self) -> bool:
        return self.status == YearStatus.OPEN


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
    years = years.with_terms().select_related("agreement")
    for year in years.order_by("number"):
        cumulative += year.required_now
        lines.append(CommitmentLine(year, year.status(on=on), cumulative))
    return Commitment(lines)


def agreement_of_today(
    agreements: Sequence[Agreement], *, on: date
) -> Agreement | None:
    """Return the signed agreement in force; else the next, else the last one."""
    signed = [a for a in agreements if a.state == Agreement.State.SIGNED]
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
) -> list[Attention]:
    """
    Return what a member should see to, what is dated first.

    ``contacts`` are its present ones, read ``with_roles`` and with the
    flag ``may_confirm``.
    """
    found = [*_renewals(agreements, on), *_unconfirmed(contacts, on)]
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
    )


def renewals_ahead(*, on: date, most: int = 10) -> Iterable[Agreement]:
    """Return the agreements in force that end first, those without a next term."""
    return (
        Agreement.objects.in_force(on=on)
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
    held = RoleAssignment.objects.held(on=on).filter(organization=OuterRef("pk"))
    flags = {f"lacks_{role}": ~Exists(held.filter(role=role)) for role in EXPECTED}
    lacking = Q(pk__in=[])
    for flag in flags:
        lacking |= Q(**{flag: True})
    members = Agreement.objects.in_force(on=on).values("organization")
    found = Organization.objects.filter(pk__in=members).annotate(**flags)
    return [
        Vacancy(
            organization,
            [
                str(ContactRole(role).label)
                for role in EXPECTED
                if getattr(organization, f"lacks_{role}")
            ],
        )
        for organization in found.filter(lacking).order_by("name")[:most]
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
