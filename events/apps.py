from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The symposium, the speaker series, member days and plant visits."""

    name = "events"
