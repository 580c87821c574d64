
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0021_papers_chairs_and_recusals'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='sitting',
            name='where_it_may',
        ),
        migrations.AddField(
            model_name='seat',
            name='until_on',
            field=models.DateField(editable=False, null=True, verbose_name='until'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seat',
            trigger=pgtrigger.compiler.Trigger(name='ends_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."until_on" IS NOT NULL AND NEW."until_on" IS DISTINCT FROM OLD."until_on")', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8801994b1ddf1e40f0ac277d931783ab333855b1', operation='UPDATE', pgid='pgtrigger_ends_once_881e8', table='consortium_seat', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitting',
            trigger=pgtrigger.compiler.Trigger(name='where_it_may', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT FROM consortium_seat s\n        LEFT JOIN consortium_contact c ON c.id = NEW.contact_id\n        WHERE s.id = NEW.seat_id AND s.body_id = NEW.body_id\n            AND (s.organization_id IS NULL OR s.organization_id = c.organization_id)\n            AND NOT coalesce(c.is_shared_mailbox, false)\n            AND coalesce(NEW.until_on <= s.until_on, s.until_on IS NULL)\n    ) THEN\n        RAISE EXCEPTION 'Who sits is a person of the member whose seat it is.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='ee782aade70168b8277f4f06c9ff57b3052b92da', operation='INSERT', pgid='pgtrigger_where_it_may_2e64b', table='consortium_sitting', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('is_chair', False), _connector='OR'), name='seat_of_the_chair_stays'),
        ),
    ]
