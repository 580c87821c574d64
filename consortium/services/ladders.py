"""
The ladder by which each invoice is reminded of: its rungs, and since when.

What a version of the ladder says counts for what falls due while it is in force, so
plans made ahead of a change are right on both sides of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from inm_portal.kernel.reminders.planning import AHEAD
from inm_portal.kernel.reminders.rules import PLAIN, Rung

from ..models import (
    Copied,
    FirstNotice,
    Invoice,
    PolicyRung,
    ReminderPolicy,
    ReminderPreference,
    earlier_than_all,
)

DAY = timedelta(days=1)

BILLING, OWNER, FINANCE = "billing", "owner", "finance"
DIRECTOR, UNREACHED = "director", "unreached"

#: The one notice before the due date; its day is the one that a member may choose.
FIRST = "-7"

#: Who else reads the mails, by the ladder that the portal begins with.
OFFICE = (Copied.BILLING.value, Copied.EXTRA.value)
WITH_LEAD = (*OFFICE, Copied.LEAD.value)

MAILS = [
    Rung(FIRST, -7, BILLING, _("before it is due"), copied=OFFICE),
    Rung("+3", 3, BILLING, _("first reminder"), copied=OFFICE),
    Rung("+15", 15, BILLING, _("second reminder"), copied=WITH_LEAD),
    Rung("+30", 30, BILLING, _("third reminder"), copied=WITH_LEAD),
]

TASKS = [
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

#: The ladder of domain.md 3.5, by which all is reminded until another is in force.
LADDER = [*MAILS, *TASKS]

#: What takes the place of a mail where a ladder makes a task of it.
CALLS = {
    rung.key: Rung(
        *(f"{rung.key} call", rung.days, OWNER),
        _("task: call instead of the %(mail)s") % {"mail": rung.label},
        is_task=True,
    )
    for rung in MAILS
    if rung.key != FIRST
}

#: Every rung that there may be.
RUNGS = [*LADDER, *CALLS.values()]


@dataclass(frozen=True)
class Told:
    """What a ladder says of one rung."""

    key: str
    days: int
    is_on: bool = True
    is_task: bool = False
    copied: Sequence[str] = ()
    wording: str = ""


@dataclass(frozen=True)
class Version:
    """A ladder with the days on which it counts; without a key it is only tried out."""

    first_on: date
    until_on: date | None
    told: Mapping[str, Told]
    pk: int | None = None
    organization_id: int | None = None
    invoice_id: int | None = None
    #: The member of its invoice.
    member_id: int | None = None

    def counts_on(self, day: date) -> bool:
        return self.first_on <= day and (self.until_on is None or day <= self.until_on)

    @property
    def is_of_all(self) -> bool:
        return self.organization_id is None and self.invoice_id is None


def standard() -> list[Told]:
    """Return what the ladder that the portal begins with says of each rung."""
    return [
        Told(rung.key, rung.days, is_task=rung.is_task, copied=rung.copied)
        for rung in LADDER
    ]


def told_of(rows: Sequence[PolicyRung]) -> list[Told]:
    return [
        Told(row.key, row.days, row.is_on, row.is_task, tuple(row.copied), row.wording)
        for row in rows
    ]


def versions(*, on: date, of: Invoice | None = None) -> list[Version]:
    """
    Return the ladders that count on a day or within the days that are planned.

    With ``of`` those alone that may concern an invoice. One statement.
    """
    policies = ReminderPolicy.objects.of_days(first=on, last=on + AHEAD)
    rows = PolicyRung.objects.filter(policy__in=policies.order_by().values("pk"))
    rows = rows.select_related("policy__invoice").order_by("policy_id", "pk")
    found: dict[int, tuple[ReminderPolicy, list[PolicyRung]]] = {}
    for row in rows:
        if of is None or _concerns(row.policy, of):
            found.setdefault(row.policy_id, (row.policy, []))[1].append(row)
    return [version_of(policy, rungs) for policy, rungs in found.values()]


def _concerns(policy: ReminderPolicy, invoice: Invoice) -> bool:
    same_invoice = policy.invoice_id in (None, invoice.pk)
    return same_invoice and policy.organization_id in (None, invoice.organization_id)


def version_of(policy: ReminderPolicy, rows: Sequence[PolicyRung]) -> Version:
    return Version(
        first_on=policy.first_on,
        until_on=policy.until_on,
        told={told.key: told for told in told_of(rows)},
        pk=policy.pk,
        organization_id=policy.organization_id,
        invoice_id=policy.invoice_id,
        member_id=policy.invoice.organization_id if policy.invoice else None,
    )


def ladders(
    *, on: date, beside: Sequence[Version] = ()
) -> Mapping[int, Sequence[Rung]]:
    """Return by the key that `with_ladder` tells the rungs of each ladder."""
    known = Ladders([*versions(on=on), *beside], on, notices())
    return dict(known.all())


def notices() -> Mapping[int, int]:
    """Return how many days before members asked to be told, who want it earlier."""
    rows = ReminderPreference.objects.filter(earlier_than_all())
    return dict(rows.values_list("organization", "first_notice"))


@dataclass(frozen=True)
class Ladders:
    """The ladders of a day, and of those that are planned from it."""

    versions: Sequence[Version]
    on: date
    notices: Mapping[int, int] = field(default_factory=dict)

    def all(self) -> Iterator[tuple[int, Sequence[Rung]]]:
        """Yield each with the key that candidates name."""
        yield PLAIN, self.of()
        members = {one.organization_id for one in self.versions if one.organization_id}
        for member in sorted(members | set(self.notices)):
            yield -member, self.of(member)
        invoices = {
            one.invoice_id: one.member_id for one in self.versions if one.invoice_id
        }
        for invoice, of_member in sorted(invoices.items()):
            yield invoice, self.of(of_member, invoice)

    def of(self, member: int | None = None, invoice: int | None = None) -> list[Rung]:
        """Return the rungs of a ladder, as of each day from which it is another."""
        turns = self.turns(member, invoice)
        ends: list[date | None] = [day for day, _version in turns[1:]]
        days = self.notices.get(member or 0, FirstNotice.WEEK.value)
        return [
            replace(rung, since=since if since > self.on else None, until=until)
            for (since, version), until in zip(turns, [*ends, None], strict=True)
            for rung in rungs_of(version, first_notice=days)
        ]

    def turns(
        self, member: int | None, invoice: int | None
    ) -> list[tuple[date, Version | None]]:
        """Return the days from which another version counts, the first of them now."""
        days = {one.first_on for one in self.versions}
        days |= {one.until_on + DAY for one in self.versions if one.until_on}
        found: list[tuple[date, Version | None]] = []
        for day in sorted({self.on} | {day for day in days if day > self.on}):
            version = self.counting(day, member, invoice)
            if not found or found[-1][1] is not version:
                found.append((day, version))
        return found

    def counting(
        self, day: date, member: int | None, invoice: int | None
    ) -> Version | None:
        """Return what counts on a day: of the invoice, of its member, or of all."""
        said = [one for one in self.versions if one.counts_on(day)]
        scopes: list[Callable[[Version], bool]] = [
            lambda one: invoice is not None and one.invoice_id == invoice,
            lambda one: member is not None and one.organization_id == member,
        ]
        for is_of in scopes:
            if own := [one for one in said if is_of(one)]:
                return own[-1]
        of_all = [one for one in reversed(said) if one.is_of_all]
        return max(of_all, key=lambda one: one.first_on) if of_all else None


def rungs_of(
    version: Version | None, *, first_notice: int = FirstNotice.WEEK
) -> list[Rung]:
    """Return the rungs of a version, with the first as early as a member asked."""
    found = [_rung(rung, version) for rung in LADDER]
    return [_early(rung, first_notice) for rung in found if rung is not None]


def _rung(rung: Rung, version: Version | None) -> Rung | None:
    if version is None:
        return replace(rung, version=PLAIN)
    told = version.told.get(rung.key)
    if told is None or not told.is_on:
        return None
    made = CALLS[rung.key] if told.is_task and rung.key in CALLS else rung
    copied = () if made.is_task else tuple(told.copied)
    return replace(
        made,
        days=told.days,
        copied=copied,
        version=version.pk,
        wording="" if made.is_task else told.wording,
    )


def _early(rung: Rung, first_notice: int) -> Rung:
    is_early = rung.key == FIRST and -first_notice < rung.days
    wanted = first_notice > FirstNotice.WEEK
    return replace(rung, days=-first_notice) if is_early and wanted else rung
