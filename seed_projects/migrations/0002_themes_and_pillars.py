"""The themes of the initiative and its pillars, as it announced them in May 2025."""

from django.db import migrations

THEMES = [
    "Reimagining manufacturing technologies and systems",
    "Elevating the productivity and experience of manufacturing",
    "Scaling new manufacturing",
    "Transforming the manufacturing base",
]
PILLARS = ["Semiconductors", "Biomanufacturing", "Defense", "Aviation"]


def name_them(apps, _schema_editor):
    for model, names in [("Theme", THEMES), ("Pillar", PILLARS)]:
        rows = apps.get_model("seed_projects", model).objects
        for position, name in enumerate(names, start=1):
            rows.get_or_create(name=name, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("seed_projects", "0001_calls_and_forms")]

    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
