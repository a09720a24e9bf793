"""What the columns of a roster are called: one field, many headings."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

#: field → (what we call it, what others call it). The earlier alias is the better one, where two
#: columns of a sheet stand for one field.
FIELDS = {
    "serial": ("序号", "顺序号 行号 编号 NO 序"),
    "organization": (
        "所在党支部",
        "所属党支部 党支部 党支部名称 所在支部 所属支部 支部 支部名称 党支部全称 所在党支部名称 "
        "所属党支部名称 组织关系所在党支部 党组织关系所在支部 组织关系所在支部 组织关系所在党组织 "
        "所在党组织 所属党组织 党组织 党组织名称 所在党组织名称 所属党组织名称 所在基层党组织 "
        "所属组织 组织名称 村别 村名 所在村 所属村 村(社区) 所在村(社区) 所在村社区 村社区 行政村 "
        "所属村(社区) 所属村社区 社区 所属社区 所在社区 社区名称 村居 所属村居 所在村居",
    ),
    "organization_code": (
        "党组织代码",
        "所在党组织代码 所属党组织代码 党支部代码 支部代码 所在党支部代码 党组织编码 党支部编码 "
        "支部编码 组织代码 组织编码 所在党组织编码 所属党组织编码 所在党支部编码 所属党支部编码 "
        "所属党支部代码 所在支部编码 所属支部编码 所在支部代码 所属支部代码",
    ),
    "superior": (
        "上级党组织",
        "上级党组织名称 所属党委 所在党委 党委 党委名称 基层党委 所属党工委 所属党总支 所在党总支 "
        "乡镇 乡镇街道 乡镇(街道) 街道 所属乡镇 所属街道 所在乡镇 所在街道",
    ),
    "name": ("姓名", "党员姓名 名字 党员名字 姓名全称"),
    "id_number": (
        "公民身份号码",
        "身份证号码 身份证号 公民身份证号码 公民身份证号 居民身份证号码 居民身份证号 身份号码 "
        "身份证 身份证件号码 身份证件号 证件号码 证件号 居民身份证",
    ),
    "sex": ("性别", ""),
    "ethnicity": ("民族", "民族成份 民族成分"),
    "born": ("出生日期", "出生年月日 出生年月 出生时间 生日 出生 生年月日"),
    "education": (
        "学历",
        "最高学历 学历层次 文化程度 受教育程度 教育程度 学历情况 文化 全日制学历 最高学历层次",
    ),
    "degree": ("学位", "最高学位 学位情况"),
    "native_place": ("籍贯", ""),
    "stage": (
        "人员类别",
        "党员类别 党员类型 党员身份 党籍类别 政治面貌 人员类型 党员性质 组织身份 人员身份 政治身份 "
        "身份类别 正式/预备 预备/正式 预/正 正/预 正式或预备 正式党员/预备党员 预备党员/正式党员 "
        "是否预备党员 是否为预备党员 是否正式党员 是否为正式党员 是否党员 是否为党员 "
        "是否中共党员 是否为中共党员",
    ),
    "standing": ("党籍状态", "党籍情况 党籍 党员状态"),
    "left_on": (
        "转出时间",
        "转出日期 关系转出时间 关系转出日期 组织关系转出时间 组织关系转出日期 去世时间 去世日期 "
        "出党时间 出党日期",
    ),
    "joined": (
        "加入党组织日期",
        "加入党组织时间 加入党组织年月 入党日期 入党时间 入党年月日 入党年月 入党 "
        "加入中国共产党日期 加入中国共产党时间 确定为预备党员日期 确定为预备党员时间 "
        "成为预备党员日期 成为预备党员时间 接收为预备党员日期 接收为预备党员时间 "
        "接收预备党员日期 接收预备党员时间 吸收为预备党员时间 预备党员时间 预备党员日期 加入时间 "
        "加入党组织 入党时间预备 入党时间预备党员 "
        "入党日期预备 入党日期预备党员 入党预备",
    ),
    "confirmed": (
        "转为正式党员日期",
        "转为正式党员时间 转为正式党员年月 转正日期 转正时间 转正年月日 转正年月 转正 "
        "成为正式党员日期 成为正式党员时间 转正式党员时间 预备党员转正日期 预备党员转正时间 "
        "批准转正时间 批准转正日期 按期转正时间 转为正式党员 入党时间正式 "
        "入党时间正式党员 入党时间转正 入党日期正式 入党日期正式党员 入党日期转正 "
        "入党正式 入党转正",
    ),
    "job": (
        "工作岗位",
        "工作单位及职务 工作单位及岗位 单位及职务 单位职务 工作单位职务 岗位 工作单位 "
        "工作/学习单位 工作学习单位 现工作单位 职业 从事职业 现任职务 行政职务",
    ),
    "phone": (
        "联系电话",
        "手机号码 手机号 手机 移动电话 联系方式 联系手机 本人电话 电话号码 电话 联系电话号码",
    ),
    "landline": ("固定电话", "固话 座机 家庭电话 宅电 办公电话"),
    "address": (
        "家庭住址",
        "家庭地址 家庭详细住址 现家庭住址 住址 现住址 现居住地 居住地 居住地址 现居住地址 "
        "现住地址 详细地址 通讯地址 常住地址",
    ),
    "is_lost": ("失联", "失联党员 失联情况 失去联系"),
    "lost_since": ("失联日期", "失联时间 失去联系日期 失去联系时间"),
    "is_away": ("流动党员", "流动 外出流动 流出党员 流动状态"),
    "away_to": ("外出流向", "流向 流动去向 外出地点 外出地 流动地点 流入地 去向"),
    "is_party_worker": ("党务工作者", "专职党务工作者"),
    "is_volunteer": ("志愿者", "党员志愿者"),
    "is_delegate": ("党代表", "党代会代表"),
    "is_first_secretary": ("第一书记", ""),
    "in_hardship": ("困难党员", "困难 生活困难党员 生活困难"),
    "note": ("备注", "其他说明 备考 备注说明 说明"),
}
#: A name and one of these make a roster; the serial number and the note tell nothing.
TELLING = {"organization", "organization_code", "id_number", "joined", "born", "stage", "phone"}
IDLE = {"serial", "note"}
#: Fields that only say how the others are to be taken.
BESIDE = {"serial", "left_on"}
SUGGESTED = 0.85
#: In the heading of a column of our own exports whose cells are masked: nothing to be read.
MASKED = "已脱敏"

IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|\{[^{}]*\}")
BRACKETS = re.compile(r"[()\[\]【】<>{}〔〕]")
DECORATION = re.compile(r"[\s*:;,.、,。'\"“”_·…!?#★※-]")
#: What follows tells how to fill in, or another name: 入党时间如：2001.07, 手机/电话.
HINT = re.compile(r"[/／、或]|例?如|格式|请?填写|请填|\d")
PREFIX = re.compile(r"^\d*(?:党员|本人|是否为|是否是|是否系|是否)?")


class Match(NamedTuple):
    """The field that a heading means, and how good a name for it that is: 0 is the best."""

    field: str | None = None
    how: str = ""
    rank: int = 0


def flat(text) -> str:
    """A heading as it is printed, on one line."""
    return " ".join(str(text).split())


def folded(text, *, keep_hints=False) -> str:
    """A heading without spaces, marks, and the hints that stand in brackets."""
    text = unicodedata.normalize("NFKC", str(text)).translate({0x200B: None, 0xFEFF: None})
    text = "".join(text.split()).upper()
    if not keep_hints:
        text = IN_BRACKETS.sub("", text)
    return DECORATION.sub("", BRACKETS.sub("", text))


class Vocabulary:
    """The fields of one kind of roster, and how to tell its heading from other rows."""

    def __init__(self, fields, *, named, telling, no_heading, fewest=4, enough=(), required=(),
                 side_by_side=()):  # fmt: skip
        #: field → (label, other words for it)
        self.fields = fields
        #: A heading has one of these sets, a telling field, and so many in all or just `enough`.
        self.named, self.telling, self.fewest, self.enough = named, telling, fewest, set(enough)
        #: Fields that stand twice where two tables stand beside each other.
        self.side_by_side = set(side_by_side)
        #: What to say when there is no heading, and the columns without which nothing goes.
        self.no_heading, self.required = no_heading, required
        self.known = {
            folded(alias): (field, rank)
            for field, (label, others) in fields.items()
            for rank, alias in enumerate([label, *others.split()])
        }
        self.match = lru_cache(maxsize=4096)(self._match)

    def label(self, field) -> str:
        return self.fields[field][0]

    def _match(self, heading: str) -> Match:
        """Which field a heading means, as it is or tidied."""
        plain = heading.strip()
        if MASKED in plain:
            return Match()
        for how, text in (
            ("EXACT", plain),
            ("NORMALISED", folded(plain)),
            ("NORMALISED", folded(plain, keep_hints=True)),
            ("NORMALISED", PREFIX.sub("", folded(plain))),
            ("NORMALISED", folded(HINT.split(plain)[0])),
            ("NORMALISED", PREFIX.sub("", folded(HINT.split(plain)[0]))),
        ):
            if text in self.known:
                field, rank = self.known[text]
                return Match(field, how, rank)
        return Match()

    def nearest(self, heading: str) -> str | None:
        """The field with the most similar name, if any is similar enough to be asked about."""
        text = folded(heading)
        if len(text) < 3 or MASKED in heading:
            return None
        # 转入时间 is nearly 转出时间
        known = [alias for alias, (field, _) in self.known.items() if field not in BESIDE]
        best = max(known, key=lambda alias: SequenceMatcher(None, alias, text).ratio())
        ratio = SequenceMatcher(None, best, text).ratio()
        return self.known[best][0] if ratio >= SUGGESTED else None

    def is_heading(self, found: set) -> bool:
        enough = len(found) >= self.fewest or bool(self.enough) and self.enough < found
        return enough and any(found >= names for names in self.named) and bool(found & self.telling)


MEMBERS = Vocabulary(
    FIELDS,
    named=[{"name"}],
    telling=TELLING,
    enough={"name", "id_number"},
    side_by_side={"name", "id_number"},
    no_heading=(
        "没有找到表头：前 15 行里应有姓名、身份证号码、所在党支部、入党时间等列名。"
        "请核对工作表，或把表头写在数据上方的一行。"
    ),
)
match, nearest = MEMBERS.match, MEMBERS.nearest
