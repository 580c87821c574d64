import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0013_rates_of_benefits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoodwillAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('until_on', models.DateField(verbose_name='until')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='consortium.agreement', verbose_name='agreement')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'goodwill access',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HealthNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('health', models.CharField(choices=[('good', 'Good'), ('watch', 'To watch'), ('at_risk', 'At risk')], max_length=10, verbose_name='health')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('noted_on', models.DateField(verbose_name='day')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='health_notes', to='consortium.organization', verbose_name='member')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'note of health',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RenewalAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('answer', models.CharField(choices=[('renews', 'Renews'), ('undecided', 'Has not decided'), ('leaves', 'Does not renew')], max_length=10, verbose_name='answer')),
                ('received_on', models.DateField(verbose_name='received')),
                ('notice_on', models.DateField(help_text='The last day in time, by the terms of then.', verbose_name='notice by')),
                ('words', models.TextField(blank=True, default='', max_length=2000, verbose_name='in its own words')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='consortium.agreement', verbose_name='agreement')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'answer about a renewal',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LateNoticeRuling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_accepted', models.BooleanField(verbose_name='accepted')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('ruled_at', models.DateTimeField(verbose_name='decided')),
                ('ruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ruling', to='consortium.renewalanswer')),
            ],
            options={
                'verbose_name': 'decision about a late notice',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ExitInterview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('held_on', models.DateField(verbose_name='day')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('budget', 'Its budget'), ('strategy', 'Its strategy changed'), ('people', 'Its people who cared left'), ('research', 'The research did not fit'), ('benefits', 'It used too little of its benefits'), ('service', 'How it was looked after'), ('other', 'Something else')], max_length=20), size=None, verbose_name='reasons')),
                ('words', models.TextField(max_length=4000, verbose_name='what was said')),
                ('may_return', models.BooleanField(verbose_name='might come back')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='consortium.agreement', verbose_name='agreement')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.contact', verbose_name='spoken with')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'exit interview',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('words', ''), _negated=True), ('reasons__len__gt', 0)), name='exit_interview_says_why')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exitinterview',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0d2edd500bbae5f22a348ef77bca60593fa6ac5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8fb64', table='consortium_exitinterview', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='goodwillaccess',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='goodwill_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goodwillaccess',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='10e4ab401850d8887a369e075401e666bf5c4ec9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_86435', table='consortium_goodwillaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goodwillaccess',
            trigger=pgtrigger.compiler.Trigger(name='within_the_longest', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.until_on > (\n        SELECT a.ends_on + 60 FROM consortium_agreement a\n        WHERE a.id = NEW.agreement_id\n    ) OR NEW.until_on <= (\n        SELECT a.ends_on FROM consortium_agreement a WHERE a.id = NEW.agreement_id\n    ) THEN\n        RAISE EXCEPTION 'goodwill lasts no longer after a term than it may'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='da9d8bf7856ed81806f6c325e48f699afba53f29', operation='INSERT', pgid='pgtrigger_within_the_longest_b71ba', table='consortium_goodwillaccess', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='healthnote',
            index=models.Index(fields=['organization', '-noted_on', '-id'], name='health_note_latest'),
        ),
        migrations.AddConstraint(
            model_name='healthnote',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='health_note_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='healthnote',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ec8e9011cfd9b8b2dd7ec5a2fef065242a9f0917', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3f872', table='consortium_healthnote', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='renewalanswer',
            index=models.Index(fields=['agreement', '-id'], name='renewal_answer_latest'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='renewalanswer',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3cc6de224e3126e7d5c3900f670e87dcb8b80fe2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0603b', table='consortium_renewalanswer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='latenoticeruling',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='late_notice_is_ruled_with_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='latenoticeruling',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='95d22c10733c97d479e94f27b9821ef81f635cae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1e986', table='consortium_latenoticeruling', when='BEFORE')),
        ),
    ]
