"""Rows of a table that are no people: notes, samples, signatures, totals, repeated headings.

When in doubt a row is a person: a row wrongly read is seen in the report, one left out is not.
"""

import re
import unicodedata

from orgs.fields import normalise
from orgs.masking import is_id_number
from orgs.rosters.aliases import IDLE, folded
from orgs.rosters.cells import VACANT, as_text, is_nothing

LABELS = {
    "BLANK": "空白",
    "NOTE": "说明",
    "SAMPLE": "示例",
    "SIGNATURE": "落款",
    "TOTAL": "合计",
    "HEADING": "重复的表头",
    "SECTION": "分组标题",
    "VACANT": "职务空缺",
}
NOTE = re.compile(
    r"^[*※★(【\[]*(?:附?注\d*[:：.、]|(?:备注|说明|填表说明|填报说明|填写说明|填报要求|填表要求|"
    r"注意事项|注意|提示|温馨提示)\d*[:：])|(?:导入|上传|填报|填写)前请|请勿(?:删除|修改)|此行"
)
SIGNATURE = re.compile(
    r"(?:填表|制表|审核|复核|审批|负责|经办|填报|联系|统计|校对|录入)人(?:员)?(?:签[字名])?"
    r"(?:[:：(]|$)|^(?:(?:支部|党支部|党委|党组织)?(?:书记|负责人)|领导)?(?:签[字名])(?:[:：(]|$)"
    r"|盖章|公章|(?:填报|填表|制表|上报)(?:单位|日期|时间|部门)(?:[:：(]|$)|^[\d年月日/.\-]*日期[:：]"
)
DIGIT = "[\\d〇○零一二三四五六七八九十]"
DATE_LINE = re.compile(f"^{DIGIT}{{0,4}}年{DIGIT}{{0,3}}月{DIGIT}{{0,3}}日?$")
PAGE_MARK = re.compile(r"^[-—]*第[\d一二三四五六七八九十]+页")
TOTAL = re.compile(
    r"^(?:合计|总计|(?:党员)?总数|小计|共计|累计|本页合计|本页小计|总人数|人数合计|共\d*[人名])"
)
SAMPLE = re.compile(
    r"^[(【\[]*(?:(?:填写)?示例|样例|范例|举例|例如|例[:)】\]\d]|例$|EXAMPLE|SAMPLE)"
)
SAMPLE_ANYWHERE = re.compile(r"[(【\[](?:示例|样例|范例|例)[)】\]]|示例数据|样例数据")
PLACEHOLDER = re.compile(r"[X×*＊某]{2,}|某某")
PLACEHOLDER_NAMES = {"张三", "李四", "王五", "赵六", "某某", "张某", "李某", "王某", "张某某"}
HINT = re.compile(r"必填|选填|(?<![未待没])填写|下拉|文本格式|格式[为:：]|^如[:：]|YYYY|\d位")
#: Below 身份证号码, and no number of anybody.
PROSE_ID = re.compile(r"^(?=(?:.*[\u4e00-\u9fff]){4})(?!.*\d{6})(?!.*\*\*)")
LONG_NUMBER = re.compile(r"\d{12}|\d\.\d+E\+?\d", re.IGNORECASE)
ID_LIKE = re.compile(r"\d{17}[\dXx]")
#: Of a row without a name: 支部书记： with somebody beside it.
FORM_LABEL = re.compile(r"^[\u4e00-\u9fff]{2,8}:")
CHINESE_ONLY = re.compile(r"[\u4e00-\u9fff]+")
NO_NAME = re.compile(
    r"空白|一式|签名|签字|名单|本[表页]|备注|说明|小组长?$|支部$|^以[上下]|^续(?:表|上|前|下|$)|党员$|支部\(|[\d、,:;]"
)
#: Whatever stands beside it.
NEVER_NAME = re.compile(r"空白|一式|签[名字]|名单|本[表页]|\(章")
MASKED_ID = re.compile(r"\d{6}\*+\d{2}")
FIRST_ROWS = 3
#: Of a single cell: longer is no name, of a person or of a branch.
LONGEST_ALONE = 20
#: Columns in which people write what they like.
PROSE = {"note", "address", "job", "native_place", "away_to"}


