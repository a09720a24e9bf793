"""What rows said each for itself goes into the blocks; whom a row brought knows it as origin."""

import json

from django.db import migrations
from django.db.models import OuterRef, Subquery

BLOCK = 500
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def fill(apps, schema_editor):
    rows, blocks = apps.get_model("orgs", "ImportRow"), apps.get_model("orgs", "ImportBlock")
    for batch in apps.get_model("orgs", "ImportBatch").objects.all():
        left = rows.objects.filter(batch=batch, block=None).order_by("number")
        while some := list(left[:BLOCK]):
            numbers = [row.number for row in some]
            block = blocks.objects.create(
                batch=batch,
                cells="" if batch.file_purged_at else as_json([numbers, [r.raw for r in some]]),
                said=as_json([numbers, [], [row.values for row in some]]),
            )
            rows.objects.filter(pk__in=[row.pk for row in some]).update(block=block)
    bring(rows.objects.filter(verdict="NEW", member__isnull=False), apps.get_model("orgs", "Member"))


def bring(new, members):
    origin = new.filter(member=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    members.objects.filter(pk__in=new.values("member")).update(origin=Subquery(origin))
    new.update(member=None, target_version=None)


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0016_roster_blocks'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
