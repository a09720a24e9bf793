"""Single cells of a roster: what was typed → what a Member holds, or why it cannot."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from orgs.fields import normalise
from orgs.masking import id_number_error, phone_error, whole_id_error
from orgs.models import ETHNICITIES, Education, Sex, Stage, Standing


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOTHING = words("… …… - -- — —— / \\ 无 暂无 空 NULL N/A NA 不详 未填 未填写 待填写")
#: Nobody holds the post.
VACANT = words("空缺 暂缺 缺 缺额 缺职 缺位 空岗 空 待定 待选 待配 待补 待补选 未定 未配备 暂无")
#: The cell above holds here, too.
DITTO = frozenset("同上 同前 同 〃 ″ ” “ \" '' ”” ““".split())  # noqa: SIM905
LONGEST_NOTHING = max(map(len, NOTHING))
PRECISION_LOST = "精度已丢失，请设为文本"
PRECISION_HINT = "Excel 只保留 15 位数字：请先把该列单元格格式设为“文本”，再按证件重新填写。"
SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?E\+?\d+", re.IGNORECASE)
WHOLE_ID, MOBILE = re.compile(r"[0-9]{17}[0-9X]"), re.compile(r"1[3-9][0-9]{9}")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
#: Signs that point at a remark below the table.
MARKS = "· *△▲★☆●○◎■□◆◇※#"
DOTS = str.maketrans("•‧∙・．.⋅●", "········")
CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af〇]")
PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,6}")
#: 谭*军, 田*, *建国, 欧阳**; a single star before or behind a whole name points at a remark.
MASKED_NAME = re.compile(r"[^\s*]\s*\*+\s*[^\s*]|\*\*|^[^\s*]\*$|^\*\s*[^\s*]{1,2}$")
IN_BRACKETS = re.compile(r"\([^()]*\)")
LONGEST_NAME = 40
#: Behind a name: what other columns say, or nothing of the membership.
WITHOUT_MEANING = words("男 女 党员 正式 正式党员 书记 副书记 支部书记 委员 组长 大 小 甲 乙")
YES = words("是 有 Y YES 1 √ ✓ ✔ 对 TRUE 已失联")
NO = words("否 不是 非 没有 N NO 0 × X ✗ 错 FALSE 未 正常 未失联")


class BadCell(ValueError):
    """The row is not taken: what is wrong, and what to do about it."""

    def __init__(self, message, hint=""):
        super().__init__(message)
        self.message, self.hint = message, hint


class Doubt(ValueError):
    """The row is taken without this cell's value, or with `value` in place of it."""

    def __init__(self, message, value=""):
        super().__init__(message)
        self.message, self.value = message, value


def as_text(value) -> str:
    """The cell as one line of text, as it would be shown."""
    if value is None:
        return ""
    if type(value) is str and value.isprintable() and " " not in value and value[:1] != "'":
        return value  # nearly every cell of a long roster
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, str):
        value = value.translate(INVISIBLE)
        return " ".join(value.split()).removeprefix("'").strip()
    return str(value)


def is_nothing(text: str) -> bool:
    if len(text) > LONGEST_NOTHING and text[0] not in "-—－_ …":
        return False
    return text.upper() in NOTHING or not text.strip("-—－_ …")


@lru_cache(maxsize=65536)
def clean_name(text: str) -> str:
    """罗　红怡 → 罗红怡; 阿依古丽•买买提 with the right dot; 张三（预备） without the remark."""
    if text in DITTO:
        raise BadCell("姓名写的是“同上”。", "请填写完整姓名。")
    if PLAIN_NAME.fullmatch(text):
        return text
    name = unicodedata.normalize("NFKC", text)
    name = IN_BRACKETS.sub("", name).translate(DOTS).strip(MARKS.replace("*", ""))
    if MASKED_NAME.search(name):
        raise BadCell("姓名是打码的，看不出是谁。", "请填写完整姓名。")
    name = name.strip(MARKS)
    if CHINESE.search(name):
        name = "".join(name.split())
    if not name:
        raise BadCell("姓名不能为空。")
    if re.search(r"\d", name):
        raise BadCell("姓名里不应有数字。", "一格只填一个人的姓名。")
    if not any(character.isalpha() for character in name):
        raise BadCell("姓名无法识别。")
    if re.search(r"[、,，;；/]", name):
        raise BadCell("一格只能填一个人的姓名。")
    if len(name) > LONGEST_NAME:
        raise BadCell(f"姓名最多 {LONGEST_NAME} 个字。")
    return name


