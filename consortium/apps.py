from django.apps import AppConfig


class ConsortiumConfig(AppConfig):
    """Members, their agreements, commitments, money and benefits."""

    name = "consortium"

    def ready(self) -> None:
        from . import privacy  # noqa: F401, PLC0415 - it registers
