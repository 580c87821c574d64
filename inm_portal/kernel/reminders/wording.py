"""The words of a mail that reminds: what, why you, by when, and one link each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings

from inm_portal.kernel import mails
from inm_portal.kernel.models import Letter, ReminderDelivery

from .rules import Item, rule_named

KIND = "kernel/mail/reminders"

#: The same for those who are copied.
COPY = "kernel/mail/reminders_copied"

#: A mail of more items than this is a digest: short, one under the other.
IN_FULL = 3


@dataclass(frozen=True)
class Line:
    """A delivery with the object that it is about, and what it says."""

    delivery: ReminderDelivery
    subject: Any
    item: Item

    @property
    def link(self) -> str:
        return f"{settings.PORTAL_URL}{self.item.url}"


Subjects: TypeAlias = Mapping[tuple[str, int], Any]


def lines_of(
    deliveries: Sequence[ReminderDelivery], subjects: Subjects | None = None
) -> list[Line]:
    """Return what each delivery says, but for what is gone; one statement a rule."""
    subjects = subjects_of(deliveries) if subjects is None else subjects
    lines = []
    for delivery in deliveries:
        rule = rule_named(delivery.rule)
        subject = subjects.get((delivery.rule, delivery.subject_id))
        if rule is not None and subject is not None:
            item = rule.describe(delivery, subject)
            lines.append(Line(delivery, subject, item))
    return lines


def subjects_of(deliveries: Sequence[ReminderDelivery]) -> Subjects:
    """Return the objects by rule and key; one statement a rule."""
    found: dict[tuple[str, int], Any] = {}
    for name in sorted({delivery.rule for delivery in deliveries}):
        if (rule := rule_named(name)) is not None:
            keys = {one.subject_id for one in deliveries if one.rule == name}
            rows = rule.subjects().in_bulk(keys)
            found |= {(name, key): subject for key, subject in rows.items()}
    return found


def letter_of(lines: Sequence[Line]) -> Letter:
    """Return the one mail that says all of it."""
    return mails.render(KIND, {"to": recipient_of(lines), **context_of(lines)})


def copied_to(address: str, lines: Sequence[Line]) -> list[Line]:
    """Return what of a mail goes to somebody who is copied."""
    return [line for line in lines if address in line.delivery.copies]


def recipient_of(lines: Sequence[Line]) -> Any:
    """Return the person who is asked; the address of somebody who does not sign in."""
    delivery = lines[0].delivery
    is_persons = delivery.person and delivery.person.email == delivery.address
    return delivery.person if is_persons else delivery.address


def context_of(lines: Sequence[Line]) -> dict[str, Any]:
    """Return what the templates of the mail say."""
    copied = sorted({one for line in lines for one in line.delivery.copies})
    return {
        "lines": lines,
        "first": lines[0],
        "is_digest": len(lines) > IN_FULL,
        "copied": ", ".join(copied),
    }
