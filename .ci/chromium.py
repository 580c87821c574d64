# ruff: noqa: T201 - a command speaks by printing
"""Tell whether there is a browser for `make browser`, and how to get one."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
ADVICE = """\
There is no Chromium. Install the one of your system, as in
  apt-get install chromium
or the one of Playwright:
  .venv/bin/playwright install chromium"""


def main() -> int:
    if any(shutil.which(name) for name in NAMES):
        return 0
    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return 0
    print(ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
