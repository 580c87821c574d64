"""Copies of the demo members by SQL: the same shapes, many times over."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from inm_portal.kernel import documents

from ..documents import AGREEMENT, AMENDMENT
from ..models import Agreement, Amendment
from . import papers
from .volume_ledger import AMENDING, LEDGER
from .volume_receivables import COUNT, INVOICING, MATCHING, TAKEN

ORGANIZATIONS = """
INSERT INTO consortium_organization
    (version, name, legal_name, named_since_on, sector, website, owner_id, is_founding)
SELECT 1, o.name || ' ' || n, o.legal_name || ' ' || n, o.named_since_on, o.sector,
       o.website, o.owner_id, false
FROM consortium_organization o, generate_series(%(first)s, %(last)s) n
WHERE o.is_founding
RETURNING id
"""
CONTACTS = """
INSERT INTO consortium_contact
    (version, organization_id, name, email, job_title, phone, confirmed_on)
SELECT 1, o.id, split_part(c.name, ' ', 1) || ' ' || o.id,
       c.id || '.' || o.id || '.' || c.email, c.job_title, c.phone,
       %(today)s - ((o.id * 11 + c.id) %% 150)::int
FROM consortium_organization o
JOIN consortium_organization f ON f.is_founding AND f.sector = o.sector
    AND o.name LIKE f.name || ' %%'
JOIN consortium_contact c ON c.organization_id = f.id AND c.departed_on IS NULL
WHERE o.id = ANY(%(made)s)
"""
ROLES = """
INSERT INTO consortium_roleassignment (contact_id, organization_id, role, from_on)
SELECT c.id, c.organization_id, r.role, r.from_on
FROM consortium_contact c
JOIN consortium_roleassignment r ON r.contact_id = split_part(c.email, '.', 1)::bigint
WHERE c.organization_id = ANY(%(made)s) AND r.until_on IS NULL
"""
SPONSORS = """
WITH sponsor AS (
    INSERT INTO accounts_user
        (email, name, password, is_superuser, is_active, joined_at)
    SELECT c.email, c.name, '!', false, true, %(today)s
    FROM consortium_contact c
    JOIN consortium_roleassignment r ON r.contact_id = c.id AND r.role = 'sponsor'
    WHERE c.organization_id = ANY(%(made)s)
    RETURNING id, email
)
UPDATE consortium_contact c SET user_id = sponsor.id
FROM sponsor WHERE c.email = sponsor.email AND c.organization_id = ANY(%(made)s)
"""
AGREEMENTS = """
INSERT INTO consortium_agreement
    (version, organization_id, template_version, contracting_entity, entity_country,
     entity_tax_number, effective_on, term_years, currency,
     billing_frequency, payment_terms_days, renewal_notice_days, state,
     signed_for_member_by, signed_for_mit_by, executed_sha256, terminated_because)
SELECT 1, o.id, a.template_version, o.legal_name, a.entity_country, '',
       a.effective_on - (o.id %% 500)::int, a.term_years, a.currency,
       a.billing_frequency, a.payment_terms_days, a.renewal_notice_days, 'draft', '',
       '', '', ''
FROM consortium_organization o
JOIN consortium_organization f ON f.is_founding AND f.sector = o.sector
    AND o.name LIKE f.name || ' %%'
JOIN consortium_agreement a ON a.organization_id = f.id AND a.state = 'signed'
WHERE o.id = ANY(%(made)s)
"""
YEARS = """
INSERT INTO consortium_agreementyear (agreement_id, number, required, fee_part)
SELECT a.id, n, 500000 + 1000 * (a.id %% 300), 275000
FROM consortium_agreement a, generate_series(1, a.term_years) n
WHERE a.organization_id = ANY(%(made)s)
"""
DEVIATIONS = """
INSERT INTO consortium_deviation
    (agreement_id, clause, template_says, agreement_says, reason)
SELECT id, '4.2', 'Two seats at each symposium.', 'Three seats.', 'Two divisions.'
FROM consortium_agreement WHERE organization_id = ANY(%(made)s) AND id %% 4 = 0
"""
SIGN = """
UPDATE consortium_agreement
SET state = 'signed', signed_on = effective_on, recorded_on = effective_on,
    signed_for_member_by = 'Demo signatory',
    signed_for_mit_by = 'Eleanor Whitcombe',
    executed_id = d.id, executed_sha256 = d.sha256
