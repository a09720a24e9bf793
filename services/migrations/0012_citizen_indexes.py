from django.db import migrations

from orgs.migrations._like_indexes import drop_like_indexes


def drop(apps, schema_editor):
    citizen = apps.get_model("services", "Citizen")
    drop_like_indexes(schema_editor, citizen, "phone_index", "id_index")


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0011_announcement'),
        ('orgs', '0018_roster_rows_light'),
    ]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
    ]
