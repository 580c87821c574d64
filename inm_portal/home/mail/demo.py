"""Mails of the demo world in every state; nothing of them ever leaves the portal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from inm_portal.kernel import claims, mails, message_steps, outcomes
from inm_portal.kernel.demo import send
from inm_portal.kernel.models import Message
from inm_portal.kernel.wire import Answer

UNKNOWN = Answer("SMTPRecipientsRefused", (550,), ("5.1.1",), is_of_recipient=True)
BUSY = Answer("SMTPRecipientsRefused", (451,), ("4.7.1",), is_of_recipient=True)

#: Kind, who gets it, days before today.
SENT = [
    ("account/email/password_changed", "director", 9),
    ("mfa/email/totp_activated", "director", 9),
    ("mfa/email/recovery_codes_generated", "director", 9),
    ("mfa/email/webauthn_added", "finance", 6),
    ("account/email/password_set", "pi", 5),
    ("account/email/password_reset", "reviewer", 3),
    ("mfa/email/totp_activated", "staff", 2),
    ("account/email/password_changed", "speaker", 1),
]


def load(people: Mapping[str, Any], *, now: datetime) -> None:
    """Write them through the services, once."""
    if Message.objects.filter(slot__startswith="demo").exists():
        return
    for number, (kind, who, days) in enumerate(SENT):
        at = now - timedelta(days=days, minutes=7 * number)
        write(kind, people[who], number, at=at)
        send(at=at)
    load_what_went_wrong(people, now=now)
    load_what_waits(people, now=now)


def write(
    kind: str,
    person: Any,
    number: int,
    *,
    at: datetime,
    due_at: Any = None,
    **more: Any,
) -> Message:
    """Write a mail about what was done at a moment; it goes out then, or later."""
    told = {"timestamp": at, "ip": "192.0.2.17", "user_agent": "Firefox on Windows"}
    facts = {"about": person, "slot": f"demo {number}", "context": told}
    message = mails.write(kind, to=person, at=due_at or at, **facts, **more)
    Message.objects.filter(pk=message.pk).update(created_at=at)
    return message


def load_what_went_wrong(people: Mapping[str, Any], *, now: datetime) -> None:
    """One that an unknown address refused, one without an answer, one too late."""
    yesterday = now - timedelta(days=1)
    write("account/email/password_set", people["attendee"], 20, at=yesterday)
    (refused,) = claims.claim(by="demo", at=yesterday)
    outcomes.set_back(refused, UNKNOWN, at=yesterday)

    write("account/email/email_confirm", people["chair"], 21, at=yesterday, once=True)
    (lost,) = claims.claim(by="demo", at=yesterday)
    outcomes.put_on_wire(lost, at=yesterday)
    outcomes.lapse(lost, again_at=yesterday, error="SMTPServerDisconnected")

    late = {"at": yesterday, "expires_at": yesterday + timedelta(hours=1)}
    write("account/email/password_reset", people["steering"], 22, **late)
    claims.claim(by="demo", at=yesterday + timedelta(hours=2))


def load_what_waits(people: Mapping[str, Any], *, now: datetime) -> None:
    """One that comes back later, two that are planned, and one that staff hold."""
    write("account/email/password_changed", people["copi"], 30, at=now)
    (busy,) = claims.claim(by="demo", at=now)
    outcomes.set_back(busy, BUSY, at=now + timedelta(hours=3))
    for number, who in [(31, "pi"), (32, "deptadmin")]:
        ahead = now + timedelta(days=number - 24)
        kind, person = "account/email/email_confirm", people[who]
        write(kind, person, number, at=now, due_at=ahead)
    held = write("account/email/email_confirm", people["auditor"], 33, at=now)
    reason = "The auditor's mail moves to another server today."
    message_steps.hold(held, reason=reason, by=people["staff"])
