"""Forms of the working calendar."""

from datetime import date

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from orgs.forms.fields import DayInput

WORK, REST, USUAL = "WORK", "REST", "USUAL"
PREVIEW_SECONDS = 3600
UPLOAD_MAX_BYTES = 2 * 1024 * 1024


class YearForm(forms.Form):
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2100)


class DayForm(forms.Form):
    date = forms.DateField(label="日期", widget=DayInput)
    kind = forms.ChoiceField(
        label="这一天",
        choices=[(REST, "放假"), (WORK, "上班"), (USUAL, "恢复默认")],
        widget=forms.RadioSelect,
        help_text="默认周一至周五上班，周六、周日休息。",
    )
    name = forms.CharField(
        label="名称", max_length=40, required=False, help_text="如：国庆节、春节调休上班。"
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day.year != self.year.pk:
            raise ValidationError(f"请填写{self.year}的日期。")
        return day

    def change_fields(self) -> dict:
        """What `CalendarYear.change` takes."""
        day, kind = self.cleaned_data["date"], self.cleaned_data["kind"]
        if kind == USUAL:
            return {"remove": [day]}
        return {"set_days": [(day, kind == WORK, self.cleaned_data["name"])]}


class CalendarFileForm(forms.Form):
    file = forms.FileField(
        label="日历表格",
        help_text="Excel（.xlsx）或 .csv，表头为“日期、上班或放假、名称”，每行一天。",
        validators=[FileExtensionValidator(["xlsx", "xls", "csv"], "请上传 .xlsx 或 .csv 文件。")],
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > UPLOAD_MAX_BYTES:
            raise ValidationError("文件超过 2 MB，日历表格不会这么大，请核对。")
        return upload


class AdoptForm(forms.Form):
    """What the preview has shown, carried to its confirmation and sealed against changes."""

    days = forms.CharField(widget=forms.HiddenInput)

    def clean_days(self):
        try:
            return unseal(self.cleaned_data["days"])
        except signing.BadSignature as error:
            raise ValidationError("预览已过期，请重新上传。") from error


def seal(days) -> str:
    return signing.dumps(
        [(day.isoformat(), works, name) for day, works, name in days],
        salt="orgs.calendar",
        compress=True,
    )


def unseal(text):
    rows = signing.loads(text, salt="orgs.calendar", max_age=PREVIEW_SECONDS)
    return [(date.fromisoformat(day), works, name) for day, works, name in rows]
