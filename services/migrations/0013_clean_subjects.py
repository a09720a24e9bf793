"""Subjects in one line and without anybody's numbers, and so in the notices that repeat them."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace

from orgs.masking import mask_text, numbers_in


def clean(apps, schema_editor):
    requests = apps.get_model("services", "ServiceRequest").objects
    notices = apps.get_model("orgs", "Notice").objects
    for row in requests.only("pk", "subject", "content").iterator():
        was, row.subject = row.subject, mask_text(" ".join(row.subject.split()))
        if row.subject == was:
            continue
        if not set(numbers_in(was)) <= set(numbers_in(row.content)):
            row.content = f"{was}\n{row.content}"  # the number stands nowhere else
        row.save(update_fields=["subject", "content"])
        told = notices.filter(title__contains=was)
        told.update(title=Replace(F("title"), Value(was), Value(row.subject)))


class Migration(migrations.Migration):
    dependencies = [("services", "0012_citizen_indexes"), ("orgs", "0019_error_table")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
