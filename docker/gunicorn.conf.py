"""How gunicorn serves the portal in a container."""

import os
from pathlib import Path
from shutil import rmtree

from prometheus_client import multiprocess

from inm_portal.settings import logging

# Where the workers count requests together: begun anew with the first of them.
counts = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
rmtree(counts, ignore_errors=True)
counts.mkdir(mode=0o700, parents=True)

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = 2
threads = 4
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat that no slow disk holds up
control_socket_disable = True
timeout = 60
graceful_timeout = 25  # less than the 30 s that a container is given to stop
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
limit_request_line = 4094
forwarded_allow_ips = ""  # Django reads what the front server says, not gunicorn
logconfig_dict = logging.configure(json=True) | {
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}}
}


def child_exit(_server, worker) -> None:
    """Let no gauge of an ended worker live on; what it counted stays."""
    multiprocess.mark_process_dead(worker.pid)
