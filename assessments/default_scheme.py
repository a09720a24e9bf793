"""The 六有 scheme that the portal ships, as data: 100 points for each of the eight sectors.

Goals and their eighteen tests: 中办《关于加强基层服务型党组织建设的意见》no. 4; what each sector
does for its people: no. 5; 公开, 首问, 限时, 联席会议: 便民服务中心 of 宜昌 and of cities.
A source that the portal cannot compute yet says so, and the organization scores itself.
"""

from decimal import Decimal

from django.db import transaction

S = [
    "RURAL",
    "STATE_OWNED",
    "COMMUNITY",
    "AGENCY",
    "UNIVERSITY",
    "INSTITUTION",
    "PRIVATE",
    "SOCIAL",
]
RURAL, STATE, COMMUNITY, AGENCY, UNIVERSITY, INSTITUTION, PRIVATE, SOCIAL = S
NAME = "服务型党组织“六有”考核方案"
#: number, name, question of the ballot (plain words), points
GOALS = (
    (1, "坚强有力的领导班子", "班子办事上心、作风好", 15),
    (2, "本领过硬的骨干队伍", "党员干部带头服务", 15),
    (3, "功能实用的服务场所", "办事和活动的场所方便", 10),
    (4, "形式多样的服务载体", "活动和服务形式实用", 15),
    (5, "健全完善的制度机制", "办事公开、说到做到", 15),
    (6, "群众满意的服务业绩", "提出的问题得到解决", 30),
)
#: code, name, points, sectors ("" all), who ("S" self, "R" assessor), source, standard, evidence
INDICATORS = (
    ("1.1", "班子健全、按期换届", 4, "", "R", "committee", "应有班子配齐、书记在任、按期换届；空缺不超过 3 个月", ""),
    ("1.2", "服务意识：有计划、专题研究不少于 2 次", 3, "", "SR", "", "有年度服务计划；专题研究服务工作每年不少于 2 次", "计划、会议记录"),
    ("1.3", "服务作风：联系点走访不少于 4 次", 4, "", "R", "visits", "班子成员到联系点走访每年不少于 4 次", "走访记录"),
    ("1.4", "服务水平：书记述职评议等次", 4, "", "", "debriefing", "好 4 分，较好 3 分，一般 1.5 分，差 0 分", ""),
    ("2.1", "书记年度培训和轮训", 4, "", "", "training", "书记每年培训不少于 1 次，2 至 3 年轮训一遍", ""),
    ("2.2", "党务工作者配备和培训", 4, "", "R", "workers", "配备党务工作者，每年培训不少于 2 次", "花名册、培训记录"),
    ("2.3", "承诺践诺、党员参与服务", 4, "", "", "commitments", "公开承诺按期兑现，党员参与服务", ""),
    ("2.4", "党员管理和困难党员关怀", 3, "", "SR", "", "组织生活正常，困难党员有人帮", "关怀台账"),
    ("3.1", "便捷服务：场所达标", 4, "", "R", "venue_checklist", "室、牌、桌、电话、公示栏等逐项对照", "逐项照片"),
    ("3.2", "便利活动：一室多用", 3, "-COMMUNITY", "R", "room_use", "活动场所常年开放、一室多用", "使用日历"),
    ("3.2", "便利活动：一室多用", 1, COMMUNITY, "R", "room_use", "活动场所常年开放、一室多用", "使用日历"),
    ("3.3", "便于议事：民情恳谈或公开不少于 4 次", 3, "", "R", "consultations", "民情恳谈、党务公开每年不少于 4 次", "会议记录"),
    ("4.1a", "逐户走访率", 3, RURAL, "", "household_visits", "走访农户 ÷ 应走访农户", ""),
    ("4.1b", "包户帮扶", 3, RURAL, "SR", "", "困难户有人包、有措施、有成效", "帮扶台账"),
    ("4.1a", "职工诉求答复", 3, STATE, "", "own_requests", "按期答复 ÷ 到期诉求", ""),
    ("4.1b", "建言采纳", 3, STATE, "SR", "", "职工建言有征集、有采纳、有反馈", "建言台账"),
    ("4.1a", "民情恳谈不少于 4 次", 2, COMMUNITY, "", "consultations", "民情恳谈每年不少于 4 次", ""),
    ("4.1b", "在职党员报到率", 2, COMMUNITY, "", "checkin", "报到并参与服务的在职党员 ÷ 应报到", ""),
    ("4.1c", "文体活动", 2, COMMUNITY, "SR", "", "经常组织群众文体活动", "活动记录"),
    ("4.1a", "直接联系群众", 3, AGENCY, "", "contacts", "党员直接联系群众的比例", ""),
    ("4.1b", "下基层天数", 3, AGENCY, "", "grassroots_days", "班子成员下基层天数达标比例", ""),
    ("4.1a", "师生成长平台", 3, UNIVERSITY, "SR", "", "为师生成长搭建平台并见成效", "平台材料"),
    ("4.1b", "师生困难办结", 3, UNIVERSITY, "", "own_requests", "按期办结的师生诉求 ÷ 到期诉求", ""),
    ("4.1a", "公益服务人次", 3, INSTITUTION, "", "public_service", "公益服务人次达到年度目标的比例", ""),
    ("4.1b", "思想政治工作", 3, INSTITUTION, "SR", "", "思想政治工作有计划、有实效", "工作材料"),
    ("4.1a", "权益调处", 3, PRIVATE, "", "own_requests", "按期调处的诉求 ÷ 到期诉求", ""),
    ("4.1b", "政治引领", 3, PRIVATE, "SR", "", "在职工和出资人中发挥政治引领作用", "工作材料"),
    ("4.1a", "服务项目", 3, SOCIAL, "", "service_projects", "完成的服务项目 ÷ 计划项目", ""),
    ("4.1b", "反映诉求", 3, SOCIAL, "", "own_requests", "转达并答复的诉求 ÷ 到期诉求", ""),
    ("4.2", "三联系、结对覆盖", 4, "", "", "links", "有人联系的对象 ÷ 应联系对象", ""),
    ("4.3", "志愿服务、网格或报到", 3, "-COMMUNITY", "", "volunteering", "参加志愿服务的党员比例", ""),
    ("4.3", "志愿服务、网格或报到", 5, COMMUNITY, "", "volunteering", "参加志愿服务的党员比例", ""),
    ("4.4", "网上办理和代办占比", 2, "-RURAL", "", "online", "网上、电话和上门受理的办件 ÷ 全部办件", ""),
    ("4.4", "网上办理和代办占比", 2, RURAL, "", "online_delegated", "网上、电话、上门受理和代办的办件 ÷ 全部办件", ""),
    ("5.1", "首问登记、及时受理", 4, "", "", "receipt", "规定期限内受理或答复的办件 ÷ 全部登记办件", ""),
    ("5.2", "办事公开完整度", 3, "", "R", "openness", "事项清单公开栏目填写完整的比例", ""),
    ("5.3", "联席会议议定事项办结", 3, "", "R", "joint_meetings", "办结的议定事项 ÷ 到期议定事项", "会议纪要"),
    ("5.4", "经费保障和值守", 3, "", "SR", "", "服务经费有保障，值守安排落实", "预算、值班表"),
    ("5.5", "问题台账整改率", 2, "", "", "rectification", "按期整改销号的问题 ÷ 到期问题", ""),
    ("6.1", "按期办结率", 8, "", "", "on_time", "按期回复的办件 ÷ 本期到期办件", ""),
    ("6.2", "回访满意率", 8, "", "", "satisfied", "满意的评价 ÷ 全部有效评价；未评价不算满意", ""),
    ("6.3", "服务覆盖", 4, "", "", "coverage", "服务到的网格或人数 ÷ 应服务", ""),
    ("6.4a", "合作经营、增收", 3, RURAL, "SR", "", "带动群众合作经营、增加收入", "增收材料"),
    ("6.4b", "矛盾纠纷化解率", 3, RURAL, "", "mediation", "化解的矛盾纠纷 ÷ 受理的矛盾纠纷", ""),
    ("6.4a", "生产经营", 3, STATE, "SR", "", "促进生产经营有实绩", "经营数据"),
    ("6.4b", "民主管理、人文关怀", 3, STATE, "SR", "", "职工民主管理落实，关怀到位", "工作材料"),
    ("6.4a", "吹哨响应", 3, COMMUNITY, "", "whistle", "按时到场的吹哨 ÷ 全部吹哨", ""),
    ("6.4b", "共建实效", 3, COMMUNITY, "SR", "", "与驻区单位共建有实效", "共建清单"),
    ("6.4a", "服务中心任务", 3, AGENCY, "SR", "", "围绕中心、服务大局有实绩", "工作材料"),
    ("6.4b", "作风转变", 3, AGENCY, "SR", "", "机关作风明显转变", "评议材料"),
    ("6.4a", "立德树人", 3, UNIVERSITY, "SR", "", "立德树人见实效", "工作材料"),
    ("6.4b", "理想信念教育", 3, UNIVERSITY, "SR", "", "理想信念教育经常化", "活动记录"),
    ("6.4a", "公益服务水平", 3, INSTITUTION, "SR", "", "公益服务水平提高", "工作材料"),
    ("6.4b", "人才创新", 3, INSTITUTION, "SR", "", "凝聚人才、推动创新", "工作材料"),
    ("6.4a", "促进经营", 3, PRIVATE, "SR", "", "促进企业健康发展", "工作材料"),
    ("6.4b", "劳动关系和谐", 3, PRIVATE, "SR", "", "劳动关系和谐稳定", "工作材料"),
    ("6.4a", "政治方向、规范行为", 3, SOCIAL, "SR", "", "坚持正确政治方向，规范从业行为", "工作材料"),
    ("6.4b", "公益服务", 3, SOCIAL, "SR", "", "组织公益服务有成效", "活动记录"),
    ("6.5", "重复诉求", 4, "", "", "repeats", "同一事项重复提出的诉求占比，越低越好", ""),
)  # fmt: skip
#: code → (floor, target) where they are not 60 % and 95 %
RANGES = {
    "1.1": ("0.5", "1"),
    "1.4": ("0", "1"),
    "4.4": ("0", "0.3"),
    "6.5": ("0.2", "0.02"),
}
#: (code, sectors) → when the indicator may be taken out, with approval
WAIVERS = {
    "3.1": ((AGENCY, INSTITUTION), "没有对外服务大厅的单位可以申请不适用。"),
    "5.4": ((PRIVATE,), "联合党支部没有独立经费的可以申请不适用。"),
}
#: vertical?, code, weight, within the Party
VOTERS = (
    (False, "SERVED", "0.4", False),
    (False, "PUBLIC", "0.4", False),
    (False, "PARTY", "0.2", True),
    (True, "SYSTEM", "0.3", True),
    (True, "LOCAL", "0.3", True),
    (True, "SERVED", "0.4", False),
)
#: stars, total, 群众测评, quota of a sector × level
STARS = (
    (5, 90, 85, "0.1"),
    (4, 80, 70, None),
    (3, 70, None, None),
    (2, 60, None, None),
    (1, 0, None, None),
)
VETOES = (
    ("班子成员受到党纪政务处分或被追究刑事责任", 2),
    ("发生造成恶劣影响的侵害群众利益事件", 2),
    ("考核、测评中弄虚作假", 2),
    ("被列为软弱涣散党组织", 2),
)


