from datetime import date

import pytest
from django.db import IntegrityError, transaction

from consortium import services
from consortium.models import FormerName, Organization, Sector, SiteKind
from consortium.services.organizations import (
    HeadquartersExist,
    NamedInFuture,
    NameTaken,
    OwnerNotAtInm,
    RenamedTooEarly,
    SameName,
    SiteExists,
)
from consortium.verbs import Verb
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory

pytestmark = pytest.mark.django_db


def rename(organization, **changes):
    new = {"name": "Flex", "legal_name": "Flex Ltd.", "from_on": date(2016, 9, 28)}
    return services.rename_organization(
        organization, **(new | changes), today=TODAY, by=None
    )


def test_an_organization_is_added_and_told_to_the_journal():
    by = UserFactory()

    organization = services.add_organization(
        name="Flex",
        legal_name="Flex Ltd.",
        named_since_on=date(2016, 9, 28),
        sector=Sector.ELECTRONICS,
        today=TODAY,
        by=by,
    )

    entry = JournalEntry.objects.get(verb=Verb.ORGANIZATION_ADDED)
    assert (entry.actor, entry.subject_id) == (by, organization.pk)


def test_a_name_is_used_once_whatever_its_case():
    OrganizationFactory(name="Flex")

    with pytest.raises(NameTaken):
        services.add_organization(
            name="FLEX", legal_name="x", named_since_on=TODAY, today=TODAY, by=None
        )


def test_an_edit_of_an_older_version_is_refused():
    organization = OrganizationFactory()
    services.change_organization(
        organization, website="https://a.example", version=1, by=None
    )

    with pytest.raises(EditConflict):
        services.change_organization(
            organization, website="https://b.example", version=1, by=None
        )


def test_nothing_is_journaled_when_nothing_changed():
    organization = OrganizationFactory(sector=Sector.ENERGY)

    services.change_organization(organization, sector=Sector.ENERGY, by=None)

    assert not JournalEntry.objects.exists()


def test_case_4_documents_issued_before_a_renaming_keep_the_old_name():
    organization = OrganizationFactory(
        name="Flextronics",
        legal_name="Flextronics International Ltd.",
        named_since_on=date(1990, 5, 31),
    )

    renamed = rename(organization)

    former = renamed.former_names.all()
    assert renamed.legal_name_on(date(2016, 9, 27), former) == (
        "Flextronics International Ltd."
    )
    assert renamed.legal_name_on(date(2016, 9, 28), former) == "Flex Ltd."


@pytest.mark.parametrize("text", ["flextron", "Flex Ltd", "International"])
def test_case_4_search_finds_present_and_former_names(text):
    organization = OrganizationFactory(
        name="Flextronics", legal_name="Flextronics International Ltd."
    )
    rename(organization)
    OrganizationFactory(name="Amgen")

    assert set(Organization.objects.matching(text)) == {organization}


@pytest.mark.parametrize("from_on", [date(2026, 11, 23), date(2000, 1, 1)])
def test_a_new_name_starts_after_the_present_one_and_not_tomorrow(from_on):
    organization = OrganizationFactory(named_since_on=date(2000, 1, 1))

    with pytest.raises(RenamedTooEarly):
        rename(organization, from_on=from_on)


def test_a_company_may_keep_its_short_name_under_a_new_legal_name():
    organization = OrganizationFactory(name="Flex")

    renamed = rename(organization, legal_name="Flex Holding Ltd.")

    assert renamed.legal_name == "Flex Holding Ltd."


def test_a_company_has_one_headquarters_and_each_site_once():
    organization = OrganizationFactory()
    place = {"city": "Munich", "region": "", "country": "DE", "by": None}
    services.add_site(organization, name="Seat", kind=SiteKind.HEADQUARTERS, **place)

    with pytest.raises(HeadquartersExist):
        services.add_site(
            organization, name="Other", kind=SiteKind.HEADQUARTERS, **place
        )
    with pytest.raises(SiteExists):
        services.add_site(organization, name="SEAT", kind=SiteKind.PLANT, **place)


def test_the_database_refuses_overlapping_former_names():
    organization = OrganizationFactory()
    name = {"organization": organization, "name": "Old", "legal_name": "Old Inc."}
    FormerName.objects.create(
        **name, from_on=date(2000, 1, 1), until_on=date(2010, 1, 1)
    )

    with (
        pytest.raises(IntegrityError, match="former_names_do_not_overlap"),
        transaction.atomic(),
    ):
        FormerName.objects.create(
            **name, from_on=date(2009, 1, 1), until_on=date(2011, 1, 1)
        )


def test_the_database_refuses_a_second_company_of_the_same_name():
    OrganizationFactory(name="Flex")

    with (
        pytest.raises(IntegrityError, match="organization_name_is_unique"),
        transaction.atomic(),
    ):
        OrganizationFactory(name="fLEX")


def add(**details) -> Organization:
    usual = {"name": "Flex", "legal_name": "Flex Ltd.", "named_since_on": TODAY}
    return services.add_organization(**(usual | details), today=TODAY, by=None)


def test_a_name_does_not_start_tomorrow():
    with pytest.raises(NamedInFuture):
        add(named_since_on=date(2026, 11, 23))


def test_the_owner_is_somebody_at_inm():
    with pytest.raises(OwnerNotAtInm):
        add(owner=UserFactory())

    assert add(owner=staff("auditor")).owner.groups.exists()


def test_the_present_name_is_no_new_one():
    organization = OrganizationFactory(name="Flex", legal_name="Flex Ltd.")

    with pytest.raises(SameName):
        rename(organization)
