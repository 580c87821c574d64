"""What an amendment changes: before, after, elsewhere, and in words to the member."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django_countries.fields import Country

from inm_portal.kernel import mails
from inm_portal.kernel.models import Letter
from inm_portal.kernel.previews import Change, changes
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    FLOOR_AMOUNT,
    Agreement,
    Amendment,
    BillingFrequency,
    CommitmentYear,
    Contact,
    ContactRole,
    Organization,
    YearAmount,
)
from ..models.amendments import amounts_of, further_years
from ..models.terms import AMENDABLE
from ..states import AmendmentState

#: Under this name other parts register what an amendment does to them.
SIGN_AMENDMENT = "consortium.sign_amendment"

#: Parts of the portal that an amendment reaches.
ELSEWHERE = [
    ("entitlements", _("Entitlements")),
    ("instalments", _("Instalments to come")),
]

LETTER = "consortium/mail/amendment_signed"
READERS = [ContactRole.SPONSOR, ContactRole.LEGAL]


@dataclass(frozen=True)
class YearLine:
    """One year before and after an amendment."""

    year: CommitmentYear
    before: Decimal
    after: Decimal
    fee_before: Decimal
    fee_after: Decimal
    is_past: bool = False
    is_added: bool = False

    @property
    def is_changed(self) -> bool:
        return (self.before, self.fee_before) != (self.after, self.fee_after)

    @property
    def fee_change(self) -> Decimal:
        return self.fee_after - self.fee_before

    @property
    def is_below_floor(self) -> bool:
        return self.is_changed and self.after < FLOOR_AMOUNT


@dataclass(frozen=True)
class Preview:
    """All that an amendment changes, and from what: each part builds on it."""

    amendment: Amendment
    today: date
    years: Sequence[YearLine]
    terms: Sequence[Change]
    terms_before: Mapping[str, Any]

    @property
    def changed(self) -> Sequence[YearLine]:
        return [line for line in self.years if line.is_changed]

    @property
    def needs_waiver(self) -> bool:
        return any(line.is_below_floor for line in self.years)

    @property
    def before(self) -> Decimal:
        return sum((line.before for line in self.years), Decimal())

    @property
    def after(self) -> Decimal:
        return sum((line.after for line in self.years), Decimal())

    @property
    def fee_before(self) -> Decimal:
        return sum((line.fee_before for line in self.years), Decimal())

    @property
    def fee_after(self) -> Decimal:
        return sum((line.fee_after for line in self.years), Decimal())

    @property
    def fee_change(self) -> Decimal:
        return self.fee_after - self.fee_before

    @property
    def added(self) -> Sequence[YearLine]:
        return [line for line in self.years if line.is_added]

    @property
    def billing(self) -> tuple[str, str]:
        """Return how often is billed without the amendment, and with it."""
        before = self.terms_before["billing_frequency"]
        return before, self.amendment.billing_frequency or before


def years_of(agreement: Agreement) -> dict[int, CommitmentYear]:
    """Return the years of a signed agreement by number, with what is in force."""
    years = CommitmentYear.objects.filter(agreement=agreement).with_terms()
    return {year.number: year for year in years.order_by("number")}


def preview_of(amendment: Amendment, *, today: date) -> Preview:
    """Return what an amendment would change, or did when it was signed."""
    lines = lines_of(amendment, today=today)
    before = _terms_before(amendment)
    terms = [*_end_changes(amendment, lines, before), *_term_changes(amendment, before)]
    return Preview(amendment, today, lines, terms, before)


def lines_of(amendment: Amendment, *, today: date) -> list[YearLine]:
    """Return the years that an amendment changed; of a draft, each of the term."""
    is_signed = amendment.state == AmendmentState.SIGNED
    return _signed_lines(amendment) if is_signed else _draft_lines(amendment, today)


def elsewhere(preview: Preview) -> list[tuple[str, list[Change] | None]]:
    """Return what an amendment changes in other parts; None where none can tell."""
    return [
        (str(title), changes(SIGN_AMENDMENT, part, preview))
        for part, title in ELSEWHERE
    ]


def letter_of(amendment: Amendment, preview: Preview) -> Letter:
    """Return the letter that the member gets once the amendment is signed."""
    context = {"amendment": amendment, "preview": preview}
    organization = amendment.agreement.organization
    return mails.render(LETTER, context | {"organization": organization})


def send_letter(
    amendment: Amendment, preview: Preview, *, today: date, at: datetime
) -> None:
    """Write to those who decide and those who keep contracts at the member."""
    organization = amendment.agreement.organization
    context = {"amendment": amendment, "preview": preview}
    for contact in readers_at(organization, on=today):
        mails.write(
            LETTER,
            to=contact.email,
            about=amendment,
            slot="",
            at=at,
            context=context | {"organization": organization},
        )


def readers_at(organization: Organization, *, on: date) -> list[Contact]:
    """Return those at a member who read what is signed with it."""
    found = {
        contact.pk: contact
        for role in READERS
        for contact in Contact.objects.recipients(organization, role, on=on)
    }
    return list(found.values())


def _draft_lines(amendment: Amendment, today: date) -> list[YearLine]:
    years = years_of(amendment.agreement)
    amended = {
        year.number: (required, fee)
        for year, required, fee in amounts_of(amendment, years)
    }
    since = max(amendment.effective_on, today)
    return [
        YearLine(
            year,
            year.required_now,
            amended.get(number, (year.required_now, year.fee_now))[0],
            year.fee_now,
            amended.get(number, (year.required_now, year.fee_now))[1],
            is_past=year.ends_on < since,
        )
        for number, year in years.items()
    ] + [_added(year) for year in further_years(amendment, years)]


def _added(year: CommitmentYear) -> YearLine:
    nothing = Decimal()
    return YearLine(
        *(year, nothing, year.required, nothing, year.fee_part), is_added=True
    )


def _signed_lines(amendment: Amendment) -> list[YearLine]:
    earlier = YearAmount.objects.filter(
        commitment_year=OuterRef("commitment_year"), pk__lt=OuterRef("pk")
    ).order_by("-pk")
    rows = amendment.amounts.select_related("commitment_year").annotate(
        before=_else(earlier, "required"), fee_before=_else(earlier, "fee_part")
    )
    return [
        YearLine(
            *(row.commitment_year, row.before, row.required),
            *(row.fee_before, row.fee_part),
        )
        for row in rows.order_by("commitment_year__number")
    ] + [_added(year) for year in amendment.added_years.order_by("number")]


def _else(earlier: Any, column: str) -> Coalesce:
    signed_first = F(f"commitment_year__{column}")
    return Coalesce(Subquery(earlier.values(column)[:1]), signed_first)


def _end_changes(
    amendment: Amendment, lines: Sequence[YearLine], before: Mapping[str, Any]
) -> Iterator[Change]:
    """Yield by what years that are added move the end of the term."""
    added = [line.year for line in lines if line.is_added]
    if not added:
        return
    ends = added[0].starts_on - timedelta(days=1), added[-1].ends_on
    yield Change(_("Term ends"), *[written_day(end) for end in ends])
    days, told = before["renewal_notice_days"], amendment.renewal_notice_days
    notices = [days, days if told is None else told]
    yield Change(
        _("Renewal notice by"),
        *[
            written_day(end - timedelta(days=notice))
            for end, notice in zip(ends, notices, strict=True)
        ],
    )


def _terms_before(amendment: Amendment) -> dict[str, Any]:
    """Return each amendable term as it stands without an amendment."""
    agreement, since = amendment.agreement, amendment.effective_on
    earlier = Q(effective_on__lt=since) | Q(effective_on=since, pk__lt=amendment.pk)
    signed = Amendment.objects.signed().filter(earlier, agreement=agreement)
    terms = {name: getattr(agreement, name) for name in AMENDABLE}
    for one in signed.order_by("effective_on", "pk"):
        terms |= {name: getattr(one, name) for name in AMENDABLE if _says(one, name)}
    return terms


def _says(amendment: Amendment, name: str) -> bool:
    told = "contracting_entity" if name.startswith("entity_") else name
    return getattr(amendment, told) not in ("", None)


def _term_changes(amendment: Amendment, before: Mapping[str, Any]) -> list[Change]:
    found = [
        Change(
            str(Agreement._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
            _written(name, before[name]),
            _written(name, getattr(amendment, name)),
        )
        for name in AMENDABLE
        if getattr(amendment, name) not in ("", None)
    ]
    if amendment.other_terms:
        found.append(Change(_("Other terms"), "", amendment.other_terms))
    return found


def _written(name: str, value: Any) -> str:
    if name == "entity_country":
        return str(Country(str(value)).name) if value else ""
    if name == "billing_frequency":
        return str(BillingFrequency(value).label)
    days = _("%(days)s days") % {"days": value}
    return days if name.endswith("_days") else str(value)
