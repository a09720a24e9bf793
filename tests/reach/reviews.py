from tests.assessments.reviewing import answer_of, open_year, submitted

OBJECTS = {
    "assessments:review": (["reviewed"], set()),
    "assessments:review_second": (["reviewed"], set()),
    "assessments:review_waive": (["reviewed", "reviewed_answer"], set()),
    "assessments:review_act": (["reviewed", "review_verb"], set()),
}
POST_ONLY = {"assessments:review_waive", "assessments:review_act"}


def things(cast) -> dict:
    assessment = submitted(open_year(cast, year=2018), cast.home.village)
    return {
        "reviewed": assessment.pk,
        "reviewed_answer": answer_of(assessment, "3.1").pk,
        "review_verb": "look",
    }
