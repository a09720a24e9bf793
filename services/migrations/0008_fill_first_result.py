"""The first answer of every case answered so far, and the due time it was measured against."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F, Min, OuterRef, Subquery

CLOSING = time(17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def fill(apps, schema_editor):
    requests = apps.get_model("services", "ServiceRequest").objects
    replies = apps.get_model("services", "Reply").objects
    sent = replies.filter(request=OuterRef("pk"), sent_at__isnull=False).order_by()
    first = sent.values("request").annotate(at=Min("sent_at")).values("at")
    requests.update(first_replied_at=Subquery(first))
    answered = requests.filter(first_replied_at__isnull=False)
    answered.filter(round=1).update(first_due_at=F("due_at"))
    # Taken up again since: the due time of the first round is gone, its date is not.
    for row in answered.filter(round__gt=1, first_due_on__isnull=False).iterator():
        row.first_due_at = datetime.combine(row.first_due_on, CLOSING)
        row.save(update_fields=["first_due_at"])


class Migration(migrations.Migration):
    dependencies = [("services", "0007_first_result")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
