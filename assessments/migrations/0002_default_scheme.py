from django.db import migrations

from assessments.default_scheme import seed


def forwards(apps, schema_editor):
    seed(lambda name: apps.get_model("assessments", name))


class Migration(migrations.Migration):

    dependencies = [("assessments", "0001_scheme_cycle_assessment")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
