"""The consortium of the demo world, and copies of it in volume."""

from .volume import copy
from .world import load

__all__ = ["copy", "load"]