def sectors_of(text) -> list[str]:
    """All for the empty text; "-RURAL" for all but that one."""
    if not text:
        return []
    return [code for code in S if code != text[1:]] if text.startswith("-") else [text]


def split(code, sectors):
    """The sectors in which an indicator may be waived and those in which it may not."""
    may, note = WAIVERS.get(code, ((), ""))
    here = sectors or S
    waived, kept = [s for s in here if s in may], [s for s in here if s not in may]
    if not waived:
        return [(sectors, False, "")]
    return [(waived, True, note), (kept, False, "")]


@transaction.atomic
def seed(get_model):
    """The default as version 1, once. `get_model(name)`: of the apps or of a migration."""
    scheme_model = get_model("Scheme")
    if scheme_model.objects.exists():
        return scheme_model.objects.order_by("version").first()
    scheme = scheme_model.objects.create(name=NAME, version=1)
    goals = {
        number: get_model("Goal").objects.create(
            scheme=scheme, number=number, name=name, question=question, points=points
        )
        for number, name, question, points in GOALS
    }
    get_model("Indicator").objects.bulk_create(
        indicator(get_model("Indicator"), scheme, goals, row, sectors, waivable, note)
        for row in INDICATORS
        for sectors, waivable, note in split(row[0], sectors_of(row[3]))
    )
    for is_vertical, code, weight, is_party in VOTERS:
        get_model("VoterGroup").objects.create(
            scheme=scheme, code=code, is_vertical=is_vertical, weight=Decimal(weight),
            is_party=is_party,
        )  # fmt: skip
    for stars, total, public, quota in STARS:
        get_model("StarBand").objects.create(
            scheme=scheme, stars=stars, least_total=total, least_public=public,
            quota=quota and Decimal(quota),
        )  # fmt: skip
    for name, most in VETOES:
        get_model("VetoRule").objects.create(scheme=scheme, name=name, most_stars=most)
    return scheme


def indicator(model, scheme, goals, row, sectors, waivable, note):
    code, name, points, _, who, source, standard, evidence = row
    floor, target = RANGES.get(code, ("0.6", "0.95"))
    return model(
        scheme=scheme, goal=goals[int(code[0])], code=code, name=name, points=points,
        sectors=sectors, is_self_scored="S" in who, is_review_scored="R" in who, source=source,
        floor=Decimal(floor), target=Decimal(target), standard=standard, evidence=evidence,
        may_be_waived=waivable, waiver_note=note,
    )  # fmt: skip
