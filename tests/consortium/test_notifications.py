"""Contact details are confirmed every 180 days; who is asked, and when."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse

from consortium import services
from consortium.models import Contact, ContactRole
from inm_portal.accounts.models import User
from inm_portal.kernel import outbox
from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.reminders.sweeping import sweep

from ..factories.accounts import UserFactory, staff
from ..factories.billing import acting, drafted, issued, order, payer
from ..factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from ..factories.credits import claim, decide, year_of
from ..factories.receivables import apply, cash

pytestmark = pytest.mark.django_db

#: A Monday; what was confirmed 180 days before falls due.
MONDAY = date(2026, 11, 2)
CONFIRMED = MONDAY - timedelta(days=180)


def at(day: int) -> datetime:
    noon = datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("America/New_York"))
    return noon + timedelta(days=day)


@pytest.fixture(autouse=True)
def notifications_alone(plan_only):
    plan_only(
        "consortium.contact_confirmation",
        "consortium.order_needed",
        "consortium.order_ends",
        "consortium.promise_broken",
        "consortium.year_ended_short",
        "consortium.cure_period",
    )


def run(day: int = 0) -> None:
    """Sweep and send on the day so many days after `MONDAY`."""
    assert sweep(at=at(day))
    outbox.send_due(at=at(day))


@pytest.fixture
def siemens(db):
    siemens = OrganizationFactory(name="Siemens", owner=staff("program staff"))
    sign(draft(siemens))
    return siemens


def confirmed_by(contact: Contact, day: date = CONFIRMED) -> Contact:
    Contact.objects.filter(pk=contact.pk).update(confirmed_on=day)
    return contact


@pytest.fixture
def tech(siemens) -> Contact:
    return confirmed_by(person_at(siemens, ContactRole.TECHNICAL))


def asked() -> list[list[str]]:
    return [letter.to for letter in mail.outbox]


def outcomes(contact: Contact) -> dict[str, str]:
    rows = ReminderDelivery.objects.about(contact).order_by("days", "cycle")
    return {row.rung: row.state for row in rows}


def test_a_person_is_asked_on_the_day_again_after_two_weeks_and_then_staff_is(tech):
    for day in (-1, 0, 1, 14, 28):
        run(day)

    assert asked() == [["technical@siemens.example"]] * 2
    task = Task.objects.get()
    assert task.person == tech.organization.owner
    assert task.what == f"Find out whether {tech.name} is still at Siemens"


def test_who_confirms_is_not_asked_again_for_180_days(tech, sign_in):
    """The link of the mail leads to the page on which the person confirms."""
    run()
    browser = sign_in(tech.user)
    link = f"http://testserver{tech.get_absolute_url()}"
    assert link in mail.outbox[0].body

    page = browser.get(link).content.decode()
    action = reverse("consortium:confirm_contact", args=[tech.pk])
    assert action in page
    assert browser.post(action).status_code == 302
    confirmed_by(tech, MONDAY)  # the button says today
    run(14)
    run(28)

    assert len(asked()) == 1
    assert not Task.objects.exists()
    assert outcomes(tech)["staff"] == "cancelled"


def test_for_somebody_without_an_account_the_sponsor_is_asked(siemens, sign_in):
    sponsor = person_at(siemens, ContactRole.SPONSOR)
    contact = confirmed_by(ContactFactory(organization=siemens, name="Ines"))

    run()

    assert asked() == [[sponsor.email]]
    assert "Confirm the contact details of Ines" in mail.outbox[0].subject
    confirm = reverse("consortium:confirm_contact", args=[contact.pk])
    assert sign_in(sponsor.user).post(confirm).status_code == 302


def test_with_nobody_to_ask_the_owner_at_inm_has_a_task(siemens):
    contact = confirmed_by(ContactFactory(organization=siemens))

    for day in (0, 14, 28):
        run(day)

    assert asked() == []
    assert outcomes(contact) == {"due": "skipped", "again": "skipped", "staff": "task"}


def test_without_an_owner_the_task_is_for_whoever_takes_it(siemens, tech):
    siemens.owner = None
    siemens.save()

    run(28)

    assert Task.objects.get().person is None


@pytest.mark.parametrize("what", ["left", "no member", "ended", "locked out"])
def test_who_is_not_asked(siemens, tech, what):
    if what == "left":
        Contact.objects.filter(pk=tech.pk).update(departed_on=MONDAY)
    elif what == "no member":
        prospect = OrganizationFactory()
        confirmed_by(person_at(prospect, ContactRole.TECHNICAL))
        confirmed_by(tech, MONDAY)
    elif what == "ended":
        sweep_day = (date(2028, 6, 5) - MONDAY).days
        confirmed_by(tech, date(2028, 6, 5) - timedelta(days=180))
        run(sweep_day)
    else:
        User.objects.filter(pk=tech.user_id).update(is_active=False)
    run()

    assert asked() == []


def test_a_person_at_two_members_gets_one_mail(siemens, tech):
    amgen = OrganizationFactory(name="Amgen")
    sign(draft(amgen))
    second = ContactFactory(organization=amgen, user=tech.user, email="x@y.example")
    confirmed_by(second)

    run()

    (letter,) = mail.outbox
    assert letter.subject == "2 things wait for you"
    assert "at Siemens" in letter.body
    assert "at Amgen" in letter.body


def test_a_new_sponsor_takes_over_what_was_planned(siemens):
    old = person_at(siemens, ContactRole.SPONSOR)
    confirmed_by(ContactFactory(organization=siemens))
    run(-7)

    role = old.roles.get()
    role.until_on = MONDAY - timedelta(days=3)
    role.save()
    new = ContactFactory(organization=siemens, user=UserFactory(email="n@s.example"))
    siemens.roles.create(contact=new, role=ContactRole.SPONSOR, from_on=role.until_on)
    run()

    assert asked() == [["n@s.example"]]


# --- years that are short

#: Year 1 ends on Monday and can be cured until January 31: open days on which 30 and
#: 7 days are left, and the one on which it is over.
WARNED, OVER = (63, 84), 91


@pytest.fixture
def short(db):
    other = OrganizationFactory(name="Norhaven", owner=staff("program staff"))
    started = date(2025, 11, 3)
    agreement = sign(draft(other, effective_on=started))
    person_at(other, ContactRole.SPONSOR)
    year = year_of(agreement)
    decide(claim(year, 475_000), by=staff("director"))
    return year


def about_years() -> list[tuple[str, str]]:
    found = [(letter.to[0], letter.body) for letter in mail.outbox]
    return [(to, body) for to, body in found if "Close year" in body]


def test_case_34_who_ended_short_hears_of_it_and_before_the_cure_period_ends(short):
    """W1: 25,000 is missing; told when the year ended, 30 days and 7 days before."""
    for day in (0, 1, *WARNED, OVER):
        run(day)

    told = about_years()
    assert [to for to, _body in told] == ["sponsor@norhaven.example"] * 3
    assert all("$25,000 is missing" in body for _to, body in told)
    assert "Jan 31, 2027" in told[0][1]
    task = Task.objects.get(kind__contains="cure_period")
    assert task.person == short.agreement.organization.owner
    assert task.what == "Decide on the shortfall of Norhaven in year 1"


def test_what_is_made_good_or_waived_is_reminded_of_no_more(short):
    run(1)
    assert len(about_years()) == 1

    director = staff("director")
    services.waive_shortfall(
        short, reason="Late start", at=at(5), today=at(5).date(), by=director
    )
    for day in (*WARNED, OVER):
        run(day)

    assert len(about_years()) == 1
    assert not Task.objects.filter(kind__contains="cure_period").exists()


@pytest.mark.parametrize(
    ("ends_on", "amount", "is_told"),
    [
        *[(date(2027, 5, 26), 825_000, True), (date(2027, 5, 27), 825_000, False)],
        *[(None, 275_000, False), (None, 274_999, True)],
    ],
)
def test_case_25_finance_is_told_that_an_order_ends_before_an_instalment_is_due(
    siemens, ends_on, amount, is_told
):
    payer(siemens, needs_order=True)
    order(siemens, amount, ends_on=ends_on)
    for day in (144, 145, 146, 147):  # 60 days before is Sunday, March 28, 2027
        assert sweep(at=at(day))

    ends = Task.objects.filter(kind__contains="order_needed")
    told = [*ends.values_list("what", flat=True)]

    assert told == ["Ask Siemens for a purchase order"] * is_told
    if is_told:
        order(siemens, number="PO-2")
        assert sweep(at=at(148))
        assert not ends.filter(done_at=None).exists()


def test_75_days_before_the_member_is_asked_for_an_order_and_its_lead_copied(siemens):
    person_at(siemens, ContactRole.BILLING)
    person_at(siemens, ContactRole.TECHNICAL)
    payer(siemens, needs_order=True)
    for day in (129, 130, 133, 140):
        run(day)

    asked = [(letter.to[0], letter.subject) for letter in mail.outbox]
    assert asked == [
        ("billing@siemens.example", "Send a purchase order over $275,000"),
        ("technical@siemens.example", "Copy: Send a purchase order over $275,000"),
    ]
    assert not Task.objects.filter(kind__contains="order_needed").exists()


# --- orders that end, and promises

#: Days on which an order of May 26, 2027 ends in 75, 30 and 14 days; open days.
ENDING = (130, 175, 191)


def around(days: tuple[int, ...]) -> list[int]:
    """Return those days, three before each, and three after."""
    return [day + off for day in days for off in range(-3, 4)]


def about_orders() -> list[tuple[str, str]]:
    found = [(letter.to[0], letter.body) for letter in mail.outbox]
    return [(to, body) for to, body in found if "that follows" in body]


def test_case_25_the_billing_contact_is_asked_for_another_order_before_one_ends(
    siemens,
):
    person_at(siemens, ContactRole.SPONSOR)
    person_at(siemens, ContactRole.BILLING)
    payer(siemens, needs_order=True)
    order(siemens, ends_on=date(2027, 5, 26))
    for day in around(ENDING):
        run(day)

    told = about_orders()
    assert [to for to, _body in told] == ["billing@siemens.example"] * 2
    assert "Send a purchase order that follows PO-1" in told[0][1]
    task = Task.objects.get(kind__contains="order_ends")
    assert task.person == siemens.owner
    assert task.what == "Ask Siemens for an order that follows PO-1"

    order(siemens, number="PO-2")
    run(ENDING[2] + 4)
    assert not Task.objects.open().filter(kind__contains="order_ends").exists()


def test_without_a_billing_contact_the_sponsor_is_asked_for_an_order(siemens):
    person_at(siemens, ContactRole.SPONSOR)
    order(siemens, ends_on=date(2027, 5, 26))

    for day in range(ENDING[0] - 1, ENDING[0] + 3):
        run(day)

    assert [to for to, _body in about_orders()] == ["sponsor@siemens.example"]


def test_after_the_last_fee_no_further_order_is_asked_for(siemens):
    person_at(siemens, ContactRole.BILLING)
    order(siemens, ends_on=date(2027, 5, 28))

    for day in range(ENDING[0] - 1, ENDING[0] + 7):
        run(day)

    assert about_orders() == []


@pytest.mark.parametrize(("paid", "tasks"), [(0, 1), (99, 1), (100, 0)])
def test_a_promise_that_was_not_kept_is_a_task_for_finance(siemens, paid, tasks):
    payer(siemens)
    agreement = siemens.agreements.get()
    invoice = issued(drafted(agreement, on=MONDAY), on=MONDAY)
    promised = {"pay_on": MONDAY + timedelta(days=1), "amount": Decimal(100)}
    services.promise_payment(invoice, **promised, **acting(on=MONDAY))
    if paid:
        share = cash(100, siemens, on=MONDAY)
        apply(share, invoice.lines.get(), paid, on=MONDAY + timedelta(days=1))

    for day in (1, 2):
        assert sweep(at=at(day))

    told = Task.objects.filter(kind__contains="promise_broken")
    assert told.count() == tasks
    if tasks:
        assert told.get().what == f"Ask Siemens about {invoice.number}"
