import pytest

from . import ladder


@pytest.fixture(autouse=True)
def dues():
    """The ladder of dues, for as long as a test runs."""
    yield from ladder.declared()
