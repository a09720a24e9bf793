from orgs.models import ImportBatch, Role

IMPORTERS = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
OBJECTS = {
    "orgs:import_errors": (["error_batch"], set()),
    "orgs:import_template": (["roster_kind"], IMPORTERS),
}


def things(cast) -> dict:
    batch = ImportBatch.objects.create(
        organization=cast.home.organization, file_name="名册.xlsx", sha256="0" * 64
    )
    return {"error_batch": batch.pk, "roster_kind": "members"}
