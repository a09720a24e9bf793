"""Forms of a cycle: opening it with its calendar."""

from django import forms
from django.utils import timezone

from assessments.models import Cycle, Scheme
from assessments.opening import proposed_windows
from orgs.forms.fields import DayInput, OrganizationField

DAYS = (
    ("since", "取数自", "门户自动统计这段时间内的办件等记录。"),
    ("until", "取数至", ""),
    ("self_from", "自评开始", ""),
    ("self_until", "自评截止", "截止当天 24 时前提交有效，以服务器时间为准。"),
    ("vote_from", "群众测评开始", ""),
    ("vote_until", "群众测评截止", ""),
    ("review_from", "组织考评开始", ""),
    ("review_until", "组织考评截止", ""),
    ("publication_from", "公示开始", "公示不少于方案规定的天数。"),
    ("publication_until", "公示截止", ""),
    ("appeal_from", "申诉开始", ""),
    ("appeal_until", "申诉截止", ""),
)


class OpenForm(forms.Form):
    organization = OrganizationField(
        label="考核范围", help_text="填写党组织代码或名称；它的下级党组织参加考核。"
    )
    year = forms.IntegerField(label="年度", min_value=2012, max_value=2100)
    scheme = forms.ModelChoiceField(
        label="考核方案", queryset=Scheme.objects.none(), empty_label=None,
        help_text="启动后这一版方案定稿，不能再改。",
    )  # fmt: skip

    def __init__(self, *args, reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = reach.active()
        schemes = Scheme.objects.usable()
        self.fields["scheme"].queryset = schemes
        year = timezone.localdate().year
        self.fields["year"].initial = year
        if places := list(reach.order_by("depth", "path")[:1]):
            self.fields["organization"].initial = places[0].code
        days = proposed_windows(year, schemes.first()) if schemes else {}
        for name, label, text in DAYS:
            self.fields[name] = forms.DateField(
                label=label, widget=DayInput, help_text=text, initial=days.get(name)
            )

    def clean(self):
        said = super().clean()
        for window, label in Cycle.Window.choices:
            first, last = said.get(f"{window}_from"), said.get(f"{window}_until")
            if first and last and last < first:
                self.add_error(f"{window}_until", f"{label}的截止日不能早于开始日。")
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", "取数止日不能早于起日。")
        return said


class RescheduleForm(forms.Form):
    """调整日程: only days that have not come."""

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        may = cycle.changeable_days()
        for name, label, text in DAYS:
            if name in may:
                self.fields[name] = forms.DateField(
                    label=label, widget=DayInput, help_text=text, initial=getattr(cycle, name)
                )
        self.fields["reason"] = forms.CharField(
            label="调整原因", max_length=200, help_text="写入操作记录，并告诉各党组织书记。"
        )
