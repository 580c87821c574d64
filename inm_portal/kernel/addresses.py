"""Addresses of objects; a list asks for one or two with each row."""

from functools import cache

from django.urls import reverse

#: Stands in a way for the key of any object.
ANY_KEY = 2**62


def page_of(name: str, key: int) -> str:
    """Return the address of an object; how such addresses look is asked once."""
    before, after = _way(name)
    return f"{before}{key}{after}"


@cache
def _way(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[ANY_KEY]).partition(str(ANY_KEY))
    return before, after
