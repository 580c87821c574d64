"""The shared cache: a Redis that may lose everything at any time."""

import json
from typing import Any


class JsonSerializer:
    """
    Keep values as JSON.

    Django's own choice is pickle, which runs whatever somebody with access to
    the cache server wrote into it.
    """

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def redis_cache(url: str) -> dict[str, Any]:
    """Return the ``CACHES`` entry of the Redis at ``url``."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "inm",
        "OPTIONS": {"serializer": f"{__name__}.JsonSerializer"},
    }
