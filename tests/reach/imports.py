from django.core.files.uploadedfile import SimpleUploadedFile

from orgs.models import Duty, Role
from orgs.rosters.kinds import MEMBERS
from orgs.rosters.upload import bring
from tests.orgs.rosters import HEADINGS

ROSTER = {Role.AGENT, Role.SECRETARY, Role.REVIEWER, Duty.SYSTEM}
PAGES = {
    "orgs:imports": ROSTER,
    "orgs:imports_export": ROSTER,
    "orgs:import_new": ROSTER,
}
OBJECTS = {
    "orgs:import": (["batch"], set()),
    "orgs:import_columns": (["batch"], set()),
    "orgs:import_waive": (["batch"], set()),
    "orgs:import_undo": (["batch"], set()),
    "orgs:import_act": (["batch", "batch_verb"], set()),
    "orgs:import_together": (["batch", "batch_verb"], set()),
}
POST_ONLY = {"orgs:import_act", "orgs:import_together"}


def things(cast) -> dict:
    file = SimpleUploadedFile("名册.csv", f"{','.join(HEADINGS)}\n单雄信,,男,,2005-7-1\n".encode())
    batch = bring(
        file=file, organization=cast.home.organization, kind=MEMBERS, actor=cast.secretary
    )
    return {"batch": batch.pk, "batch_verb": "drop"}