def clean_id(value, today: date) -> str:
    """公民身份号码 (GB 11643). A number that went through Excel's 15 digits is never repaired."""
    text = as_text(value)
    if type(value) is str and WHOLE_ID.fullmatch(value) and not whole_id_error(value, today):
        return value  # nearly every one
    if isinstance(value, float) or SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise BadCell(PRECISION_LOST, PRECISION_HINT)
    if is_masked(text):
        raise BadCell("身份证号码是打码的，无法核对。", "请用写有完整号码的名册。")
    number = normalise(text)
    if message := id_number_error(number, today):
        lost = len(number) == 18 and number.endswith("000")
        raise BadCell(message, PRECISION_HINT if lost else "")
    return number


def is_masked(text: str) -> bool:
    return "**" in text or "＊＊" in text


def unmasked(text: str, label: str) -> str:
    """What somebody has masked tells nothing that could be kept."""
    if is_masked(text):
        raise Doubt(f"{label}是打码的，未导入。")
    if text in DITTO:
        raise Doubt(f"{label}写的是“同上”，未导入。")
    return text


def clean_phone(value) -> str:
    """As it is written; a number that cannot be called is kept with a warning."""
    text = as_text(value)
    if MOBILE.fullmatch(text):
        return text
    unmasked(text, "联系电话")
    if isinstance(value, float) and not value.is_integer() or SCIENTIFIC.fullmatch(text):
        raise Doubt(f"联系电话未导入：{PRECISION_LOST}。")
    plain = unicodedata.normalize("NFKC", text).removeprefix("+86").strip(" -")
    plain = re.sub(r"[\s-]", "", plain) if re.fullmatch(r"1[\d\s-]{10,14}", plain) else plain
    first = re.split(r"[/、,;\s]+", plain)[0]
    if first != plain and not phone_error(first):
        return plain
    if message := phone_error(plain):
        raise Doubt(message, plain[:60])
    return plain


def choices_of(*pairs, **aliases) -> dict[str, str]:
    """{what is typed: code} of the labels and of other words for them."""
    known = {label: code for code, label in pairs}
    for label, words in aliases.items():
        known |= dict.fromkeys(words.split(), known[label])
    return known


SEXES = choices_of(*Sex.choices, 男="男性 M 1 先生 男士", 女="女性 F 2 0 女士")
PEOPLES = {name: code for code, name in ETHNICITIES}
# 汉 and 汉族 alike; 其他 has no code in GB/T 3304 and stays empty with a warning
PEOPLES |= {name.removesuffix("族"): code for code, name in ETHNICITIES if len(name) > 1}
EDUCATIONS = choices_of(
    *Education.choices,
    博士研究生="博士 博士研究生毕业 博士生",
    硕士研究生="硕士 硕士研究生毕业 硕士生 硕研",
    研究生="研究生毕业 在职研究生 中央党校研究生 省委党校研究生 党校研究生 研究生学历 研究生班",
    大学本科="本科 大学 大学本科毕业 本科毕业 在职大学 全日制本科 在职本科 函授本科 党校本科 学士 "
    "大学学历 大本 本科学历 省委党校大学 中央党校大学 党校大学 大学毕业",
    大专="专科 大学专科 大学专科毕业 大专毕业 在职大专 专科毕业 高职 大专学历 党校大专 全日制大专 "
    "大普 高专",
    中专="中等专科 中等专业学校 中专毕业 中等专科毕业 中师 中专学历",
    职高="职业高中 职中 职业高中毕业 中职",
    技校="技工学校 技工学校毕业 中技 技工",
    高中="普通高中 高中毕业 普通高级中学 普通高中毕业 高级中学 高中学历 普高",
    初中="初中毕业 初级中学 普通初中 初中学历 初中及以下",
    小学="小学毕业 小学学历 初小 高小 小学及以下",
    其他="文盲 半文盲 文盲半文盲 文盲或半文盲 其它 未上学 扫盲",
)
STAGES = choices_of(
    *Stage.choices,
    正式党员="正式 正 中共党员 党员 共产党员 中国共产党党员 中共正式党员 正式中共党员",
    预备党员="预备 预 中共预备党员 预备期 预备期党员 预备中共党员 中国共产党预备党员 "
    "中共党员(预备) 中共党员(预备党员) 党员(预备) 党员(预备党员)",
)
#: People whom rosters list and who are not members, whatever stands before or behind: 一般群众,
#: 民盟盟员, 发展对象及入党积极分子.
NOT_MEMBERS = re.compile(
    r"积极分子|发展(?:党员)?对象|申请人|群众$|^(?:共青)?团员|民主党派|无党派|^非(?:中共)?党员?$"
)
#: 民盟盟员, 民革党员; 民建村 is a village.
OTHER_PARTY = re.compile(
    r"(?:民革|民盟|民建|民进|农工党|农工民主党|致公党|九三学社|台盟)(?:党员|盟员|会员|社员|成员)?"
)
#: Who is a member, too, whatever else is said.
MEMBER = re.compile("(?<!非)党员(?!发展|培养|对象)|(?<!非)中共(?!.*(?:积极分子|发展))")
STANDINGS = choices_of(
    *Standing.choices,
    正常="正常党员 在册 正常在册 有效",
    保留="保留党籍",
    恢复="恢复党籍",
    停止="停止党籍 暂停 停止组织生活 停止党员权利 自行脱党",
    开除="开除党籍",
    出党="除名 退党 已出党",
    去世="死亡 已故 已去世 病故 逝世",
    转出="已转出 转走 调出",
)
#: A stage or a standing in the column of the other, until they have been compared.
STAGE_BESIDE, STANDING_BESIDE = "stage_beside", "standing_beside"
#: 224_预备党员, 01 汉族: a code stands before the word in lists of other systems.
CODED = re.compile(r"^\d{1,4}[-_.:、]?(?=\D)")


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def choice(text: str, known: dict) -> str | None:
    plain = folded(text)
    for said in (plain, IN_BRACKETS.sub("", plain), CODED.sub("", plain)):
        if said in known:
            return known[said]
    return None


