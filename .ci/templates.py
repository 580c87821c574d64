# ruff: noqa: T201 - a command speaks by printing
"""Compile every template, so that a typing error is not first seen by a reader."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    django.setup()
    folder = settings.BASE_DIR / "templates"
    names = [str(path.relative_to(folder)) for path in folder.rglob("*.*")]
    faults = [fault for name in sorted(names) if (fault := fault_of(name))]
    print("\n".join([*faults, f"{len(names)} templates, {len(faults)} faults"]))
    return 1 if faults else 0


def fault_of(name: str) -> str:
    """Return why a template does not compile, or nothing."""
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        return f"{name}: {error}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
