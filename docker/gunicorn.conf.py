"""How gunicorn serves the portal in a container."""

from inm_portal.settings import logging

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
