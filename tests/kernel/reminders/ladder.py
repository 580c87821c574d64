"""A ladder of dues, told of organizations: it counts from the day of their name."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce

from consortium.models import Organization
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders import rules, sweeping
from inm_portal.kernel.reminders.rules import Item, Rule, Rung

from ...factories.accounts import UserFactory
from ...factories.consortium import OrganizationFactory

BOSTON = ZoneInfo("America/New_York")

#: A Monday without a holiday near, and ten o'clock on it.
MONDAY = date(2026, 11, 2)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BOSTON)


NOW = at(MONDAY)


def after(days: int, hour: int = 10) -> datetime:
    """Return the hour of the day so many days after `MONDAY`."""
    return at(MONDAY + timedelta(days=days), hour)


def owing(_audience: str, *, on: date):
    """Return the organizations that owe: a website says that one has paid."""
    active = When(owner__is_active=True, then="owner")
    return Organization.objects.filter(website="").annotate(
        anchor_on=F("named_since_on"),
        organization_key=F("pk"),
        person_key=Case(active),
        address=Coalesce("owner__email", Value("")),
    )


DUES = Rule(
    name="test.dues",
    title="Dues",
    sentence="Companies pay.",
    subjects=lambda: Organization.objects.select_related("owner"),
    candidates=owing,
    rungs=[
        Rung("-7", -7, "billing"),
        Rung("+3", 3, "billing"),
        Rung("+15", 15, "billing"),
        Rung("+30", 30, "staff", is_task=True),
    ],
    describe=lambda delivery, company: Item(
        what=f"Pay the dues of {company.name}",
        why="You pay for your company.",
        by_on=delivery.anchor_on,
        url=company.get_absolute_url(),
    ),
    matching=lambda text: Organization.objects.matching(text),
    most_per_hour=5,
)


def company(name: str, due_on: date, *, owner=None, **fields) -> Organization:
    owner = owner or UserFactory(email=f"{name.lower()}@pay.example")
    return OrganizationFactory(name=name, named_since_on=due_on, owner=owner, **fields)


def move(organization: Organization, due_on: date) -> None:
    Organization.objects.filter(pk=organization.pk).update(named_since_on=due_on)


def pay(organization: Organization) -> None:
    paid = Organization.objects.filter(pk=organization.pk)
    paid.update(website="https://paid.example")


def sweep(day: int = 0, hour: int = 10) -> None:
    assert sweeping.sweep(at=after(day, hour))


def states(**wanted) -> dict[str, str]:
    """Return the state of each rung; with why it did not go out, where it did not."""
    rows = ReminderDelivery.objects.filter(rule=DUES.name, **wanted)
    return {
        row.rung: f"{row.state} {row.reason}".strip() for row in rows.order_by("days")
    }


def alone(monkeypatch):
    """Let sweeps pass by the rules of the apps: what they cost is not asked here."""
    of_apps = {rule.name for rule in rules.rules()}

    def own() -> list[Rule]:
        return [rule for rule in rules.rules() if rule.name not in of_apps]

    monkeypatch.setattr(sweeping, "rules", own)


def declared(rule: Rule = DUES):
    """Declare a rule for as long as a test runs."""
    rules.declare(rule)
    yield rule
    rules.forget(rule)
