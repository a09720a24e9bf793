from assessments.models import Bonus
from assessments.results import compute
from orgs.models import Role
from tests.assessments.reviewing import open_year, submitted

READERS = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
PAGES = {"assessments:result_cycles": READERS}
OBJECTS = {
    "assessments:result": (["result"], set()),
    "assessments:result_act": (["result", "result_verb"], set()),
    "assessments:result_undo": (["result", "ruling_kind", "ruling"], set()),
    "assessments:results": (["result_cycle"], set()),
    "assessments:results_export": (["result_cycle"], set()),
    "assessments:results_compute": (["result_cycle"], set()),
}
POST_ONLY = {
    "assessments:result_act", "assessments:result_undo", "assessments:results_compute",
}  # fmt: skip


def things(cast) -> dict:
    cycle = open_year(cast, year=2017)
    cycle.organization = cast.home.organization
    cycle.save()
    assessment = submitted(cycle, cast.home.village)
    compute(cycle)
    bonus = Bonus.objects.create(
        assessment=assessment,
        points=1,
        reason="市级表彰",
        evidence="市委通报",
        given_by=cast.reviewer,
    )
    return {
        "result_cycle": cycle.pk,
        "result": assessment.pk,
        "result_verb": "grant",
        "ruling_kind": "bonus",
        "ruling": bonus.pk,
    }
