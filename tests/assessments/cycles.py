"""A small cycle as the organization department opens it: three organizations, three sectors."""

from datetime import date

from assessments.models import Cycle, Scheme
from assessments.opening import open_cycle, prepare
from orgs.models import Level, Organization, OrganizationKind, Role, Sector
from tests.people import person, place, post

YEAR = 2026
#: All windows lie around the frozen clock (2 March 2026): self-assessment runs, the rest follows.
WINDOWS = {
    "since": date(2026, 1, 1),
    "until": date(2026, 12, 31),
    "self_from": date(2026, 2, 20),
    "self_until": date(2026, 3, 10),
    "vote_from": date(2026, 3, 1),
    "vote_until": date(2026, 3, 20),
    "review_from": date(2026, 3, 1),
    "review_until": date(2026, 3, 31),
    "publication_from": date(2026, 4, 1),
    "publication_until": date(2026, 4, 5),
    "appeal_from": date(2026, 4, 1),
    "appeal_until": date(2026, 4, 13),
}


class CycleCast:
    """The people of a cycle beside `cast`: `department` opens it, each branch has a secretary.

    `cycle` takes in only the three branches of `town`: `rural`, `company` and `school`, with
    `secretaries` by sector; `assessment(sector)` is the form of one of them.
    """

    def __init__(self, cast, *, prepared=True, **windows):
        self.cast = cast
        self.town = place("4299103", "西岭镇", Level.TOWNSHIP, cast.county)
        self.department = person("department", "组织部王敏")
        post(self.department, self.town, Role.REVIEWER)
        self.second = person("second", "组织部李强")
        post(self.second, self.town, Role.REVIEWER)
        self.superior = person("superior", "西岭书记")
        post(self.superior, self.town, Role.SECRETARY)
        self.secretaries, self.places = {}, {}
        for number, (sector, name) in enumerate(
            [
                (Sector.RURAL, "西岭村党支部"),
                (Sector.STATE_OWNED, "西岭水务公司党支部"),
                (Sector.UNIVERSITY, "西岭师专党总支"),
            ],
            1,
        ):
            level = Level.VILLAGE if sector == Sector.RURAL else Level.UNIT
            where = place(
                f"429910330{number}", name, level, Organization.objects.get(pk=self.town.pk),
                OrganizationKind.BRANCH, sector,
            )  # fmt: skip
            self.places[sector] = where
            self.secretaries[sector] = person(f"secretary-{number}", f"{name[:2]}书记{number}")
            post(self.secretaries[sector], where, Role.SECRETARY)
        self.scheme = Scheme.objects.usable().first()
        self.cycle = open_cycle(
            scheme=self.scheme, organization=self.town, year=YEAR, actor=self.department,
            **(WINDOWS | windows),
        )  # fmt: skip
        if prepared:
            prepare(self.cycle)
            self.cycle = Cycle.objects.get(pk=self.cycle.pk)

    def assessment(self, sector=Sector.RURAL):
        return self.cycle.assessments.select_related("organization", "cycle").get(sector=sector)
