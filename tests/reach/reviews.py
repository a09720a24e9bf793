from assessments.models import SpotCheck, SpotCheckItem
from orgs.models import Role
from tests.assessments.reviewing import answer_of, open_year, submitted

ASSESSORS = {Role.SECRETARY, Role.REVIEWER}
PAGES = {
    "assessments:reviews": ASSESSORS,
    "assessments:reviews_export": ASSESSORS,
    "assessments:spot_checks": ASSESSORS,
    "assessments:spot_check_draw": ASSESSORS,
}
OBJECTS = {
    "assessments:review": (["reviewed"], set()),
    "assessments:review_second": (["reviewed"], set()),
    "assessments:review_waive": (["reviewed", "reviewed_answer"], set()),
    "assessments:review_act": (["reviewed", "review_verb"], set()),
    "assessments:spot_check": (["spot_check"], set()),
    "assessments:spot_check_export": (["spot_check"], set()),
    "assessments:spot_check_report": (["spot_check", "spot_check_item"], set()),
}
POST_ONLY = {"assessments:review_waive", "assessments:review_act"}


def things(cast) -> dict:
    assessment = submitted(open_year(cast, year=2018), cast.home.village)
    draw = SpotCheck.objects.create(
        cycle=assessment.cycle, seed=1, count=1, drawn_by=cast.reviewer, drawn_from=1
    )
    item = SpotCheckItem.objects.create(spot_check=draw, assessment=assessment, number=1)
    return {
        "spot_check": draw.pk,
        "spot_check_item": item.pk,
        "reviewed": assessment.pk,
        "reviewed_answer": answer_of(assessment, "3.1").pk,
        "review_verb": "look",
    }
