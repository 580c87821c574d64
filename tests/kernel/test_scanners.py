"""FIL-05: what the scanner is told, and what its words mean."""

import io

import pytest

from inm_portal.kernel import scanners
from inm_portal.kernel.scanners import ScannerAway

from .scanner import EICAR, clamd


@pytest.fixture
def place(tmp_path_factory):
    """A path short enough for a socket."""
    path = tmp_path_factory.mktemp("c") / "s"
    return path if len(str(path)) < 100 else None


def port_of(listening) -> int:
    return listening.getsockname()[1]


def finds_nothing(file) -> bool:
    return b"virus" not in file.read()


def test_without_a_scanner_none_is_there(settings):
    settings.SCANNER = ""

    assert not scanners.is_there()


@pytest.mark.parametrize(
    ("content", "is_clean"),
    [(b"", True), (b"harmless", True), (EICAR, False), (b"x" * 200_000 + EICAR, False)],
    ids=["empty", "harmless", "infected", "infected late"],
)
def test_clamd_is_sent_the_whole_file_and_believed(settings, place, content, is_clean):
    with clamd(place) as server:
        settings.SCANNER = f"clamd://{place}"

        assert scanners.is_there()
        assert scanners.is_clean(io.BytesIO(content)) is is_clean
        assert server.received == [content]


def test_clamd_may_be_on_another_machine(settings):
    with clamd() as server:
        settings.SCANNER = f"clamd://127.0.0.1:{port_of(server.listening)}"

        assert scanners.is_clean(io.BytesIO(EICAR)) is False


def test_a_clamd_that_gives_up_gives_no_verdict(settings, place):
    with clamd(place, most=10):
        settings.SCANNER = f"clamd://{place}"

        with pytest.raises(ScannerAway):
            scanners.is_clean(io.BytesIO(b"x" * 11))


@pytest.mark.parametrize("address", ["clamd:///nowhere/clamd", "clamd://127.0.0.1:1"])
def test_a_clamd_that_is_away_gives_no_verdict(settings, address):
    settings.SCANNER = address

    with pytest.raises(ScannerAway):
        scanners.is_clean(io.BytesIO(b"x"))


def test_a_clamd_that_never_answers_gives_no_verdict(settings, monkeypatch):
    import socket

    monkeypatch.setattr(scanners, "PATIENCE", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        settings.SCANNER = f"clamd://127.0.0.1:{port_of(deaf)}"

        with pytest.raises(ScannerAway):
            scanners.is_clean(io.BytesIO(b"x"))


def test_any_function_can_be_the_scanner(settings):
    settings.SCANNER = f"{__name__}.finds_nothing"

    found = [scanners.is_clean(io.BytesIO(one)) for one in (b"text", b"a virus")]

    assert found == [True, False]
