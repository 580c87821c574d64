from django.db import migrations, models

import inm_portal.kernel.money

#: As before, but that an amount is told apart from words.
EXCEPTIONS = """
CREATE OR REPLACE VIEW consortium_exception AS
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


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0028_bank_import'),
    ]

    operations = [
        migrations.RunSQL(EXCEPTIONS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='agreementexception',
            name='amount',
            field=inm_portal.kernel.money.MoneyField(decimal_places=2, max_digits=14, null=True, verbose_name='amount'),
        ),
        migrations.AddField(
            model_name='agreementexception',
            name='currency',
            field=models.CharField(max_length=3, null=True, verbose_name='currency'),
        ),
    ]
