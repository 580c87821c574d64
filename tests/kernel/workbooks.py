"""Read what stands in an Excel file, without Excel."""

import io
import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

#: Day 0 of a sheet.
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - without zones


def parts_of(content: bytes) -> dict[str, str]:
    """Return the text of each part of an Excel file."""
    with ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows_of(content: bytes) -> list[list[Any]]:
    """Return the cells of the first sheet: text, numbers, booleans; moments as text."""
    parts = parts_of(content)
    formats = formats_of(parts["xl/styles.xml"])
    sheet = ElementTree.fromstring(parts[SHEET])
    return [
        [value_of(cell, formats) for cell in row.iter(f"{MAIN}c")]
        for row in sheet.iter(f"{MAIN}row")
    ]


def formats_of(styles: str) -> list[str]:
    """Return the number format of each style of cells."""
    root = ElementTree.fromstring(styles)
    named = {
        one.get("numFmtId"): one.get("formatCode") for one in root.iter(f"{MAIN}numFmt")
    }
    crossed = root.find(f"{MAIN}cellXfs")
    return [named.get(one.get("numFmtId"), "") for one in crossed]


def value_of(cell: Any, formats: list[str]) -> Any:
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(cell.itertext())
    value = cell.findtext(f"{MAIN}v")
    if value is None:
        return None
    if kind == "b":
        return value == "1"
    if re.search("yy", formats[int(cell.get("s", 0))]):
        return str(EPOCH + timedelta(seconds=round(float(value) * 86_400)))
    return float(value)
