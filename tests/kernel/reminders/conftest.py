import pytest

from . import ladder


@pytest.fixture(autouse=True)
def dues(monkeypatch):
    """The ladder of dues, for as long as a test runs."""
    ladder.alone(monkeypatch)
    yield from ladder.declared()
