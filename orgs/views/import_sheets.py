"""The sheets of one file on the page of a batch: where each stands, what may be done at once."""

from orgs.forms.imports import TogetherForm
from orgs.models import ImportBatch
from orgs.rosters.together import ready

#: From so many on it is worth a button of its own.
SEVERAL = 2


def sheets_of(batch, user) -> dict:
    """What the page of a batch tells of the other sheets of its file."""
    beside = list(ImportBatch.objects.visible_to(user).beside(batch))
    if not beside:
        return {}
    sheets = sorted([batch, *beside], key=lambda one: one.pk)
    together = {
        verb: {
            "form": TogetherForm(batches=batches),
            "count": len(batches),
            "new": sum(one.counts.get("new", 0) for one in batches),
            "updated": sum(one.counts.get("updated", 0) for one in batches),
        }
        for verb, batches in ready(batch, user).items()
        if len(batches) >= SEVERAL
    }
    return {"sheets": sheets, "together": together}
