from assessments.models import Appeal, Bonus, Rectification
from assessments.results import compute
from orgs.models import Role
from tests.assessments.reviewing import open_year, submitted

READERS = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
LEADERS = {Role.SECRETARY, Role.REVIEWER}
PUBLIC = {"assessments:publicity", "assessments:publicity_cycle"}
PAGES = {
    "assessments:result_cycles": READERS,
    "assessments:rectifications": READERS,
    "assessments:rectifications_export": READERS,
    "assessments:debriefings": READERS,
    "assessments:debriefings_export": READERS,
    "assessments:appeals": LEADERS,
    "assessments:appeals_export": LEADERS,
}
OBJECTS = {
    "assessments:result": (["result"], set()),
    "assessments:result_act": (["result", "result_verb"], set()),
    "assessments:result_undo": (["result", "ruling_kind", "ruling"], set()),
    "assessments:results": (["result_cycle"], set()),
    "assessments:results_export": (["result_cycle"], set()),
    "assessments:results_compute": (["result_cycle"], set()),
    "assessments:rectification": (["rectification"], set()),
    "assessments:rectification_act": (["rectification", "rectification_verb"], set()),
    "assessments:rectification_demand": (["result"], set()),
    "assessments:debriefing": (["result"], set()),
    "assessments:result_sheet": (["result"], set()),
    "assessments:result_export": (["result"], set()),
    "assessments:results_all": (["result_cycle"], set()),
    "assessments:results_act": (["result_cycle", "results_verb"], set()),
    "assessments:appeal_file": (["result"], set()),
    "assessments:appeal_answer": (["result", "appeal"], set()),
}
POST_ONLY = {
    "assessments:rectification_act",
    "assessments:results_act", "assessments:appeal_file", "assessments:appeal_answer",
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
    appeal = Appeal.objects.create(
        assessment=assessment, text="有异议", filed_by=cast.agent, filed_at=bonus.given_at,
        due_on="2026-03-09",
    )  # fmt: skip
    task = Rectification.objects.create(
        assessment=assessment, cause="HAND", problem="值守不到位", due_on="2026-05-01"
    )
    return {
        "rectification": task.pk,
        "rectification_verb": "plan",
        "appeal": appeal.pk,
        "results_verb": "publish",
        "result_cycle": cycle.pk,
        "result": assessment.pk,
        "result_verb": "grant",
        "ruling_kind": "bonus",
        "ruling": bonus.pk,
    }
