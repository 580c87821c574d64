"""Plan what falls due within 60 days, in one statement for each audience of a rule."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from inm_portal.kernel.models import (
    PENDING,
    REVIVED,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)

from .business_days import BusinessDays, business_days
from .rules import ANNOTATED, Rule, Rung, rules

#: Plans are made, and shown, so far ahead.
AHEAD = timedelta(days=60)

#: What counts from an older date is planned as if it counted from there.
BEHIND = timedelta(days=800)

PLAN = """
WITH calendar AS (
    SELECT * FROM unnest(
        %(rungs)s::text[], %(days)s::smallint[],
        %(anchors)s::date[], %(planned)s::date[]
    ) AS c (rung, days, counted_from, planned_on)
),
candidate AS MATERIALIZED (
    SELECT subject_id::bigint, anchor_on::date, organization_key::bigint,
           person_id::bigint, address::text
    FROM ({candidates})
        AS c (subject_id, anchor_on, organization_key, person_id, address)
),
begun AS (
    SELECT subject_id, max(cycle) AS cycle FROM kernel_reminderdelivery
    WHERE rule = %(rule)s AND state <> ALL(%(unbegun)s) GROUP BY subject_id
),
wanted AS MATERIALIZED (
    SELECT c.*, greatest(c.anchor_on, b.cycle) AS cycle, k.rung, k.days, k.planned_on
    FROM candidate c
    JOIN calendar k ON k.counted_from = greatest(c.anchor_on, %(floor)s::date)
    LEFT JOIN begun b USING (subject_id)
),
gone AS (
    UPDATE kernel_reminderdelivery d
    SET state = %(cancelled)s, settled_at = %(at)s, reason = CASE
        WHEN EXISTS (SELECT FROM candidate c WHERE c.subject_id = d.subject_id)
        THEN %(moved)s ELSE %(not_true)s END
    WHERE d.rule = %(rule)s AND d.state = ANY(%(pending)s) AND d.rung = ANY(%(keys)s)
        AND NOT EXISTS (
            SELECT FROM wanted w WHERE w.subject_id = d.subject_id
                AND w.rung = d.rung AND w.cycle = d.cycle
        )
),
changed AS (
    UPDATE kernel_reminderdelivery d
    SET state = CASE d.state WHEN %(cancelled)s THEN %(new)s ELSE d.state END,
        reason = '', settled_at = NULL, message_id = NULL, days = w.days,
        anchor_on = w.anchor_on, planned_on = w.planned_on, person_id = w.person_id,
        organization_key = w.organization_key, address = w.address
    FROM wanted w
    WHERE d.rule = %(rule)s AND d.subject_id = w.subject_id AND d.rung = w.rung
        AND d.cycle = w.cycle
        AND (
            d.state = %(cancelled)s AND d.reason = ANY(%(revived)s)
            OR d.state = ANY(%(pending)s) AND
                (d.days, d.anchor_on, d.planned_on, d.person_id, d.organization_key,
                 d.address)
                IS DISTINCT FROM
                (w.days, w.anchor_on, w.planned_on, w.person_id, w.organization_key,
                 w.address)
        )
)
INSERT INTO kernel_reminderdelivery
    (rule, rung, days, subject_type, subject_id, organization_key, cycle, anchor_on,
     planned_on, person_id, address)
SELECT %(rule)s, w.rung, w.days, %(subject_type)s, w.subject_id, w.organization_key,
       w.cycle, w.anchor_on, w.planned_on, w.person_id, w.address
FROM wanted w
WHERE NOT EXISTS (
    SELECT FROM kernel_reminderdelivery d WHERE d.rule = %(rule)s
        AND d.subject_id = w.subject_id AND d.rung = w.rung AND d.cycle = w.cycle
)
ON CONFLICT DO NOTHING
"""


def plan(rule: Rule, *, at: datetime, on: date) -> int:
    """
    Bring what is planned of a rule in line with the database; return what is new.

    What no longer holds is cancelled, what holds again is planned again, and
    dates and recipients follow their objects. The caller holds the rule's turn.
    """
    days = business_days(first=on - BEHIND, last=on + AHEAD)
    return sum(
        _plan_for(rule, audience, rungs, days, at=at, on=on)
        for audience, rungs in rule.audiences.items()
    )


def _plan_for(
    rule: Rule,
    audience: str,
    rungs: Sequence[Rung],
    days: BusinessDays,
    *,
    at: datetime,
    on: date,
) -> int:
    columns = _calendar(tuple(rungs), days, on)
    facts = {
        **dict(zip(["rungs", "days", "anchors", "planned"], columns, strict=True)),
        "rule": rule.name,
        "subject_type": rule.subject_type,
        "keys": [rung.key for rung in rungs],
        "floor": on - BEHIND,
        "at": at,
        **WORDS,
    }
    with connection.cursor() as cursor:
        statement = cursor.mogrify(PLAN, facts).decode()
        rows = _literal(rule.candidates(audience, on=on), cursor)
        # Estimates of rows that are only just there mislead into nested loops.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement.replace("{candidates}", rows))
        count: int = cursor.rowcount
        cursor.execute("SET LOCAL enable_nestloop = on")
    return count


WORDS = {
    "new": str(ReminderState.PLANNED),
    "cancelled": str(ReminderState.CANCELLED),
    "pending": [str(state) for state in PENDING],
    "unbegun": [str(state) for state in [*PENDING, ReminderState.CANCELLED]],
    "revived": [str(reason) for reason in REVIVED],
    "moved": str(ReminderReason.MOVED),
    "not_true": str(ReminderReason.NOT_TRUE),
}

#: No rows, of so many columns.
NONE = "SELECT NULL, NULL, NULL, NULL, NULL WHERE false"


def _literal(candidates: QuerySet[Any], cursor: Any) -> str:
    """Return the statement that reads the candidates, with its values in place."""
    try:
        rows = candidates.order_by().values_list("pk", *ANNOTATED)
        return str(cursor.mogrify(*rows.query.sql_with_params()).decode())
    except EmptyResultSet:
        return NONE


@lru_cache(maxsize=64)
def _calendar(rungs: tuple[Rung, ...], days: BusinessDays, on: date) -> list[list[Any]]:
    """Return rung, days, date and planned day: a column each, the same all day."""
    rows = zip(*_days_of(rungs, days, on), strict=True)
    return [list(column) for column in rows]


def _days_of(
    rungs: Sequence[Rung], days: BusinessDays, on: date
) -> Iterator[tuple[str, int, date, date]]:
    """Yield the day of each rung for each date that it may count from."""
    most = max((abs(rung.days) for rung in rungs), default=0) * 2
    for rung in rungs:
        for number in range((BEHIND + AHEAD).days + most):
            anchor = on - BEHIND + timedelta(days=number)
            planned = days.planned(
                anchor, rung.days, in_business_days=rung.in_business_days
            )
            if planned <= on + AHEAD:
                yield rung.key, rung.days, anchor, planned


def cancel_unruled(*, at: datetime) -> int:
    """Cancel what is planned of rules and rungs that are no longer in the code."""
    left = ReminderDelivery.objects.filter(state__in=PENDING)
    for rule in rules():
        keys = [rung.key for rung in rule.rungs]
        left = left.exclude(rule=rule.name, rung__in=keys)
    return left.update(
        state=ReminderState.CANCELLED, reason=ReminderReason.NO_RULE, settled_at=at
    )
