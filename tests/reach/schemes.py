from assessments.models import Scheme
from orgs.models import Role

READERS = {Role.AGENT, Role.SECRETARY, Role.REVIEWER}
PAGES = {"assessments:schemes": READERS}
#: The rules are no secret to whoever is assessed or assesses by them, wherever.
OBJECTS = {
    "assessments:scheme": (["scheme"], READERS),
    "assessments:scheme_export": (["scheme"], READERS),
    "assessments:scheme_copy": (["scheme"], READERS),
    "assessments:scheme_withdraw": (["scheme"], READERS),
    "assessments:scheme_edit": (["scheme"], READERS),
    "assessments:scheme_part_new": (["scheme", "scheme_part"], READERS),
    "assessments:scheme_part": (["scheme", "scheme_part", "scheme_goal"], READERS),
    "assessments:scheme_part_remove": (["scheme", "scheme_part", "scheme_goal"], READERS),
}


def things(cast) -> dict:
    scheme = Scheme.objects.get(version=1)
    return {
        "scheme": scheme.pk,
        "scheme_part": "goal",
        "scheme_goal": scheme.goals.first().pk,
    }
