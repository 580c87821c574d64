import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0015_inquiries_and_prospects'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='invoice',
            name='approved_is_what_was_seen',
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='receipt_of_a_bank_line_is_one',
        ),
        migrations.AddField(
            model_name='invoice',
            name='changers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None),
        ),
        # What is issued is frozen, and approved by nobody any more.
        migrations.RunSQL(
            "UPDATE consortium_invoice SET changers = ARRAY[changed_by_id]::bigint[] "
            "WHERE changed_by_id IS NOT NULL AND state = 'draft'",
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='approved_is_what_was_seen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.state <> \'draft\' AND ((OLD."attention" IS DISTINCT FROM (NEW."attention") OR OLD."bill_to_address" IS DISTINCT FROM (NEW."bill_to_address") OR OLD."bill_to_entity" IS DISTINCT FROM (NEW."bill_to_entity") OR OLD."changed_by_id" IS DISTINCT FROM (NEW."changed_by_id") OR OLD."changers" IS DISTINCT FROM (NEW."changers") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."drafted_at" IS DISTINCT FROM (NEW."drafted_at") OR OLD."drafted_by_id" IS DISTINCT FROM (NEW."drafted_by_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."order_number" IS DISTINCT FROM (NEW."order_number") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."supplier_portal" IS DISTINCT FROM (NEW."supplier_portal") OR OLD."terms_days" IS DISTINCT FROM (NEW."terms_days"))))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b18c8a247dd4fad0715792b07b63665b12b61442', operation='UPDATE', pgid='pgtrigger_approved_is_what_was_seen_3f5ae', table='consortium_invoice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('bank_reference', ''), _negated=True), models.Q(('state', 'refused'), _negated=True), ('replaces', None)), fields=('bank_account', 'bank_reference', 'received_on', 'amount'), name='receipt_of_a_bank_line_is_one'),
        ),
    ]
