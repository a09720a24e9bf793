"""How each column of a roster is filled in: the words of 填写说明 and the lists to choose from."""

from dataclasses import dataclass

from orgs.models import (
    ETHNICITIES,
    Education,
    Formation,
    ImportBatch,
    OrganizationKind,
    SeatPost,
    SeatSource,
    Sector,
    Sex,
    Stage,
    Standing,
)

YES_NO = ("是", "否")
DATE = "写到日、月或年都可以：1985-06-01、1985.06、1985年。单元格已设为文本，照原样填写。"
DAY = "写到日，如 2019-07-01。"
BRANCH = "从下拉框中选，或填党组织全称、简称或代码；同名的请填代码。"
FLAG = "填“是”或“否”，不填不改变原来的内容。"


@dataclass(frozen=True)
class Guide:
    how: str
    example: str = ""
    is_required: bool = False
    #: What may be chosen; "organization" is filled in for whoever asks.
    choices: tuple[str, ...] = ()
    #: Other answers are taken, too.
    is_open: bool = False
    width: int = 14


def listed(how, labels, example, **more) -> Guide:
    return Guide(how, example, choices=tuple(labels), **more)


def flag(example="否") -> Guide:
    return Guide(FLAG, example, choices=YES_NO)


ORGANIZATION = Guide(BRANCH, "柳河镇一村党支部", True, is_open=True, width=28)
CODE = Guide("党组织同名时填；填了代码，可以不填名称。", "429921100201", width=20)
SUPERIOR = Guide("党组织同名时填，用来区分。", "柳河镇党委", width=20)
PHONE = Guide("手机号码或带区号的固定电话，多个用顿号隔开。", "13900000021", width=16)
NOTE = Guide("其他要说明的，不超过 200 字。", "", width=24)

MEMBERS = {
    "organization": ORGANIZATION,
    "organization_code": CODE,
    "superior": SUPERIOR,
    "name": Guide("身份证上的姓名，不加空格和备注。", "陈立国", True),
    "id_number": Guide(
        "18 位，末位 X 大写。单元格已设为文本，请勿改为数字，否则后几位会变成 0。",
        "", True, width=24,
    ),
    "sex": listed("不填时按身份号码。", Sex.labels, "男", width=8),
    "ethnicity": listed("民族全称。", [name for _, name in ETHNICITIES], "土家族", width=10),
    "born": Guide(f"不填时按身份号码。{DATE}", "1985-06-01"),
    "education": listed("最高学历。", Education.labels, "大专", width=12),
    "degree": Guide("最高学位，没有不填。", "学士"),
    "native_place": Guide("省、市、县。", "湖北青溪"),
    "stage": listed("正式党员或预备党员。", Stage.labels, "正式党员", width=12),
    "standing": listed("不填为正常。", Standing.labels, "正常", width=12),
    "joined": Guide(f"成为预备党员的日期。{DATE}", "2005-07-01", width=18),
    "confirmed": Guide(f"预备党员不填。{DATE}", "2006-07-01", width=18),
    "job": Guide("工作单位和职务。", "柳河镇一村村民", width=20),
    "phone": PHONE,
    "landline": Guide("带区号。", "0717-6222345", width=16),
    "address": Guide("现在住的地方。", "柳河镇一村三组12号", width=28),
    "is_lost": flag(),
    "lost_since": Guide(f"失联的填。{DATE}", ""),
    "is_away": flag(),
    "away_to": Guide("流动党员填外出地点。", "广东深圳", width=18),
    "is_party_worker": flag(),
    "is_volunteer": flag("是"),
    "is_delegate": flag(),
    "is_first_secretary": flag(),
    "in_hardship": flag(),
    "note": NOTE,
}  # fmt: skip
COMMITTEES = {
    "organization": ORGANIZATION,
    "organization_code": CODE,
    "superior": SUPERIOR,
    "name": Guide("一行一人，不加空格和备注。", "陈立国", True),
    "id_number": Guide("18 位，用来与党员名册对应；没有可不填。", "", width=24),
    "post": listed(
        "一人任两职时写在一起，用顿号隔开：副书记、组织委员。", SeatPost.labels, "书记",
        is_required=True, is_open=True,
    ),
    "started": Guide(f"任现职的日期。{DATE}", "2021-03"),
    "term": Guide("第几届。", "第八届", width=10),
    "elected": Guide(f"本届选举产生的日期。{DATE}", "2021-03-15"),
    "due_on": Guide("届满应换届的日期；不填时按规定的届期推算。", "2026-03-15"),
    "source": listed("怎样产生的。", SeatSource.labels, "群众推荐", is_open=True),
    "is_full_time": listed("专职或兼职。", ("专职", "兼职"), "兼职", width=12),
    "heads_village": Guide("是否兼任村（居）委会主任。", "是", choices=YES_NO),
    "concurrent": Guide("兼任的其他职务。", "村集体经济合作社理事长", width=24),
    "phone": PHONE,
    "document": Guide("上级批复的文号。", "柳组〔2021〕3号", width=20),
    "note": NOTE,
}  # fmt: skip
ORGANIZATIONS = {
    "code": Guide(
        "不重复的代码，照党务系统填写；再次导入时按它对应。", "429921100201", True, width=22
    ),
    "name": Guide("党组织全称。", "中共柳河镇一村支部委员会", True, width=32),
    "parent": Guide("直接上级的党组织代码；上级可以在同一张表里。", "429921100", True, width=22),
    "kind": listed("党组织的类别。", OrganizationKind.labels, "党支部", is_required=True),
    "sector": listed("八个领域之一。", Sector.labels, "农村"),
    "formation": listed("没有不填。", Formation.labels, "单独组建"),
    "division_code": Guide("村 12 位、乡镇 9 位、县 6 位；单位不填。", "429921100201", width=20),
    "short_name": Guide("列表中显示的名称；不填时由全称得出。", "一村党支部", width=20),
    "founded_on": Guide(DAY, "2019-07-01"),
    "supervisor": Guide("条块双重管理的单位填所在地党组织代码。", "", width=22),
}
GUIDES = {
    ImportBatch.Kind.MEMBERS: MEMBERS,
    ImportBatch.Kind.COMMITTEES: COMMITTEES,
    ImportBatch.Kind.ORGANIZATIONS: ORGANIZATIONS,
}
