"""What tests of the consortium share: the day on which they happen."""

from collections.abc import Iterator

import pytest
import time_machine

from ..conftest import NOON


@pytest.fixture(scope="module", autouse=True)
def _on_that_day() -> Iterator[None]:
    """Begin at noon of the day, whenever the tests are run."""
    with time_machine.travel(NOON):
        yield
