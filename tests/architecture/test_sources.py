"""What no file of the project says."""

import re
from pathlib import Path

import pytest

from .sources import ROOT, own_files

#: Words for later belong to the list of work, not to the source.
LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

#: What a file says of the machine or the tool with which it was written.
ELSEWHERE = re.compile(
    r"(?:^|[\s\"'`(=:])/(?:wo"
    r"rk|ro"
    r"ot|ho"
    r"me/\w+|Us"
    r"ers|priv"
    r"ate)/"
    r"|\b(?:chat"
    r"gpt|co"
    r"pilot|cla"
    r"ude|open"
    r"ai|anth"
    r"ropic|lang"
    r"uage model|gene"
    r"rated by an? (?:ai|assistant))\b",
    re.I,
)

FILES = [
    *own_files(),
    *(p for p in ROOT.glob("*") if p.suffix in {".toml", ".yml", ".in", ".py"}),
    *(ROOT / name for name in ["Makefile", "Dockerfile", ".env.example", ".gitignore"]),
]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def found_in(path: Path, pattern: re.Pattern) -> list[str]:
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if pattern.search(line)]


def test_there_are_files_to_read():
    assert len(FILES) > 150


@pytest.mark.parametrize(
    ("pattern", "subject"), [(LATER, "later"), (ELSEWHERE, "elsewhere")]
)
def test_no_file_speaks_of(pattern, subject):
    found = {name_of(path): found_in(path, pattern) for path in FILES}

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "folder", ["inm_portal", "consortium", "seed_projects", "events"]
)
def test_no_module_prints_or_stops_for_a_debugger(folder):
    pattern = re.compile(r"^\s*(?:breakpoint\(|import pdb|print\()")
    spoken = {"commands", "embedded", "supervisor.py", "prepare.py", "vendoring.py"}
    files = [
        path
        for path in own_files(folder, suffixes={".py"})
        if not spoken & {*path.parts}
    ]

    found = {name_of(path): found_in(path, pattern) for path in files}

    assert {name: lines for name, lines in found.items() if lines} == {}
