"""What the office screens: one of each, none of it with a persona among its people."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inm_portal.accounts import roles
from seed_projects import services

from ..cast import Cast
from ..factories import calls, proposals
from ..factories import screening as make
from ..factories.accounts import staff


def of_screening(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make proposals to be screened, moved lately, and returned with an appeal."""
    now, by = timezone.now(), staff(roles.PROGRAM_STAFF)
    call = calls.opened("Screened")
    passed, waiting, fresh, gone, told = (make.passed(call) for _each in range(5))
    co = proposals.draft(calls.opened("With another"))
    proposals.services.add_author(
        co,
        name="Co",
        email="co@mit.example",
        role="co_pi",
        at=calls.NOON,
        by=proposals.pi_of(co),
    )
    services.close_call(call, at=make.LATER, by=None)
    move = services.return_proposal(fresh, reason="No", at=now, by=by)
    batch = services.move_together([gone], kind="accepted", at=now, by=by)
    at = now - services.UNDO_FOR
    returned = services.return_proposal(told, reason="No", at=at, by=by)
    appeal = services.appeal(returned, text="Why?", at=now, by=proposals.pi_of(told))
    granted = services.grant_exception(
        calls.ready("Not met").rules.get(),
        person=co.people.get(role="pi").person,
        reason="Appointed in May",
        until_on=date(2030, 1, 1),
        today=calls.NOON.date(),
        at=now,
        by=by,
    )
    words = {"audience": "submitted", "subject": "Hello", "body": "Dear {name}"}
    a_rate = {"kind": "benefits", "starts_on": date(2026, 7, 1), "percent": Decimal(24)}
    rate = services.record_rate(**a_rate, at=now, by=by)
    letter = services.write_letter(call, **words, at=now, by=by)
    made = {
        **{"screen_passed": passed, "screen_waiting": waiting, "screen_move": move},
        **{"screen_batch": batch, "screen_return": returned, "appeal": appeal},
        **{"screen_call": call, "letter": letter, "granted": granted, "rate": rate},
        "screen_check": waiting.snapshots.get().checks.first(),
    }
    part = co.people.get(role="co_pi")
    return {name: {"pk": thing.pk} for name, thing in made.items()} | {
        "screen_person": {"pk": cast["technical"].email},
        "screen_part": {"pk": waiting.pk, "part": part.pk},
    }
