"""The list of exceptions: what is not as the template and the program ask for."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from consortium import services
from consortium.models import AgreementException
from consortium.services import YearTerms
from consortium.services.approvals import FOREIGN_ENTITY
from inm_portal.kernel.models import Task
from inm_portal.kernel.tasklist import finish_task
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import at, claim, decide, year_of
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db

LOW = YearTerms(Decimal(300_000), Decimal(0))


def found(**narrowed) -> list[tuple]:
    rows = AgreementException.objects.filter(**narrowed).select_related(
        "agreement", "amendment", "commitment_year"
    )
    return [(row.kind, row.paper, row.what) for row in rows.order_by("pk")]


def approve() -> None:
    for task in Task.objects.open().filter(kind=FOREIGN_ENTITY):
        finish_task(task, outcome="Approved", at=timezone.now(), by=None)


def test_what_is_as_it_should_be_is_no_exception():
    sign_amendment(amend(sign(draft(OrganizationFactory())), payment_terms_days=60))
    draft(OrganizationFactory())

    assert [kind for kind, *_rest in found()] == ["late_signature"]
    assert not AgreementException.objects.filter(amendment=None).exists()


def test_each_exception_of_an_agreement_stands_there_once():
    """Cases 5, 10, 11 and 12."""
    organization, director = OrganizationFactory(), staff("director")
    agreement = draft(
        organization,
        years=[LOW] * 3,
        contracting_entity="Norhaven GmbH",
        entity_country="DE",
    )
    services.add_deviation(
        agreement,
        **{"clause": "4.2", "template_says": "One", "agreement_says": "Two seats"},
        **{"reason": "Two divisions", "by": None},
    )
    at = timezone.now()
    services.waive_floor(agreement, reason="A pilot", at=at, by=director)
    approve()
    services.sign_agreement(
        agreement,
        signed_on=date(2025, 6, 6),
        signed_for_member_by="A",
        signed_for_mit_by="B",
        file=sent(),
        today=TODAY,
        at=at,
        by=None,
    )

    number = agreement.number
    assert found() == [
        ("waiver", number, "A pilot"),
        ("deviation", number, "4.2: Two seats"),
        ("foreign_entity", number, "Norhaven GmbH (DE)"),
        ("late_signature", number, "Signed 10 days after it took effect"),
    ]


def test_an_amendment_has_its_own():
    agreement, director = sign(draft(OrganizationFactory())), staff("director")
    cut = amend(
        agreement,
        years={3: LOW},
        contracting_entity="Norhaven SA",
        entity_country="FR",
        effective_on=date(2026, 11, 1),
    )
    services.waive_amendment(cut, reason="Asked for", at=timezone.now(), by=director)
    approve()

    sign_amendment(cut)

    number = f"{agreement.number}/1"
    assert found() == [
        ("waiver", number, "Asked for"),
        ("foreign_entity", number, "Norhaven SA (FR)"),
        ("late_signature", number, "Signed 21 days after it took effect"),
    ]


def test_a_waiver_that_went_with_its_terms_and_what_was_abandoned_are_gone():
    director, at = staff("director"), timezone.now()
    changed = draft(OrganizationFactory(), years=[LOW] * 3)
    services.waive_floor(changed, reason="For those", at=at, by=director)
    services.change_draft(
        changed, years=[YearTerms(Decimal(600_000), Decimal(0))] * 3, by=None
    )
    cut = amend(sign(draft(OrganizationFactory())), years={3: LOW})
    services.waive_amendment(cut, reason="Asked for", at=at, by=director)
    services.abandon_amendment(cut, reason="No", by=None)

    assert found() == []


def test_case_13_a_hold_is_listed_until_it_is_cleared_and_for_few(cast):

    def screen(result):
        services.record_screening(
            cast.siemens,
            result=result,
            screened_name="Siemens AG",
            screened_on=TODAY,
            note="Seen",
            today=TODAY,
            by=None,
        )

    screen("hit")

    assert found(kind="screening_hold") == [("screening_hold", "", "Siemens AG")]
    sees = {
        who: AgreementException.objects.permitted(cast[who], "view").count()
        for who in ["director", "staff", "auditor", "finance", "sponsor", "stranger"]
    }
    assert [who for who, count in sees.items() if count] == ["director"]
    screen("cleared")
    assert found(kind="screening_hold") == []


@pytest.fixture
def waived(cast):
    """Return a year that ended short, and stays so by leave of a director."""
    year = year_of(cast.signed)
    decide(claim(year, 475_000), by=cast["director"])
    services.waive_shortfall(
        year, reason="Began late", at=at(TODAY), today=TODAY, by=cast["director"]
    )
    return year


def test_a_shortfall_that_was_waived_is_an_exception_of_its_year(waived):
    number = waived.agreement.number

    assert found(kind="shortfall") == [("shortfall", f"{number}, year 1", "Began late")]


def test_page_api_and_export_tell_the_same_of_a_waived_shortfall(
    waived, cast, sign_in, api
):
    client, query = sign_in(cast["staff"]), "?kind=shortfall"
    page = client.get(reverse("consortium:exceptions") + query).content.decode()
    export = client.get(reverse("consortium:export_exceptions") + query).getvalue()
    answer = api(cast["staff"]).get(f"/api/v1/exceptions/{query}").json()

    assert "$25,000: Began late" in page
    assert f'href="{waived.get_absolute_url()}"' in page
    [line] = csv.DictReader(export.decode().splitlines())
    [row] = answer["results"]
    assert (line["kind"], line["year"], line["what"]) == (
        *("shortfall", "1", "Began late"),
    )
    assert (line["amount"], line["currency"]) == ("25000.00", "USD")
    assert (row["kind"], row["commitment_year"], row["what"]) == (
        *("shortfall", waived.pk, line["what"]),
    )
    assert (row["amount"], row["currency"]) == ("25000.00", "USD")


def test_page_api_and_export_name_the_country_of_a_foreign_entity(sign_in, api):
    organization, director = OrganizationFactory(), staff("director")
    draft(organization, contracting_entity="Norhaven (Nord) GmbH", entity_country="DE")
    client, query = sign_in(director), "?kind=foreign_entity"

    page = client.get(reverse("consortium:exceptions") + query).content.decode()
    export = client.get(reverse("consortium:export_exceptions") + query).getvalue()
    [line] = csv.DictReader(export.decode().splitlines())
    [row] = api(director).get(f"/api/v1/exceptions/{query}").json()["results"]

    said = "Norhaven (Nord) GmbH, of Germany"
    assert (said in page, line["what"], row["what"]) == (True, said, said)
