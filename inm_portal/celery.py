"""The Celery application: worker, beat and the schedule of what runs by itself."""

import os

from celery import Celery

from .kernel.tracing import trace_tasks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inm_portal.settings.development")

app = Celery("inm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
trace_tasks()
