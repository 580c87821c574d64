import django.core.validators
import django.db.models.deletion
import inm_portal.kernel.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0014_renewals_and_health'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.CharField(max_length=200, verbose_name='company')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('offer', models.CharField(choices=[('membership', 'Membership'), ('factory', 'Research factory'), ('partnership', 'Major partnership')], default='membership', max_length=20, verbose_name='about')),
                ('message', models.TextField(max_length=2000, verbose_name='message')),
                ('page', models.CharField(max_length=64, unique=True)),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('set_aside_because', models.CharField(blank=True, max_length=500, verbose_name='set aside because')),
                ('set_aside_at', models.DateTimeField(null=True, verbose_name='set aside')),
                ('set_aside_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set aside by')),
            ],
            options={
                'verbose_name': 'inquiry',
                'verbose_name_plural': 'inquiries',
            },
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offer', models.CharField(choices=[('membership', 'Membership'), ('factory', 'Research factory'), ('partnership', 'Major partnership')], max_length=20, verbose_name='offer')),
                ('currency', models.CharField(choices=[('USD', 'US dollar')], default='USD', max_length=3, verbose_name='currency')),
                ('opened_on', models.DateField(verbose_name='opened')),
                ('inquiry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prospect', to='consortium.inquiry')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prospects', to='consortium.organization', verbose_name='company')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'prospect',
            },
        ),
        migrations.CreateModel(
            name='ProspectStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('inquiry', 'Inquiry'), ('talks', 'In discussion'), ('offered', 'Offer made'), ('negotiating', 'Negotiating'), ('won', 'Won'), ('lost', 'Lost')], max_length=20, verbose_name='stage')),
                ('amount', inm_portal.kernel.money.MoneyField(decimal_places=2, max_digits=14, verbose_name='amount a year')),
                ('probability', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='probability in percent')),
                ('expected_on', models.DateField(verbose_name='decision expected')),
                ('note', models.CharField(max_length=500, verbose_name='note')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('prospect', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='consortium.prospect')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'step of a prospect',
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['-received_at', '-id'], name='inquiry_by_day'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_aside_at', None), ('set_aside_because', '')), models.Q(models.Q(('set_aside_at', None), _negated=True), models.Q(('set_aside_because', ''), _negated=True)), _connector='OR'), name='inquiry_is_set_aside_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('company', ''), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('email', ''), _negated=True)), name='inquiry_says_who'),
        ),
        migrations.AddConstraint(
            model_name='prospect',
            constraint=models.CheckConstraint(condition=models.Q(('offer__in', ['membership', 'factory', 'partnership'])), name='prospect_is_of_an_offer'),
        ),
        migrations.AddIndex(
            model_name='prospectstep',
            index=models.Index(fields=['prospect', '-id'], name='prospect_latest'),
        ),
        migrations.AddConstraint(
            model_name='prospectstep',
            constraint=models.CheckConstraint(condition=models.Q(('probability__lte', 100), models.Q(('note', ''), _negated=True)), name='prospect_step_is_a_percentage_with_a_note'),
        ),
        migrations.AddConstraint(
            model_name='prospectstep',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='prospect_step_has_an_amount'),
        ),
        migrations.AddConstraint(
            model_name='prospectstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['won', 'lost']), _negated=True), models.Q(('probability', 100), ('stage', 'won')), models.Q(('probability', 0), ('stage', 'lost')), _connector='OR'), name='prospect_step_is_certain_once_decided'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prospectstep',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aebbf2f4574a7fb6208738074c0025f6eb23f60e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_61045', table='consortium_prospectstep', when='BEFORE')),
        ),
    ]
