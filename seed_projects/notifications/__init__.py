"""Reminders of seed projects: what is asked of whom, and when; a file a subject."""

from . import drafts, parts

__all__ = ["drafts", "parts"]
