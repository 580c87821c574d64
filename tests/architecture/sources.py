"""The project's own files, and its own apps and addresses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.urls import URLPattern, get_resolver

ROOT = settings.BASE_DIR
PACKAGES = ["inm_portal", "consortium", "seed_projects", "events"]
OWN = [*PACKAGES, "tests", "templates", "static", "docs", "bench", "docker"]
TEXT = {".py", ".html", ".txt", ".md", ".css", ".js", ".toml", ".yml", ".sh", ".conf"}


def own_files(*folders: str, suffixes: set[str] = TEXT) -> list[Path]:
    """Return the files that people of this project wrote."""
    return sorted(
        path
        for folder in folders or OWN
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and not {"vendor", "__pycache__"} & {*path.parts}
    )


def templates() -> list[str]:
    """Return the names of the project's templates."""
    found = own_files("templates", suffixes={".html", ".txt"})
    return [str(path.relative_to(ROOT / "templates")) for path in found]


def own_apps() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if is_own(app.name)]


def own_models() -> list[type]:
    return [model for app in own_apps() for model in app.get_models()]


def is_own(module: str) -> bool:
    return module.split(".")[0] in PACKAGES


def routes() -> Iterator[tuple[str, Any]]:
    """Yield each address of the portal with its view."""
    yield from _below(get_resolver().url_patterns, "/")


def _below(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from _below(pattern.url_patterns, address)
