"""One stage for all rows; whatever a request does there is taken back."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from ..conftest import NOON
from .stage import Stage, make_stage


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """The cast with open sessions, and an object for each name in the table."""
    with (
        time_machine.travel(NOON),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield make_stage()
        transaction.set_rollback(True)
