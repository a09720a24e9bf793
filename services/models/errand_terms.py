"""The terms of an errand: what is entrusted, how it was signed, where the papers must go."""

from typing import NamedTuple

from django.db import models

from orgs.models import Level, NotAllowed, ServiceCentre

#: What may be entrusted is listed, in a few short lines.
MOST_LINES, LONGEST_LINE = 8, 60


class Place(models.TextChoices):
    """Where the papers must be brought: it groups the cadre's way."""

    VILLAGE = "VILLAGE", "村（社区）便民服务室"
    TOWNSHIP = "TOWNSHIP", "乡镇（街道）便民服务中心"
    COUNTY = "COUNTY", "县（市、区）政务服务窗口"


class Signature(models.TextChoices):
    SIGNED = "SIGNED", "本人签字"
    THUMB = "THUMB", "本人按手印"
    FAMILY = "FAMILY", "家属代签"


class Destination(NamedTuple):
    place: str
    venue: str


#: Level of the unit's organization → place; every other level is the township's centre.
PLACE_OF = {
    Level.VILLAGE: Place.VILLAGE,
    Level.COUNTY: Place.COUNTY,
    Level.CITY: Place.COUNTY,
}


def scope_of(lines) -> list[str]:
    """The entrusted lines as they are kept: a few, short, each once."""
    lines = list(dict.fromkeys(filter(None, (line.strip() for line in lines))))
    if not lines:
        raise NotAllowed("请写明委托办什么，至少一项。")
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise NotAllowed(f"委托事项最多 {MOST_LINES} 项，每项不超过 {LONGEST_LINE} 字。")
    return lines


def destination_of(request) -> Destination:
    """Where the matter is handed in: at the unit in charge, else at the township's centre."""
    unit = request.department
    if unit is None and request.item_version_id:
        unit = request.item_version.item.department
    if unit:
        venue = f"{unit.centre or unit.organization}{unit.name}{unit.window}"
        return Destination(PLACE_OF.get(unit.organization.level, Place.TOWNSHIP), venue[:80])
    centres = ServiceCentre.objects.active().serving(request.organization)
    centre = centres.filter(organization__level=Level.TOWNSHIP).first()
    return Destination(Place.TOWNSHIP, centre.name if centre else "")
