import inm_portal.kernel.money
from django.db import migrations, models

#: One row for each thing that waits; keys of each part lie in a range of their own.
WAITING_MONEY = """
CREATE VIEW consortium_waitingmoney AS
SELECT 1000000000000 + r.id AS id, 'member' AS kind, r.id AS receipt_id,
       NULL::bigint AS share_id, NULL::bigint AS write_off_id,
       NULL::bigint AS refund_id, NULL::bigint AS organization_id,
       r.payer_name, r.bank_reference AS reference, r.received_on AS waits_since,
       r.amount - s.shared AS amount, r.currency, r.note AS reason
FROM consortium_receipt r
CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.amount), 0) AS shared FROM consortium_receiptshare s
    WHERE s.receipt_id = r.id AND NOT EXISTS (
        SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = s.entry_id)
) s
WHERE r.entry_id IS NOT NULL AND r.amount > s.shared AND NOT EXISTS (
    SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = r.entry_id)
UNION ALL
SELECT 2000000000000 + s.id, 'invoice', s.receipt_id, s.id, NULL, NULL,
       s.organization_id, r.payer_name, r.bank_reference, r.received_on,
       s.amount - u.used, r.currency, r.note
FROM consortium_receiptshare s
JOIN consortium_receipt r ON r.id = s.receipt_id
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT sum(a.amount) FROM consortium_allocation a
        WHERE a.share_id = s.id AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = a.entry_id)), 0)
        + coalesce((SELECT sum(f.amount) FROM consortium_refund f
        WHERE f.share_id = s.id AND f.entry_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry e WHERE e.reverses_id = f.entry_id)), 0)
        AS used
) u
WHERE s.amount > u.used AND NOT EXISTS (
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

    dependencies = [
        ('consortium', '0026_payers'),
    ]

    operations = [
        migrations.RunSQL(WAITING_MONEY, "DROP VIEW consortium_waitingmoney"),
        migrations.CreateModel(
            name='WaitingMoney',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('member', "Nobody's yet"), ('invoice', 'Not applied'), ('receipt', 'May be there already'), ('write_off', 'Write-off to approve'), ('refund', 'Refund to approve')], max_length=9, verbose_name='waits for')),
                ('payer_name', models.CharField(max_length=200, verbose_name='payer')),
                ('reference', models.CharField(max_length=100, verbose_name='reference')),
                ('waits_since', models.DateField(verbose_name='since')),
                ('amount', inm_portal.kernel.money.MoneyField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'money to match',
                'managed': False,
            },
        ),
    ]
