"""Plan what falls due within 60 days, in one statement for each rule."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import JSONObject

from inm_portal.kernel.models import (
    PENDING,
    REVIVED,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)

from .business_days import BusinessDays, business_days
from .outcomes import NOT_NEEDED
from .rules import OPTIONAL, PLAIN, Rule, Rung, rules

#: Plans are made, and shown, so far ahead.
AHEAD = timedelta(days=60)

#: What counts from an older date is planned as if it counted from there.
BEHIND = timedelta(days=800)

PLAN = """
WITH rung AS (
    SELECT * FROM unnest(
        %(variants)s::bigint[], %(rungs)s::text[], %(days)s::smallint[],
        %(in_business)s::boolean[], %(copied)s::jsonb[], %(since)s::date[],
        %(until)s::date[], %(reaches)s::smallint[], %(versions)s::bigint[],
        %(wordings)s::text[], %(asks)s::text[]
    ) AS r (variant, rung, days, in_business, copied, since, until, reach, version,
            wording, audience)
),
known AS (
    SELECT * FROM unnest(%(keys)s::text[], %(audiences)s::text[]) AS k (rung, audience)
),
calendar AS (
    SELECT * FROM unnest(
        %(countries)s::text[], %(distances)s::smallint[], %(counts_open)s::boolean[],
        %(anchors)s::date[], %(planned)s::date[]
    ) AS k (country, days, in_business, counted_from, planned_on)
),
candidate AS MATERIALIZED (
    SELECT subject_id::bigint, anchor_on::date, organization_key::bigint,
           asked::jsonb, copied::jsonb,
           coalesce(variant::bigint, %(plain)s) AS variant,
           CASE WHEN country::text = ANY(%(known)s) THEN country::text ELSE '' END
               AS country,
           greatest(anchor_on::date, %(floor)s::date) AS counted_from
    FROM ({candidates})
        AS c (subject_id, anchor_on, organization_key, asked, copied, variant, country)
),
begun AS (
    SELECT subject_id, max(cycle) AS cycle FROM kernel_reminderdelivery
    WHERE rule = %(rule)s AND state <> ALL(%(unbegun)s) GROUP BY subject_id
),
wanted AS MATERIALIZED (
    SELECT {once} c.subject_id, c.anchor_on, c.organization_key,
           (c.asked -> r.audience ->> 'person')::bigint AS person_id,
           c.asked -> r.audience ->> 'address' AS address,
           nullif(coalesce(r.version, c.variant), %(plain)s) AS variant, r.wording,
           greatest(c.anchor_on, b.cycle) AS cycle, r.rung, r.days,
           greatest(k.planned_on, r.since) AS planned_on,
           (CASE WHEN r.copied IS NULL OR c.copied IS NULL THEN '{}' ELSE ARRAY(
               SELECT DISTINCT a FROM jsonb_array_elements_text(r.copied) AS role,
                   jsonb_array_elements_text(coalesce(c.copied -> role, '[]')) AS a
               WHERE a <> c.asked -> r.audience ->> 'address' ORDER BY a
           ) END)::varchar[] AS copies
    FROM candidate c
    JOIN rung r USING (variant)
    JOIN calendar k USING (country, days, in_business, counted_from)
    LEFT JOIN begun b USING (subject_id)
    WHERE c.asked -> r.audience ->> 'address' IS NOT NULL
        AND (
            r.since IS NULL OR r.since <= k.planned_on
            OR r.since <= k.planned_on + r.reach
                AND (r.days >= 0 OR r.since <= c.anchor_on)
        )
        AND (r.until IS NULL OR greatest(k.planned_on, r.since) < r.until)
    {order}
),
gone AS (
    UPDATE kernel_reminderdelivery d
    SET state = %(cancelled)s, settled_at = %(at)s, reason = (
        SELECT CASE
            WHEN c.subject_id IS NULL THEN %(not_true)s
            WHEN EXISTS (
                SELECT FROM rung r WHERE r.variant = c.variant AND r.rung = d.rung
            ) THEN %(moved)s
            ELSE %(policy)s END
        FROM known k LEFT JOIN candidate c ON c.subject_id = d.subject_id
            AND c.asked -> k.audience ->> 'address' IS NOT NULL
        WHERE k.rung = d.rung
    )
    WHERE d.rule = %(rule)s AND d.state = ANY(%(pending)s) AND d.rung = ANY(%(keys)s)
        AND NOT EXISTS (
            SELECT FROM wanted w WHERE w.subject_id = d.subject_id
                AND w.rung = d.rung AND w.cycle = d.cycle
        )
),
changed AS (
    UPDATE kernel_reminderdelivery d
    SET state = CASE WHEN d.state = ANY(%(pending)s) THEN d.state ELSE %(new)s END,
        reason = '', note = '', settled_at = NULL, message_id = NULL, task_id = NULL,
        acted_by_id = NULL, days = w.days,
        anchor_on = w.anchor_on, planned_on = w.planned_on, person_id = w.person_id,
        organization_key = w.organization_key, address = w.address,
        copies = w.copies, variant = w.variant, wording = w.wording
    FROM wanted w
    WHERE d.rule = %(rule)s AND d.subject_id = w.subject_id AND d.rung = w.rung
        AND d.cycle = w.cycle
        AND (
            d.state = %(cancelled)s AND d.reason = ANY(%(revived)s)
            OR d.state = %(task)s AND EXISTS (
                SELECT FROM kernel_task t WHERE t.id = d.task_id
                    AND t.done_at IS NOT NULL AND t.done_by_id IS NULL
                    AND t.outcome = %(not_needed)s
            )
            OR d.state = ANY(%(pending)s) AND
                (d.days, d.anchor_on, d.planned_on, d.person_id, d.organization_key,
                 d.address, d.copies, d.variant, d.wording)
                IS DISTINCT FROM
                (w.days, w.anchor_on, w.planned_on, w.person_id, w.organization_key,
                 w.address, w.copies, w.variant, w.wording)
        )
)
INSERT INTO kernel_reminderdelivery
    (rule, rung, days, subject_type, subject_id, organization_key, cycle, anchor_on,
     planned_on, person_id, address, copies, variant, wording)