def clean_choice(text: str, known: dict, label: str) -> str:
    code = choice(text, known)
    if code is None:
        raise Doubt(f"{label}“{text}”不认识，未导入。")
    return code


def standing_of(text: str) -> str | None:
    """死亡 and 已死亡 alike."""
    plain = CODED.sub("", folded(text))
    return choice(plain, STANDINGS) or choice(plain.removeprefix("已"), STANDINGS)


def is_no_member(text: str) -> bool:
    plain = folded(text)
    if OTHER_PARTY.fullmatch(plain):
        return True
    return bool(NOT_MEMBERS.search(plain)) and not MEMBER.search(plain)


def refuse_no_member(text: str):
    if is_no_member(text):
        raise BadCell(f"“{text}”不是党员，不能导入党员名册。", "请从名册中删去这一行。")


def clean_stage(text: str) -> str | dict:
    """正式党员 or 预备党员; the standing of those whom the column says to be gone."""
    if stage := choice(text, STAGES):
        return stage
    refuse_no_member(text)
    if standing := standing_of(text):
        return {STANDING_BESIDE: standing}
    return clean_choice(text, STAGES, "人员类别")


#: What stands in brackets behind a name: [(field, code)].
REMARKS = {
    **{word: [("stage", Stage.PROBATIONARY.value)] for word in words("预备 预备党员 预备期")},
    **{word: [("standing", code)] for word, code in STANDINGS.items()},
}


def remarks_on(text: str) -> None:
    """张三（已故）: raises Doubt with {field: value} of the remarks that say one."""
    plain = unicodedata.normalize("NFKC", text)
    remarks = {remark: folded(remark.strip("()")) for remark in IN_BRACKETS.findall(plain)}
    said = {field: code for word in remarks.values() for field, code in REMARKS.get(word, ())}
    known = {word for word in remarks.values() if word in REMARKS}
    if unknown := [r for r, word in remarks.items() if word not in known | WITHOUT_MEANING]:
        raise Doubt(f"姓名后面的“{''.join(unknown)}”未导入，请填在相应的列里。", said)
    if known:
        raise Doubt(f"按姓名后面的“{''.join(remarks)}”登记，请核对。", said)


def is_yes(text: str) -> bool | None:
    plain = folded(text)
    return True if plain in YES else False if plain in NO else None


def clean_flag(text: str, label: str) -> bool:
    """是/否, ticks, or the very word of the column: 困难党员."""
    said = True if folded(text) == label else is_yes(text)
    if said is not None:
        return said
    raise Doubt(f"{label}“{text}”不认识，请填“是”或“否”，未导入。")
