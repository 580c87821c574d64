from django.db import migrations, models

import inm_portal.kernel.money

#: One row for each thing about dues that finance looks at; keys of each kind lie in a
#: range of their own. ``noted_on`` is the day from which it is one.
EXCEPTIONS = """
CREATE VIEW consortium_duesexception AS
WITH open_line AS (
    SELECT l.id, l.invoice_id, i.organization_id, i.due_on, i.currency,
           l.amount - coalesce(a.amount, 0) - coalesce(g.amount, 0)
               - coalesce(c.amount, 0) AS open_amount
    FROM consortium_invoiceline l
    JOIN consortium_invoice i ON i.id = l.invoice_id AND i.state = 'issued'
    LEFT JOIN (
        SELECT a.line_id, sum(a.amount) AS amount FROM consortium_allocation a
        WHERE NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = a.entry_id)
        GROUP BY a.line_id
    ) a ON a.line_id = l.id
    LEFT JOIN (
        SELECT g.line_id, sum(g.amount) AS amount FROM consortium_writeoff g
        WHERE g.entry_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = g.entry_id)
        GROUP BY g.line_id
    ) g ON g.line_id = l.id
    LEFT JOIN (
        SELECT c.line_id, sum(c.amount) AS amount FROM consortium_creditnoteline c
        JOIN consortium_creditnote n ON n.id = c.credit_note_id AND n.state = 'issued'
        GROUP BY c.line_id
    ) c ON c.line_id = l.id
    WHERE l.amount > coalesce(a.amount, 0) + coalesce(g.amount, 0)
        + coalesce(c.amount, 0)
),
reminder AS (
    SELECT d.*, m.state AS mail, m.because FROM kernel_reminderdelivery d
    LEFT JOIN kernel_message m ON m.id = d.message_id
    WHERE d.rule = 'consortium.dues'
)
SELECT 1000000000000 + d.id AS id, 'not_delivered' AS kind, o.organization_id,
       o.invoice_id, (d.settled_at AT TIME ZONE 'America/New_York')::date AS noted_on,
       d.address::text AS what, o.open_amount AS amount, o.currency
FROM reminder d JOIN open_line o ON o.id = d.subject_id
WHERE d.state = 'written'
    AND (d.mail IN ('failed', 'unclear') OR d.mail = 'held' AND d.because = 'bounced')
    AND NOT EXISTS (
        SELECT FROM reminder l WHERE l.subject_id = d.subject_id AND l.id <> d.id
            AND l.settled_at > d.settled_at AND l.mail = 'sent'
    )
UNION ALL
SELECT 2000000000000 + d.id, 'nobody', o.organization_id, o.invoice_id,
       (t.opened_at AT TIME ZONE 'America/New_York')::date, '', o.open_amount,
       o.currency
FROM reminder d
JOIN kernel_task t ON t.id = d.task_id AND t.done_at IS NULL
JOIN open_line o ON o.id = d.subject_id
WHERE d.state = 'task' AND d.rung = 'nobody'
UNION ALL
SELECT 3000000000000 + d.id, 'breaker', o.organization_id, o.invoice_id, d.planned_on,
       d.rung, o.open_amount, o.currency
FROM reminder d JOIN open_line o ON o.id = d.subject_id
WHERE d.state = 'stopped'
UNION ALL
SELECT 4000000000000 + h.id, 'hold_over', o.organization_id, o.invoice_id,
       h.until_on + 1, h.reason, o.open_amount, o.currency
FROM kernel_reminderhold h
JOIN open_line o ON o.id = h.subject_id
WHERE h.subject_type = 'consortium.invoiceline' AND h.lifted_at IS NULL
    AND NOT EXISTS (
        SELECT FROM reminder d WHERE d.subject_id = o.id
            AND d.state IN ('written', 'task', 'filled')
            AND (d.settled_at AT TIME ZONE 'America/New_York')::date > h.until_on
    )
    AND NOT EXISTS (
        SELECT FROM kernel_reminderhold l WHERE l.subject_type = h.subject_type
            AND l.subject_id = h.subject_id AND l.id > h.id
    )
UNION ALL
SELECT 5000000000000 + p.id, 'promise_broken', i.organization_id, i.id, p.pay_on + 1,
       '', p.amount, i.currency
FROM consortium_paymentpromise p
JOIN consortium_invoice i ON i.id = p.invoice_id
WHERE EXISTS (SELECT FROM open_line o WHERE o.invoice_id = i.id)
    AND NOT EXISTS (
        SELECT FROM consortium_promisewithdrawal w WHERE w.promise_id = p.id)
    AND NOT EXISTS (
        SELECT FROM consortium_paymentpromise l
        WHERE l.invoice_id = p.invoice_id AND l.id > p.id AND NOT EXISTS (
            SELECT FROM consortium_promisewithdrawal w WHERE w.promise_id = l.id)
    )
    AND p.amount > coalesce((
        SELECT sum(a.amount) FROM consortium_allocation a
        JOIN consortium_invoiceline l ON l.id = a.line_id
        JOIN consortium_ledgerentry e ON e.id = a.entry_id
        WHERE l.invoice_id = p.invoice_id AND e.recorded_at >= p.recorded_at
            AND NOT EXISTS (
                SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = e.id)
    ), 0)
UNION ALL
SELECT 6000000000000 + o.organization_id, 'no_billing', o.organization_id, NULL,
       min(o.due_on) - 7, '', sum(o.open_amount), min(o.currency)
FROM open_line o
WHERE NOT EXISTS (
    SELECT FROM consortium_roleassignment r
    JOIN consortium_contact c ON c.id = r.contact_id AND c.departed_on IS NULL
    WHERE r.organization_id = o.organization_id AND r.role = 'billing'
        AND (r.until_on IS NULL OR r.until_on > CURRENT_DATE)
)
GROUP BY o.organization_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ("consortium", "0006_last_rungs_of_dues"),
        ("kernel", "0015_acts_by_hand_and_tasks_again"),
    ]
    operations = [
        migrations.CreateModel(
            name='DuesException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('not_delivered', 'Reminder not delivered'), ('nobody', 'Nobody to write to'), ('breaker', 'Stopped: too many at once'), ('hold_over', 'Hold over, nothing sent since'), ('promise_broken', 'Promise not kept'), ('no_billing', 'No billing contact')], max_length=14, verbose_name='kind')),
                ('noted_on', models.DateField(verbose_name='since')),
                ('what', models.TextField(verbose_name='what')),
                ('amount', inm_portal.kernel.money.MoneyField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
            ],
            options={
                'verbose_name': 'exception of dues',
                'verbose_name_plural': 'exceptions of dues',
                'db_table': 'consortium_duesexception',
                'managed': False,
            },
        ),
        migrations.RunSQL(EXCEPTIONS, "DROP VIEW consortium_duesexception"),
    ]