SELECT %(rule)s, w.rung, w.days, %(subject_type)s, w.subject_id, w.organization_key,
       w.cycle, w.anchor_on, w.planned_on, w.person_id, w.address, w.copies, w.variant,
       w.wording
FROM wanted w
WHERE NOT EXISTS (
    SELECT FROM kernel_reminderdelivery d WHERE d.rule = %(rule)s
        AND d.subject_id = w.subject_id AND d.rung = w.rung AND d.cycle = w.cycle
)
ON CONFLICT DO NOTHING
"""

#: Where a ladder changes, a rung that falls before and after counts by the earlier.
#: What it alone would have sent before its first day, and not too late, goes out then.
ONCE = "DISTINCT ON (c.subject_id, r.rung)"
EARLIER = "ORDER BY c.subject_id, r.rung, r.since NULLS FIRST"


def plan(rule: Rule, *, at: datetime, on: date) -> int:
    """
    Bring what is planned of a rule in line with the database; return what is new.

    What no longer holds is cancelled, what holds again is planned again, so that a
    task that the portal closed by itself opens again, and dates and recipients
    follow their objects. The caller holds the rule's turn.
    """
    ladders, countries = rule.ladders(on=on), ["", *rule.countries()]
    days = tuple(
        (country, business_days(first=on - BEHIND, last=on + AHEAD, country=country))
        for country in countries
    )
    rungs = [(variant, rung) for variant, ladder in ladders.items() for rung in ladder]
    distances = {(rung.days, rung.in_business_days) for _variant, rung in rungs}
    calendar = _calendar(tuple(sorted(distances)), days, on)
    columns = ["countries", "distances", "counts_open", "anchors", "planned"]
    facts = {
        **dict(zip(columns, calendar, strict=True)),
        **_told_of(rule, rungs),
        "known": [country for country, _days in days if country],
        "rule": rule.name,
        "subject_type": rule.subject_type,
        "keys": [rung.key for rung in rule.rungs],
        "audiences": [rung.audience for rung in rule.rungs],
        "floor": on - BEHIND,
        "plain": PLAIN,
        "at": at,
        **WORDS,
    }
    changes = any(rung.since for _variant, rung in rungs)
    plan = PLAN.replace("{once}", ONCE if changes else "")
    plan = plan.replace("{order}", EARLIER if changes else "")
    with connection.cursor() as cursor:
        statement = cursor.mogrify(plan, facts).decode()
        rows = " UNION ALL ".join(_candidates(rule, cursor, on=on))
        # Estimates of rows that are only just there mislead into nested loops.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement.replace("{candidates}", rows))
        count: int = cursor.rowcount
        cursor.execute("SET LOCAL enable_nestloop = on")
    return count


def _told_of(rule: Rule, rungs: Sequence[tuple[int, Rung]]) -> dict[str, list[Any]]:
    """Return the rungs of all ladders as columns."""
    return {
        "variants": [variant for variant, _rung in rungs],
        "rungs": [rung.key for _variant, rung in rungs],
        "days": [rung.days for _variant, rung in rungs],
        "in_business": [rung.in_business_days for _variant, rung in rungs],
        "copied": [json.dumps(r.copied) if r.copied else None for _variant, r in rungs],
        "since": [rung.since for _variant, rung in rungs],
        "reaches": [
            BEHIND.days if rung.is_task else rule.latest for _variant, rung in rungs
        ],
        "until": [rung.until for _variant, rung in rungs],
        "versions": [rung.version for _variant, rung in rungs],
        "wordings": [rung.wording for _variant, rung in rungs],
        "asks": [rung.audience for _variant, rung in rungs],
    }


WORDS = {
    "new": str(ReminderState.PLANNED),
    "task": str(ReminderState.TASK),
    "not_needed": NOT_NEEDED,
    "cancelled": str(ReminderState.CANCELLED),
    "pending": [str(state) for state in PENDING],
    "unbegun": [str(state) for state in [*PENDING, ReminderState.CANCELLED]],
    "revived": [str(reason) for reason in REVIVED],
    "moved": str(ReminderReason.MOVED),
    "not_true": str(ReminderReason.NOT_TRUE),
    "policy": str(ReminderReason.POLICY),
}

#: No rows, of so many columns.
COLUMNS = ("pk", "anchor_on", "organization_key", "asked", *OPTIONAL)
NONE = f"SELECT {', '.join(['NULL'] * len(COLUMNS))} WHERE false"


def _candidates(rule: Rule, cursor: Any, *, on: date) -> Iterator[str]:
    """Yield statements that read all candidates, with the values in place."""
    if rule.at_once is not None:
        yield _literal(rule.at_once(on=on), cursor)
        return
    for audience in rule.audiences:
        rows = rule.candidates(audience, on=on)
        who = JSONObject(person="person_key", address="address")
        yield _literal(rows.annotate(asked=JSONObject(**{audience: who})), cursor)


def _literal(rows: QuerySet[Any], cursor: Any) -> str:
    """Return the statement that reads candidates, with its values in place."""
    told = rows.query.annotations
    left = {name: NOTHING for name in OPTIONAL if name not in told}
    try:
        rows = rows.order_by().annotate(**left).values_list(*COLUMNS)
        return str(cursor.mogrify(*rows.query.sql_with_params()).decode())
    except EmptyResultSet:
        return NONE


#: What candidates leave out.
NOTHING = Value(None, output_field=TextField())


@lru_cache(maxsize=64)
def _calendar(
    distances: tuple[tuple[int, bool], ...],
    countries: tuple[tuple[str, BusinessDays], ...],
    on: date,
) -> list[str]:
    """
    Return country, distance, date and planned day: a column each, once a day.

    Each is an array as PostgreSQL writes it: of one made of thousands of values,
    planning would read every value as a term of its own.
    """
    rows = [
        (country, *day)
        for country, days in countries
        for day in _days_of(distances, days, on)
    ]
    return [_array(column) for column in zip(*rows, strict=True)]


def _array(column: Iterable[Any]) -> str:
    return "{" + ",".join(f'"{value}"' for value in column) + "}"


def _days_of(
    distances: Sequence[tuple[int, bool]], days: BusinessDays, on: date
) -> Iterator[tuple[int, bool, date, date]]:
    """Yield the day of each distance for each date that it may count from."""
    most = max((abs(count) for count, _in_business in distances), default=0) * 2
    for count, in_business in distances:
        for number in range((BEHIND + AHEAD).days + most):
            anchor = on - BEHIND + timedelta(days=number)
            planned = days.planned(anchor, count, in_business_days=in_business)
            if planned <= on + AHEAD:
                yield count, in_business, anchor, planned


def cancel_unruled(*, at: datetime) -> int:
    """Cancel what is planned of rules and rungs that are no longer in the code."""
    left = ReminderDelivery.objects.filter(state__in=PENDING)
    for rule in rules():
        keys = [rung.key for rung in rule.rungs]
        left = left.exclude(rule=rule.name, rung__in=keys)
    return left.update(
        state=ReminderState.CANCELLED, reason=ReminderReason.NO_RULE, settled_at=at
    )
