from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0013_copies_and_ladders'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminderdelivery',
            name='wording',
            field=models.CharField(blank=True, db_default='', default='', max_length=10, verbose_name='wording'),
        ),
    ]
