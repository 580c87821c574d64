"""PDFs from typst templates, tagged for readers aloud (PDF/UA-1)."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """
    Return the PDF of a template below ``templates/``.

    ``data`` comes to it as JSON: what people typed is text there, and never markup.
    """
    path = Path(settings.BASE_DIR) / "templates" / template
    return typst.compile(
        path,
        root=path.parent,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
    )


@cache
def fonts() -> typst.Fonts:
    """Return the fonts that come with typst, so that a page looks alike anywhere."""
    return typst.Fonts(include_system_fonts=False)
