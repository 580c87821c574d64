"""What of seed projects is read, and what a request says, by subject."""

from . import calls, definitions, exchange, screening

__all__ = ["calls", "definitions", "exchange", "screening"]
