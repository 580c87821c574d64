"""Measure the figures of ``docs/figures.md``: ``make bench``."""

import argparse
import os
import sys

import django
from django.utils.module_loading import import_string

from inm_portal.embedded.processes import CannotStart

from . import stand


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="WORD", help="figures that bear a word"
    )
    words = parser.parse_args().only
    os.environ.update(stand.FULL.environment)
    django.setup()
    try:
        with stand.running() as servers:
            return import_string("bench.run.run")(servers, words)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
