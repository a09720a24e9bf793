from orgs.models import Committee, Role
from orgs.partial_date import PartialDate

ROSTER = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
PAGES = {
    "orgs:terms": ROSTER,
    "orgs:terms_export": ROSTER,
    "orgs:secretaries": ROSTER,
    "orgs:secretaries_export": ROSTER,
    "orgs:vacancies": ROSTER,
    "orgs:vacancies_export": ROSTER,
}
OBJECTS = {
    "orgs:committee_new": (["organization"], set()),
    "orgs:committee": (["committee"], set()),
    "orgs:committee_edit": (["committee"], set()),
    "orgs:committee_renew": (["committee"], set()),
    "orgs:committee_extend": (["committee"], set()),
    "orgs:seat_new": (["committee"], set()),
    "orgs:seat_edit": (["committee", "seat"], set()),
    "orgs:seat_end": (["committee", "seat"], set()),
}


def things(cast) -> dict:
    committee = Committee.establish(
        actor=None,
        organization=cast.home.organization,
        elected=PartialDate(2024, 3),
        seats=[{"post": "SECRETARY", "name": "陈立国"}],
    )
    return {"committee": committee.pk, "seat": committee.seats.get().pk}
