"""The audit trail becomes append-only, and 三员 without business posts, in the database itself."""

from django.db import migrations

from orgs.models import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
