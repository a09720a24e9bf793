from django.db import migrations

from orgs.pinyin import pinyin_of_place


def spell(apps, schema_editor):
    Organization = apps.get_model("orgs", "Organization")
    rows = list(Organization.objects.only("pk", "name"))
    for row in rows:
        row.spelling = pinyin_of_place(row.name)
    Organization.objects.bulk_update(rows, ["spelling"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0012_organization_spelling'),
    ]

    operations = [
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
