"""
Bring database, demo world and static files up to date, in one process.

``make run`` does this before the portal answers.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from inm_portal.embedded import CHECKOUT, state_folder


def main() -> None:
    django.setup()
    call_command("migrate", interactive=False)
    if settings.DEMO:
        call_command("seed_demo")
    collect_static(state_folder() / "static.key")


def collect_static(stamp: Path) -> None:
    """Collect the static files, unless ``stamp`` says that none has changed."""
    key = static_key()
    if stamp.exists() and stamp.read_text() == key and settings.STATIC_ROOT.exists():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(key)


def static_key() -> str:
    """Return what changes with any static file and with the versions of packages."""
    digest = sha256((CHECKOUT / "requirements.txt").read_bytes())
    digest.update(repr(settings.STORAGES["staticfiles"]).encode())
    for line in sorted(_stamps_of_files()):
        digest.update(line.encode())
    return digest.hexdigest()


def _stamps_of_files() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = os.stat(storage.path(path))
            yield f"{path} {file.st_size} {file.st_mtime_ns}\n"


if __name__ == "__main__":
    main()
