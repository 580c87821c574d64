"""A day asked for gives the same numbers everywhere: those of its lines."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django_countries import countries

from consortium.documents import AGREEMENT
from consortium.models import CommitmentYear
from consortium.services import YearTerms
from consortium.states import YearStatus
from inm_portal.kernel import documents
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import amend, sign_amendment
from tests.factories.credits import claim, decide, year_of
from tests.kernel.files import sent
from tests.kernel.workbooks import rows_of

from .test_positions import FIRST, ZERO, History

pytestmark = pytest.mark.django_db

ACTS = [
    *["claim", "claim", "claim", "offer", "withdraw", "decide", "decide", "decide"],
    *["reduce", "reverse", "carry", "waive"],
]
AMOUNTS = ["required", "credited", "pending", "short", "excess"]


def history(seed: int) -> History:
    """Return two years of acts drawn by chance, the same for a seed."""
    chance = Random(seed)
    made = History(staff("director"), staff("finance"), bool(seed % 2), Decimal(10))
    while made.today < FIRST + timedelta(days=480):
        cents = chance.randint(1_000_000, 30_000_000)
        made.step(
            chance.choice(ACTS), chance.randint(0, 40), chance.randint(0, 99), cents
        )
    return made


def amounts(row: Any) -> list[Decimal]:
    """Return the amounts of a line of an export, or of a row of the API."""
    return [Decimal(str(row[name])) for name in AMOUNTS]


@pytest.mark.parametrize("seed", [1, 2])
def test_each_way_to_a_day_tells_what_its_lines_add_up_to(seed, sign_in, api):
    agreement = history(seed).agreement
    sign_amendment(amend(agreement, payment_terms_days=60))
    person = staff("finance")
    client, program = sign_in(person), api(person)
    url, export = reverse("consortium:commitments"), "consortium:export_commitments"

    for on in [FIRST, date(2025, 12, 1), date(2026, 6, 1), date(2026, 9, 1), TODAY]:
        query = f"?on={on}&sort=year"
        page = list(client.get(url + query).context["page"])
        rows = program.get(f"/api/v1/commitment-positions/{query}").json()["results"]
        text = client.get(reverse(export) + query).getvalue().decode()
        lines = list(csv.DictReader(text.splitlines()))
        book = client.get(f"{reverse(export)}{query}&format=xlsx").getvalue()
        header, *sheet = rows_of(book)
        cells = [dict(zip(header, row, strict=True)) for row in sheet]

        shown = [
            [y.required_now, y.credited, y.pending, y.short, y.excess] for y in page
        ]
        assert [amounts(row) for row in rows] == shown
        assert [amounts(line) for line in lines] == shown
        assert [amounts(line) for line in cells] == shown
        standing = [year.status for year in page]
        assert [row["status"] for row in rows] == standing
        assert [line["status"] for line in lines] == standing
        assert [line["status"] for line in cells] == standing
        for year in page:
            added_up(client, year, on)


def test_an_agreement_is_told_as_known_on_a_day(cast, sign_in, api):
    """Signed a year ago; amended today, with effect from before."""
    changes = {"contracting_entity": "New Entity", "entity_country": "US"}
    years = {2: YearTerms(Decimal(750_000), ZERO), 4: YearTerms(Decimal(500_000), ZERO)}
    told = changes | {"effective_on": date(2026, 1, 1), "payment_terms_days": 60}
    sign_amendment(amend(cast.signed, years=years, **told))
    client, program = sign_in(cast["finance"]), api(cast["finance"])
    url, path = cast.signed.get_absolute_url(), f"/api/v1/agreements/{cast.signed.pk}/"
    export = reverse("consortium:export_agreements")

    for day, entity, ends_on, total in [
        ("2026-11-21", cast.signed.contracting_entity, "2028-05-26", 1_500_000),
        ("2026-11-22", "New Entity", "2029-05-26", 2_250_000),
    ]:
        page = client.get(url, {"on": day})
        shown = program.get(path, {"on": day}).json()
        rows = program.get("/api/v1/agreements/", {"on": day}).json()["results"]
        (row,) = [row for row in rows if row["id"] == cast.signed.pk]
        text = client.get(export, {"on": day}).getvalue().decode()
        lines = {line["id"]: line for line in csv.DictReader(text.splitlines())}
        line = lines[str(cast.signed.pk)]

        is_amended = entity == "New Entity"
        assert ("New Entity" in page.content.decode()) == is_amended
        assert len(page.context["amendments"].rows) == is_amended
        assert page.context["total"] == total
        assert shown["in_force"]["contracting_entity"] == entity
        assert line["contracting_entity"] == entity
        for found in (shown, row, line):
            assert (found["ends_on"], Decimal(found["total"])) == (ends_on, total)


def test_an_agreement_is_not_known_before_its_signing_was_recorded(cast, sign_in, api):
    client, program = sign_in(cast["finance"]), api(cast["finance"])
    before = {"on": cast.signed.recorded_on - timedelta(days=1)}

    page = client.get(reverse("consortium:agreements"), before)
    found = program.get("/api/v1/agreements/", before).json()

    assert (list(page.context["page"]), found["results"]) == ([], [])
    assert client.get(cast.signed.get_absolute_url(), before).status_code == 404
    alone = program.get(f"/api/v1/agreements/{cast.signed.pk}/", before)
    assert alone.status_code == 404


@pytest.mark.parametrize("day", ["12/31/2025", "2099-01-01"])
def test_a_day_that_is_none_is_refused_of_agreements(cast, sign_in, api, day):
    client, program = sign_in(cast["finance"]), api(cast["finance"])

    page = client.get(cast.signed.get_absolute_url(), {"on": day})
    statuses = [
        program.get("/api/v1/agreements/", {"on": day}).status_code,
        program.get(f"/api/v1/agreements/{cast.signed.pk}/", {"on": day}).status_code,
        client.get(reverse("consortium:export_agreements"), {"on": day}).status_code,
    ]

    assert "Here is what is known today" in page.content.decode()
    assert statuses == [400, 400, 400]


@pytest.mark.parametrize(
    ("who", "page", "act"),
    [
        ("sponsor", "member_commitment", "claim_credit"),
        ("sponsor", "member_commitment", "offer_in_kind"),
        ("staff", "agreement", "draft_amendment"),
        ("staff", "agreement", "attach_document"),
        ("director", "commitment_year", "waive_shortfall"),
    ],
)
def test_a_page_of_a_past_day_is_for_reading(cast, sign_in, who, page, act):
    """Case by case a button of today; of the day before there is the way to today."""
    client, year = sign_in(cast[who]), year_of(cast.signed)
    about = {
        "member_commitment": cast.siemens.pk,
        "agreement": cast.signed.pk,
        "commitment_year": year.pk,
    }
    url, leads = (
        reverse(f"consortium:{name}", args=[about[of]])
        for name, of in [(page, page), (act, page)]
    )
    button, way = f'href="{leads}"', f'href="{url}">Act on what is known today'
    yesterday = {"on": TODAY - timedelta(days=1)}

    today, past = (client.get(url, query).content.decode() for query in ({}, yesterday))

    assert (button in today, way in today) == (True, False)
    assert (button in past, way in past) == (False, True)


def test_the_documents_of_a_past_day_are_said_to_be_those_read_today(cast, sign_in):
    client, url = sign_in(cast["finance"]), cast.signed.get_absolute_url()
    kept = documents.upload(
        sent(name="kept-today.pdf"),
        **{"kind": AGREEMENT, "subject": cast.signed, "by": None},
        at=timezone.now(),
    )
    yesterday = {"on": TODAY - timedelta(days=1)}

    today, past = (client.get(url, query).content.decode() for query in ({}, yesterday))

    assert (kept.name in today, kept.name in past) == (True, False)
    words = "Kept by this day, as far as they can be read today"
    assert (words in today, words in past) == (False, True)
    nothing = "Nothing that was kept by this day can be read today."
    assert (nothing in past) == (cast.signed.executed.name not in past)


def test_case_35_the_report_of_march_is_kept_and_can_be_restated(cast, sign_in, api):
    """Paid and signed for in March, and recorded in April."""
    year, director, march = year_of(cast.signed), cast["director"], date(2026, 3, 31)
    april = march + timedelta(days=10)
    paid = claim(year, 90_000, on=april, contributed_on=date(2026, 3, 5))
    decide(paid, by=director, on=april)
    claim(year, 7_000, on=april, contributed_on=date(2026, 3, 6))
    decide(claim(year, 11_000, on=april), by=director, on=april)
    client, program = sign_in(cast["finance"]), api(cast["finance"])
    url, export = (
        reverse(f"consortium:{name}") for name in ("commitments", "export_commitments")
    )
    query = {"on": march, "organization": cast.siemens.pk, "sort": "year"}

    for more, credited, pending in [
        ({}, 0, 0),
        ({"restated": "1"}, 90_000, 7_000),
    ]:
        page = client.get(url, query | more)
        shown = page.context["page"].object_list[0]
        row = program.get("/api/v1/commitment-positions/", query | more).json()
        text = client.get(export, query | more).getvalue().decode()
        line = next(csv.DictReader(text.splitlines()))
        told = amounts(row["results"][0])

        assert (shown.credited, shown.pending) == (credited, pending)
        assert (told[1], told[2]) == (credited, pending)
        assert (Decimal(line["credited"]), Decimal(line["pending"])) == (
            credited,
            pending,
        )
        assert ("restated by what is known now" in page.content.decode()) == bool(more)


def test_a_file_says_in_words_what_its_codes_mean(cast, sign_in):
    """Programs read the code, people the words beside it."""
    decide(claim(year_of(cast.signed), 1_000), by=cast["director"])
    client = sign_in(cast["finance"])

    def first(name: str, query: dict[str, Any]) -> dict[str, str]:
        text = client.get(reverse(f"consortium:export_{name}"), query).getvalue()
        return next(csv.DictReader(text.decode().splitlines()))

    of_siemens = {"organization": cast.siemens.pk}
    credit = first("credits", of_siemens)
    year = first("commitments", of_siemens | {"sort": "year"})
    agreement = first("agreements", of_siemens | {"state": "signed"})

    assert (credit["category"], credit["outcome"]) == ("fellowship", "accepted")
    assert credit["category_words"] == "Fellowship"
    assert credit["outcome_words"] == "Accepted"
    assert year["status_words"] == YearStatus(year["status"]).label
    assert (agreement["state"], agreement["state_words"]) == ("signed", "Signed")
    told = dict(countries)[agreement["entity_country"]]
    assert agreement["entity_country_words"] == told


def test_case_35_what_was_signed_by_a_day_is_restated_whenever_it_was_recorded(cast):
    """An amendment signed five days ago, and recorded today."""
    years, signed_on = CommitmentYear.objects, cast.signed.signed_on
    before = cast.signed.recorded_on - timedelta(days=1)
    sign_amendment(
        amend(cast.signed, years={2: YearTerms(Decimal(750_000), ZERO)}),
        signed_on=TODAY - timedelta(days=5),
    )
    then = {"on": TODAY - timedelta(days=4), "restated": True}
    earlier = {"on": TODAY - timedelta(days=6), "restated": True}
    of_two = years.filter(agreement=cast.signed, number=2)

    assert not years.filter(agreement=cast.signed).known(on=before).exists()
    assert years.known(on=signed_on, restated=True).exists()
    assert of_two.with_position(**then).get().required_now == 750_000
    assert of_two.with_position(**earlier).get().required_now == 500_000
    as_known = of_two.with_position(on=then["on"]).get()
    assert as_known.required_now == 500_000


def added_up(client, year: CommitmentYear, on: date) -> None:
    """Check a year of the report against the lines of its own page."""
    context = client.get(f"{year.get_absolute_url()}?on={on}").context
    lines, claims = context["lines"].rows, context["claims"].rows

    assert sum(line.amount for line in lines) == year.credited
    assert sum(line.recognized for line in lines) == context["year"].recognized
    assert sum(claim.amount for claim in claims) == year.pending
    assert year.short - year.excess == year.required_now - year.credited
