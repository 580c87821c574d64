import django.db.models.deletion
import inm_portal.kernel.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


#: One row for each benefit of each year of a signed agreement, unless it never begins.
ENTITLEMENTS = """
CREATE VIEW consortium_entitlement AS
SELECT y.id * 1000000 + b.id AS id, a.organization_id, y.id AS commitment_year_id,
       b.id AS benefit_id
FROM consortium_commitmentyear y
JOIN consortium_agreement a ON a.id = y.agreement_id
JOIN consortium_benefit b ON b.from_on <= y.ends_on
WHERE a.last_on IS NULL OR a.last_on >= y.starts_on
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0008_numbers_at_mit_ar'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entitlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'entitlement',
                'db_table': 'consortium_entitlement',
                'permissions': [('grant_entitlement', 'Can grant more of a benefit')],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Benefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='benefit')),
                ('unit', models.CharField(help_text='As in seats.', max_length=40, verbose_name='unit')),
                ('quantity', models.PositiveIntegerField(verbose_name='a year')),
                ('larger_from', inm_portal.kernel.money.MoneyField(blank=True, decimal_places=2, help_text='A year that asks for this much, or more, gets the larger one.', max_digits=14, null=True, verbose_name='larger from')),
                ('larger_quantity', models.PositiveIntegerField(blank=True, null=True, verbose_name='larger quantity')),
                ('carries_over', models.BooleanField(default=False, help_text='What is left of a year can be used in the next one.', verbose_name='carries over')),
                ('from_on', models.DateField(help_text='Years that end before have none of it.', verbose_name='from')),
                ('defined_at', models.DateTimeField(verbose_name='defined')),
                ('defined_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'benefit',
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BenefitGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.benefit')),
                ('commitment_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.commitmentyear')),
                ('deviation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.deviation', verbose_name='deviation')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'grant of a benefit',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BenefitUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('used_on', models.DateField(verbose_name='used')),
                ('what', models.CharField(help_text='As in the symposium of May 2027.', max_length=300, verbose_name='what for')),
                ('over_use_reason', models.CharField(blank=True, max_length=500, verbose_name='reason for over-use')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.benefit')),
                ('commitment_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.commitmentyear')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='consortium.benefituse')),
            ],
            options={
                'verbose_name': 'use of a benefit',
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('unit', ''), _negated=True)), name='benefit_has_a_name_and_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('larger_from', None), ('larger_quantity', None)), models.Q(models.Q(('larger_from', None), _negated=True), models.Q(('larger_quantity', None), _negated=True)), _connector='OR'), models.Q(('larger_from', None), ('larger_quantity__gt', models.F('quantity')), _connector='OR')), name='benefit_is_larger_from_an_amount'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4a6b6451123e69ab8d3da4c8a48419874d6f89ff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_25d8b', table='consortium_benefit', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='benefitgrant',
            index=models.Index(fields=['commitment_year', 'benefit'], name='benefit_grant_of_year'),
        ),
        migrations.AddConstraint(
            model_name='benefitgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quantity', 0), _negated=True), models.Q(('reason', ''), _negated=True)), name='benefit_grant_says_how_much_and_why'),
        ),
        migrations.AddConstraint(
            model_name='benefitgrant',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('deviation', None), _negated=True), _connector='OR'), name='benefit_grant_by_goodwill_is_more'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefitgrant',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be5d1a82b5e5d22863c01d2bd5e93a73ff2bd337', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_57226', table='consortium_benefitgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefitgrant',
            trigger=pgtrigger.compiler.Trigger(name='of_its_agreement', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.deviation_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM consortium_deviation d\n        JOIN consortium_commitmentyear y ON y.agreement_id = d.agreement_id\n        WHERE d.id = NEW.deviation_id AND y.id = NEW.commitment_year_id\n    ) THEN\n        RAISE EXCEPTION 'This deviation is of another agreement.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='09352d6bd32805754dbba87c25f9f48482ea8455', operation='INSERT', pgid='pgtrigger_of_its_agreement_efcc2', table='consortium_benefitgrant', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='benefituse',
            index=models.Index(fields=['commitment_year', 'benefit'], name='benefit_use_of_year'),
        ),
        migrations.AddConstraint(
            model_name='benefituse',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quantity__gt', 0), ('reverses', None)), models.Q(('quantity__lt', 0), ('reverses__isnull', False)), _connector='OR'), name='benefit_use_adds_unless_it_reverses'),
        ),
        migrations.AddConstraint(
            model_name='benefituse',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='benefit_use_says_what_for'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefituse',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e9fcd9b32e11fd1119aa33adffe5b2f7c9139284', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fa84a', table='consortium_benefituse', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefituse',
            trigger=pgtrigger.compiler.Trigger(name='reverses_it_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM consortium_benefituse u\n        WHERE u.id = NEW.reverses_id AND u.quantity = -NEW.quantity\n            AND u.commitment_year_id = NEW.commitment_year_id\n            AND u.benefit_id = NEW.benefit_id AND u.reverses_id IS NULL\n    ) THEN\n        RAISE EXCEPTION 'A use is taken back as a whole.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='bbf6ee4680145f6e818c2c167c3cbe3c9d9d5fa3', operation='INSERT', pgid='pgtrigger_reverses_it_whole_e0965', table='consortium_benefituse', when='BEFORE')),
        ),
        migrations.RunSQL(ENTITLEMENTS, "DROP VIEW consortium_entitlement"),
    ]
