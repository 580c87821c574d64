import django.db.models.deletion
import django.db.models.functions.text
import inm_portal.kernel.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0017_library_and_its_openings'),
        ('kernel', '0015_acts_by_hand_and_tasks_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StudentProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('degree', models.CharField(help_text='As in SM, PhD or MEng.', max_length=100, verbose_name='degree')),
                ('department', models.CharField(max_length=200, verbose_name='department')),
                ('graduates_on', models.DateField(verbose_name='graduates')),
                ('looks_for', models.CharField(choices=[('internship', 'An internship'), ('job', 'A job after graduation'), ('both', 'Either')], max_length=20, verbose_name='looks for')),
                ('skills', models.TextField(help_text='Recruiters find you by these words before they see your name.', max_length=2000, verbose_name='skills and interests')),
                ('person', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='student')),
                ('resume', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.document', verbose_name='résumé')),
            ],
            options={
                'verbose_name': 'student profile',
            },
        ),
        migrations.CreateModel(
            name='ProfileOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_resume', models.BooleanField(verbose_name='took the résumé')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.organization', verbose_name='member')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='consortium.studentprofile')),
            ],
            options={
                'verbose_name': 'opening of a profile',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProfileConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_given', models.BooleanField(verbose_name='given')),
                ('said_at', models.DateTimeField(verbose_name='said')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='consortium.studentprofile')),
            ],
            options={
                'verbose_name': 'consent to be found',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkforceProgram',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(choices=[('techamp', 'TechAMP'), ('education', 'Professional education'), ('observatory', 'Factory observatory'), ('internships', 'Internships'), ('other', 'Other')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('summary', models.TextField(help_text='For whom it is, and what it asks.', max_length=4000, verbose_name='summary')),
                ('starts_on', models.DateField(verbose_name='starts')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends')),
                ('seats', models.PositiveIntegerField(blank=True, help_text='That members share; empty if there is no limit.', null=True, verbose_name='seats')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added')),
                ('added_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
            ],
            options={
                'verbose_name': 'workforce program',
            },
        ),
        migrations.CreateModel(
            name='ProgramPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('seats', models.PositiveIntegerField(verbose_name='seats')),
                ('joined_on', models.DateField(verbose_name='joined')),
                ('left_on', models.DateField(null=True, verbose_name='left')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='recorded')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.organization', verbose_name='member')),
                ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='consortium.workforceprogram')),
            ],
            options={
                'verbose_name': 'part in a program',
            },
        ),
        migrations.CreateModel(
            name='ProgramContribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('money', 'Money'), ('equipment', 'Equipment or software'), ('time', 'Time of its people'), ('hosting', 'Hosting'), ('curriculum', 'Curriculum')], max_length=20, verbose_name='kind')),
                ('what', models.CharField(max_length=500, verbose_name='what')),
                ('amount', inm_portal.kernel.money.MoneyField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='worth')),
                ('currency', models.CharField(choices=[('USD', 'US dollar')], default='USD', max_length=3, verbose_name='currency')),
                ('contributed_on', models.DateField(verbose_name='day')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('credit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consortium.contributioncredit', verbose_name='contribution credit')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='consortium.programcontribution')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='consortium.programpart')),
            ],
            options={
                'verbose_name': 'contribution to a program',
                'abstract': False,
                'indexes': [models.Index(fields=['part', '-contributed_on'], name='contribution_of_part')],
                'constraints': [models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='program_contribution_says_what'), models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gt', 0), _connector='OR'), name='program_contribution_is_worth_something'), models.CheckConstraint(condition=models.Q(models.Q(('reverses', None), ('reason', '')), models.Q(models.Q(('reverses', None), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='program_contribution_reason_iff_it_takes_back')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programcontribution',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='db8482bb8895fdcf089ae5011a7c878d183230e9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_56b49', table='consortium_programcontribution', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programcontribution',
            trigger=pgtrigger.compiler.Trigger(name='credit_of_the_same_member', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.credit_id IS NOT NULL AND NOT EXISTS (\n    SELECT FROM consortium_contributioncredit c\n    JOIN consortium_programpart p ON p.organization_id = c.organization_id\n    WHERE c.id = NEW.credit_id AND p.id = NEW.part_id\n) THEN\n    RAISE EXCEPTION 'the credit is of another member'\n        USING ERRCODE = 'restrict_violation';\nEND IF;\nRETURN NEW;\n", hash='9f1d04966f30326cb34f12ff1f5dba2a5cae4c7a', operation='INSERT', pgid='pgtrigger_credit_of_the_same_member_d1a53', table='consortium_programcontribution', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='studentprofile',
            index=models.Index(fields=['graduates_on', 'id'], name='student_by_end'),
        ),
        migrations.AddIndex(
            model_name='profileopening',
            index=models.Index(fields=['profile', '-id'], name='opening_of_profile'),
        ),
        migrations.AddIndex(
            model_name='profileopening',
            index=models.Index(fields=['-opened_at', '-id'], name='profile_opening_by_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='profileopening',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c2e0151633c00784d921c7f4a5576f7939374728', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_97594', table='consortium_profileopening', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='profileconsent',
            index=models.Index(fields=['profile', '-id'], name='consent_of_profile'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='profileconsent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f4e04a37cc75fa447d32c00bdf697f3f46bdaf94', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87657', table='consortium_profileconsent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='workforceprogram',
            index=models.Index(fields=['-starts_on', '-id'], name='program_by_start'),
        ),
        migrations.AddConstraint(
            model_name='workforceprogram',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='program_name_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='workforceprogram',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('summary', ''), _negated=True)), name='program_says_what_it_is'),
        ),
        migrations.AddConstraint(
            model_name='workforceprogram',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='program_ends_after_it_starts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workforceprogram',
            trigger=pgtrigger.compiler.Trigger(name='has_so_many_seats', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."seats" IS DISTINCT FROM (NEW."seats"))', func="\nIF NEW.seats IS NOT NULL AND NEW.seats < (\n    SELECT coalesce(sum(p.seats), 0) FROM consortium_programpart p\n    WHERE p.program_id = NEW.id AND p.left_on IS NULL\n) THEN\n    RAISE EXCEPTION 'fewer seats than members have'\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='8363d59aced66d0857b0d237a485ddd83f9bca2e', operation='UPDATE', pgid='pgtrigger_has_so_many_seats_bd6a1', table='consortium_workforceprogram', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workforceprogram',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ef7ad48c69717a3b8aeb0ff2dc885f3719d82ab3', operation='DELETE', pgid='pgtrigger_is_kept_7a0d9', table='consortium_workforceprogram', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='programpart',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('program', 'organization'), name='program_part_is_there_once'),
        ),
        migrations.AddConstraint(
            model_name='programpart',
            constraint=models.CheckConstraint(condition=models.Q(('left_on', None), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='program_part_ends_after_it_began'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programpart',
            trigger=pgtrigger.compiler.Trigger(name='seats_suffice', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF (\n    SELECT coalesce(sum(p.seats), 0) FROM consortium_programpart p\n    WHERE p.program_id = NEW.program_id AND p.left_on IS NULL\n) > (\n    SELECT coalesce(w.seats, 2147483647) FROM consortium_workforceprogram w\n    WHERE w.id = NEW.program_id\n) THEN\n    RAISE EXCEPTION 'more seats than the program has'\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='744af8293f6b0c6959ddc4ed6b7018a09959cc77', operation='INSERT OR UPDATE', pgid='pgtrigger_seats_suffice_3d3c6', table='consortium_programpart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programpart',
            trigger=pgtrigger.compiler.Trigger(name='is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='27a00f1d7da112e9696101eca27b2697e65051b6', operation='DELETE', pgid='pgtrigger_is_kept_b5c31', table='consortium_programpart', when='BEFORE')),
        ),
    ]
