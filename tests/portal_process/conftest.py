import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from inm_portal.embedded.postgres import Postgres
from inm_portal.embedded.processes import stop

from .portals import RunningPortal, eventually, kill_all


@pytest.fixture
def empty_state():
    """Return the path of a state folder that nobody has made yet."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    yield folder / "state"
    kill_all(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Return a cluster to copy: making one takes longer."""
    server = Postgres(tmp_path_factory.mktemp("cluster"), durable=False)
    process = server.start(subprocess.DEVNULL)
    assert eventually(server.answers)
    server.furnish()
    stop(process, signal.SIGINT)
    return server.data


@pytest.fixture
def state(empty_state, cluster):
    """Return a state folder as an earlier start has left it."""
    empty_state.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", "--reflink=auto", cluster, empty_state], check=True)
    return empty_state


@pytest.fixture
def start_portal(request):
    """Return a function that starts a portal; what is left of it is killed."""

    def start(*arguments, **env):
        portal = RunningPortal(*arguments, **env)
        request.addfinalizer(portal.close)
        return portal

    return start
