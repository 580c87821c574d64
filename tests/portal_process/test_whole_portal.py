"""The portal itself, started as its users start it."""

import http.client
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from inm_portal.embedded import CHECKOUT

from .portals import clean_environment, kill_all, nobody_is_left

MAKE = ["make", "--no-print-directory", "run"]
SUPERVISOR = [sys.executable, "-m", "inm_portal.supervisor"]

needs_make = pytest.mark.skipif(not shutil.which("make"), reason="there is no make")


def status_of(address, path):
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@needs_make
@pytest.mark.xdist_group("whole portal")
def test_a_portal_starts_again_after_whatever_ended_it(empty_state, start_portal):
    first = start_portal(empty_state, *MAKE)
    assert status_of(first.wait_until_ready(240), "/accounts/login/") == 200
    first.process.kill()  # only make: the rest has to notice
    assert nobody_is_left(empty_state)

    second = start_portal(empty_state, *SUPERVISOR)
    assert status_of(second.wait_until_ready(), "/accounts/login/") == 200
    kill_all(empty_state)

    third = start_portal(empty_state, *SUPERVISOR)
    assert status_of(third.wait_until_ready(), "/accounts/login/") == 200
    assert third.end(signal.SIGINT) == 0
    assert nobody_is_left(empty_state)
    assert "superuser privileges" not in third.said()


def make_with(python, tmp_path):
    """Return what make says where ``python`` is the only Python."""
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    return subprocess.run(
        ["make", "--no-print-directory", ".venv/.python", f"PYTHON={python}"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def old_python(tmp_path: Path, *, version: str) -> Path:
    """Return a Python that says no to what a new one has."""
    fake = tmp_path / "python"
    answer = {"3.9": "exit 1", "3.11 without venv": 'case "$2" in *venv*) exit 1; esac'}
    fake.write_text(f"#!/bin/sh\n{answer[version]}\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    return fake


@needs_make
@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("3.9", "The portal needs Python 3.11 or newer"),
        ("3.11 without venv", "This Python has no venv module"),
    ],
)
def test_a_python_that_does_not_do_is_told_in_a_sentence(tmp_path, version, sentence):
    made = make_with(old_python(tmp_path, version=version), tmp_path)

    assert made.returncode != 0
    assert made.stderr.startswith(sentence)
    assert os.listdir(tmp_path / ".venv") == []
