from django.db import migrations

from orgs.search import SearchIndex


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]

    operations = [SearchIndex("services", "RequestText", "tokens")]
