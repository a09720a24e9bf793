"""Forms of 整改."""

from django import forms

from assessments.models import database_today
from orgs.forms.fields import DayInput


class DemandForm(forms.Form):
    problem = forms.CharField(label="问题", max_length=300)
    due_on = forms.DateField(label="整改期限", widget=DayInput)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < database_today():
            raise forms.ValidationError("期限不能早于今天。")
        return day


class PlanForm(forms.Form):
    person = forms.CharField(label="责任人", max_length=60)
    measure = forms.CharField(
        label="整改措施", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportForm(forms.Form):
    report = forms.CharField(
        label="整改情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明做了什么、结果怎样、群众是否认可。",
    )  # fmt: skip


class CheckForm(forms.Form):
    note = forms.CharField(label="复查意见", max_length=300)


#: verb → label of the button, its form
VERB_FORMS = {
    "plan": ("定责任人和措施", PlanForm),
    "report": ("上报整改情况", ReportForm),
    "close": ("复查通过，销号", CheckForm),
    "give_back": ("退回继续整改", CheckForm),
}
