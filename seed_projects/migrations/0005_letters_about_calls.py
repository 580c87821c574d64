
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('seed_projects', '0004_screening_and_appeals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Not sent'), ('sent', 'Sent')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('audience', models.CharField(choices=[('chosen', 'People of the proposals that were ticked'), ('submitted', 'People of proposals to be screened'), ('in_review', 'People of proposals in review'), ('sent_back', 'People of proposals sent back'), ('returned', 'People of proposals returned'), ('unconfirmed', 'Co-investigators who did not confirm'), ('drafts', 'Everybody with a draft, as a number alone'), ('begun', 'Everybody who began a proposal, as a number alone')], max_length=20, verbose_name='to')),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('is_for_pis', models.BooleanField(default=False, verbose_name='only to PIs')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(max_length=8000, verbose_name='text')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('recipients', models.PositiveIntegerField(null=True, verbose_name='mails')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='seed_projects.call', verbose_name='call')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'letter about a call',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('subject', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='letter_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), ('recipients__isnull', False), ('sent_at__isnull', False)), models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('recipients__isnull', False), ('sent_at__isnull', False), _negated=True)), _connector='OR'), name='letter_sent_at_iff_sent')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callletter',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:sent}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='91d7f0b39ddf0e04c8e5a75a2facb7e49039cf33', operation='UPDATE', pgid='pgtrigger_state_steps_6290a', table='seed_projects_callletter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callletter',
            trigger=pgtrigger.compiler.Trigger(name='state_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='e7150595f9fe2dd67d48ac8c012965f93781df29', operation='INSERT', pgid='pgtrigger_state_start_93217', table='seed_projects_callletter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callletter',
            trigger=pgtrigger.compiler.Trigger(name='fixed_once_sent', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.state <> \'draft\' AND ((OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."chosen" IS DISTINCT FROM (NEW."chosen") OR OLD."is_for_pis" IS DISTINCT FROM (NEW."is_for_pis") OR OLD."recipients" IS DISTINCT FROM (NEW."recipients") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."subject" IS DISTINCT FROM (NEW."subject"))))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ef9cbfe64fc092fe76cbfa78bc29e88a50d578a2', operation='UPDATE', pgid='pgtrigger_fixed_once_sent_8623d', table='seed_projects_callletter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callletter',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='740a30c1b16d72c951feeb150865711ae8108c7e', operation='DELETE', pgid='pgtrigger_kept_bc3a7', table='seed_projects_callletter', when='BEFORE')),
        ),
    ]
