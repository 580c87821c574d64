"""Static files under names that never change their content."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Compress by gzip only: brotli takes ten times as long at each start."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return super().create_compressor(**(kwargs | {"use_brotli": False}))
