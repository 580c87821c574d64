
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0020_one_to_ones'),
        ('kernel', '0015_acts_by_hand_and_tasks_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('audience', models.CharField(choices=[('sitting', 'Who sits on the body, and INM'), ('closed', 'Who sits on the body, alone'), ('members', 'Everybody at a member'), ('inm', 'INM alone')], default='sitting', max_length=10, verbose_name='read by')),
            ],
            options={
                'verbose_name': 'paper',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='seat',
            name='is_chair',
            field=models.BooleanField(default=False, help_text='Who holds it calls meetings and keeps their record, as staff do.', verbose_name='chair'),
        ),
        migrations.AlterField(
            model_name='cast',
            name='choice',
            field=models.CharField(choices=[('for', 'For'), ('against', 'Against'), ('abstain', 'Abstain'), ('recused', 'Recused')], max_length=7, verbose_name='vote'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('is_chair', True)), fields=('body',), name='body_has_one_chair'),
        ),
        migrations.AddField(
            model_name='meetingpaper',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.document', verbose_name='file'),
        ),
        migrations.AddField(
            model_name='meetingpaper',
            name='item',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='consortium.agendaitem', verbose_name='agenda item'),
        ),
        migrations.AddField(
            model_name='meetingpaper',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='consortium.meeting'),
        ),
        migrations.AddField(
            model_name='meetingpaper',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='meetingpaper',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='paper_has_a_title'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingpaper',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dce9f460870dedd9191e623a1101dced9940365e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_60112', table='consortium_meetingpaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingpaper',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='23d77f432b89a0c61e924c6d47f96e2b50b7ab69', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_ad16a', table='consortium_meetingpaper', when='BEFORE')),
        ),
    ]
