
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0009_benefits_and_their_uses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RenewalEstimate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='probability')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('estimated_at', models.DateTimeField(verbose_name='estimated')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewal_estimates', to='consortium.agreement', verbose_name='agreement')),
                ('estimated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='estimated by')),
            ],
            options={
                'verbose_name': 'estimate of a renewal',
                'abstract': False,
                'indexes': [models.Index(fields=['agreement', '-id'], name='renewal_estimate_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('probability__lte', 100), models.Q(('reason', ''), _negated=True)), name='renewal_estimate_is_a_percentage_with_a_reason')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='renewalestimate',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='36d9190009346a8088d593cf0fef3a25e3438304', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_54dfb', table='consortium_renewalestimate', when='BEFORE')),
        ),
    ]
