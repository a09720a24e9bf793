"""Forms of service centres and their units."""

from django import forms
from django.core.exceptions import ValidationError

from orgs.forms.fields import OrganizationField, name_blanks
from orgs.models import Department, ServiceCentre


class CentreForm(forms.ModelForm):
    class Meta:
        model = ServiceCentre
        fields = (
            "kind", "name", "address", "telephone", "complaint_phone", "hours", "closing_time",
        )  # fmt: skip
        widgets = {"closing_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {
            "hours": "照公示牌写，显示在办事指南上。",
            "closing_time": "当日办结的事项以这个时间为限。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_blanks(self)


class EstablishCentreForm(CentreForm):
    organization = OrganizationField(label="所属党组织")

    class Meta(CentreForm.Meta):
        fields = ("organization", *CentreForm.Meta.fields)


class ReviseCentreForm(CentreForm):
    class Meta(CentreForm.Meta):
        fields = (*CentreForm.Meta.fields, "is_active")


class UnitForm(forms.ModelForm):
    class Meta:
        model = Department
        fields = ("name", "window", "telephone")
        help_texts = {"name": "如：民政、劳动保障。", "window": "如：3 号窗口，没有可不填。"}

    def clean_name(self):
        name = self.cleaned_data["name"]
        same = Department.objects.active().filter(
            organization=self.instance.organization, name=name
        )
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError("该党组织下已有同名承办单位。")
        return name


class ReviseUnitForm(UnitForm):
    class Meta(UnitForm.Meta):
        fields = (*UnitForm.Meta.fields, "is_active")
