# ruff: noqa: T201 - a command speaks by printing
"""Run every check that needs no running portal; say what failed, and count."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]
TEST = {"DJANGO_SETTINGS_MODULE": "inm_portal.settings.test"}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "inm_portal.settings.production",
    "SECRET_KEY": "qW3-eR5.tY7_uI9+oP1=aS2~dF4:gH6;jK8,lZ0xCvBnM-one-check-only",
    "ENCRYPTION_KEY": "nM1-xC3.vB5_aS7+dF9=gH2~jK4:qW6;eR8,tY0lZuIoPk-one-check-only",
    "PORTAL_URL": "https://portal.check.test",
    "ALLOWED_HOSTS": "portal.check.test",
    "DATABASE_URL": "postgresql://portal_web:check@localhost/portal",
    "MIGRATE_DATABASE_URL": "postgresql://portal_owner:check@localhost/portal",
    "REDIS_URL": "redis://localhost:6379/0",
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "smtp+tls://portal:check@mail.check.test:587",
    "DEFAULT_FROM_EMAIL": "Portal <portal@check.test>",
    "SCANNER": "clamd://scanner.check.test",
    "DEMO": "false",
    "DEBUG": "false",
}


@dataclass(frozen=True)
class Check:
    """A command that must end well."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


def tool(name: str, *options: str) -> list[str]:
    return [str(BIN / name), *options]


CHECKS = [
    Check("types", tool("mypy")),
    Check("format of Python", tool("ruff", "format", "--check", ".")),
    Check("lint of Python", tool("ruff", "check", ".")),
    Check("format of templates", tool("djangofmt", "--check", "templates")),
    Check("lint of templates", tool("djlint", "--lint", "--quiet", "templates")),
    Check("import contracts", tool("lint-imports", "--no-cache"), TEST),
    Check("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], TEST),
    Check("templates compile", [sys.executable, ".ci/templates.py"], TEST),
    Check(
        "deployment", [*MANAGE, "check", "--deploy", "--fail-level=WARNING"], PRODUCTION
    ),
    Check("packages agree", [sys.executable, "-m", "pip", "check"]),
]


def passes(check: Check) -> bool:
    """Run a check; print one line if it passes, and all it said if not."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - the commands above
        check.command,
        cwd=CHECKOUT,
        env=os.environ | check.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    took = f"{time.monotonic() - began:.1f} s"
    if done.returncode == 0:
        print(f"ok      {check.name} ({took})", flush=True)
        return True
    print(f"FAILED  {check.name} ({took})\n{done.stdout.rstrip()}", flush=True)
    return False


def main() -> int:
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(passes, CHECKS))
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
