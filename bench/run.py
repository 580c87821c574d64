"""Measure what is asked for, and say what is not held."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

import structlog

from inm_portal.embedded import state_folder
from inm_portal.prepare import collect_static

from . import (
    costs,
    dues,
    exports,
    journal,
    memory,
    money,
    people,
    proposals,
    reminders,
    sending,
    spreadsheets,
    starts,
    statements,
    visits,
)
from .bench import Bench
from .figures import Figure, heading
from .stand import Stand

KINDS = (
    costs,
    statements,
    visits,
    memory,
    exports,
    spreadsheets,
    reminders,
    dues,
    journal,
    money,
    proposals,
    sending,
    starts,
)


def run(stand: Stand, words: Sequence[str]) -> int:
    """Print a line for each figure; return 1 when one is missed."""
    be_quiet()
    collect_static(state_folder() / "static.key")
    people.forget_all()
    figures: list[Figure] = []
    print(heading(), flush=True)
    with ExitStack() as stack:
        bench = Bench(stand, stack)
        for kind in KINDS:
            for probe in kind.probes():
                if probe.is_asked(words):
                    figures += shown(probe.measure(bench))
    return verdict(figures)


def be_quiet() -> None:
    """Keep what requests inside this process log out of the table."""
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)


def shown(figures: Iterable[Figure]) -> list[Figure]:
    """Print figures as they come."""
    found = []
    for figure in figures:
        print(figure.line(), flush=True)
        found.append(figure)
    return found


def verdict(figures: Sequence[Figure]) -> int:
    missed = [figure for figure in figures if not figure.is_held]
    print(f"{len(figures)} figures, {len(missed)} missed.")
    return bool(missed) or not figures
