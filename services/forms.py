"""Forms of the service desk: they clean, they never save."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.masking import id_number_error, phone_error
from orgs.models.attachment import check_file
from services.models import Category, Grade, Mode, ServiceItem, Source
from services.models.text import subject_line


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to nine checked uploads; cleans to a list."""

    widget = FilesInput
    most = 9

    def clean(self, data, initial=None):
        uploads = [upload for upload in (data or []) if upload]
        if len(uploads) > self.most:
            raise ValidationError(f"一次最多上传 {self.most} 个文件。")
        for upload in uploads:
            super().clean(upload, initial)
            check_file(upload)
        return uploads


class IntakeForm(forms.Form):
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="可不填；填写后可带出以往诉求。",
    )
    name = forms.CharField(
        label="姓名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label="住址",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    content = forms.CharField(
        label="诉求内容",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="照群众原话记，说清时间、地点、要求。",
    )
    item = forms.ModelChoiceField(
        label="事项",
        queryset=ServiceItem.objects.none(),
        required=False,
        empty_label="清单外诉求（按明确答复办理）",
    )
    category = forms.ModelChoiceField(
        label="分类",
        queryset=Category.objects.none(),
        required=False,
        empty_label="不选则按事项的分类",
    )
    id_number = forms.CharField(
        label="身份证号",
        max_length=18,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    source = forms.ChoiceField(label="来源", choices=Source, initial=Source.COUNTER)
    is_vulnerable = forms.BooleanField(label="困难群体", required=False)
    is_delegated = forms.BooleanField(label="请干部代办", required=False)
    received_at = forms.DateTimeField(
        label="实际收到时间",
        required=False,
        help_text="补录以前收到的诉求时填写。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    files = FilesField(label="附件", required=False, help_text="照片或材料，单个不超过 20 MB。")
    accept = forms.BooleanField(
        label="同时受理",
        required=False,
        initial=True,
        help_text="材料齐全、属于受理范围时勾选，时限从今天起算。",
    )
    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        items = ServiceItem.objects.active().available_to(organization).for_list()
        self.fields["item"].queryset = items.order_by("department", "code")
        leaves = Category.objects.active().leaves().with_full_name()
        self.fields["category"].queryset = leaves
        self.fields["category"].label_from_instance = lambda leaf: leaf.full_name

    def clean_phone(self):
        return checked(self.cleaned_data["phone"], phone_error)

    def clean_id_number(self):
        return checked(self.cleaned_data["id_number"].upper(), id_number_error)

    def clean_received_at(self):
        at = self.cleaned_data["received_at"]
        if at and at > timezone.now():
            raise ValidationError("实际收到时间不能晚于现在。")
        return at

    def register_fields(self) -> dict:
        """What `ServiceRequest.register` takes, from the cleaned form."""
        data = self.cleaned_data
        item = data["item"]
        person = ("name", "phone", "address", "id_number", "is_vulnerable")
        return {
            "citizen": {field: data[field] for field in person},
            "subject": item.current.name if item else subject_of(data["content"]),
            "item_version": item.current if item else None,
            "category": data["category"],
            "mode": Mode.COMMITTED if item else Mode.EXPLAIN,
            "is_late_entry": bool(data["received_at"]),
            **{
                field: data[field]
                for field in (
                    "content",
                    "source",
                    "is_delegated",
                    "received_at",
                    "files",
                    "accept",
                    "nonce",
                )
            },
        }


def checked(value, error_of):
    """The value without spaces, or its error."""
    value = value.replace(" ", "").replace("-", "")
    if value and (error := error_of(value)):
        raise ValidationError(error)
    return value


def subject_of(content) -> str:
    """The first sentence of the matter, short enough for a list."""
    first = content.strip()
    for mark in "。！？；\n":
        first = first.split(mark)[0]
    return subject_line(first)[:30]


class EvaluationForm(forms.Form):
    grade = forms.TypedChoiceField(
        label="您对这次办理满意吗", choices=Grade, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label="还想说的话",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UnmaskForm(forms.Form):
    REASONS = ["联系群众核实情况", "上门办理", "制作文书证照", "回访", "核对身份"]

    reason = forms.ChoiceField(label="查看原因", choices=[(r, r) for r in REASONS])
    note = forms.CharField(label="补充说明", max_length=100, required=False)


class AttachmentForm(forms.Form):
    files = FilesField(label="文件", help_text="一次最多 9 个，单个不超过 20 MB。")
