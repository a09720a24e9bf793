"""青溪县: an invented county with its townships, villages, units and service centres."""

from dataclasses import dataclass
from datetime import date

from orgs.models import Formation, Level, OrganizationKind, Sector

Kind = OrganizationKind


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    short_name: str
    kind: str
    level: str
    above: str = ""  # short name of the superior organization
    sector: str = ""
    formation: str = ""
    founded_on: date | None = None
    supervisor: str = ""  # 属地: short name of the local party organization
    tags: tuple[str, ...] = ()


def division(code, name, short_name, level, above="", **more):
    """A committee that carries the code of its own division."""
    return Place(code, f"中共{name}委员会", short_name, Kind.COMMITTEE, level, above, **more)


def villages(above, first, *names, sector=Sector.RURAL, **more):
    """Branches of a township's villages or communities, numbered from `first`."""
    return tuple(
        Place(
            str(first + n), f"{name}党支部", name, Kind.BRANCH, Level.VILLAGE, above, sector,
            Formation.SINGLE, **more,
        )
        for n, name in enumerate(names)
    )  # fmt: skip


def unit(code, name, short_name, kind, above, sector, formation=Formation.SINGLE, **more):
    return Place(code, name, short_name, kind, Level.UNIT, above, sector, formation, **more)


CITY, COUNTY = "青江市委", "青溪县委"
#: Branches of those who work for a committee itself, its own members among them.
OFFICE = "机关"
OFFICES = {
    "429921910": COUNTY, "429921100910": "柳河镇", "429921101910": "白石镇",
    "429921200910": "东山乡",
}  # fmt: skip
TOWNSHIPS = ("柳河镇", "白石镇", "东山乡")
PLACES = (
    division("4299", "青江市", CITY, Level.CITY),
    division("429921", "青溪县", COUNTY, Level.COUNTY, CITY, founded_on=date(1949, 7, 18)),
    division(
        "429921100", "青溪县柳河镇", "柳河镇", Level.TOWNSHIP, COUNTY,
        sector=Sector.RURAL, founded_on=date(1984, 5, 10),
    ),
    *villages("柳河镇", 429921100001, "柳河社区", sector=Sector.COMMUNITY),
    *villages("柳河镇", 429921100201, "石桥村", "河口村", "枫树坪村", "新屋场村", "杨家冲村"),
    division(
        "429921101", "青溪县白石镇", "白石镇", Level.TOWNSHIP, COUNTY,
        sector=Sector.RURAL, founded_on=date(1987, 3, 2),
    ),
    *villages("白石镇", 429921101001, "白石社区", sector=Sector.COMMUNITY),
    *villages("白石镇", 429921101201, "大水井村", "樟树湾村", "马鞍村", "竹林坡村"),
    division(
        "429921200", "青溪县东山乡", "东山乡", Level.TOWNSHIP, COUNTY,
        sector=Sector.RURAL, founded_on=date(1984, 5, 10), tags=("革命老区", "山区"),
    ),
    *villages("东山乡", 429921200001, "东山社区", sector=Sector.COMMUNITY, tags=("山区",)),
    *villages(
        "东山乡", 429921200201, "茶园沟村", "云雾坪村", "杨柳冲村", "高岭村",
        tags=("革命老区", "山区"),
    ),
    unit(
        "429921901", "青溪县民政局党组", "青溪县民政局", Kind.LEADING_GROUP, COUNTY,
        Sector.AGENCY,
    ),
    unit(
        "429921902", "青溪县城乡建设投资有限公司党支部", "青溪县城投公司", Kind.BRANCH, COUNTY,
        Sector.STATE_OWNED,
    ),
    unit(
        "429921903", "中共青溪职业技术学院委员会", "青溪职业技术学院", Kind.COMMITTEE, COUNTY,
        Sector.UNIVERSITY,
    ),
    unit(
        "429921904", "青溪县人民医院党总支", "青溪县人民医院", Kind.GENERAL_BRANCH, COUNTY,
        Sector.INSTITUTION,
    ),
    unit(
        "429921905", "青溪县茶叶加工企业联合党支部", "青溪县茶叶加工企业", Kind.JOINT_BRANCH,
        COUNTY, Sector.PRIVATE, Formation.REGIONAL,
    ),
    unit(
        "429921906", "青溪县茶叶流通协会党支部", "青溪县茶叶流通协会", Kind.BRANCH, COUNTY,
        Sector.SOCIAL, Formation.INDUSTRY,
    ),
    unit(
        "429921907", "青溪县柳河镇驻江东流动党员党支部", "柳河镇驻江东流动党员",
        Kind.MIGRANT_BRANCH, "柳河镇", Sector.RURAL,
    ),
    unit(
        "4299901", "青江市烟草专卖局党组", "青江市烟草专卖局", Kind.LEADING_GROUP, CITY,
        Sector.AGENCY,
    ),
    unit(
        "429921908", "青溪县烟草专卖局党组", "青溪县烟草专卖局", Kind.LEADING_GROUP,
        "青江市烟草专卖局", Sector.AGENCY, supervisor=COUNTY,
    ),
    *(
        unit(
            code, f"{above.removesuffix('委')}{OFFICE}党支部", f"{above}{OFFICE}", Kind.BRANCH,
            above, Sector.AGENCY,
        )
        for code, above in OFFICES.items()
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A township's service centre: address and telephone numbers (area code 0700 is nobody's)."""

    address: str
    exchange: str

    @property
    def telephone(self) -> str:
        return f"0700-{self.exchange}001"

    @property
    def complaint_phone(self) -> str:
        return f"0700-{self.exchange}002"

    def window_phone(self, number) -> str:
        return f"0700-{self.exchange}1{number:02}"


DESKS = {
    "柳河镇": Desk("青溪县柳河镇河滨路18号", "5551"),
    "白石镇": Desk("青溪县白石镇白石街6号", "5552"),
    "东山乡": Desk("青溪县东山乡集镇中心路3号", "5553"),
}
