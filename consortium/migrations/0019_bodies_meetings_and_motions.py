
import consortium.models.ranges
import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import inm_portal.kernel.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0018_workforce_programs_and_students'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('presenter', models.CharField(blank=True, max_length=200, verbose_name='presented by')),
                ('length', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('is_closed', models.BooleanField(default=False, help_text='Of those who sit, alone.', verbose_name='closed session')),
            ],
            options={
                'verbose_name': 'agenda item',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Elector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.PositiveIntegerField(verbose_name='votes')),
            ],
            options={
                'verbose_name': 'elector',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AntitrustStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(unique=True, verbose_name='version')),
                ('text', models.TextField(max_length=10000, verbose_name='text')),
                ('from_on', models.DateField(verbose_name='in force from')),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'antitrust statement',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Acknowledgment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='on')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgments', to='consortium.antitruststatement')),
            ],
            options={
                'verbose_name': 'acknowledgment',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('kind', models.CharField(choices=[('steering', 'Steering committee'), ('advisory', 'Advisory board'), ('council', 'Leadership council'), ('working_group', 'Working group')], max_length=13, verbose_name='kind')),
                ('charge', models.TextField(help_text='What it decides or advises on.', max_length=2000, verbose_name='charge')),
                ('formed_on', models.DateField(verbose_name='formed')),
            ],
            options={
                'verbose_name': 'body',
                'verbose_name_plural': 'bodies',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='body_name_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('charge', ''), _negated=True)), name='body_has_a_name_and_a_charge')],
            },
        ),
        migrations.CreateModel(
            name='Cast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('for', 'For'), ('against', 'Against'), ('abstain', 'Abstain')], max_length=7, verbose_name='vote')),
                ('capacity', models.CharField(choices=[('holder', 'Holder of the seat'), ('alternate', 'Alternate'), ('proxy', 'By proxy')], max_length=9, verbose_name='cast as')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('cast_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('elector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='casts', to='consortium.elector')),
            ],
            options={
                'verbose_name': 'cast vote',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('place', models.CharField(max_length=200, verbose_name='place')),
                ('state', models.CharField(choices=[('called', 'Called'), ('held', 'Held'), ('cancelled', 'Cancelled')], default='called', editable=False, max_length=9, verbose_name='state')),
                ('called_at', models.DateTimeField(verbose_name='called')),
                ('cancelled_because', models.CharField(blank=True, editable=False, max_length=500, verbose_name='cancelled because')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='consortium.body', verbose_name='body')),
                ('called_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'meeting',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('text', models.TextField(max_length=2000, verbose_name='decision')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='consortium.agendaitem')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='consortium.meeting')),
            ],
            options={
                'verbose_name': 'decision',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agenda', to='consortium.meeting'),
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('what', models.CharField(max_length=200, verbose_name='what')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='consortium.meeting')),
            ],
            options={
                'verbose_name': 'action',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('text', models.TextField(max_length=50000, verbose_name='text')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='consortium.meeting')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'minutes',
                'verbose_name_plural': 'minutes',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='adopted',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.minutes', verbose_name='adopted minutes'),
        ),
        migrations.CreateModel(
            name='Motion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('text', models.TextField(max_length=5000, verbose_name='motion')),
                ('weight_rule', models.CharField(choices=[('one_each', 'One vote for each seat'), ('by_seat', 'The votes of each seat'), ('by_fee', "By the fee of the member's year")], default='one_each', max_length=8, verbose_name='weight')),
                ('fee_of_a_vote', inm_portal.kernel.money.MoneyField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='fee for each vote')),
                ('most_votes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='most votes of a seat')),
                ('quorum', models.PositiveSmallIntegerField(default=50, help_text='Percentage of all votes that must be cast.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='quorum')),
                ('pass_rule', models.CharField(choices=[('majority', 'More for than against'), ('two_thirds', 'Two thirds of those for and against'), ('of_all', 'More than half of all votes')], default='majority', max_length=10, verbose_name='carried by')),
                ('is_secret', models.BooleanField(default=False, verbose_name='secret')),
                ('allows_proxy', models.BooleanField(default=True, verbose_name='by proxy, too')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed'), ('certified', 'Certified')], default='draft', editable=False, max_length=9, verbose_name='state')),
                ('opened_at', models.DateTimeField(editable=False, null=True, verbose_name='opened')),
                ('closes_at', models.DateTimeField(editable=False, null=True, verbose_name='closes')),
                ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='closed')),
                ('in_favor', models.PositiveIntegerField(editable=False, null=True, verbose_name='for')),
                ('against', models.PositiveIntegerField(editable=False, null=True, verbose_name='against')),
                ('abstaining', models.PositiveIntegerField(editable=False, null=True, verbose_name='abstaining')),
                ('electorate', models.PositiveIntegerField(editable=False, null=True, verbose_name='all votes')),
                ('outcome', models.CharField(blank=True, choices=[('carried', 'Carried'), ('lost', 'Lost'), ('no_quorum', 'No quorum')], editable=False, max_length=9, verbose_name='outcome')),
                ('certified_at', models.DateTimeField(editable=False, null=True, verbose_name='certified')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='motions', to='consortium.body', verbose_name='body')),
                ('certified_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='motions', to='consortium.meeting', verbose_name='meeting')),
                ('opened_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'motion',
                'permissions': [('certify_motion', 'Can certify the result of a motion')],
            },
        ),
        migrations.AddField(
            model_name='elector',
            name='motion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='electors', to='consortium.motion'),
        ),
        migrations.CreateModel(
            name='Proxy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('elector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies', to='consortium.elector')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proxies_held', to='consortium.elector')),
            ],
            options={
                'verbose_name': 'proxy',
                'verbose_name_plural': 'proxies',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As in Chair, or Siemens.', max_length=200, verbose_name='name')),
                ('votes', models.PositiveSmallIntegerField(default=1, verbose_name='votes')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='consortium.body', verbose_name='body')),
                ('organization', models.ForeignKey(blank=True, help_text='Only its people sit here.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats_on_bodies', to='consortium.organization', verbose_name='member')),
            ],
            options={
                'verbose_name': 'seat',
            },
        ),
        migrations.AddField(
            model_name='elector',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='electors', to='consortium.seat'),
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_alternate', models.BooleanField(default=False, verbose_name='alternate')),
                ('from_on', models.DateField(verbose_name='from')),
                ('until_on', models.DateField(null=True, verbose_name='until')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='consortium.body')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='consortium.contact')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='consortium.seat')),
            ],
            options={
                'verbose_name': 'sitting',
            },
        ),
        migrations.CreateModel(
            name='ConflictDeclared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('what', models.CharField(max_length=500, verbose_name='what')),
                ('left_the_room', models.BooleanField(verbose_name='left the room')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='consortium.agendaitem')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='consortium.meeting')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='consortium.sitting')),
            ],
            options={
                'verbose_name': 'declared conflict',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('guest', models.CharField(blank=True, max_length=200, verbose_name='guest')),
                ('presence', models.CharField(choices=[('present', 'Present'), ('remote', 'By call'), ('excused', 'Excused'), ('absent', 'Absent')], max_length=7, verbose_name='presence')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='consortium.meeting')),
                ('sitting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='consortium.sitting')),
            ],
            options={
                'verbose_name': 'attendance',
            },
        ),
        migrations.AddConstraint(
            model_name='antitruststatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('number__gte', 1)), name='antitrust_statement_says_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='antitruststatement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='55487631214670f24e26807342f14c64fbe23b4b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7befb', table='consortium_antitruststatement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='acknowledgment',
            constraint=models.UniqueConstraint(fields=('statement', 'person', 'on'), name='statement_is_acknowledged_once_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acknowledgment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f05c5d5e134dde7ce83beb340e92a8eedb432bdb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bcb47', table='consortium_acknowledgment', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='cast',
            index=models.Index(fields=['elector', '-id'], name='cast_of_elector'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cast',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a2b95eea6a66a6badc6800a45bd841ff4abdba7e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d056c', table='consortium_cast', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cast',
            trigger=pgtrigger.compiler.Trigger(name='while_open', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_motion m\n        JOIN consortium_elector e ON e.motion_id = m.id\n        WHERE e.id = NEW.elector_id FOR SHARE OF m;\n    IF NOT EXISTS (\n        SELECT FROM consortium_motion m\n        JOIN consortium_elector e ON e.motion_id = m.id\n        WHERE e.id = NEW.elector_id AND m.state = 'open'\n            AND NEW.at >= m.opened_at AND NEW.at < m.closes_at\n    ) THEN\n        RAISE EXCEPTION 'This motion is not open.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='d19d7ac43748bd0439231509d3c65d994ee4d722', operation='INSERT', pgid='pgtrigger_while_open_eb920', table='consortium_cast', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='decision_says_what'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5c4dd2b1116f26b139fcc7c225595d291a2fa1c0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c785e', table='consortium_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='431e29ca21d44692cb9e828e668cec111d0fd052', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_7167c', table='consortium_decision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'position'), name='agenda_position_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), ('length__gte', 1), ('position__gte', 1)), name='agenda_item_has_a_title_and_takes_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agendaitem',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='9630039bca96e4d2b363bce9f181efc5f328015b', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_79045', table='consortium_agendaitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agendaitem',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e65ef024f0e926c7c6b140e0dcbff273ff98bd67', operation='DELETE', pgid='pgtrigger_is_kept_c7283', table='consortium_agendaitem', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='action_says_what'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='action',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b6ea1999335284cd904f9278b348cb0b821f5085', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_42218', table='consortium_action', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='action',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='db6a45aa505ed01e7c007c41ec9b561e61d02b8f', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_7d209', table='consortium_action', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='minutes_number_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('number__gte', 1)), name='minutes_say_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='minutes',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1b88c85ee714d4d8efd2de24376ee61f2066f886', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_85320', table='consortium_minutes', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='minutes',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='b122bf9bafa91eedde9ee1f52b87af268758246f', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_131c3', table='consortium_minutes', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['body', '-starts_at'], name='meeting_of_body'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['-starts_at', '-id'], name='meeting_by_day'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('place', ''), _negated=True)), name='meeting_has_a_title_and_a_place'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='meeting_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), models.Q(('cancelled_because', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_because', '')), _connector='OR'), name='meeting_cancelled_iff_it_says_why'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('adopted', None), ('state', 'held'), _connector='OR'), name='meeting_adopts_minutes_once_held'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meeting',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{called:held,called:cancelled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='23671e5ade272f35af291d8c954123a8b7b189ad', operation='UPDATE', pgid='pgtrigger_state_steps_7dd6e', table='consortium_meeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meeting',
            trigger=pgtrigger.compiler.Trigger(name='state_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'called\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='bb8de02db57e35dd0ef671ee9034ef1680b3b5e7', operation='INSERT', pgid='pgtrigger_state_start_a3bf0', table='consortium_meeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meeting',
            trigger=pgtrigger.compiler.Trigger(name='adopts_its_own', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.adopted_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM consortium_minutes m\n        WHERE m.id = NEW.adopted_id AND m.meeting_id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'A meeting adopts minutes of its own.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='8b95ea636653d5850636d0dd9d3fdb77c2b02567', operation='INSERT OR UPDATE', pgid='pgtrigger_adopts_its_own_4d6e4', table='consortium_meeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meeting',
            trigger=pgtrigger.compiler.Trigger(name='adopted_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."adopted_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='06a5512c532967dcf4db82209bf51c779a0a5e73', operation='UPDATE', pgid='pgtrigger_adopted_stays_dea8e', table='consortium_meeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meeting',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a4e494ffd5f7eb6d16cd6d234f4f35c0472e0b7f', operation='DELETE', pgid='pgtrigger_is_kept_f745c', table='consortium_meeting', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='motion',
            index=models.Index(fields=['body', '-id'], name='motion_of_body'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='motion_has_a_title_and_a_text'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(('quorum__gte', 1), ('quorum__lte', 100)), name='motion_quorum_is_a_percentage'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('weight_rule', 'by_fee'), ('fee_of_a_vote__isnull', False)), models.Q(models.Q(('weight_rule', 'by_fee'), _negated=True), models.Q(('fee_of_a_vote__isnull', False), _negated=True)), _connector='OR'), models.Q(('fee_of_a_vote', None), ('fee_of_a_vote__gt', 0), _connector='OR')), name='motion_has_a_fee_of_a_vote_iff_by_fee'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(('most_votes', None), ('most_votes__gte', 1), _connector='OR'), name='motion_most_votes_is_one_or_more'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'draft'), ('opened_at', None)), models.Q(models.Q(('state', 'draft'), _negated=True), models.Q(('opened_at', None), _negated=True)), _connector='OR'), models.Q(models.Q(('opened_at', None), ('closes_at', None)), models.Q(models.Q(('opened_at', None), _negated=True), models.Q(('closes_at', None), _negated=True)), _connector='OR'), models.Q(('closes_at', None), ('closes_at__gt', models.F('opened_at')), _connector='OR')), name='motion_opened_iff_no_draft'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('abstaining__isnull', False), ('against__isnull', False), ('closed_at__isnull', False), ('electorate__isnull', False), ('in_favor__isnull', False), ('outcome__in', ['carried', 'lost', 'no_quorum']), ('state__in', ['closed', 'certified'])), models.Q(('abstaining__isnull', True), ('against__isnull', True), ('closed_at__isnull', True), ('electorate__isnull', True), ('in_favor__isnull', True), ('outcome', ''), ('state__in', ['draft', 'open'])), _connector='OR'), name='motion_counted_iff_closed'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(('electorate', None), ('electorate__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('in_favor'), '+', models.F('against')), '+', models.F('abstaining'))), _connector='OR'), name='motion_counts_no_more_than_all'),
        ),
        migrations.AddConstraint(
            model_name='motion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'certified'), ('certified_by__isnull', False)), models.Q(models.Q(('state', 'certified'), _negated=True), models.Q(('certified_by__isnull', False), _negated=True)), _connector='OR'), models.Q(models.Q(('certified_by', None), ('certified_at', None)), models.Q(models.Q(('certified_by', None), _negated=True), models.Q(('certified_at', None), _negated=True)), _connector='OR')), name='motion_certified_iff_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='motion',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:open,open:closed,closed:certified}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='f59faf5ee8a41c307faf42add88ae521634046be', operation='UPDATE', pgid='pgtrigger_state_steps_da2ff', table='consortium_motion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='motion',
            trigger=pgtrigger.compiler.Trigger(name='state_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='6312e13506ec1375ce000b2d0a1af49d23570c94', operation='INSERT', pgid='pgtrigger_state_start_ac604', table='consortium_motion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='motion',
            trigger=pgtrigger.compiler.Trigger(name='put_to_the_vote_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.state <> \'draft\' AND ((OLD."allows_proxy" IS DISTINCT FROM (NEW."allows_proxy") OR OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."fee_of_a_vote" IS DISTINCT FROM (NEW."fee_of_a_vote") OR OLD."is_secret" IS DISTINCT FROM (NEW."is_secret") OR OLD."meeting_id" IS DISTINCT FROM (NEW."meeting_id") OR OLD."most_votes" IS DISTINCT FROM (NEW."most_votes") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."pass_rule" IS DISTINCT FROM (NEW."pass_rule") OR OLD."quorum" IS DISTINCT FROM (NEW."quorum") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."weight_rule" IS DISTINCT FROM (NEW."weight_rule"))))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='819f7f4ccfb4a3d88c4486791df462fc2743f9ae', operation='UPDATE', pgid='pgtrigger_put_to_the_vote_stays_70a62', table='consortium_motion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='motion',
            trigger=pgtrigger.compiler.Trigger(name='counted_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.state <> \'draft\' AND OLD.state <> \'open\' AND ((OLD."abstaining" IS DISTINCT FROM (NEW."abstaining") OR OLD."against" IS DISTINCT FROM (NEW."against") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."electorate" IS DISTINCT FROM (NEW."electorate") OR OLD."in_favor" IS DISTINCT FROM (NEW."in_favor") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome"))))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='cb617bd61f44d1222576786d8d941f52bb38a063', operation='UPDATE', pgid='pgtrigger_counted_stays_895d5', table='consortium_motion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='motion',
            trigger=pgtrigger.compiler.Trigger(name='certified_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'certified\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a667f292323b805b39a0c5f4d45b1ec4b5dc1ee7', operation='UPDATE', pgid='pgtrigger_certified_stays_d6bbd', table='consortium_motion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='motion',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f521d31a2770eb9816d74911f09c8aeb07d268d1', operation='DELETE', pgid='pgtrigger_is_kept_782c9', table='consortium_motion', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='proxy',
            index=models.Index(fields=['elector', '-id'], name='proxy_of_elector'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proxy',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b34597495a4c3756ca7da8be2adf12e06619d188', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3e834', table='consortium_proxy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proxy',
            trigger=pgtrigger.compiler.Trigger(name='while_open', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_motion m\n        JOIN consortium_elector e ON e.motion_id = m.id\n        WHERE e.id = NEW.elector_id FOR SHARE OF m;\n    IF NOT EXISTS (\n        SELECT FROM consortium_motion m\n        JOIN consortium_elector e ON e.motion_id = m.id\n        WHERE e.id = NEW.elector_id AND m.state = 'open'\n            AND NEW.at >= m.opened_at AND NEW.at < m.closes_at\n    ) THEN\n        RAISE EXCEPTION 'This motion is not open.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='dd274b921132fff6ee281eb9d9f31196638844b1', operation='INSERT', pgid='pgtrigger_while_open_33a81', table='consortium_proxy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proxy',
            trigger=pgtrigger.compiler.Trigger(name='to_another_elector', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT FROM consortium_elector e\n        JOIN consortium_motion m ON m.id = e.motion_id AND m.allows_proxy\n        LEFT JOIN consortium_elector o ON o.id = NEW.to_id\n        WHERE e.id = NEW.elector_id AND (\n            NEW.to_id IS NULL OR (o.motion_id = e.motion_id AND o.id <> e.id)\n        )\n    ) THEN\n        RAISE EXCEPTION 'A proxy goes to another who may vote on the motion.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='b3d4642ce2e9d6283db4ce1835c7f6e28ba04888', operation='INSERT', pgid='pgtrigger_to_another_elector_6fe43', table='consortium_proxy', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(models.F('body'), django.db.models.functions.text.Lower('name'), name='seat_name_is_unique_on_its_body'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('votes__gte', 1)), name='seat_has_a_name_and_a_vote'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seat',
            trigger=pgtrigger.compiler.Trigger(name='stays_where_it_is', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e606f62e11a6986eda6455cd903751f0eb2e98e4', operation='UPDATE', pgid='pgtrigger_stays_where_it_is_b94b3', table='consortium_seat', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seat',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e31145c378b77c643d813c68a560b611d6d0c079', operation='DELETE', pgid='pgtrigger_is_kept_7de92', table='consortium_seat', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='elector',
            constraint=models.UniqueConstraint(fields=('motion', 'seat'), name='elector_is_a_seat_once'),
        ),
        migrations.AddConstraint(
            model_name='elector',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 1)), name='elector_has_a_vote'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='elector',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='20eb82e270880448033dddde8c10a92d42d0f6d0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7d494', table='consortium_elector', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='elector',
            trigger=pgtrigger.compiler.Trigger(name='as_voting_opens', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_motion m WHERE m.id = NEW.motion_id FOR SHARE;\n    IF NOT EXISTS (\n        SELECT FROM consortium_motion m\n        JOIN consortium_seat s ON s.body_id = m.body_id\n        WHERE m.id = NEW.motion_id AND m.state = 'draft' AND s.id = NEW.seat_id\n    ) THEN\n        RAISE EXCEPTION 'Who may vote is kept as voting opens.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='b13fe35ca150a8e1a20ddacf12069d157109bdfe', operation='INSERT', pgid='pgtrigger_as_voting_opens_0207f', table='consortium_elector', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', False), ('person__isnull', True)), models.Q(('contact__isnull', True), ('person__isnull', False)), _connector='OR'), name='sitting_is_of_a_contact_or_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='sitting_does_not_end_before_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('seat', '='), (models.Case(models.When(is_alternate=True, then=1), default=0), '='), (consortium.models.ranges.DateRange('from_on', 'until_on'), '&&')], name='seat_has_one_holder_and_one_alternate'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('body', '='), ('contact', '='), (consortium.models.ranges.DateRange('from_on', 'until_on'), '&&')], name='contact_sits_once_on_a_body'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('body', '='), ('person', '='), (consortium.models.ranges.DateRange('from_on', 'until_on'), '&&')], name='person_sits_once_on_a_body'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitting',
            trigger=pgtrigger.compiler.Trigger(name='where_it_may', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT FROM consortium_seat s\n        LEFT JOIN consortium_contact c ON c.id = NEW.contact_id\n        WHERE s.id = NEW.seat_id AND s.body_id = NEW.body_id\n            AND (s.organization_id IS NULL OR s.organization_id = c.organization_id)\n            AND NOT coalesce(c.is_shared_mailbox, false)\n    ) THEN\n        RAISE EXCEPTION 'Who sits is a person of the member whose seat it is.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='982ab5435a9c65f15bbc2e7153da7b8237566322', operation='INSERT', pgid='pgtrigger_where_it_may_2e64b', table='consortium_sitting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitting',
            trigger=pgtrigger.compiler.Trigger(name='stays_as_it_began', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."contact_id" IS DISTINCT FROM (NEW."contact_id") OR OLD."from_on" IS DISTINCT FROM (NEW."from_on") OR OLD."is_alternate" IS DISTINCT FROM (NEW."is_alternate") OR OLD."seat_id" IS DISTINCT FROM (NEW."seat_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='41fdb18eef480d17b78cd06cb5e1ce7d1cfaebde', operation='UPDATE', pgid='pgtrigger_stays_as_it_began_89e5f', table='consortium_sitting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitting',
            trigger=pgtrigger.compiler.Trigger(name='ends_no_later', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."until_on" IS NOT NULL AND (NEW."until_on" IS NULL OR NEW."until_on" > OLD."until_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='85f99a1a4842ffb5a26ad8463301f3ab6d74e83b', operation='UPDATE', pgid='pgtrigger_ends_no_later_84ca4', table='consortium_sitting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sitting',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='54b020139f874b4029ddfb90f1329ab19f4334e4', operation='DELETE', pgid='pgtrigger_is_kept_9b501', table='consortium_sitting', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='conflictdeclared',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='conflict_says_what'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conflictdeclared',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='896094b8ebf0164dc840d09a11faecc3d8cec7a2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6c7f6', table='consortium_conflictdeclared', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conflictdeclared',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='7bb6f788c4dea081d636bc78e53a93bd01735404', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_3b630', table='consortium_conflictdeclared', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sitting', None), models.Q(('guest', ''), _negated=True)), models.Q(models.Q(('sitting', None), _negated=True), ('guest', '')), _connector='OR'), name='attendance_is_of_who_sits_or_of_a_guest'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('meeting', 'sitting'), name='attendance_is_told_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attendance',
            trigger=pgtrigger.compiler.Trigger(name='before_adoption', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM FROM consortium_meeting m WHERE m.id = NEW.meeting_id FOR SHARE;\n    IF EXISTS (\n        SELECT FROM consortium_meeting m\n        WHERE m.id = NEW.meeting_id AND m.adopted_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The minutes of this meeting were adopted.'\n            USING ERRCODE = 'restrict_violation';\n    END IF;\n    RETURN NEW;\n", hash='40ce7ec90ae0cf62d5bcd0b4af9a37dd993b1d38', operation='INSERT OR UPDATE', pgid='pgtrigger_before_adoption_eab76', table='consortium_attendance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attendance',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='eeebf0153d6fc5b67831681f9b4eb4867366cb5a', operation='DELETE', pgid='pgtrigger_is_kept_29f22', table='consortium_attendance', when='BEFORE')),
        ),
    ]
