"""Companies that are bought, merge, part or change their name: cases 1 to 4."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from consortium import services
from consortium.models import (
    Agreement,
    CommitmentYear,
    Contact,
    ContactRole,
    LinkKind,
    Organization,
    OrganizationLink,
)
from consortium.services.links import (
    ASSIGNMENT_CLAUSE,
    SEATS_AFTER_MERGER,
    LinkedAlready,
    LinkedInFuture,
    LinkedToItself,
    NotAMerger,
    OfAnotherCompany,
)
from inm_portal.kernel.models import Task
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)

pytestmark = pytest.mark.django_db

SPONSOR = ContactRole.SPONSOR
BOUGHT_ON = date(2026, 10, 1)


@pytest.fixture
def norhaven(db) -> Organization:
    owner = staff("program staff")
    organization = OrganizationFactory(name="Norhaven Motors", owner=owner)
    sign(draft(organization))
    return organization


@pytest.fixture
def talbrook(db) -> Organization:
    return OrganizationFactory(name="Talbrook Group")


def asked(**changes):
    return {"from_on": BOUGHT_ON, "today": TODAY, "by": None} | changes


def seen(model, user) -> set:
    return set(model.objects.permitted(user, "view"))


def test_case_1_a_member_that_is_bought_stays_the_member(norhaven, talbrook):
    """The parent is recorded, and its people see nothing of the member."""
    sponsor = person_at(norhaven, SPONSOR).user
    of_parent = person_at(talbrook, SPONSOR).user
    before = {model: seen(model, sponsor) for model in (Organization, Agreement)}

    link = services.link_parent(norhaven, other=talbrook, **asked())

    assert str(link) == "Norhaven Motors belongs to Talbrook Group"
    assert seen(Organization, of_parent) == {talbrook}
    for model in (Agreement, CommitmentYear, Contact, OrganizationLink):
        assert not {row for row in seen(model, of_parent) if row.pk in _of(norhaven)}
    assert seen(OrganizationLink, sponsor) == {link}
    assert {model: seen(model, sponsor) for model in before} == before
    task = Task.objects.get(kind=ASSIGNMENT_CLAUSE)
    assert (task.person, task.due_on) == (norhaven.owner, TODAY + timedelta(days=14))
    assert Organization.objects.with_membership(on=TODAY).get(
        pk=talbrook.pk
    ).status == ("prospect")


def _of(organization) -> set[int]:
    rows = [organization.agreements, organization.contacts, organization.links]
    return {pk for manager in rows for pk in manager.values_list("pk", flat=True)}


def test_a_parent_is_followed_by_the_next_from_its_day(norhaven, talbrook):
    services.link_parent(norhaven, other=talbrook, **asked())
    another = OrganizationFactory(name="Another Group")
    later = BOUGHT_ON + timedelta(days=30)

    services.link_parent(norhaven, other=another, **asked(from_on=later))

    found = norhaven.links.order_by("from_on").values_list("other__name", "until_on")
    assert list(found) == [("Talbrook Group", later), ("Another Group", None)]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"from_on": TODAY + timedelta(days=1)}, LinkedInFuture),
        ({}, LinkedAlready),
        ({"from_on": date(2026, 9, 1)}, LinkedAlready),
    ],
)
def test_a_link_that_cannot_be(norhaven, talbrook, changes, refusal):
    services.link_parent(norhaven, other=talbrook, **asked())

    with pytest.raises(refusal):
        services.link_parent(norhaven, other=talbrook, **asked(**changes))
    with pytest.raises(LinkedToItself):
        services.link_parent(norhaven, other=norhaven, **asked())
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        norhaven.links.create(kind=LinkKind.PARENT, other=talbrook, from_on=TODAY)


def test_case_2_after_a_merger_both_agreements_stay_until_amended(norhaven, talbrook):
    """One council seat from the survivor's next agreement year on."""
    sign(draft(talbrook, effective_on=date(2026, 1, 1)))

    link = services.record_merger(norhaven, other=talbrook, **asked())

    statuses = Organization.objects.with_membership(on=TODAY)
    assert {row.status for row in statuses} == {"active"}
    assert Agreement.objects.in_force(on=TODAY).count() == 2
    reduction = OrganizationLink.objects.with_reduction().get(pk=link.pk)
    assert reduction.reduce_on == date(2027, 1, 1)
    task = Task.objects.get(kind=SEATS_AFTER_MERGER)
    assert task.due_on == date(2027, 1, 1)
    assert "unless a director keeps two" in task.why


