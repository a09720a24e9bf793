from django.db import migrations

from services.default_categories import default_paths


def seed(apps, schema_editor):
    """A new portal starts with the default list; one that has a list keeps it."""
    Category = apps.get_model("services", "Category")
    if Category.objects.exists():
        return
    for names in default_paths():
        row = None
        for level, name in enumerate(names, 1):
            row, _ = Category.objects.get_or_create(
                parent=row, name=name, defaults={"level": level}
            )


class Migration(migrations.Migration):
    dependencies = [("services", "0003_counter")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
