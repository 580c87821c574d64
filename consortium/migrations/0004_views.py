from django.db import migrations

#: One row for each thing out of the ordinary; keys of each kind lie in a range of their own.
EXCEPTIONS = """
CREATE VIEW consortium_exception AS
SELECT 1000000000000 + w.id AS id, 'waiver' AS kind, a.organization_id,
       a.id AS agreement_id, m.id AS amendment_id, NULL::bigint AS commitment_year_id,
       (w.granted_at AT TIME ZONE 'America/New_York')::date AS noted_on,
       w.reason AS what,
       NULL::numeric AS amount, NULL::varchar AS currency
FROM consortium_floorwaiver w
LEFT JOIN consortium_amendment m ON m.waiver_id = w.id AND m.state <> 'abandoned'
JOIN consortium_agreement a ON a.waiver_id = w.id OR a.id = m.agreement_id
UNION ALL
SELECT 2000000000000 + d.id, 'deviation', a.organization_id, a.id, NULL, NULL,
       COALESCE(a.signed_on, a.effective_on), d.clause || ': ' || d.agreement_says, NULL, NULL
FROM consortium_deviation d JOIN consortium_agreement a ON a.id = d.agreement_id
UNION ALL
SELECT 3000000000000 + a.id, 'foreign_entity', a.organization_id, a.id, NULL, NULL,
       a.effective_on, a.contracting_entity || ' (' || a.entity_country || ')', NULL, NULL
FROM consortium_agreement a WHERE a.entity_country <> 'US'
UNION ALL
SELECT 4000000000000 + m.id, 'foreign_entity', a.organization_id, a.id, m.id, NULL,
       m.effective_on, m.contracting_entity || ' (' || m.entity_country || ')', NULL, NULL
FROM consortium_amendment m JOIN consortium_agreement a ON a.id = m.agreement_id
WHERE m.entity_country NOT IN ('', 'US') AND m.state <> 'abandoned'
UNION ALL
SELECT 5000000000000 + a.id, 'late_signature', a.organization_id, a.id, NULL, NULL,
       a.signed_on,
       'Signed ' || (a.signed_on - a.effective_on) || ' days after it took effect', NULL, NULL
FROM consortium_agreement a WHERE a.signed_on > a.effective_on
UNION ALL
SELECT 6000000000000 + m.id, 'late_signature', a.organization_id, a.id, m.id, NULL,
       m.signed_on,
       'Signed ' || (m.signed_on - m.effective_on) || ' days after it took effect', NULL, NULL
FROM consortium_amendment m JOIN consortium_agreement a ON a.id = m.agreement_id
WHERE m.signed_on > m.effective_on
UNION ALL
SELECT 7000000000000 + s.id, 'screening_hold', s.organization_id, NULL, NULL, NULL,
       s.screened_on, s.screened_name, NULL, NULL
FROM consortium_screening s
WHERE s.result IN ('hit', 'refused') AND NOT EXISTS (
    SELECT FROM consortium_screening l
    WHERE l.organization_id = s.organization_id AND l.id > s.id
)
UNION ALL
SELECT 8000000000000 + w.id, 'shortfall', a.organization_id, a.id, NULL, y.id,
       (w.granted_at AT TIME ZONE 'America/New_York')::date,
       w.reason, w.amount, y.currency
FROM consortium_shortfallwaiver w
JOIN consortium_commitmentyear y ON y.id = w.commitment_year_id
JOIN consortium_agreement a ON a.id = y.agreement_id
"""

#: One row for each thing that waits, with what is shared and used added up once for
#: all; keys of each part lie in a range of their own.
WAITING_MONEY = """
CREATE VIEW consortium_waitingmoney AS
SELECT 1000000000000 + r.id AS id, 'member' AS kind, r.id AS receipt_id,
       NULL::bigint AS share_id, NULL::bigint AS write_off_id,
       NULL::bigint AS refund_id, NULL::bigint AS organization_id,
       r.payer_name, r.bank_reference AS reference, r.received_on AS waits_since,
       r.amount - coalesce(s.shared, 0) AS amount, r.currency, r.note AS reason
FROM consortium_receipt r
LEFT JOIN (
    SELECT s.receipt_id, sum(s.amount) AS shared FROM consortium_receiptshare s
    WHERE NOT EXISTS (
        SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = s.entry_id)
    GROUP BY s.receipt_id
) s ON s.receipt_id = r.id
WHERE r.entry_id IS NOT NULL AND r.amount > coalesce(s.shared, 0) AND NOT EXISTS (
    SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = r.entry_id)
UNION ALL
SELECT 2000000000000 + s.id, 'invoice', s.receipt_id, s.id, NULL, NULL,
       s.organization_id, r.payer_name, r.bank_reference, r.received_on,
       s.amount - coalesce(a.amount, 0) - coalesce(f.amount, 0), r.currency, r.note
FROM consortium_receiptshare s
JOIN consortium_receipt r ON r.id = s.receipt_id
LEFT JOIN (
    SELECT a.share_id, sum(a.amount) AS amount FROM consortium_allocation a
    WHERE NOT EXISTS (
        SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = a.entry_id)
    GROUP BY a.share_id
) a ON a.share_id = s.id
LEFT JOIN (
    SELECT f.share_id, sum(f.amount) AS amount FROM consortium_refund f
    WHERE f.entry_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = f.entry_id)
    GROUP BY f.share_id
) f ON f.share_id = s.id
WHERE s.amount > coalesce(a.amount, 0) + coalesce(f.amount, 0) AND NOT EXISTS (
    SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = s.entry_id)
UNION ALL
SELECT 3000000000000 + r.id, 'receipt', r.id, NULL, NULL, NULL, r.organization_id,
       r.payer_name, r.bank_reference, r.received_on, r.amount, r.currency, r.reason
FROM consortium_receipt r WHERE r.state = 'proposed'
UNION ALL
SELECT 4000000000000 + w.id, 'write_off', NULL, NULL, w.id, NULL, i.organization_id,
       '', i.number, (w.proposed_at AT TIME ZONE 'America/New_York')::date, w.amount,
       i.currency, w.reason
FROM consortium_writeoff w
JOIN consortium_invoiceline l ON l.id = w.line_id
JOIN consortium_invoice i ON i.id = l.invoice_id
WHERE w.state = 'proposed'
UNION ALL
SELECT 5000000000000 + f.id, 'refund', r.id, s.id, NULL, f.id, s.organization_id,
       r.payer_name, r.bank_reference,
       (f.proposed_at AT TIME ZONE 'America/New_York')::date, f.amount, r.currency,
       f.reason
FROM consortium_refund f
JOIN consortium_receiptshare s ON s.id = f.share_id
JOIN consortium_receipt r ON r.id = s.receipt_id
WHERE f.state = 'proposed'
"""


class Migration(migrations.Migration):

    dependencies = [("consortium", "0003_rows_of_one_owner")]
    operations = [
        migrations.RunSQL(EXCEPTIONS, "DROP VIEW consortium_exception"),
        migrations.RunSQL(WAITING_MONEY, "DROP VIEW consortium_waitingmoney"),
    ]
