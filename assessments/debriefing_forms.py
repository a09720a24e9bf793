"""The form of 述职评议."""

from django import forms

from assessments.models import Debriefing
from orgs.forms.fields import DayInput


def votes_field(label):
    return forms.IntegerField(label=f"“{label}”票数", min_value=0, max_value=100_000, initial=0)


class DebriefingForm(forms.Form):
    held_on = forms.DateField(label="述职日期", widget=DayInput)
    speaker = forms.CharField(label="述职人", max_length=60)
    delegate = forms.CharField(
        label="上级派员（姓名、职务）", max_length=100, help_text="必须有上级派员参加。"
    )
    attended = forms.IntegerField(label="到会人数", min_value=1, max_value=100_000)
    good, better = votes_field("好"), votes_field("较好")
    fair, poor = votes_field("一般"), votes_field("差")
    grade = forms.ChoiceField(
        label="评定等次", choices=Debriefing.Grade, widget=forms.RadioSelect,
        help_text="由上级党组织参考测评票数评定，不按票数自动得出。",
    )  # fmt: skip
    decided_by = forms.CharField(label="评定单位", max_length=100)
    note = forms.CharField(
        label="点评和问题（含廉洁履职）", max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
