from importlib import import_module

from django.db import migrations

#: As before, but what is shared and used is added up once for all, not for each row.
WAITING_MONEY = """
CREATE OR REPLACE VIEW consortium_waitingmoney AS
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

#: What it was.
BEFORE = import_module("consortium.migrations.0027_matching").WAITING_MONEY


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0005_money_with_reasons'),
    ]

    operations = [
        migrations.RunSQL(
            WAITING_MONEY, BEFORE.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
        ),
    ]
