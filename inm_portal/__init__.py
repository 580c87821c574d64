"""The portal of the INM industry consortium: wiring, kernel, accounts and home."""

from .celery import app as celery_app

__all__ = ["celery_app"]
