"""What every page shows around its content."""

import pytest
from django.test import Client
from django.urls import reverse

from inm_portal.home.context import DEMO_PEOPLE

INM = ["director", "staff", "finance", "admin", "auditor"]


def frame(client, address="/") -> dict:
    context = client.get(address).context
    items = [
        item for section in context["navigation"].sections for item in section.items
    ]
    return {
        "lines": [(str(n.label), n.is_active) for n in items],
        "title": str(context["user_title"]),
    }


@pytest.mark.parametrize("who", INM)
def test_people_of_inm_find_every_list(sign_in, cast, who):
    lines = frame(sign_in(cast[who]))["lines"]

    about_people = [("People", False), ("Standing in", False)]
    assert lines == [
        ("Home", True),
        ("API", False),
        ("Members", False),
        ("Agreements", False),
        ("Commitments", False),
        ("Renewals", False),
        ("Prospects", False),
        ("Credits", False),
        ("Benefits", False),
        ("Interactions", False),
        ("Faculty", False),
        ("Bodies", False),
        ("Library", False),
        ("Workforce", False),
        ("Exceptions", False),
        ("Contacts", False),
        *([] if who == "staff" else [("Today", False)]),
        ("To issue", False),
        *([] if who == "staff" else [("To match", False)]),
        ("Invoices", False),
        ("Announced payments" if who == "staff" else "Receipts", False),
        ("Aging", False),
        *([] if who == "staff" else [("Months", False)]),
        ("Calls", False),
        *([("Screening", False)] if who in ("staff", "director", "auditor") else []),
        ("Tasks", False),
        ("Reminders", False),
        ("Messages", False),
        ("Jobs", False),
        *([] if who == "finance" else about_people),
        ("Journal", False),
    ]


def test_requests_have_a_line_where_institutions_sign_people_in(
    sign_in, cast, settings
):
    settings.INSTITUTIONS = {"mit": "of the settings"}

    lines = frame(sign_in(cast["staff"]))["lines"]

    assert ("Requests", False) in lines


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("sponsor", ["Commitment", "Billing", "Invoices"]),
        ("billing", ["Commitment", "Billing", "Invoices"]),
        ("coordinator", []),
        ("colleague", []),
    ],
)
def test_people_of_a_member_find_their_company_and_what_is_theirs_to_see(
    sign_in, cast, who, more
):
    lines = frame(sign_in(cast[who]))["lines"]

    shown = [label for label, _is_present in lines]
    assert shown == [
        *["Home", "Siemens", *more],
        *["One-to-ones", "Problems", "Library", "Workforce", "API"],
    ]


@pytest.mark.parametrize("who", ["stranger", "leaver"])
def test_who_belongs_nowhere_finds_home_and_calls(sign_in, cast, who):
    found = frame(sign_in(cast[who]))

    lines = [("Home", True), ("Calls", False), ("Library", False)]
    lines += [("Student profile", False), ("API", False)]
    assert found == {"lines": lines, "title": ""}


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("staff", "Program staff"),
        ("director", "Director"),
        ("sponsor", "Executive sponsor, Siemens"),
        ("colleague", "Siemens"),
    ],
)
def test_a_title_says_what_somebody_is_here(sign_in, cast, who, title):
    assert frame(sign_in(cast[who]))["title"] == title


def test_the_line_of_the_present_page_is_marked(sign_in, cast):
    address = f"/consortium/members/{cast.siemens.pk}/"

    lines = frame(sign_in(cast["director"]), address)["lines"]

    assert [label for label, is_present in lines if is_present] == ["Members"]


@pytest.mark.parametrize(
    "page", ["payer", "describe_payer", "record_order", "advise_payment"]
)
def test_how_a_member_pays_is_marked_on_each_of_its_forms(sign_in, cast, page):
    path = reverse(f"consortium:{page}", args=[cast.siemens.pk])

    lines = frame(sign_in(cast["sponsor"]), path)["lines"]

    assert [name for name, is_here in lines if is_here] == ["Billing"]


def test_a_demo_offers_its_people_at_the_door(db, settings):
    settings.DEMO = True

    context = Client().get("/accounts/login/").context

    assert (context["demo"], context["demo_people"]) == (True, DEMO_PEOPLE)
    assert ("director@inm.example", "Director") in DEMO_PEOPLE


def test_a_real_portal_offers_nobody(db, settings):
    settings.DEMO = False

    answer = Client().get("/accounts/login/")

    assert (answer.context["demo"], answer.context["demo_people"]) == (False, [])
    assert "new-manufacturing-demo" not in answer.content.decode()


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', "")]
)
def test_only_known_themes_reach_the_page(db, cookie, theme):
    client = Client()
    client.cookies["theme"] = cookie

    assert client.get("/accounts/login/").context["theme"] == theme
