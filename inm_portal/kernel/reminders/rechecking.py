"""Ask again, as a mail is claimed, whether what it reminds of still holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import mails
from inm_portal.kernel.models import (
    Message,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)

from .planning import NOTHING
from .rules import PLAIN, Rule, Rung, rule_named
from .settling import late
from .wording import COPY, context_of, copied_to, letter_of, lines_of


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


def recheck_copy(message: Message, *, at: datetime) -> str:
    """Take out of a copy what no longer holds, as out of the mail that is copied."""
    on = timezone.localdate(at)
    written = ReminderDelivery.objects.filter(
        message=message.about_id, state=ReminderState.WRITTEN
    )
    deliveries = list(written.select_related("person", "message").order_by("pk"))
    out = verdicts(deliveries, on=on)
    lines = lines_of([one for one in deliveries if one.pk not in out])
    lines = copied_to(message.recipient, lines)
    if not lines:
        return _("Nothing that it reminds of holds any more.")
    first = lines[0].delivery.message
    message.rewrite(mails.render(COPY, context_of(lines) | {"first_to": first}))
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
            rows.update(
                state=ReminderState.PLANNED,
                message=None,
                settled_at=None,
                acted_by=None,
            )
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
    ladders = rule.ladders(on=on)
    for audience, keys in _by_audience(rule, deliveries).items():
        of_it = [one for one in deliveries if one.pk in keys]
        asked = _asked(rule, audience, of_it, on) if audience else {}
        for one in of_it:
            told = _told(one, asked.get(one.subject_id), ladders)
            if not audience:
                yield one.pk, ReminderReason.NO_RULE
            elif told is not None:
                yield one.pk, told


def _by_audience(
    rule: Rule, deliveries: Sequence[ReminderDelivery]
) -> Mapping[str, set[int]]:
    """Return the keys of deliveries by whom they ask; nobody, for rungs that went."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in deliveries:
        rung = rule.rung(one.rung)
        found[rung.audience if rung else ""].add(one.pk)
    return found


def _told(
    one: ReminderDelivery,
    asked: tuple[date, str, int | None] | None,
    ladders: Mapping[int, Sequence[Rung]],
) -> str | None:
    """Say why one shall not go out now; None if it may."""
    if asked is None:
        return ReminderReason.NOT_TRUE
    anchor_on, address, variant = asked
    if not _climbs(ladders, variant, one.rung):
        return ReminderReason.POLICY
    if anchor_on > one.cycle:
        return ReminderReason.MOVED
    return LATER if address != one.address else None


def _climbs(
    ladders: Mapping[int, Sequence[Rung]], variant: int | None, key: str
) -> bool:
    """Say whether the ladder of an object has a rung now."""
    return any(one.key == key for one in ladders.get(variant or PLAIN, []))


def _asked(
    rule: Rule, audience: str, deliveries: Sequence[ReminderDelivery], on: date
) -> dict[int, tuple[date, str, int | None]]:
    """Return date, address and variant that the rule gives for each object now."""
    subjects = {one.subject_id for one in deliveries}
    rows = rule.candidates(audience, on=on).filter(pk__in=subjects)
    if "variant_key" not in rows.query.annotations:
        rows = rows.annotate(variant_key=NOTHING)
    told = rows.values_list("pk", "anchor_on", "address", "variant_key")
    return {pk: (anchor, address, key) for pk, anchor, address, key in told}
