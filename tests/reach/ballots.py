from assessments.models import PaperBatch
from tests.assessments.balloting import codes, opened

PUBLIC = {"assessments:vote", "assessments:vote_result", "assessments:vote_open"}
OBJECTS = {
    "assessments:ballot": (["balloted"], set()),
    "assessments:ballot_act": (["balloted", "ballot_verb"], set()),
    "assessments:ballot_print": (["balloted"], set()),
    "assessments:ballot_poster": (["balloted"], set()),
    "assessments:paper_batch_new": (["balloted"], set()),
    "assessments:paper_batch": (["balloted", "paper_batch"], set()),
    "assessments:ballots": (["ballot_cycle"], set()),
    "assessments:ballots_export": (["ballot_cycle"], set()),
    "assessments:ballots_act": (["ballot_cycle", "ballots_verb"], set()),
}
POST_ONLY = {"assessments:ballot_act", "assessments:ballot_print", "assessments:ballots_act"}


def things(cast) -> dict:
    found = opened(cast, year=2011, over=cast.home.organization)
    codes(found)
    batch = PaperBatch.register(
        ballot=found.ballot, actor=found.first, stratum=found.ballot.strata.first(),
        number="1", issued=3, unreturned=0,
    )  # fmt: skip
    return {
        "balloted": found.assessment.pk,
        "ballot_verb": "close",
        "paper_batch": batch.pk,
        "ballot_cycle": found.cycle.pk,
        "ballots_verb": "open",
    }
