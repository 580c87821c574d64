from django.apps import AppConfig


class SeedProjectsConfig(AppConfig):
    """Calls, proposals, reviews, decisions, awards and what came of them."""

    name = "seed_projects"
    verbose_name = "Seed projects"