class Skipper:
    """Asked row by row, from the first below the heading."""

    def __init__(self, table):
        self.places = table.places
        self.headings = {column.index: folded(column.heading) for column in table.columns}
        #: The title and the labels, which may stand on every printed page again.
        self.above = [self._texts(row.values) for row in table.above]
        self.asked = 0

    def reason(self, row) -> str:
        """A key of LABELS, or "" for a person."""
        if self.are_plainly_people([row]):
            return ""
        texts = self._texts(row.raw)
        if all(place == self.places.get("serial") and is_serial(texts[place]) for place in texts):
            return "BLANK"
        if self._is_heading(texts):
            return "HEADING"
        told = {name: texts[place] for name, place in self.places.items() if place in texts}
        reason = self._of_sample(told, texts) or self._of_words(told, texts)
        self.asked += 1
        return reason

    def _texts(self, cells) -> dict:
        texts = {i: squeezed(value) for i, value in enumerate(cells)}
        return {place: text for place, text in texts.items() if not is_nothing(text)}

    def are_plainly_people(self, rows) -> bool:
        """Names beside eighteen digits: nearly all rows, so that it must be quick."""
        name, number = self.places.get("name"), self.places.get("id_number")
        if name is None or number is None or self.asked < FIRST_ROWS:
            return False
        numbers = [row.raw[number] for row in rows]
        are_people = (
            set(map(type, numbers)) == {str}
            and all(map(ID_LIKE.fullmatch, numbers))
            and None not in [row.raw[name] for row in rows]
            and "例" not in "".join([v for row in rows for v in row.raw if type(v) is str])
        )
        self.asked += len(rows) if are_people else 0
        return are_people

    def _is_heading(self, texts) -> bool:
        if texts in self.above:
            return True
        same = sum(self.headings.get(place) == folded(text) for place, text in texts.items())
        return same >= 3

    def _of_sample(self, told, texts) -> str:
        said = texts.values()
        if any(SAMPLE.match(text) or SAMPLE_ANYWHERE.search(text) for text in said):
            return "SAMPLE"
        hints = sum(bool(HINT.search(text)) for text in said)
        if hints >= 3 or hints == len(said) > 1:
            return "NOTE"
        name = told.get("name", "")
        if self.asked < FIRST_ROWS and (name in PLACEHOLDER_NAMES or PLACEHOLDER.search(name)):
            number = told.get("id_number", "")
            is_true = is_id_number(normalise(number)) or MASKED_ID.search(number)
            return "" if is_true else "SAMPLE"
        return ""

    def _of_words(self, told, texts) -> str:
        if LONG_NUMBER.search(told.get("id_number", "")):
            return ""
        if "post" in told and told.get("name") in VACANT:
            return "VACANT"
        said = texts.values()
        if len(told.keys() - PROSE - IDLE) > 1:
            # a remark about somebody may begin with 注, and any job end with 负责人
            first = next(iter(texts.values()))
            said = [first, *(told[name] for name in ("serial", "name") if name in told)]
        for reason, form in (("TOTAL", TOTAL), ("SIGNATURE", SIGNATURE), ("NOTE", NOTE)):
            if any(form.search(text) for text in said):
                return reason
        labels = [text for text in texts.values() if FORM_LABEL.match(text)]
        if labels and "name" in self.places and told.get("name", labels[0]) in labels:
            return "SIGNATURE"
        return self._of_few(told, texts)

    def _of_few(self, told, texts) -> str:
        """Rows with next to nothing in the columns of a person."""
        if all(DATE_LINE.match(text) for text in texts.values()):
            return "SIGNATURE"
        if len(texts) == 1 and PAGE_MARK.match(*texts.values()):
            return "HEADING"
        people = told.keys() - IDLE - {"organization", "organization_code", "superior"}
        if "id_number" not in told and NEVER_NAME.search(told.get("name", "")):
            return "NOTE"
        if "name" not in told and PROSE_ID.match(told.get("id_number", "")):
            return "NOTE"
        if "id_number" in told or len(people) >= 2:
            return ""
        if people == {"name"}:
            return "" if may_be_name(told["name"]) else "NOTE"
        if people and len(texts) > 1:
            return ""
        if len(texts) == 1:
            return "SECTION" if len(*texts.values()) <= LONGEST_ALONE else "NOTE"
        return "BLANK" if "organization" in told else "NOTE"


def may_be_name(text) -> bool:
    """Of a cell below 姓名 beside which nothing else stands: 以下空白 is nobody."""
    chinese = CHINESE_ONLY.fullmatch(text)
    return len(text) <= (4 if chinese else LONGEST_ALONE) and not NO_NAME.search(text)


def is_serial(text) -> bool:
    return text.isdigit() and len(text) <= 6


def squeezed(value) -> str:
    return "".join(unicodedata.normalize("NFKC", as_text(value)).split())
