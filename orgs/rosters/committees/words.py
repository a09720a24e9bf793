"""What the columns and cells of a committee's roster say."""

import re
import unicodedata

from orgs.models import SeatPost, SeatSource
from orgs.rosters.aliases import FIELDS as OF_MEMBERS
from orgs.rosters.aliases import Vocabulary
from orgs.rosters.cells import (
    VACANT,
    BadCell,
    Doubt,
    as_text,
    choices_of,
    clean_choice,
    clean_name,
    folded,
    words,
)

#: One row an organization: a column for each post, with one name or several.
WIDE = tuple(SeatPost.values)
FIELDS = {
    "serial": OF_MEMBERS["serial"],
    "organization": (
        "党组织名称",
        "党组织 所在党组织 所属党组织 组织名称 支部名称 党支部名称 党支部 支部 基层党组织名称 "
        "所在党支部 所属党支部 党组织全称 单位 单位名称 分党委 分党委名称 所属分党委 所在分党委",
    ),
    "organization_code": (
        "党组织代码",
        "党组织编码 组织代码 组织编码 党支部代码 支部代码 党支部编码 支部编码 所在党支部编码 "
        "所属党支部编码 所在党组织编码 所属党组织编码 所属分党委编码 所在分党委编码 分党委编码",
    ),
    "superior": OF_MEMBERS["superior"],
    "name": ("姓名", "成员姓名 班子成员 班子成员姓名 名字"),
    "id_number": OF_MEMBERS["id_number"],
    "post": ("职务", "党内职务 班子职务 现任职务 现任党内职务 党组织职务 任职 职务名称 岗位"),
    "started": ("任职时间", "任职日期 任现职时间 任现职日期 任职起始时间 到任时间 任职年月"),
    "term": ("届次", "届别 第几届 班子届次"),
    "elected": (
        "当选日期",
        "换届时间 换届日期 实际换届时间 实际换届日期 本届换届时间 本届当选时间 当选时间 选举时间 "
        "选举日期 上次换届时间 最近一次换届时间 届次起始时间 本届起始时间",
    ),
    "due_on": (
        "应换届时间",
        "应换届日期 下次换届时间 下次换届日期 届满时间 届满日期 任期届满时间 到期时间 换届到期时间",
    ),
    "source": ("来源", "书记来源 人选来源 产生方式 来源渠道"),
    "is_full_time": ("专职或兼职", "专兼职 专职兼职 是否专职 专职"),
    "heads_village": (
        "一肩挑",
        "是否一肩挑 书记主任一肩挑 兼任村主任 是否兼任村(居)委会主任 兼任村委会主任",
    ),
    "concurrent": ("兼任", "兼任职务 兼职情况 其他职务 行政职务 村(居)职务"),
    "phone": OF_MEMBERS["phone"],
    "document": ("批复文号", "批复 任职文号 文号 批复文件"),
    "note": OF_MEMBERS["note"],
    "SECRETARY": ("书记", "书记姓名 党组织书记 党支部书记 支部书记 党总支书记 党委书记 支书"),
    "DEPUTY": ("副书记", "副书记姓名 党支部副书记 支部副书记 党委副书记"),
    "ORGANIZATION": ("组织委员", "组织委员姓名"),
    "PUBLICITY": ("宣传委员", "宣传委员姓名"),
    "UNITED_FRONT": ("统战委员", "统战委员姓名"),
    "DISCIPLINE": ("纪检委员", "纪律检查委员 纪检委员姓名"),
    "MEMBER": ("委员", "其他委员 委员姓名 支部委员 支委"),
    "FIRST_SECRETARY": ("第一书记", "驻村第一书记 第一书记姓名"),
}
WORDS = Vocabulary(
    FIELDS,
    named=[{"name", "post"}, {"SECRETARY"}],
    telling={"post", "SECRETARY"},
    fewest=2,
    no_heading=(
        "没有找到表头：前 15 行里应有姓名、职务、党组织名称、任职时间等列名，"
        "或者党组织名称、书记、副书记、委员等列名。请核对工作表，或把表头写在数据上方的一行。"
    ),
)

