
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0010_estimates_of_renewals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FacultyMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('department', models.CharField(help_text='As in Mechanical Engineering.', max_length=200, verbose_name='department')),
            ],
            options={
                'verbose_name': 'member of the faculty',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='faculty_email_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('department', ''), _negated=True)), name='faculty_has_a_name_and_a_department')],
            },
        ),
        migrations.CreateModel(
            name='Interaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('meeting', 'Meeting'), ('call', 'Call'), ('visit', 'Visit'), ('one_to_one', 'One-to-one'), ('mail', 'Mail')], max_length=20, verbose_name='kind')),
                ('held_on', models.DateField(verbose_name='day')),
                ('summary', models.TextField(help_text='What was spoken of, and what was agreed.', max_length=4000, verbose_name='summary')),
                ('is_shared', models.BooleanField(default=False, help_text='Every contact of the member with an account reads it.', verbose_name='shared with the member')),
                ('correction_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the correction')),
                ('is_taken_back', models.BooleanField(default=False, verbose_name='taken back')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='consortium.interaction', verbose_name='corrects')),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.interaction', verbose_name='first account of it')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interactions', to='consortium.organization', verbose_name='member')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'interaction',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200, verbose_name='what')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='consortium.interaction')),
            ],
            options={
                'verbose_name': 'follow-up',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.contact')),
                ('faculty', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.facultymember')),
                ('interaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='consortium.interaction')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'participant',
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['-held_on', '-id'], name='interaction_by_day'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['organization', '-held_on'], name='interaction_of_member'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('summary'), name='gin_trgm_ops'), name='interaction_by_words'),
        ),
        migrations.AddConstraint(
            model_name='interaction',
            constraint=models.CheckConstraint(condition=models.Q(('summary', ''), _negated=True), name='interaction_says_what'),
        ),
        migrations.AddConstraint(
            model_name='interaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('correction_reason', '')), models.Q(models.Q(('corrects', None), _negated=True), models.Q(('correction_reason', ''), _negated=True)), _connector='OR'), name='interaction_reason_iff_it_corrects'),
        ),
        migrations.AddConstraint(
            model_name='interaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('first', None)), models.Q(models.Q(('corrects', None), _negated=True), models.Q(('first', None), _negated=True)), _connector='OR'), name='interaction_has_a_first_iff_it_corrects'),
        ),
        migrations.AddConstraint(
            model_name='interaction',
            constraint=models.CheckConstraint(condition=models.Q(('is_taken_back', False), ('corrects__isnull', False), _connector='OR'), name='interaction_takes_back_what_is_there'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interaction',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0f95251e3ad33c0b2fe48304b0c0a9f7b66639d2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_33ff8', table='consortium_interaction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interaction',
            trigger=pgtrigger.compiler.Trigger(name='of_the_same_member', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM consortium_interaction i\n        WHERE i.id = NEW.corrects_id AND i.organization_id = NEW.organization_id\n            AND NOT i.is_taken_back\n            AND NEW.first_id = coalesce(i.first_id, i.id)\n    ) THEN\n        RAISE EXCEPTION 'A correction is of the same member.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='f3a665939b9653767c81def42007e20ac98a3d7c', operation='INSERT', pgid='pgtrigger_of_the_same_member_0353a', table='consortium_interaction', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(fields=['interaction'], name='follow_up_of'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='follow_up_says_what'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5b028ded4803cfe9a15668fb0784fc94d63f2388', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_92383', table='consortium_followup', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', False), ('faculty__isnull', True), ('person__isnull', True)), models.Q(('contact__isnull', True), ('faculty__isnull', False), ('person__isnull', True)), models.Q(('contact__isnull', True), ('faculty__isnull', True), ('person__isnull', False)), _connector='OR'), name='participant_is_one_person'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('interaction', 'contact'), name='participant_contact_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('interaction', 'faculty'), name='participant_faculty_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('interaction', 'person'), name='participant_person_is_named_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participant',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='043d155d8e5c33bf9cb167126e315b7b1043257f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fe429', table='consortium_participant', when='BEFORE')),
        ),
    ]
