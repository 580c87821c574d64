"""Read the access matrix: a row for each route and method, a column a persona."""

from dataclasses import dataclass
from pathlib import Path

PERSONAS = [
    *["visitor", "stranger", "sponsor", "billing", "coordinator", "colleague"],
    *["amgen sponsor", "leaver", "staff", "director", "finance", "admin", "auditor"],
]


@dataclass(frozen=True)
class Row:
    """One route and method, with the object it is tried on."""

    name: str
    method: str
    on: str
    answers: dict[str, int]

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.on}"


def rows() -> list[Row]:
    lines = (Path(__file__).parent / "routes.txt").read_text().splitlines()
    return [_row(line) for line in lines if line and not line.startswith("#")]


def _row(line: str) -> Row:
    name, method, on, *answers = line.split()
    given = dict(zip(PERSONAS, map(int, answers), strict=True))
    return Row(name, method, on, given)
