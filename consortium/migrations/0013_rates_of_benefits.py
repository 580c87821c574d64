import django.db.models.deletion
import inm_portal.kernel.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

#: One row for each benefit of each year of a signed agreement, unless it never begins:
#: by the last rate that began by the first day of the year, or else by the first of all.
ENTITLEMENTS = """
CREATE VIEW consortium_entitlement AS
SELECT y.id * 1000000 + r.benefit_id AS id, a.organization_id,
       y.id AS commitment_year_id, r.benefit_id, r.id AS rate_id
FROM consortium_commitmentyear y
JOIN consortium_agreement a ON a.id = y.agreement_id
JOIN (
    SELECT id, benefit_id, from_on, quantity, larger_from,
           lead(from_on) OVER of_one AS next_on,
           row_number() OVER of_one = 1 AS is_first
    FROM consortium_benefitrate
    WINDOW of_one AS (PARTITION BY benefit_id ORDER BY from_on)
) r ON (r.from_on <= y.starts_on OR r.is_first AND r.from_on <= y.ends_on)
    AND (r.next_on IS NULL OR r.next_on > y.starts_on)
WHERE (a.last_on IS NULL OR a.last_on >= y.starts_on)
    AND (r.quantity > 0 OR r.larger_from IS NOT NULL OR EXISTS (
        SELECT FROM consortium_benefitgrant g
        WHERE g.commitment_year_id = y.id AND g.benefit_id = r.benefit_id))
"""

#: How much each benefit gave so far is its first rate.
FIRST_RATES = """
INSERT INTO consortium_benefitrate
    (benefit_id, from_on, quantity, larger_from, larger_quantity, reason,
     recorded_by_id, recorded_at)
SELECT id, from_on, quantity, larger_from, larger_quantity, '', defined_by_id, defined_at
FROM consortium_benefit;
SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0012_readers_of_merged_contacts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("DROP VIEW consortium_entitlement"),
        migrations.CreateModel(
            name='BenefitRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='from')),
                ('quantity', models.PositiveIntegerField(verbose_name='a year')),
                ('larger_from', inm_portal.kernel.money.MoneyField(blank=True, decimal_places=2, help_text='A year that asks for this much, or more, gets the larger one.', max_digits=14, null=True, verbose_name='larger from')),
                ('larger_quantity', models.PositiveIntegerField(blank=True, null=True, verbose_name='larger quantity')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='consortium.benefit', verbose_name='benefit')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'rate of a benefit',
                'ordering': ['benefit', 'from_on'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='benefitrate',
            constraint=models.UniqueConstraint(models.F('benefit'), models.F('from_on'), name='benefit_has_one_rate_from_a_day'),
        ),
        migrations.AddConstraint(
            model_name='benefitrate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('larger_from', None), ('larger_quantity', None)), models.Q(models.Q(('larger_from', None), _negated=True), models.Q(('larger_quantity', None), _negated=True)), _connector='OR'), models.Q(('larger_from', None), ('larger_quantity__gt', models.F('quantity')), _connector='OR')), name='benefit_is_larger_from_an_amount'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefitrate',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7b2699619cbdaadc49d6f28f44171f3bb7b1fd08', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e6a65', table='consortium_benefitrate', when='BEFORE')),
        ),
        migrations.RunSQL(FIRST_RATES),
        migrations.RemoveConstraint(
            model_name='benefit',
            name='benefit_is_larger_from_an_amount',
        ),
        migrations.RemoveField(
            model_name='benefit',
            name='from_on',
        ),
        migrations.RemoveField(
            model_name='benefit',
            name='larger_from',
        ),
        migrations.RemoveField(
            model_name='benefit',
            name='larger_quantity',
        ),
        migrations.RemoveField(
            model_name='benefit',
            name='quantity',
        ),
        migrations.AlterField(
            model_name='benefit',
            name='defined_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='defined by'),
        ),
        migrations.RunSQL(ENTITLEMENTS),
    ]
