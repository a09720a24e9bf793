"""A small cycle as the organization department opens it: three organizations, three sectors."""

from datetime import date, timedelta

from assessments.models import Cycle, Scheme, database_today
from assessments.opening import open_cycle, prepare
from orgs.models import Level, Organization, OrganizationKind, Role, Sector
from tests.people import person, place, post

YEAR, DAY = 2026, timedelta(days=1)


def windows(**days) -> dict:
    """The year 2026, with 自评, 测评 and 考评 open today by the clock of the database.

    That clock does not stand still with the frozen one of the tests: it decides deadlines.
    """
    today = database_today()
    found = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
    for name in ("self", "vote", "review"):
        found |= {f"{name}_from": today - 10 * DAY, f"{name}_until": today + 10 * DAY}
    for name in ("publication", "appeal"):
        found |= {f"{name}_from": today + 20 * DAY, f"{name}_until": today + 25 * DAY}
    return found | days


class CyclePeople:
    """Who takes part in a cycle beside `cast`: `department` opens it, each branch has a secretary.

    `town` has three branches of three sectors, with `places` and `secretaries` by sector.
    """

    def __init__(self, cast):
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


class CycleCast(CyclePeople):
    """The cycle of `town`, opened; `assessment(sector)` is the form of one of its branches."""

    def __init__(self, cast, *, prepared=True, **days):
        super().__init__(cast)
        self.scheme = Scheme.objects.usable().first()
        self.cycle = open_cycle(
            scheme=self.scheme, organization=self.town, year=YEAR, actor=self.department,
            **windows(**days),
        )  # fmt: skip
        if prepared:
            prepare(self.cycle)
            self.cycle = Cycle.objects.get(pk=self.cycle.pk)

    def assessment(self, sector=Sector.RURAL):
        return self.cycle.assessments.select_related("organization", "cycle").get(sector=sector)
