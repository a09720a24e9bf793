"""Forms of 自评: the whole sheet, its evidence, and what the superior may do with it."""

from django import forms
from django.core.exceptions import ValidationError

from assessments.models.review_ground import score_words
from assessments.review_forms import points_field
from orgs.forms.fields import DayInput
from orgs.models import Member
from services.models import ServiceRequest

SAID = ("self_points", "text", "waiver_reason")


class SelfForm(forms.Form):
    """Points, a few words and, where the scheme lets it, 不适用 for every indicator."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    summary = forms.CharField(
        label="自评总结", max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一年来做了什么、有什么成效和不足。数据不用重抄，报告里会自动带上。",
    )  # fmt: skip

    def __init__(self, data=None, *, row, answers, is_final=False):
        initial = {"version": row.version, "summary": row.summary}
        for answer in answers:
            points = answer.self_points
            initial[f"self_points_{answer.pk}"] = None if points is None else score_words(points)
            initial[f"text_{answer.pk}"] = answer.text
            initial[f"waiver_reason_{answer.pk}"] = answer.waiver_reason
        super().__init__(data, initial=initial)
        self.answers, self.is_final = answers, is_final
        for answer in answers:
            self._add(answer)

    def _add(self, answer):
        code = answer.indicator.code
        if answer.wants_self_points:
            self.fields[f"self_points_{answer.pk}"] = points_field(answer, "自评分")
        self.fields[f"text_{answer.pk}"] = forms.CharField(
            label=f"{code} 说明", max_length=2000, required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        if answer.indicator.may_be_waived and answer.is_waived is None:
            self.fields[f"waiver_reason_{answer.pk}"] = forms.CharField(
                label=f"{code} 申请不适用的理由", max_length=200, required=False,
                help_text=answer.indicator.waiver_note,
            )  # fmt: skip

    def clean(self):
        said = super().clean()
        if self.is_final and not self.errors:
            for answer in self.answers:
                name = f"self_points_{answer.pk}"
                waived = said.get(f"waiver_reason_{answer.pk}") or answer.is_waived
                if name in self.fields and said.get(name) is None and not waived:
                    self.add_error(name, "提交前请填写自评分。")
        return said

    def verb_arguments(self) -> dict:
        said = self.cleaned_data
        entries = {
            answer.pk: {
                name: said[f"{name}_{answer.pk}"] for name in SAID if f"{name}_{answer.pk}" in said
            }
            for answer in self.answers
        }
        return {"version": said["version"], "summary": said["summary"], "entries": entries}

    def against(self, row, answers) -> "SelfForm":
        """The same typed text for the sheet as it stands now; `conflicts` says what differs."""
        data = self.data.copy()
        data["version"] = str(row.version)
        form = SelfForm(data, row=row, answers=answers)
        form.conflicts = {
            name: form.initial.get(name)
            for name in form.fields
            if name != "version" and str(form.initial.get(name) or "") != typed(data, name)
        }
        return form

    conflicts: dict = {}

    def cell(self, answer) -> dict:
        """The bound fields of one indicator, and what stands saved where it differs."""
        names = {name: f"{name}_{answer.pk}" for name in SAID}
        return {name: self[full] for name, full in names.items() if full in self.fields} | {
            "saved": [
                (self.fields[full].label, self.conflicts[full] or "空白")
                for full in names.values()
                if full in self.conflicts
            ]
        }


def typed(data, name) -> str:
    return data.get(name, "").strip()


def given(form, name, why):
    """What was given; `why` is told where nothing was."""
    if not form.cleaned_data[name]:
        raise ValidationError(why)
    return form.cleaned_data[name]


class FileForm(forms.Form):
    """One way of three to give evidence: none is required, and the one sent is not empty."""

    upload = forms.FileField(
        label="选择文件", required=False, help_text="PDF、图片、Word、Excel，每个不超过 20 MB。"
    )

    def __init__(self, *args, user, place, **kwargs):
        super().__init__(*args, **kwargs)

    def clean_upload(self):
        return given(self, "upload", "请先选择文件，再上传。")

    def verb_arguments(self):
        return self.cleaned_data


class CaseForm(forms.Form):
    number = forms.CharField(
        label="办件编号", max_length=30, required=False,
        help_text="门户里的办件直接引用，不用另写材料。",
    )  # fmt: skip

    def __init__(self, *args, user, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self):
        number = given(self, "number", "请填办件编号。").strip().upper()
        found = ServiceRequest.objects.visible_to(self.user).filter(number=number).first()
        if found is None:
            raise ValidationError("没有找到这个编号的办件，请核对。")
        return found

    def verb_arguments(self):
        return {"request": self.cleaned_data["number"]}


class MemberForm(forms.Form):
    person = forms.CharField(
        label="党员姓名", max_length=40, required=False,
        help_text="本组织在册党员；同名的请填身份证号。",
    )  # fmt: skip

    def __init__(self, *args, user, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = Member.objects.visible_to(user).within(place).on_register()

    def clean_person(self):
        text = "".join(given(self, "person", "请填党员姓名。").split())
        found = list(self.rows.filter(name=text)[:2]) or list(self.rows.with_number(text)[:2])
        if not found:
            raise ValidationError("本组织在册党员里没有这个人，请核对姓名。")
        if len(found) > 1:
            raise ValidationError("有同名的党员，请填身份证号。")
        return found[0]

    def verb_arguments(self):
        return {"member": self.cleaned_data["person"]}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ExtendForm(ReasonForm):
    until = forms.DateField(label="延期至", widget=DayInput)
    field_order = ("until", "reason")


VERB_FORMS = {"send_back": ReasonForm, "extend": ExtendForm}
