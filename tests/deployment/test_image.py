"""The ``Dockerfile``: an ordinary user, locked dependencies, nothing secret."""

import importlib.util
import os
import time

import pytest

from . import variables

DOCKERFILE = (variables.ROOT / "Dockerfile").read_text()
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]


@pytest.fixture(scope="module")
def healthy():
    """The script by which a container says that it is well."""
    spec = importlib.util.spec_from_file_location(
        "healthy", variables.ROOT / "docker/healthy.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_runs_as_an_ordinary_user_and_is_watched():
    assert "\nUSER 10001:10001\n" in LAST_STAGE
    assert "HEALTHCHECK" in LAST_STAGE


def test_dependencies_are_what_the_locks_say():
    assert "npm ci --ignore-scripts" in DOCKERFILE
    assert "pip install --require-hashes" in DOCKERFILE


def test_it_sets_no_secret():
    assert "ARG " not in DOCKERFILE
    assert not [name for name in ["SECRET", "_URL", "PASSWORD"] if name in LAST_STAGE]


def test_only_what_is_named_enters_the_build():
    lines = (variables.ROOT / ".dockerignore").read_text().splitlines()

    assert lines[1] == "*"
    assert "**/.env" in lines
    assert not {"!docker", "!docker/secrets", "!.env"} & set(lines)


@pytest.mark.parametrize(("age", "well"), [(0, True), (3600, False)])
def test_a_scheduler_that_writes_nothing_for_long_is_not_well(
    healthy, tmp_path, age, well
):
    file = tmp_path / "celerybeat-schedule"
    file.touch()
    written = time.time() - age
    os.utime(file, (written, written))

    assert healthy.beat(f"{file}*") is well


def test_a_scheduler_that_never_wrote_is_not_well(healthy, tmp_path):
    assert healthy.beat(f"{tmp_path}/celerybeat-schedule*") is False
