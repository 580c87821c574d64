"""Ask again, as a mail is claimed, whether what it reminds of still holds."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import (
    Message,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)

from .rules import Rule, rule_named
from .settling import late
from .wording import letter_of, lines_of


def recheck(message: Message, *, at: datetime) -> str:
    """
    Take out of a mail what no longer holds; say why it goes nowhere if all is out.

    What is held, or for somebody else now, is planned again.
    """
    on = timezone.localdate(at)
    written = ReminderDelivery.objects.filter(
        message=message, state=ReminderState.WRITTEN
    )
    rows = written.select_related("person").select_for_update(of=("self",))
    deliveries = list(rows.order_by("pk"))
    out = set_aside(deliveries, at=at, on=on)
    lines = lines_of([one for one in deliveries if one.pk not in out])
    if not lines:
        return _("Nothing that it reminds of holds any more.")
    message.rewrite(letter_of(lines))
    return ""


def set_aside(
    deliveries: Sequence[ReminderDelivery], *, at: datetime, on: date
) -> set[int]:
    """Cancel, or plan again, what shall not go out; return the keys of those."""
    found = verdicts(deliveries, on=on)
    for verdict in set(found.values()):
        keys = [key for key, given in found.items() if given == verdict]
        rows = ReminderDelivery.objects.filter(pk__in=keys)
        if verdict == LATER:
            rows.update(state=ReminderState.PLANNED, message=None, settled_at=None)
        else:
            state = ReminderState.CANCELLED
            rows.update(state=state, reason=verdict, settled_at=at)
    return set(found)


#: The verdict on what is to be planned again: no reason against it as such.
LATER = ""


def verdicts(deliveries: Sequence[ReminderDelivery], *, on: date) -> dict[int, str]:
    """Return why each shall not go out now; nothing for those that may."""
    found: dict[int, str] = {}
    for name in sorted({delivery.rule for delivery in deliveries}):
        of_rule = [one for one in deliveries if one.rule == name]
        rule = rule_named(name)
        if rule is None:
            found |= dict.fromkeys([one.pk for one in of_rule], ReminderReason.NO_RULE)
        else:
            found |= _untimely(rule, of_rule, on) | dict(_untrue(rule, of_rule, on))
    return found


def _untimely(
    rule: Rule, deliveries: Sequence[ReminderDelivery], on: date
) -> dict[int, str]:
    """Return what is held, and what came too late."""
    rows = ReminderDelivery.objects.filter(pk__in=[one.pk for one in deliveries])
    free = set(rows.unheld(on=on).values_list("pk", flat=True))
    old = rows.filter(late(rule, on=on)).values_list("pk", flat=True)
    held = {one.pk: LATER for one in deliveries if one.pk not in free}
    return held | dict.fromkeys(old, str(ReminderReason.TOO_OLD))


def _untrue(
    rule: Rule, deliveries: Sequence[ReminderDelivery], on: date
) -> Iterator[tuple[int, str]]:
    """Yield what the rule no longer gives, gives for later, or for somebody else."""
    for audience in rule.audiences:
        asked = _asked(rule, audience, deliveries, on)
        for one in deliveries:
            rung = rule.rung(one.rung)
            if rung is None:
                yield one.pk, ReminderReason.NO_RULE
            elif rung.audience != audience:
                continue
            elif one.subject_id not in asked:
                yield one.pk, ReminderReason.NOT_TRUE
            elif asked[one.subject_id][0] > one.cycle:
                yield one.pk, ReminderReason.MOVED
            elif asked[one.subject_id][1] != one.address:
                yield one.pk, LATER


def _asked(
    rule: Rule, audience: str, deliveries: Sequence[ReminderDelivery], on: date
) -> dict[int, tuple[date, str]]:
    """Return the date and the address that the rule gives for each object now."""
    subjects = {one.subject_id for one in deliveries}
    rows = rule.candidates(audience, on=on).filter(pk__in=subjects)
    return {pk: rest for pk, *rest in rows.values_list("pk", "anchor_on", "address")}
