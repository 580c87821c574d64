from django.db import migrations

#: Agreements that were signed before have the fee in force of each year in parts.
#: Nothing was invoiced yet, so what amendments once moved is of no account.
WRITE = """
INSERT INTO consortium_instalment
    (commitment_year_id, number, due_on, amount, recorded_on)
SELECT y.id, row_number() OVER (PARTITION BY y.id ORDER BY n),
       (y.starts_on + make_interval(months => 12 / p.parts * (n - 1)))::date,
       (c.cents / p.parts + (n <= c.cents % p.parts)::int)::numeric / 100,
       coalesce(y.added_on, a.recorded_on)
FROM consortium_commitmentyear y JOIN consortium_agreement a ON a.id = y.agreement_id
CROSS JOIN LATERAL (SELECT (coalesce((
    SELECT w.fee_part FROM consortium_yearamount w
    WHERE w.commitment_year_id = y.id ORDER BY w.id DESC LIMIT 1
), y.fee_part) * 100)::bigint AS cents) c
CROSS JOIN LATERAL (SELECT CASE coalesce((
    SELECT m.billing_frequency FROM consortium_amendment m
    WHERE m.agreement_id = a.id AND m.state = 'signed' AND m.billing_frequency <> ''
        AND m.effective_on <= y.ends_on
    ORDER BY m.effective_on DESC, m.id DESC LIMIT 1
), a.billing_frequency)
    WHEN 'annual' THEN 1 WHEN 'semi_annual' THEN 2 ELSE 4 END AS parts) p
CROSS JOIN LATERAL generate_series(1, p.parts) n
WHERE c.cents / p.parts + (n <= c.cents % p.parts)::int > 0
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0018_instalments'),
    ]

    operations = [
        migrations.RunSQL(WRITE, migrations.RunSQL.noop),
    ]
