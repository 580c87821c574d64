"""The seed projects of the demo world."""

from .world import load

__all__ = ["load"]
