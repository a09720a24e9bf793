from assessments.models import Scheme
from assessments.opening import open_cycle, prepare
from orgs.models import Role
from tests.assessments.cycles import WINDOWS

READERS = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
PAGES = {
    "assessments:cycles": READERS,
    "assessments:cycles_export": READERS,
    "assessments:cycle_new": {Role.REVIEWER},
}
OBJECTS = {
    "assessments:cycle": (["cycle"], set()),
    "assessments:cycle_calendar": (["cycle"], set()),
    "assessments:board_export": (["cycle"], set()),
    "assessments:assessment": (["assessment"], set()),
}


def things(cast) -> dict:
    cycle = open_cycle(
        scheme=Scheme.objects.first(), organization=cast.home.organization, year=2026,
        actor=cast.reviewer, **WINDOWS,
    )  # fmt: skip
    prepare(cycle)
    return {"cycle": cycle.pk, "assessment": cycle.assessments.get().pk}
