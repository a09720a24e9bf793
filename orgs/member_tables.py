"""The list of members, and the columns of its export as the import takes them back."""

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from orgs.models import FLAGS, Member
from orgs.tables import tag


class MemberTable(tables.Table):
    name = tables.Column(verbose_name="姓名", linkify=True, order_by="name_pinyin")
    organization = tables.Column(verbose_name="所在党支部", order_by="organization__path")
    sex = tables.Column(verbose_name="性别", orderable=False, default="—")
    age = tables.Column(verbose_name="年龄", empty_values=(), order_by="-born_key")
    stage = tables.Column(verbose_name="人员类别", orderable=False, default="—")
    joined = tables.Column(verbose_name="入党时间", default="—", order_by="joined_key")
    phone = tables.Column(verbose_name="联系电话", orderable=False, empty_values=())
    flags = tables.Column(verbose_name="标签", orderable=False, empty_values=())

    class Meta:
        model = Member
        fields = ("name", "organization", "sex", "age", "stage", "joined", "phone", "flags")
        order_by_field = "sort"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.today = user, timezone.localdate()

    def render_name(self, record):
        return record.name_for(self.user)

    def render_age(self, record):
        age = record.age_on(self.today)
        return "—" if age is None else age

    def render_joined(self, value):
        return str(value)

    def render_phone(self, record):
        return format_html('<span class="number">{}</span>', record.masked["phone"] or "—")

    def render_flags(self, record):
        words = [] if record.is_on_register else [record.get_standing_display()]
        return (
            format_html_join(" ", "{}", ((tag(word),) for word in [*words, *record.flags])) or "—"
        )


YES_NO = {True: "是", False: "否"}
#: heading → field
COLUMNS = {
    "姓名": "name",
    "公民身份号码": "id_number",
    "性别": "sex",
    "民族": "ethnicity",
    "出生日期": "born",
    "学历": "education",
    "学位": "degree",
    "籍贯": "native_place",
    "人员类别": "stage",
    "党籍状态": "standing",
    "所在党支部": "organization",
    "党组织代码": "organization_code",
    "加入党组织日期": "joined",
    "转为正式党员日期": "confirmed",
    "工作岗位": "job",
    "联系电话": "phone",
    "固定电话": "landline",
    "家庭住址": "address",
    "失联": "is_lost",
    "失联日期": "lost_since",
    "流动党员": "is_away",
    "外出流向": "away_to",
    "党务工作者": "is_party_worker",
    "志愿者": "is_volunteer",
    "党代表": "is_delegate",
    "第一书记": "is_first_secretary",
    "困难党员": "in_hardship",
    "备注": "note",
}
MASKED = ("id_number", "phone", "landline", "address")


def headings(*, in_full) -> list[str]:
    """A masked column says so; the import then knows that there is nothing to take."""
    return [
        heading if in_full or field not in MASKED else f"{heading}（已脱敏）"
        for heading, field in COLUMNS.items()
    ]


def row_of(member, user, *, in_full) -> list[str]:
    masked = {} if in_full else member.masked
    return [masked[field] if field in MASKED and masked else said(member, field, user)
            for field in COLUMNS.values()]  # fmt: skip


def said(member, field, user) -> str:
    """The value in the words that the import understands."""
    if field == "name":
        return member.name_for(user)
    if field == "organization":
        return member.organization.name
    if field == "organization_code":
        return member.organization.code
    if field in FLAGS:
        return YES_NO[getattr(member, field)]
    words = getattr(member, f"get_{field}_display", None)
    value = words() if words else getattr(member, field)
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")
