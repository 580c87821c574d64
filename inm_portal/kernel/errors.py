"""What a use case answers when the rules do not allow it."""

from typing import ClassVar


class Refusal(Exception):
    """
    An act that the rules refuse, in words for the person who asked.

    A form shows it beside the field named ``field``, or above the form, with
    status 422; the API answers 409 with its ``code``.
    """

    code: ClassVar[str] = "refused"
    field: str | None = None

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field or self.field


class IllegalTransition(Refusal):
    """A step that the table of states does not have."""

    code = "illegal_transition"


class EditConflict(Refusal):
    """Somebody else changed the row since it was read."""

    code = "edit_conflict"


class TooLateToUndo(Refusal):
    """What can be taken back for a while was not taken back in time."""

    code = "too_late_to_undo"
