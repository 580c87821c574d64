from django.apps import AppConfig


class HomeConfig(AppConfig):
    """What each person finds on signing in, across apps."""

    name = "inm_portal.home"
    label = "home"