POSTS = choices_of(
    *SeatPost.choices,
    书记="支书 党组书记 主要负责人",
    副书记="专职副书记",
    组织委员="组织 组工委员",
    宣传委员="宣传",
    统战委员="统战 统一战线委员",
    纪检委员="纪检 纪律检查委员 纪律委员 纪检监察委员",
    委员="支委 普通委员",
    第一书记="驻村第一书记",
)
BEFORE_POST = re.compile(r"^.*?(?:党支部|支部|党总支|总支|党委|党工委|党组织|党组|现任)")
CHIEF = re.compile(r"一肩挑|^(?:.*(?:村|居|社区))?(?:民|民委员)?(?:委会|委员会)?主任$|村长$")
SPLIT = re.compile(r"[、,;/+&|]|兼任?")
NAMES = re.compile(r"[、,;/\n]+")
SOURCES = choices_of(
    *SeatSource.choices,
    上级选派="选派 下派 上派 组织选派 上级委派 委派 上级任命 任命 指派 组织任命",
    跟踪培养="后备培养 后备干部 培养 后备 跟踪培养后备",
)
BY_VOTE = "群众推荐 选举 推荐 群众推荐(选举) 公推直选 换届选举 选任 民主选举 党员选举"
SOURCES |= dict.fromkeys(words(BY_VOTE), SeatSource.ELECTED)
FULL_TIME = {"专职": True, "是": True, "兼职": False, "否": False, "√": True, "×": False}
NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TERM = re.compile(
    r"第?(\d{1,3}|[一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?)届?"
)


def clean_posts(value) -> dict:
    """副书记兼纪检委员 → two posts; 书记、村委会主任 → one, and the person heads the village."""
    text = unicodedata.normalize("NFKC", "".join(as_text(value).split()))
    posts, others, heads = [], [], False
    for part in filter(None, SPLIT.split(re.sub(r"[()]", "、", text))):
        if post := post_named(part):
            posts.append(post)
        elif CHIEF.search(part):
            heads = True
        else:
            others.append(part)
    if not posts:
        known = "、".join(SeatPost.labels)
        raise BadCell(f"职务“{as_text(value)}”不认识。", f"可填：{known}。")
    said = {"post": list(dict.fromkeys(posts))}
    if heads:
        said["heads_village"] = True
    return said | ({"concurrent": "、".join(others)[:120]} if others else {})


def post_named(text) -> str | None:
    return POSTS.get(text) or POSTS.get(BEFORE_POST.sub("", text))


def clean_names(value) -> list[str]:
    """One name or several: 张三、李四, 张三 李四, one a line; nobody where the post is vacant."""
    text = unicodedata.normalize("NFKC", str(value))
    if folded(text) in VACANT:
        raise Doubt(f"写的是“{as_text(value)}”，没有登记人。", [])
    names = []
    for part in filter(str.strip, NAMES.split(text)):
        parts = part.split()
        several = len(parts) > 1 and all(len(name) > 1 for name in parts)
        names += [clean_name(name) for name in (parts if several else [part])]
    return list(dict.fromkeys(names))


def clean_term(value) -> int:
    found = TERM.fullmatch("".join(as_text(value).split()))
    if not found:
        raise Doubt(f"届次“{as_text(value)}”不认识，未导入。")
    text = found[1]
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return NUMERALS[text]
    return NUMERALS.get(tens, 1) * 10 + NUMERALS.get(ones, 0)


def clean_source(value) -> str:
    return clean_choice(as_text(value), SOURCES, "来源")


def clean_full_time(value) -> bool:
    said = FULL_TIME.get(folded(as_text(value)))
    if said is None:
        raise Doubt(f"“{as_text(value)}”不认识，请填“专职”或“兼职”，未导入。")
    return said


def clean_concurrent(value) -> dict:
    """What else the person does; 村（居）委会主任 is a fact of its own."""
    parts = [part for part in re.split(r"[；;]", as_text(value)) if part]
    heads = [part for part in parts if CHIEF.search(unicodedata.normalize("NFKC", part))]
    said = {"heads_village": True} if heads else {}
    rest = "；".join(part for part in parts if part not in heads)[:120]
    return said | ({"concurrent": rest} if rest else {})
