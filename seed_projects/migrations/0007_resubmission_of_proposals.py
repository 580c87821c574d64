import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('seed_projects', '0006_comments_among_authors'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='proposal',
            name='keeps_its_call',
        ),
        migrations.AddField(
            model_name='proposal',
            name='former',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='seed_projects.proposal', verbose_name='resubmission of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_call', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."call_id" IS DISTINCT FROM (NEW."call_id") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."former_id" IS DISTINCT FROM (NEW."former_id") OR OLD."stage_id" IS DISTINCT FROM (NEW."stage_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7aff55547eb3050be67f1861e5dc0cdc875d85a5', operation='UPDATE', pgid='pgtrigger_keeps_its_call_c7b6e', table='seed_projects_proposal', when='BEFORE')),
        ),
    ]
