"""Static files under names that never change, and private files that are there."""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Compress by gzip only: brotli takes ten times as long at each start."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return super().create_compressor(**(kwargs | {"use_brotli": False}))


class DurableStorage(FileSystemStorage):
    """Private files in a folder; one that was saved survives a loss of power."""

    def _save(self, name: str, content: File) -> str:
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
            self._sync(Path(self.path(saved)))
        except OSError:
            Path(self.path(name)).unlink(missing_ok=True)  # half a file, on a full disk
            raise
        return saved

    def _sync(self, file: Path) -> None:
        """Bring a file and the folders that name it to the disk."""
        root = Path(self.location)
        for path in [file, *(p for p in file.parents if p.is_relative_to(root))]:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
