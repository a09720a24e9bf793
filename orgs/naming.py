"""Short names of party organizations, as people say them: 沙河村, 兴山县委, 西陵街道."""

import re

from orgs.models.organization import Level

BRANCH = re.compile(r"(联合|临时|流动党员)?(党支部|党总支|党委|党组|党工委|党小组)$")
COMMITTEE = re.compile(r"(工作)?委员会$")
LENGTH = 60


def short_name_of(name: str, level: str, above: str = "") -> str:
    """`above` is the full name of the superior organization: 当阳市 need not be said again."""
    core = name.removeprefix("中共")
    if level in (Level.CITY, Level.COUNTY):
        short = core.replace("工作委员会", "工委").replace("委员会", "委")
    else:
        short = COMMITTEE.sub("", BRANCH.sub("", core))
    if level == Level.TOWNSHIP:
        place = COMMITTEE.sub("", above.removeprefix("中共"))
        while place and short.startswith(place) and short != place:
            short = short.removeprefix(place)
    return (short or name)[:LENGTH]
