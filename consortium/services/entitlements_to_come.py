"""What an amendment does to the benefits of the years that it tells of."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.previews import Change, previewer

from ..models import AmendedYear, Amendment, BenefitRate, Entitlement, rate_of_year
from .previews import SIGN_AMENDMENT, Preview


@previewer(SIGN_AMENDMENT, "entitlements")
def entitlements_to_come(preview: Preview) -> list[Change]:
    """Return each benefit of which an amendment would give another quantity, or did."""
    return list(_changes(preview.amendment))


def _changes(amendment: Amendment) -> Iterator[Change]:
    told = {year.number: year.required for year in amendment.years.all()}
    by_year = list(_by_year(amendment, list(told)))
    before = _asked_before(amendment) if any(gets for _year, gets in by_year) else {}
    for number, gets in by_year:
        for rate, asked, granted in gets:
            was = None
            if asked is not None:
                was = rate.quantity_of(before.get(number, asked)) + granted
            now = rate.quantity_of(told[number]) + granted
            if was != now:
                facts = {"number": number, "benefit": rate.benefit.name}
                what = _("Year %(number)s, %(benefit)s") % facts
                words = "" if was is None else f"{was} {rate.benefit.unit}"
                yield Change(what, words, f"{now} {rate.benefit.unit}")


#: A rate, what the year asks for as it was signed first if it is there, and grants.
Gets = tuple[BenefitRate, Decimal | None, int]


def _by_year(
    amendment: Amendment, numbers: Sequence[int]
) -> Iterator[tuple[int, list[Gets]]]:
    """Yield what a member gets in years that are there, or that are added."""
    rows = Entitlement.objects.with_granted().order_by("benefit__name")
    rows = rows.select_related("rate__benefit", "commitment_year")
    present: dict[int, list[Gets]] = {}
    for one in rows.filter(
        commitment_year__agreement=amendment.agreement_id,
        commitment_year__number__in=numbers,
    ).exclude(commitment_year__added_by=amendment):
        year = one.commitment_year
        gets: Gets = (one.rate, year.required, one.granted)
        present.setdefault(year.number, []).append(gets)
    added = sorted(set(numbers) - present.keys())
    rates = _rates() if added else []
    for number in sorted(numbers):
        span = amendment.agreement.year_span(number)
        coming = [rate_of_year(of_one, *span) for of_one in rates]
        there: list[Gets] = [(one, None, 0) for one in coming if one and not one.is_end]
        yield number, present.get(number, there)


def _rates() -> list[list[BenefitRate]]:
    """Return the rates of each benefit, by its name."""
    rows = BenefitRate.objects.select_related("benefit").order_by("benefit__name")
    return [list(of_one) for _key, of_one in groupby(rows, lambda one: one.benefit_id)]


def _asked_before(amendment: Amendment) -> dict[int, Decimal]:
    """Return what whole years are asked for by what was in effect before."""
    since = amendment.effective_on
    earlier = Q(effective_on__lt=since) | Q(effective_on=since, pk__lt=amendment.pk)
    signed = Amendment.objects.signed().filter(earlier, agreement=amendment.agreement)
    rows = AmendedYear.objects.filter(amendment__in=signed)
    rows = rows.order_by("amendment__effective_on", "amendment_id")
    return dict(rows.values_list("number", "required"))
