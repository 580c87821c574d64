from django.db import migrations


def install(apps, schema_editor):
    """Create the triggers that the tables were described with."""
    for model in apps.get_app_config("consortium").get_models():
        for trigger in getattr(model._meta, "triggers", []):
            schema_editor.execute(trigger.install_sql, params=None)


class Migration(migrations.Migration):

    dependencies = [("consortium", "0001_members_and_money")]
    operations = [migrations.RunPython(install)]
