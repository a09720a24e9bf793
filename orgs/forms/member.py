"""Forms of members: who is enrolled, what changes, who goes, comes back, is lost or leaves."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from orgs.forms.fields import KnownDateField, OrganizationField, name_blanks
from orgs.masking import id_number_error, phone_error
from orgs.models import FLAGS, Member, Sex, Standing
from orgs.partial_date import PartialDate
from orgs.rosters.cells import BadCell, clean_name, clean_phone

#: Not shown in a form of change: whoever wants to see them gives a reason. Left empty they stay.
SECRET = ("id_number", "phone", "landline", "address")
CLEAR = "-"
#: These have verbs of their own.
BY_VERB = ("is_away", "is_lost")


class UnmaskForm(forms.Form):
    REASONS = ["核对身份", "办理组织关系", "联系本人", "发展党员和档案工作", "走访慰问"]

    reason = forms.ChoiceField(label="查看原因")
    note = forms.CharField(label="补充说明", max_length=100, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason, reason) for reason in self.REASONS]

    def words(self) -> str:
        """The reason as the record keeps it."""
        return " ".join(filter(None, [self.cleaned_data["reason"], self.cleaned_data["note"]]))


class FullExportForm(UnmaskForm):
    REASONS = ["党员信息采集核对", "更正后重新导入", "年度统计", "上级党组织要求", "其他工作需要"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "导出原因"


class MemberForm(forms.ModelForm):
    name = forms.CharField(label="姓名", max_length=40)
    id_number = forms.CharField(label="公民身份号码", max_length=30)
    born = KnownDateField(label="出生日期", required=False, help_text="不填则按身份证号码填写。")
    joined = KnownDateField(label="入党日期", required=False)
    confirmed = KnownDateField(
        label="转正日期", required=False, help_text="预备党员不填。只知道年月就写 1986.06。"
    )
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    landline = forms.CharField(label="固定电话", max_length=30, required=False)

    class Meta:
        model = Member
        fields = (
            "name", "id_number", "sex", "ethnicity", "born", "education", "degree",
            "native_place", "stage", "joined", "confirmed", "job", "phone", "landline",
            "address", *(flag for flag in FLAGS if flag not in BY_VERB), "note",
        )  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].required = True
        name_blanks(self)

    def clean_name(self):
        try:
            return clean_name(self.cleaned_data["name"])
        except BadCell as fault:
            raise ValidationError(fault.message) from fault

    def clean_id_number(self):
        number = "".join(self.cleaned_data["id_number"].split()).upper()
        if message := id_number_error(number, localdate()):
            raise ValidationError(message)
        return number

    def clean_phone(self):
        number = self._called("phone")
        return clean_phone(number) if number not in ("", CLEAR) else number

    def clean_landline(self):
        return self._called("landline")

    def _called(self, name):
        number = self.cleaned_data[name].strip()
        if number and number != CLEAR and (message := phone_error(number)):
            raise ValidationError(message)
        return number

    def clean(self):
        said = super().clean()
        for name, value in said.items():
            # as a roster would say it, so that an exported one comes back unchanged
            said[name] = " ".join(value.split()) if type(value) is str else value
        joined, confirmed = said.get("joined"), said.get("confirmed")
        if joined and confirmed and confirmed < joined and not joined.agrees_with(confirmed):
            self.add_error("confirmed", "转正日期早于入党日期，请核对。")
        if said.get("stage") == "PROBATIONARY" and confirmed:
            self.add_error("confirmed", "预备党员没有转正日期，请核对人员类别。")
        if number := said.get("id_number"):
            said["sex"] = said.get("sex") or sex_in(number)
            said["born"] = said.get("born") or born_in(number)
        return said

    def _post_clean(self):
        """The verb cleans the whole row; the form has looked at each field."""

    def doubts(self) -> list[str]:
        """What the number says otherwise: possible, and worth a look at the papers."""
        number = self.cleaned_data.get("id_number")
        if not number:
            return []
        found = []
        if self.cleaned_data["sex"] != sex_in(number):
            found.append(f"性别与身份证号码不一致（号码为{sex_in(number).label}），请核对。")
        if not self.cleaned_data["born"].agrees_with(born_in(number)):
            found.append(f"出生日期与身份证号码不一致（号码为{born_in(number)}），请核对。")
        return found


def sex_in(number) -> Sex:
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def born_in(number) -> PartialDate:
    return PartialDate.of(int(number[6:10]), int(number[10:12]), int(number[12:14]))


class EnrolForm(MemberForm):
    organization = OrganizationField(label="所在党支部")

    field_order = ("organization", *MemberForm.Meta.fields)

    def __init__(self, *args, reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = reach.active()


class ReviseMemberForm(MemberForm):
    """Numbers and the address are not shown: what is left empty stays as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in SECRET:
            now = self.instance.masked[name]
            self.initial[name] = ""
            self.fields[name].required = not now and name == "id_number"
            if now:
                clear = "" if name == "id_number" else f"，清除请填 {CLEAR}"
                self.fields[name].help_text = f"现为 {now}；不改就空着{clear}。"

    def clean_id_number(self):
        return super().clean_id_number() if self.cleaned_data["id_number"] else ""

    def clean(self):
        said = super().clean()
        for name in SECRET:
            if said.get(name) == CLEAR:
                said[name] = ""
            elif name in said and not said[name]:
                del said[name]
        return said


class StandingForm(forms.Form):
    standing = forms.ChoiceField(label="党籍状态")
    since = KnownDateField(label="日期", help_text="批准、生效或去世的日期，如 2026.03.01。")
    reason = forms.CharField(
        label="原因", max_length=200, help_text="写明事由和批准文号，会留在党员的变更记录里。"
    )

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        barred = {member.standing, Standing.MOVED_OUT}
        choices = [(code, label) for code, label in Standing.choices if code not in barred]
        self.fields["standing"].choices = [("", "请选择"), *choices]


class AwayForm(forms.Form):
    since = KnownDateField(label="外出日期")
    to = forms.CharField(label="外出流向", max_length=120, help_text="如：浙江省义乌市某某公司。")


class LostForm(forms.Form):
    since = KnownDateField(label="失联日期", help_text="最后一次联系上之后，如 2025.06。")


class BackForm(forms.Form):
    on = KnownDateField(label="日期", help_text="如 2026.03.01。")
