import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


READER = """
ALTER TABLE consortium_remindercopy
    ADD CONSTRAINT reader_is_of_the_member
    FOREIGN KEY (contact_id, organization_id)
    REFERENCES consortium_contact (id, organization_id)
    DEFERRABLE INITIALLY DEFERRED
"""
ANY_READER = "ALTER TABLE consortium_remindercopy DROP CONSTRAINT reader_is_of_the_member"


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0004_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReminderPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('proposed', 'Waits for a second person'), ('recorded', 'Recorded'), ('refused', 'Refused')], default='proposed', editable=False, max_length=8, verbose_name='state')),
                ('takes_two', models.BooleanField(default=True, verbose_name='takes two people')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('first_on', models.DateField(verbose_name='first day')),
                ('until_on', models.DateField(null=True, verbose_name='last day')),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.reminderpolicy', verbose_name='changes')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('invoice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminder_policies', to='consortium.invoice', verbose_name='invoice')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminder_policies', to='consortium.organization', verbose_name='member')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'ladder of reminders',
                'verbose_name_plural': 'ladders of reminders',
                'ordering': ['-pk'],
                'permissions': [('approve_reminderpolicy', 'Can put a ladder of somebody else in force')],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PolicyRung',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name='rung')),
                ('is_on', models.BooleanField(default=True, verbose_name='on')),
                ('days', models.SmallIntegerField(verbose_name='days after it is due')),
                ('is_task', models.BooleanField(default=False, verbose_name='a task')),
                ('copied', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('billing', 'other billing contacts'), ('extra', 'those the member added'), ('lead', 'technical leads'), ('sponsor', 'executive sponsor')], max_length=10), blank=True, default=list, size=None, verbose_name='copied')),
                ('wording', models.CharField(blank=True, choices=[('', 'Plain'), ('gentle', 'Gentle'), ('firm', 'Firm')], default='', max_length=10, verbose_name='wording')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rungs', to='consortium.reminderpolicy')),
            ],
            options={
                'verbose_name': 'rung of a ladder',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PolicyEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('ended_at', models.DateTimeField(verbose_name='ended')),
                ('ended_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('policy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='consortium.reminderpolicy')),
            ],
            options={
                'verbose_name': 'end of a ladder',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReminderPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first_notice', models.PositiveSmallIntegerField(choices=[(7, '1 week before'), (14, '2 weeks before'), (21, '3 weeks before'), (30, '30 days before')], default=7, verbose_name='first notice')),
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reminder_preference', to='consortium.organization', verbose_name='member')),
            ],
            options={
                'verbose_name': 'choice of reminders',
            },
        ),
        migrations.CreateModel(
            name='ReminderCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminder_copies', to='consortium.contact')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminder_copies', to='consortium.organization')),
            ],
            options={
                'verbose_name': 'further reader of reminders',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('contact',), name='reminders_are_read_once_by_each')],
            },
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'proposed'), ('decided_by', None)), models.Q(models.Q(('state', 'proposed'), _negated=True), models.Q(('decided_by', None), _negated=True)), _connector='OR'), models.Q(models.Q(('decided_by', None), ('decided_at', None)), models.Q(models.Q(('decided_by', None), _negated=True), models.Q(('decided_at', None), _negated=True)), _connector='OR')), name='reminderpolicy_decided_iff_no_proposal'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('takes_two', False), models.Q(('state', 'recorded'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reminderpolicy_recorded_by_another'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('takes_two', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='reminderpolicy_of_two_says_why'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('organization', None), ('invoice', None), _connector='OR'), name='ladder_is_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('invoice', None), ('organization', None), ('until_on', None)), models.Q(models.Q(('invoice', None), ('organization', None), _negated=True), models.Q(('until_on', None), _negated=True)), _connector='OR'), models.Q(models.Q(('until_on', None), ('takes_two', True)), models.Q(models.Q(('until_on', None), _negated=True), models.Q(('takes_two', True), _negated=True)), _connector='OR')), name='ladder_of_all_takes_two_and_has_no_end'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('first_on')), _connector='OR'), name='ladder_begins_before_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='ladder_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('invoice', None), ('organization', None), ('state', 'recorded')), fields=('first_on',), name='ladder_of_all_begins_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='reminderpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed'), ('takes_two', True)), fields=('takes_two',), name='ladder_of_all_is_proposed_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderpolicy',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{proposed:recorded,proposed:refused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='a1d6378a0b7dab580de748cd625f8ee4b828d3cc', operation='UPDATE', pgid='pgtrigger_state_steps_3b6ec', table='consortium_reminderpolicy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderpolicy',
            trigger=pgtrigger.compiler.Trigger(name='state_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'proposed\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='5b84056e3f62f590c4b41f0b5247aa1f3b2baf70', operation='INSERT', pgid='pgtrigger_state_start_f8edc', table='consortium_reminderpolicy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderpolicy',
            trigger=pgtrigger.compiler.Trigger(name='proposed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."based_on_id" IS DISTINCT FROM (NEW."based_on_id") OR OLD."first_on" IS DISTINCT FROM (NEW."first_on") OR OLD."invoice_id" IS DISTINCT FROM (NEW."invoice_id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."takes_two" IS DISTINCT FROM (NEW."takes_two") OR OLD."until_on" IS DISTINCT FROM (NEW."until_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='53b047d6c1f3079a8ea2ac671e1dc99b56bca289', operation='UPDATE', pgid='pgtrigger_proposed_stays_0091e', table='consortium_reminderpolicy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderpolicy',
            trigger=pgtrigger.compiler.Trigger(name='decided_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'proposed\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='222f7e423188bb30d3fa0ba4086d8b940e5ef633', operation='UPDATE', pgid='pgtrigger_decided_stays_a6a4b', table='consortium_reminderpolicy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminderpolicy',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f5ab4b255c3e53b8fd56b2bf82743839cfa72618', operation='DELETE', pgid='pgtrigger_is_kept_c4b0d', table='consortium_reminderpolicy', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='policyrung',
            constraint=models.UniqueConstraint(fields=('policy', 'key'), name='ladder_has_a_rung_once'),
        ),
        migrations.AddConstraint(
            model_name='policyrung',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', -60), ('days__lte', 365)), name='rung_is_within_reach'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyrung',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='781491c8b2882cd7d5efcc42c592a217a45e238e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b5a88', table='consortium_policyrung', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyrung',
            trigger=pgtrigger.compiler.Trigger(name='while_proposed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NOT EXISTS (\n    SELECT FROM consortium_reminderpolicy\n    WHERE id = NEW.policy_id AND state = 'proposed'\n) THEN\n    RAISE EXCEPTION 'the rungs of a ladder stay as they were proposed'\n        USING ERRCODE = 'restrict_violation';\nEND IF;\nRETURN NEW;\n", hash='922979f84dfe92bffaeb63ab9fbb44ff1444002e', operation='INSERT', pgid='pgtrigger_while_proposed_e7e83', table='consortium_policyrung', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyend',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='652b4eff29c4d3fbc4c854ca2f2c23ff08f5e351', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0a7fc', table='consortium_policyend', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reminderpreference',
            constraint=models.CheckConstraint(condition=models.Q(('first_notice__in', [7, 14, 21, 30])), name='first_notice_is_known'),
        ),
        migrations.RunSQL(READER, ANY_READER),
    ]
