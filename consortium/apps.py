from django.apps import AppConfig


class ConsortiumConfig(AppConfig):
    """Members, their agreements, commitments, money and benefits."""

    name = "consortium"