FROM kernel_document d
WHERE d.kind = 'consortium.agreement' AND d.subject_id = consortium_agreement.id
    AND organization_id = ANY(%(made)s)
"""
COMMITMENT_YEARS = """
INSERT INTO consortium_commitmentyear
    (agreement_id, number, starts_on, ends_on, required, fee_part, currency)
SELECT a.id, y.number, (a.effective_on + make_interval(years => y.number - 1))::date,
       (a.effective_on + make_interval(years => y.number) - interval '1 day')::date,
       y.required, y.fee_part, a.currency
FROM consortium_agreement a JOIN consortium_agreementyear y ON y.agreement_id = a.id
WHERE a.organization_id = ANY(%(made)s)
"""
INSTALMENTS = """
INSERT INTO consortium_instalment
    (commitment_year_id, number, due_on, amount, recorded_on)
SELECT y.id, n, (y.starts_on + make_interval(months => 12 / p.parts * (n - 1)))::date,
       (c.cents / p.parts + (n <= c.cents %% p.parts)::int)::numeric / 100,
       a.recorded_on
FROM consortium_commitmentyear y JOIN consortium_agreement a ON a.id = y.agreement_id
CROSS JOIN LATERAL (SELECT (y.fee_part * 100)::bigint AS cents) c
CROSS JOIN LATERAL (SELECT CASE a.billing_frequency
    WHEN 'annual' THEN 1 WHEN 'semi_annual' THEN 2 ELSE 4 END AS parts) p
CROSS JOIN LATERAL generate_series(1, p.parts) n
WHERE a.organization_id = ANY(%(made)s)
"""
JOURNAL = """
INSERT INTO kernel_journalentry (verb, subject_type, subject_id, facts, request_id)
SELECT 'consortium.organization_added', 'consortium.organization', id, '{}'::jsonb, ''
FROM unnest(%(made)s) id
UNION ALL
SELECT 'consortium.agreement_signed', 'consortium.agreement', a.id, '{}'::jsonb, ''
FROM consortium_agreement a WHERE a.organization_id = ANY(%(made)s)
"""
DRAFTING = [CONTACTS, ROLES, SPONSORS, AGREEMENTS, YEARS, DEVIATIONS]
SIGNING = [SIGN, COMMITMENT_YEARS, INSTALMENTS, JOURNAL, *AMENDING]


def copy(*, times: int, today: date) -> int:
    """
    Add ``times`` copies of the seven founders; return how many organizations came.

    Copies continue the numbers of earlier ones, so the call can be repeated. Their
    people confirmed their details one after the other, so that none are asked at
    once; of each company the sponsor signs in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) / 7 FROM consortium_organization WHERE NOT is_founding"
        )
        before = cursor.fetchone()[0]
        cursor.execute(ORGANIZATIONS, {"first": before + 1, "last": before + times})
        made = [row[0] for row in cursor.fetchall()]
        told = {"made": made, "today": today}
        _run(cursor, DRAFTING, told)
        _keep(Agreement.objects.filter(organization__in=made), AGREEMENT)
        _run(cursor, SIGNING, told)
        of_made = Amendment.objects.filter(agreement__organization__in=made)
        _keep(of_made.select_related("agreement"), AMENDMENT)
        _run(cursor, INVOICING, told)
        _count(cursor, told)
        # Nobody counted the new rows: triggers join them in the order that they name.
        cursor.execute("DISCARD PLANS; SET LOCAL join_collapse_limit = 1")
        _run(cursor, MATCHING, told)
        _run(cursor, LEDGER, told)
    return len(made)


def _run(cursor: Any, statements: Iterable[str], told: dict[str, Any]) -> None:
    for statement in statements:
        cursor.execute(statement, told)


def _count(cursor: Any, told: dict[str, Any]) -> None:
    """Take the numbers of the invoices that were issued, each for itself."""
    cursor.execute(TAKEN, told)
    for fiscal_year, taken in cursor.fetchall():
        cursor.executemany(COUNT, [[fiscal_year]] * taken)


def _keep(drafts: Iterable[Any], kind: documents.Kind) -> None:
    """Keep the paper of each draft, with which it is signed."""
    for draft in drafts:
        file = papers.signed(str(draft))
        documents.keep(
            file,
            kind=kind,
            subject=draft,
            name=str(file.name),
            content_type="application/pdf",
            at=timezone.now(),
        )
