
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('seed_projects', '0003_proposals_and_snapshots'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000, verbose_name='why it should be reviewed')),
                ('made_at', models.DateTimeField(verbose_name='made')),
            ],
            options={
                'verbose_name': 'appeal',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AppealDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_upheld', models.BooleanField(verbose_name='back into the queue')),
                ('words', models.CharField(max_length=1000, verbose_name='in words')),
                ('decided_at', models.DateTimeField(verbose_name='decided')),
            ],
            options={
                'verbose_name': 'decision of an appeal',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MoveBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('accepted', 'Accepted into review'), ('returned', 'Returned without review'), ('sent_back', 'Sent back for more information')], max_length=20, verbose_name='move')),
                ('refused', models.JSONField(default=list, verbose_name='refused')),
                ('made_at', models.DateTimeField(verbose_name='moved')),
                ('told_at', models.DateTimeField(verbose_name='letters go out')),
            ],
            options={
                'verbose_name': 'move of several proposals',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MoveUndo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('undone_at', models.DateTimeField(verbose_name='undone')),
            ],
            options={
                'verbose_name': 'move undone',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScreeningCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('complete', 'Complete'), ('eligible', 'Eligible'), ('scope', 'In scope'), ('budget', 'Budget within the limits'), ('compliance', 'Compliance')], max_length=20, verbose_name='checked for')),
                ('passes', models.BooleanField(verbose_name='passes')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='note')),
                ('checked_at', models.DateTimeField(verbose_name='checked')),
            ],
            options={
                'verbose_name': 'check of a submission',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScreeningMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('accepted', 'Accepted into review'), ('returned', 'Returned without review'), ('sent_back', 'Sent back for more information')], max_length=20, verbose_name='move')),
                ('ground', models.CharField(blank=True, choices=[('incomplete', 'Something that was asked for is missing'), ('not_eligible', 'An investigator may not apply'), ('out_of_scope', 'Not what the call asks for'), ('over_budget', 'The budget is above the limits of the call'), ('compliance', 'Research that cannot be done this way'), ('other_topic', 'Another topic than the one invited'), ('duplicate', 'Handed in twice'), ('not_confirmed', 'An investigator did not confirm'), ('not_completed', 'What was asked for did not come in time'), ('other', 'Another rule of the call')], max_length=20, verbose_name='rule')),
                ('words', models.TextField(blank=True, max_length=4000, verbose_name='in words')),
                ('until_at', models.DateTimeField(null=True, verbose_name='until')),
                ('moved_at', models.DateTimeField(verbose_name='moved')),
                ('told_at', models.DateTimeField(verbose_name='told')),
            ],
            options={
                'verbose_name': 'move of a proposal',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScreenedProposal',
            fields=[
            ],
            options={
                'verbose_name': 'proposal handed in',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('seed_projects.proposal',),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='proposal',
            name='state_steps',
        ),
        migrations.AlterField(
            model_name='proposal',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('in_review', 'In review'), ('returned', 'Returned without review'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=20, verbose_name='state'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:submitted,draft:returned,submitted:draft,submitted:in_review,submitted:returned,submitted:withdrawn,in_review:submitted,in_review:withdrawn,returned:submitted,withdrawn:draft}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='57d18a1bdf5d0a787063488c0682d8416ef2589f', operation='UPDATE', pgid='pgtrigger_state_steps_cb87c', table='seed_projects_proposal', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='appeal',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='appealdecision',
            name='appeal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='seed_projects.appeal'),
        ),
        migrations.AddField(
            model_name='appealdecision',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='movebatch',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='moved by'),
        ),
        migrations.AddField(
            model_name='moveundo',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.AddField(
            model_name='screeningcheck',
            name='checked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='screeningcheck',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='seed_projects.proposalsnapshot', verbose_name='submission'),
        ),
        migrations.AddField(
            model_name='screeningcheck',
            name='theme',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seed_projects.theme', verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='screeningmove',
            name='batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='seed_projects.movebatch'),
        ),
        migrations.AddField(
            model_name='screeningmove',
            name='moved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='moved by'),
        ),
        migrations.AddField(
            model_name='screeningmove',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='seed_projects.proposalsnapshot', verbose_name='submission'),
        ),
        migrations.AddField(
            model_name='moveundo',
            name='move',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='undo', to='seed_projects.screeningmove'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='move',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='seed_projects.screeningmove', verbose_name='return'),
        ),
        migrations.AddConstraint(
            model_name='appealdecision',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='appeal_decision_says_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appealdecision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='33f0b0e71fad2e4eb8a518b23579187a176e5163', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_189c2', table='seed_projects_appealdecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appealdecision',
            trigger=pgtrigger.compiler.Trigger(name='by_somebody_else', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT FROM seed_projects_appeal a\n        JOIN seed_projects_screeningmove m ON m.id = a.move_id\n        WHERE a.id = NEW.appeal_id AND m.moved_by_id = NEW.decided_by_id\n    ) THEN\n        RAISE EXCEPTION 'Who returned a proposal does not decide of its appeal.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='2dd324ad7705ef9b4e580a1086c07f2a892ccce5', operation='INSERT', pgid='pgtrigger_by_somebody_else_80e27', table='seed_projects_appealdecision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='movebatch',
            constraint=models.CheckConstraint(condition=models.Q(('told_at__gte', models.F('made_at'))), name='batch_is_told_afterwards'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='movebatch',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6d440bd5695d0c243d851cf8649a0eb6025945c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cb957', table='seed_projects_movebatch', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='screeningcheck',
            constraint=models.CheckConstraint(condition=models.Q(('passes', True), models.Q(('note', ''), _negated=True), _connector='OR'), name='check_that_fails_says_why'),
        ),
        migrations.AddConstraint(
            model_name='screeningcheck',
            constraint=models.CheckConstraint(condition=models.Q(('theme', None), ('kind', 'scope'), _connector='OR'), name='check_of_scope_has_the_theme'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='screeningcheck',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b323ed51b0ddedf893a4d1e174b9dbb8235fdfa0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3e09a', table='seed_projects_screeningcheck', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='screeningmove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'returned'), models.Q(('ground', ''), _negated=True)), models.Q(models.Q(('kind', 'returned'), _negated=True), ('ground', '')), _connector='OR'), name='move_has_a_ground_iff_it_returns'),
        ),
        migrations.AddConstraint(
            model_name='screeningmove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'accepted'), ('until_at', None)), models.Q(models.Q(('kind', 'accepted'), _negated=True), models.Q(('words', ''), _negated=True), ('until_at__isnull', False)), _connector='OR'), name='move_says_why_and_until_unless_it_accepts'),
        ),
        migrations.AddConstraint(
            model_name='screeningmove',
            constraint=models.CheckConstraint(condition=models.Q(('told_at__gte', models.F('moved_at'))), name='move_is_told_afterwards'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='screeningmove',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0275935fc429dcdd2f31d89e7a7caf73820b9c25', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_943d3', table='seed_projects_screeningmove', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moveundo',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d53e93ac255d30b57b778468fbf8950dd3b091ec', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_85347', table='seed_projects_moveundo', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='appeal_has_a_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b1435db5251793fe4fbefa9248ed8688db1e6d6e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f9a24', table='seed_projects_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='against_a_return_in_time', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT FROM seed_projects_screeningmove m\n        WHERE m.id = NEW.move_id AND m.kind = 'returned' AND NEW.made_at <= m.until_at\n    ) THEN\n        RAISE EXCEPTION 'An appeal is made in time, against a return.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='6c3e2f4993ef7573e6da952ff2ef14ef9ff4bcc1', operation='INSERT', pgid='pgtrigger_against_a_return_in_time_278cd', table='seed_projects_appeal', when='BEFORE')),
        ),
    ]