def test_case_2_the_survivor_sees_the_history_once_the_lawyers_confirmed(
    norhaven, talbrook
):
    """And nobody else does."""
    own = sign(draft(talbrook))
    [merged] = norhaven.agreements.all()
    sponsor = person_at(talbrook, SPONSOR).user
    coordinator = person_at(talbrook, ContactRole.EVENTS).user
    stranger = person_at(OrganizationFactory(), SPONSOR).user
    link = services.record_merger(norhaven, other=talbrook, **asked())
    before = seen(Agreement, sponsor)

    services.open_history(link, today=TODAY, by=None)

    assert before == {own}
    assert seen(Agreement, sponsor) == {own, merged}
    assert seen(Agreement, coordinator) == seen(Agreement, stranger) == set()
    assert seen(Contact, sponsor).isdisjoint(norhaven.contacts.all())
    with pytest.raises(NotAMerger):
        services.open_history(link, today=TODAY, by=None)


def test_only_the_history_of_a_merger_is_opened(norhaven, talbrook):
    link = services.link_parent(norhaven, other=talbrook, **asked())

    with pytest.raises(NotAMerger):
        services.open_history(link, today=TODAY, by=None)


def spin_off(organization, contacts=(), **changes):
    names = {
        "name": "Norhaven Drives",
        "legal_name": "Norhaven Drives LLC",
        "rest_name": "Norhaven Motors",
        "rest_legal_name": "Norhaven Motors Inc.",
    }
    return services.record_spin_off(
        organization, contacts=contacts, **(names | asked(**changes))
    )


def test_case_3_the_agreement_follows_the_division_that_signed(norhaven):
    """Contacts go to the rest by selection, with their roles."""
    stays, goes = person_at(norhaven, SPONSOR), person_at(norhaven, ContactRole.LEGAL)
    [agreement] = norhaven.agreements.all()

    rest = spin_off(norhaven, [goes])

    norhaven.refresh_from_db()
    assert (norhaven.name, rest.name) == ("Norhaven Drives", "Norhaven Motors")
    assert list(norhaven.agreements.all()) == [agreement]
    assert not rest.agreements.exists()
    assert agreement.contracting_entity == "Norhaven Motors Inc."
    people = Contact.objects.current()
    assert set(people.filter(organization=norhaven)) == {stays}
    moved = people.get(organization=rest)
    assert (moved.user, moved.email) == (goes.user, goes.email)
    held = rest.roles.values_list("contact", "role", "from_on")
    assert list(held) == [(moved.pk, "legal", BOUGHT_ON)]
    assert seen(Agreement, stays.user) == {agreement}
    assert seen(Agreement, goes.user) == set()
    assert str(norhaven.links.get()) == "Norhaven Drives spun off from Norhaven Motors"


def test_case_3_a_division_that_did_not_sign_leaves_without_the_agreement(norhaven):
    """The name of the member stays then."""
    rest = spin_off(
        norhaven,
        name=norhaven.name,
        legal_name=norhaven.legal_name,
        rest_name="Norhaven Drives",
        rest_legal_name="Norhaven Drives LLC",
    )

    norhaven.refresh_from_db()
    assert norhaven.name == "Norhaven Motors"
    assert norhaven.agreements.count() == 1
    assert rest.agreements.count() == 0


def test_people_of_another_company_do_not_go_along(norhaven):
    with pytest.raises(OfAnotherCompany):
        spin_off(norhaven, [ContactFactory()])

    assert Organization.objects.filter(name__startswith="Norhaven").count() == 1


def test_case_3_a_company_spins_off_several(norhaven):
    spin_off(norhaven)

    spin_off(norhaven, rest_name="Norhaven Pumps", rest_legal_name="Pumps Inc.")

    parted = norhaven.links.filter(kind=LinkKind.SPUN_OFF, until_on=None)
    assert {link.other.name for link in parted} == {"Norhaven Motors", "Norhaven Pumps"}


def test_case_4_a_renamed_company_is_found_by_both_names(norhaven):
    """What was issued before bears the old name."""
    services.rename_organization(
        norhaven,
        name="Norhaven Mobility",
        legal_name="Norhaven Mobility Inc.",
        from_on=BOUGHT_ON,
        today=TODAY,
        by=None,
    )

    norhaven.refresh_from_db()
    former = list(norhaven.former_names.all())
    for text in ("Norhaven Motors", "Norhaven Mobility"):
        assert set(Organization.objects.matching(text)) == {norhaven}
    assert norhaven.legal_name_on(BOUGHT_ON - timedelta(days=1), former) == (
        "Norhaven Motors Inc."
    )
    assert norhaven.legal_name_on(BOUGHT_ON, former) == "Norhaven Mobility Inc."
