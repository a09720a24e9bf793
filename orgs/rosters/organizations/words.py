"""What the columns of a roster of organizations are called."""

from orgs.rosters.aliases import Vocabulary

FIELDS = {
    "serial": ("序号", "顺序号 行号 编号 NO 序"),
    "code": ("党组织代码", "党组织编码 组织代码 组织编码 党支部代码"),
    "name": ("党组织名称", "党组织全称 组织名称 组织全称 党支部名称"),
    "parent": ("上级党组织代码", "上级代码 上级组织代码 上级党组织编码 隶属党组织代码"),
    "kind": ("组织类别", "党组织类别 组织类型 党组织类型"),
    "sector": ("所属领域", "领域 党组织领域"),
    "formation": ("组建方式", "党组织组建方式"),
    "division_code": ("行政区划代码", "区划代码 行政区划编码"),
    "short_name": ("简称", "党组织简称 组织简称"),
    "founded_on": ("成立日期", "成立时间 建立日期 批准建立日期 批准成立日期"),
    "supervisor": ("所在地党组织代码", "属地党组织代码 属地代码"),
}
#: In the order in which a template shows them.
COLUMNS = {name: label for name, (label, _) in FIELDS.items() if name != "serial"}
OPTIONAL = ("short_name", "founded_on", "supervisor")
REQUIRED = tuple(name for name in COLUMNS if name not in OPTIONAL)
WORDS = Vocabulary(
    FIELDS,
    named=[{"code", "name"}],
    telling={"parent", "kind", "sector", "formation", "division_code"},
    fewest=3,
    required=REQUIRED,
    no_heading=(
        f"没有找到表头，缺少这些列：{'、'.join(COLUMNS[name] for name in REQUIRED)}。"
        "请核对后再导入。"
    ),
)
