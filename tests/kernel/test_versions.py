"""No edit is silently lost (CON-05)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, transaction

from consortium.models import Organization
from inm_portal.kernel.errors import EditConflict

from ..factories.consortium import OrganizationFactory


def test_an_edit_saves_what_changed_and_raises_the_version(db):
    organization = OrganizationFactory(website="", sector="energy")

    changed = organization.edit(1, website="https://a.example", sector="energy")

    assert changed == ["website"]
    assert Organization.objects.values_list("website", "version").get() == (
        "https://a.example",
        2,
    )


def test_an_edit_that_changes_nothing_writes_nothing(db, django_assert_num_queries):
    organization = OrganizationFactory(sector="energy")

    with django_assert_num_queries(0):
        changed = organization.edit(1, sector="energy")

    assert (changed, organization.version) == ([], 1)


@pytest.mark.parametrize("version", [0, 1, 3])
def test_an_edit_of_another_version_is_refused(db, version):
    organization = OrganizationFactory(website="", version=2)

    with pytest.raises(EditConflict) as refusal:
        organization.edit(version, website="https://a.example")

    assert refusal.value.code == "edit_conflict"
    assert organization.refreshed().website == ""


def test_an_edit_that_starts_from_no_reading_conflicts_with_none(db):
    organization = OrganizationFactory(version=7)

    organization.edit(None, website="https://a.example")

    assert organization.refreshed().version == 8


def test_of_two_edits_at_once_one_wins_and_the_other_conflicts(transactional_db):
    organization = OrganizationFactory(website="")
    both_have_read = Barrier(2)

    def edit(website: str) -> str:
        try:
            with transaction.atomic():
                row = Organization.objects.locked(organization)
                with suppress(BrokenBarrierError):  # the lock keeps the other out
                    both_have_read.wait(timeout=0.5)
                row.edit(1, website=website)
        except EditConflict:
            return "conflict"
        else:
            return website
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as people:
        ends = list(people.map(edit, ["https://a.example", "https://b.example"]))

    now = organization.refreshed()
    assert sorted(ends) == sorted(["conflict", now.website])
    assert now.version == 2
