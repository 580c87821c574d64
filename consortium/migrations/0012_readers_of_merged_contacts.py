
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortium', '0011_interactions_with_members'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactmerge',
            name='took_reminders',
            field=models.BooleanField(default=False, verbose_name='took over the reading of reminders'),
        ),
    ]
