"""One stage for all rows; whatever a request does there is taken back."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from ..conftest import TODAY
from .stage import Stage, make_stage

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=ZoneInfo("US/Eastern"))


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
