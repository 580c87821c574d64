import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0016_what_money_is_told_by'),
        ('kernel', '0015_acts_by_hand_and_tasks_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LibraryFollower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'follower of the library',
            },
        ),
        migrations.CreateModel(
            name='LibraryItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(choices=[('roadmap', 'Roadmap'), ('case_study', 'Case study'), ('white_paper', 'White paper'), ('recording', 'Recording')], max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('summary', models.TextField(help_text='What it is about, and for whom.', max_length=4000, verbose_name='summary')),
                ('audience', models.CharField(choices=[('everybody', 'Everybody who signs in'), ('members', 'Members and INM'), ('staff', 'INM alone')], default='members', help_text='Who reads it once it is published.', max_length=20, verbose_name='audience')),
                ('embargo_until', models.DateTimeField(blank=True, help_text='Until then INM alone reads it. In Boston time.', null=True, verbose_name='embargo until')),
                ('is_draft_shared', models.BooleanField(default=False, help_text='Its audience reads and comments it before it is published.', verbose_name='draft shared with its audience')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=20, verbose_name='state')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='reason of the withdrawal')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added')),
                ('added_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
            ],
            options={
                'verbose_name': 'item of the library',
            },
        ),
        migrations.CreateModel(
            name='LibraryComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='The newest one when it was said.', verbose_name='version')),
                ('text', models.TextField(max_length=4000, verbose_name='comment')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.organization', verbose_name='member')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='consortium.libraryitem')),
            ],
            options={
                'verbose_name': 'comment on a draft',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LibraryVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('link', models.URLField(blank=True, verbose_name='address')),
                ('changes', models.CharField(blank=True, max_length=500, verbose_name='what is new')),
                ('added_at', models.DateTimeField(verbose_name='added')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='library_version', to='kernel.document', verbose_name='file')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='consortium.libraryitem')),
            ],
            options={
                'verbose_name': 'version of an item of the library',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LibraryOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_marked', models.BooleanField(verbose_name='with a watermark')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.organization', verbose_name='member')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='consortium.libraryversion')),
            ],
            options={
                'verbose_name': 'opening',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LibraryNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_at', models.DateTimeField(verbose_name='told')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='consortium.libraryversion')),
            ],
            options={
                'verbose_name': 'notice of a version',
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='libraryitem',
            index=models.Index(fields=['-added_at', '-id'], name='library_item_by_day'),
        ),
        migrations.AddIndex(
            model_name='libraryitem',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('title'), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('summary'), name='gin_trgm_ops'), name='library_item_by_words'),
        ),
        migrations.AddConstraint(
            model_name='libraryitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('summary', ''), _negated=True)), name='library_item_says_what_it_is'),
        ),
        migrations.AddConstraint(
            model_name='libraryitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='library_item_published_at_if_published'),
        ),
        migrations.AddConstraint(
            model_name='libraryitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True), _negated=True)), _connector='OR'), name='library_item_withdrawn_at_iff_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='libraryitem',
            trigger=pgtrigger.compiler.Trigger(name='state_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:published,draft:withdrawn,published:withdrawn,withdrawn:published}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='30983bd34c860113aa876161b50aff2d5ba9cb43', operation='UPDATE', pgid='pgtrigger_state_steps_325f7', table='consortium_libraryitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='libraryitem',
            trigger=pgtrigger.compiler.Trigger(name='state_start', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='2ce680a51e8e01f224df6648a0d1baecbe5053c8', operation='INSERT', pgid='pgtrigger_state_start_b2b9f', table='consortium_libraryitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='libraryitem',
            trigger=pgtrigger.compiler.Trigger(name='published_with_a_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'published\')', func="\nIF NOT EXISTS (\n    SELECT FROM consortium_libraryversion v WHERE v.item_id = NEW.id\n) THEN\n    RAISE EXCEPTION 'what is published has a version'\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='1793a34dadf4e343240a4c4feb5b2b965c347980', operation='UPDATE', pgid='pgtrigger_published_with_a_version_89313', table='consortium_libraryitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='libraryitem',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1470f1f454b861474d04f653cc6c34e240bc5e20', operation='DELETE', pgid='pgtrigger_is_kept_fbc54', table='consortium_libraryitem', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='librarycomment',
            index=models.Index(fields=['item', 'id'], name='library_comment_of_item'),
        ),
        migrations.AddConstraint(
            model_name='librarycomment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='library_comment_says_what'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='librarycomment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f6811a992c2755b326b43c5dfa914bfcc4f33cf4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_67afa', table='consortium_librarycomment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='libraryversion',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='library_version_is_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='libraryversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document', None), models.Q(('link', ''), _negated=True)), models.Q(models.Q(('document', None), _negated=True), ('link', '')), _connector='OR'), name='library_version_is_a_file_or_a_link'),
        ),
        migrations.AddConstraint(
            model_name='libraryversion',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='library_version_is_numbered_from_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='libraryversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='df3399116a02a7a39b2c1457575c047b19e353dc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a73e2', table='consortium_libraryversion', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='libraryopening',
            index=models.Index(fields=['-opened_at', '-id'], name='library_opening_by_day'),
        ),
        migrations.AddIndex(
            model_name='libraryopening',
            index=models.Index(fields=['organization', '-opened_at'], name='library_opening_of_member'),
        ),
        migrations.AddIndex(
            model_name='libraryopening',
            index=models.Index(fields=['person', 'version'], name='library_opening_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='libraryopening',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5c0323e85542b0c84d1568d49a5e7b98c3b9fff1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_16925', table='consortium_libraryopening', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='librarynotice',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2e411eb4a5466f2db566d2bb70a3752fdbca39a7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c86d4', table='consortium_librarynotice', when='BEFORE')),
        ),
    ]
