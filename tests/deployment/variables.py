"""Which environment variables the portal reads, documents and hands out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

READERS = {"env", "os.environ", "os.getenv"}
#: Variables of terminals and systems, which nobody sets for the portal.
CONVENTIONS = {"FORCE_COLOR", "HOME", "NO_COLOR", "PATH", "TERM"}

READING_METHODS = {"get", "setdefault", "pop"}


def read_by_the_code() -> set[str]:
    """Return every variable that Python code of the portal asks for."""
    files = [*ROOT.glob("inm_portal/**/*.py"), *ROOT.glob("docker/*.py")]
    names = {name for file in files for name in read_by(file.read_text())}
    return names - CONVENTIONS


def read_by(source: str) -> Iterator[str]:
    """Yield the variables that a piece of Python reads."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is_reader(node.func) and node.args:
            yield from _text(node.args[0])
        elif isinstance(node, ast.Subscript) and _is_look_up(node):
            yield from _text(node.slice)


def _is_reader(function: ast.expr) -> bool:
    name = ast.unparse(function)
    owner, _, method = name.rpartition(".")
    if owner == "os.environ":
        return method in READING_METHODS
    return name in READERS or (owner == "env" and method != "read_env")


def _is_look_up(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load) and ast.unparse(node.value) == "os.environ"


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        # A family of variables: its table and example write NAME for what differs.
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "NAME"
            for part in node.values
        )


def asked_by_compose() -> set[str]:
    """Return every variable that ``docker-compose.yml`` takes from outside."""
    return set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))


def in_example() -> set[str]:
    """Return the variables of ``.env.example``, which stand there as comments."""
    example = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))


def in_table() -> set[str]:
    """Return the variables of the table in ``docs/deployment.md``."""
    page = (ROOT / "docs/deployment.md").read_text()
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", page, re.MULTILINE))
