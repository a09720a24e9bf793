"""单位 of 青溪县 (all invented): with a Party organization, about to have one, or too small."""

from orgs.models import Sector, Workplace

#: name, sector, place, what covers it, staff, of them in the Party
UNITS = (
    ("青溪县城乡建设投资有限公司", Sector.STATE_OWNED, "青溪县委", "青溪县城投公司", 86, 12),
    ("青溪职业技术学院", Sector.UNIVERSITY, "青溪县委", "青溪职业技术学院", 214, 16),
    ("青溪县人民医院", Sector.INSTITUTION, "青溪县委", "青溪县人民医院", 430, 15),
    ("青溪县茶叶流通协会", Sector.SOCIAL, "青溪县委", "青溪县茶叶流通协会", 9, 2),
    ("青溪县物业服务行业协会", Sector.SOCIAL, "青溪县委", None, 6, 1),
    ("青溪高山茶业有限公司", Sector.PRIVATE, "柳河镇", "青溪县茶叶加工企业", 58, 3),
    ("柳河镇银针茶厂", Sector.PRIVATE, "柳河镇", "青溪县茶叶加工企业", 21, 2),
    ("柳河镇顺达运输有限公司", Sector.PRIVATE, "柳河镇", None, 34, 4),
    ("柳河镇阳光幼儿园", Sector.PRIVATE, "柳河镇", None, 18, 1),
    ("白石镇建材厂", Sector.PRIVATE, "白石镇", None, 47, 3),
    ("白石镇柑橘专业合作社", Sector.SOCIAL, "白石镇", None, 12, 2),
    ("东山乡茶园沟茶叶专业合作社", Sector.SOCIAL, "东山乡", "茶园沟村", 25, 5),
    ("东山乡云雾民宿有限公司", Sector.PRIVATE, "东山乡", None, 8, 0),
)


def build_workplaces(actor, places):
    for name, sector, place, organization, staff, party_members in UNITS:
        Workplace.register(
            actor=actor, name=name, sector=sector, place=places[place],
            organization=places[organization] if organization else None,
            staff=staff, party_members=party_members,
        )  # fmt: skip
