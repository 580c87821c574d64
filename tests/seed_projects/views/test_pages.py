"""Pages of calls, forms and rubrics: what is shown, typed and refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from inm_portal.accounts import roles
from seed_projects import services
from seed_projects.models import Call, CostRate, Extension, Question
from tests.factories import calls as make
from tests.factories.accounts import UserFactory, staff

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"seed_projects:{name}", args=args)


@pytest.fixture
def office(sign_in) -> Client:
    return sign_in(staff(roles.PROGRAM_STAFF))


CALL = {
    **{"title": "Seeds 2028", "slug": "seeds-2028", "summary": "Seeds."},
    **{"contact_name": "Jo", "contact_email": "jo@inm.example", "ceiling": "$150,000"},
    **{"months": "24", "zone": "America/New_York", "grace_minutes": "0"},
    **{"indirect_rule": "none", "blind_mode": "single", "reviews_wanted": "3"},
    **{"cost_categories": ["postdoc"]},
}


def test_a_call_is_drafted_in_the_browser(office):
    theme = make.Theme.objects.first()

    answer = office.post(url("draft_call"), CALL | {"themes": [theme.pk]})

    call = Call.objects.get()
    assert (answer.status_code, answer.url) == (302, call.get_absolute_url())
    assert list(call.themes.all()) == [theme]


def test_what_is_wrong_stands_beside_its_field(office):
    make.call("Known", slug="seeds-2028")
    told = CALL | {"themes": [make.Theme.objects.first().pk]}

    answer = office.post(url("draft_call"), told)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"slug"}
    assert 'value="seeds-2028"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        ("2027-03-01T23:59", True),
        ("2027-03-14T02:30", False),  # clocks skip it
        ("2027-11-07T01:30", False),  # clocks repeat it
    ],
)
def test_a_deadline_is_one_instant_of_the_calls_zone(office, typed, is_right):
    call, form = make.call(), make.form()
    told = {"kind": "full", "opens_at": "2027-01-01T09:00", "form": form.pk}

    answer = office.post(url("set_stage", call.pk), told | {"closes_at": typed})

    assert answer.status_code == (302 if is_right else 422)
    if is_right:
        closes = call.stages.get().closes_at
        assert closes.isoformat() == "2027-03-02T04:59:59+00:00"


def test_the_editor_adds_moves_and_removes(office):
    version = make.form(is_published=False)
    section = version.sections.get()
    told = {"section": section.pk, "kind": "choice", "label": "Partner?"}

    office.post(url("add_question", section.pk), told | {"options": "Yes\nNo\n\nYes"})
    question = Question.objects.get(label="Partner?")
    office.post(url("move_question", question.pk), {"up": "yes"})
    page = office.get(version.get_absolute_url()).content.decode()

    assert question.options == ["Yes", "No"]
    assert page.index("Partner?") < page.index("Abstract")
    office.post(url("remove_question", question.pk))
    assert not Question.objects.filter(pk=question.pk).exists()


def test_a_published_version_has_no_editor(office):
    version = make.form()

    page = office.get(version.get_absolute_url()).content.decode()

    assert "Add a question" not in page
    assert office.get(url("add_section", version.pk)).status_code == 403


@pytest.mark.parametrize("one", [True, False])
def test_everybody_reads_what_is_published_and_nothing_else(one):
    call = make.opened() if one else make.ready()
    make.question(call) if one else None

    answer = Client().get(url("public_call", call.slug))

    assert answer.status_code == (200 if one else 404)
    if one:
        assert "May students apply?" not in answer.content.decode()


def test_the_page_and_the_feed_tell_of_open_calls_alone(time_machine):
    time_machine.move_to(make.NOON, tick=False)
    make.opened("Seeds of now")
    make.closed("Seeds of before")
    make.ready("Seeds of later")

    page = Client().get(url("open_calls")).content.decode()
    feed = Client().get(url("open_calls_feed"))

    for told in [page, feed.content.decode()]:
        assert "Seeds of now" in told
        assert "Seeds of before" not in told
        assert "Seeds of later" not in told
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_who_applies_sees_what_is_public(sign_in):
    call = make.opened()
    client = sign_in(UserFactory())

    page = client.get(call.get_absolute_url()).content.decode()

    assert "Prepared for it" not in page
    assert client.get(url("change_call", call.pk)).status_code == 403
    assert client.get(make.ready("Draft").get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["calls", "problems", "forms", "rubrics"])
def test_lists_cost_the_same_with_one_and_with_many(
    office, name, django_assert_max_num_queries
):
    make.opened("First")
    with django_assert_max_num_queries(9) as first:
        office.get(url(name))
    make.opened("Second")
    make.closed("Third")
    with django_assert_max_num_queries(9) as later:
        office.get(url(name))

    assert len(first) == len(later)


def test_the_pages_of_a_call_ask_few_statements(office, django_assert_max_num_queries):
    call, drafted = make.opened(), make.ready("Drafted")
    make.question(call)
    services.add_track(drafted, name="Junior", ceiling=Decimal("900.50"), by=None)
    for page in [call.get_absolute_url(), drafted.get_absolute_url()]:
        office.get(page)
        with django_assert_max_num_queries(8) as asked:
            text = office.get(page).content.decode()
        assert len({one["sql"] for one in asked}) == len(asked)
        assert "I hold PI status." in text
    assert "up to $900.50" in text

    for address in [
        url("preview_call", call.pk),
        url("extend_call", call.pk),
        url("copy_call", call.pk),
        call.stages.get().form.get_absolute_url(),
    ]:
        with django_assert_max_num_queries(9):
            assert office.get(address).status_code == 200


def test_a_person_is_found_by_address_among_likely_ones(office):
    call = make.opened()
    pi = UserFactory(name="Ada Likely")
    make.question(call, by=pi)
    UserFactory(name="Bob Elsewhere")
    address = url("extend_call", call.pk)
    told = {"stage": call.stages.get().pk, "until_at": "2030-03-01T23:59"}
    told |= {"reason": "Ill"}

    text = office.get(address).content.decode()
    assert "Ada Likely" in text
    assert "Bob Elsewhere" not in text
    refused = office.post(address, told | {"person": "nobody@mit.example"})
    assert refused.context["form"].errors.keys() == {"person"}
    assert "nobody@mit.example" in refused.content.decode()
    office.post(address, told | {"person": pi.email.upper()})
    assert Extension.objects.get().person == pi


@pytest.mark.parametrize("name", ["extensions", "eligibility_exceptions"])
def test_what_was_granted_is_listed_with_its_reason(office, name):
    call = make.opened()
    person = UserFactory(name="Ada Likely")
    act = {"person": person, "reason": "Ill in May", "at": make.NOON, "by": None}
    until = make.NOON + 20 * make.DAY
    services.extend_deadline(call.stages.get(), until_at=until, **act)
    days = {"until_on": until.date(), "today": make.NOON.date()}
    services.grant_exception(call.rules.get(), **days, **act)

    for asked in [{}, {"search": "ada"}, {"call": call.pk}]:
        text = office.get(url(name), asked).content.decode()
        assert "Ill in May" in text
    text = office.get(url(name), {"search": "nobody"}).content.decode()
    assert "Ill in May" not in text


def test_a_rate_that_the_office_records_is_listed_and_used_by_drafts(office):
    told = {"kind": "benefits", "starts_on": "2026-07-01", "percent": ""}
    refused = office.post(url("record_rate"), told)
    assert refused.context["form"].errors == {"percent": ["Say the percentage."]}
    assert 'value="2026-07-01"' in refused.content.decode()

    office.post(url("record_rate"), told | {"percent": "24.6"})

    text = " ".join(office.get(url("rates")).content.decode().split())
    assert "Employee benefits" in text
    assert "24.60 percent" in text
    none = office.get(url("rates"), {"kind": "tuition"}).content.decode()
    assert "24.60 percent" not in none
    rate = CostRate.objects.in_force("benefits", on=date(2027, 1, 1))
    assert rate.recorded_by is not None
