"""Every direct dependency has a reason, a license and a look at its health."""

import json
import re

from . import variables

TABLE = variables.ROOT / "docs/decisions/0000-dependencies.md"
REQUIREMENT = re.compile(r"^([A-Za-z][\w.-]*)", re.MULTILINE)


def named_in_requirements() -> set[str]:
    files = variables.ROOT.glob("requirements*.in")
    return {name for file in files for name in REQUIREMENT.findall(file.read_text())}


def named_in_package_json() -> set[str]:
    package = json.loads((variables.ROOT / "package.json").read_text())
    return {*package["dependencies"], *package.get("devDependencies", {})}


def test_the_table_has_exactly_the_direct_dependencies():
    explained = set(re.findall(r"^\| `(\S+)` \|", TABLE.read_text(), re.MULTILINE))

    assert explained == named_in_requirements() | named_in_package_json()
