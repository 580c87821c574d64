"""TEN-02: no answer holds what the persona may not know, wherever it could stand."""

from collections.abc import Iterator

import pytest

from consortium.models import Contact

from .stage import Stage
from .table import Row, rows

pytestmark = pytest.mark.django_db

#: The description of the API is the same for everybody.
READS = [row for row in rows() if not row.is_write and "api-" not in row.name]

#: What Siemens committed, until when, and what is being negotiated.
COMMITMENT = [
    *["500,000", "500000", "275,000", "275000", "225,000", "225000"],
    *["1,500,000", "1500000", "2028-05-26", "May 26, 2028"],
    *["2028-05-27", "May 27, 2028"],
    *["A fellow", "Licenses", "CR-0"],
]

#: Lists are asked in these ways too; none of the words names Siemens in full.
ASKED = ["search=siem&sort=-required", "sort=term_ends&role=sponsor"]


def answers(stage: Stage, who: str) -> Iterator[tuple[str, str]]:
    """Yield every address that ``who`` can read, and what stands there."""
    for row in READS:
        for url in urls(stage, row):
            answer = stage.ask(who, "GET", url)
            if answer.status != 200:
                break
            yield url, answer.text


def urls(stage: Stage, row: Row) -> Iterator[str]:
    """Yield the address of a row, then those that ask it for something."""
    url = stage.url(row)
    yield url
    if row.on == "-":
        yield f"{url}?organization={stage.cast.siemens.pk}"
        yield from (f"{url}?{asked}" for asked in ASKED)


def found(stage: Stage, who: str, words: list[str]) -> dict[str, list[str]]:
    """Return, for each address, those of ``words`` that stand there."""
    held = {
        url: [word for word in words if word in text]
        for url, text in answers(stage, who)
    }
    return {url: words for url, words in held.items() if words}


@pytest.mark.parametrize("who", ["coordinator", "colleague"])
def test_who_does_not_see_the_commitment_reads_no_amount_of_it(stage, who):
    assert found(stage, who, COMMITMENT) == {}


@pytest.mark.parametrize("who", ["amgen sponsor", "stranger", "leaver"])
def test_who_is_not_at_a_company_reads_neither_its_name_nor_its_people(
    stage, settings, who
):
    settings.DEMO = False  # the sign-in page of a demo names everybody

    assert found(stage, who, of_siemens(stage)) == {}


def of_siemens(stage: Stage) -> list[str]:
    people = Contact.objects.filter(organization=stage.cast.siemens)
    people = people.exclude(user=stage.cast["leaver"])
    named = people.values_list("email", "name")
    owner = stage.cast.siemens.owner.name
    return ["Siemens", owner, *{word for person in named for word in person}]


def test_those_who_may_know_find_it_there(stage):
    """The words above are those that the pages write."""
    read = " ".join(text for _url, text in answers(stage, "director"))

    missing = [word for word in [*COMMITMENT, *of_siemens(stage)] if word not in read]
    assert missing == []
