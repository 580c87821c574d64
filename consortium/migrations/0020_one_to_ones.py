
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0019_bodies_meetings_and_motions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='facultymember',
            name='one_to_one_cap',
            field=models.PositiveSmallIntegerField(default=4, help_text='So many talks with members alone are agreed from January to June, and from July to December. With none, nobody can ask.', validators=[django.core.validators.MaxValueValidator(50)], verbose_name='one-to-ones a half-year'),
        ),
        migrations.CreateModel(
            name='OneToOneRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.TextField(help_text='Who it is asked of reads it, INM, and everybody of your company.', max_length=2000, verbose_name='what about')),
                ('suits', models.CharField(help_text='Days or weeks that suit you, in a sentence.', max_length=300, verbose_name='when it suits')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('agreed', 'Agreed'), ('held', 'Held'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='asked', editable=False, max_length=20, verbose_name='state')),
                ('meets_on', models.DateField(null=True, verbose_name='day')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='one_to_one_requests', to='consortium.contact', verbose_name='for')),
                ('faculty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='one_to_one_requests', to='consortium.facultymember', verbose_name='faculty')),
                ('interaction', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='consortium.interaction', verbose_name='what was spoken')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='one_to_one_requests', to='consortium.organization', verbose_name='member')),
            ],
            options={
                'verbose_name': 'one-to-one',
                'verbose_name_plural': 'one-to-ones',
                'indexes': [models.Index(fields=['faculty', 'meets_on'], name='one_to_one_of_faculty'), models.Index(fields=['-asked_at', '-id'], name='one_to_one_by_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'agreed'])), fields=('organization', 'faculty'), name='one_to_one_is_asked_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state__in', ['agreed', 'held']), _negated=True), ('meets_on__isnull', False), _connector='OR'), models.Q(models.Q(('state', 'asked'), _negated=True), ('meets_on', None), _connector='OR')), name='one_to_one_is_agreed_for_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['declined', 'withdrawn']), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state__in', ['declined', 'withdrawn']), _negated=True), ('reason', '')), _connector='OR'), name='one_to_one_reason_iff_nothing_came_of_it'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), ('interaction__isnull', False)), models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('interaction__isnull', False), _negated=True)), _connector='OR'), name='one_to_one_is_held_iff_written_down'), models.CheckConstraint(condition=models.Q(models.Q(('topic', ''), _negated=True), models.Q(('suits', ''), _negated=True)), name='one_to_one_says_of_what_and_when')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='onetoonerequest',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{asked:agreed,asked:declined,asked:withdrawn,agreed:held,agreed:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='23324d4d6121bc4b3460df8b1db9e92845b44c53', operation='UPDATE', pgid='pgtrigger_state_steps_d47ef', table='consortium_onetoonerequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='onetoonerequest',
            trigger=pgtrigger.compiler.Trigger(name='state_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'asked\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='1ca11ebf60db38507655c03c0a28a637d6194324', operation='INSERT', pgid='pgtrigger_state_start_4fca6', table='consortium_onetoonerequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='onetoonerequest',
            trigger=pgtrigger.compiler.Trigger(name='as_it_was_asked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."faculty_id" IS DISTINCT FROM (NEW."faculty_id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."suits" IS DISTINCT FROM (NEW."suits") OR OLD."topic" IS DISTINCT FROM (NEW."topic"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='481651f8724605e6afa04c319ddd6af8c6161319', operation='UPDATE', pgid='pgtrigger_as_it_was_asked_b081d', table='consortium_onetoonerequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='onetoonerequest',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='274cae70bb3aae1b92f3ae8e2b61533622acfae5', operation='DELETE', pgid='pgtrigger_kept_c51ff', table='consortium_onetoonerequest', when='BEFORE')),
        ),
    ]
