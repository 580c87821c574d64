"""The tests' settings, for a worker that sends to a mail server of a test."""

import os
import socket

from inm_portal.settings.test import *  # noqa: F403

EMAIL_BACKEND = "inm_portal.kernel.wire.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["SINK_PORT"])
EMAIL_TIMEOUT = 30

socket.getfqdn = lambda *_: "worker.example"  # asks no name server
