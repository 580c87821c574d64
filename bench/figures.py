"""A figure: what was measured, beside its yardstick and the limit it must hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

WIDTHS = (46, 14, 14, 8, 7)
TITLES = ("what", "measured", "yardstick", "figure", "limit")


@dataclass(frozen=True)
class Figure:
    """One line of the table; ``value`` must not exceed ``limit``."""

    what: str
    measured: str
    yardstick: str
    value: float
    limit: float
    note: str = ""

    @property
    def is_held(self) -> bool:
        return self.value <= self.limit

    def line(self) -> str:
        cells = (
            self.what,
            self.measured,
            self.yardstick,
            number(self.value),
            number(self.limit),
        )
        end = "ok" if self.is_held else "MISSED"
        return f"{row(cells)} {end}{self.note and f': {self.note}'}"


@dataclass(frozen=True)
class Probe:
    """Something that can be measured by itself; gives one figure or several."""

    name: str
    measure: Callable[[Any], Iterable[Figure]]

    def is_asked(self, words: Iterable[str]) -> bool:
        """Say whether one of ``words`` names it; without words all are asked."""
        words = [word.lower() for word in words]
        return not words or any(word in self.name.lower() for word in words)


def number(value: float) -> str:
    """Return a ratio with two decimals, and a count as it is."""
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def row(cells: Iterable[str]) -> str:
    """Return cells under one another: the first to the left, numbers to the right."""
    first, *rest = zip(cells, WIDTHS, strict=True)
    return " ".join([first[0].ljust(first[1]), *(c.rjust(width) for c, width in rest)])


def heading() -> str:
    line = row(TITLES)
    return f"{line}\n{'-' * len(line)}"
