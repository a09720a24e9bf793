"""Forms of party organizations."""

from django import forms
from django.core.exceptions import ValidationError

from orgs.forms.fields import DayInput, NamesField, OrganizationField, name_blanks
from orgs.models import Organization, Tag


class OrganizationForm(forms.ModelForm):
    local_supervisor = OrganizationField(
        label="所在地党组织",
        required=False,
        help_text="垂直管理单位填写属地党组织的代码或名称，考核时由其提出意见。",
    )
    tags = NamesField(
        label="标签",
        required=False,
        longest=Tag._meta.get_field("name").max_length,
        help_text="如：老区、边疆，多个用顿号隔开。",
    )

    class Meta:
        model = Organization
        fields = (
            "code", "name", "short_name", "kind", "sector", "formation", "level",
            "division_code", "founded_on", "local_supervisor", "tags", "webhook_url",
        )  # fmt: skip
        widgets = {"founded_on": DayInput, "abolished_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_blanks(self)


class EstablishForm(OrganizationForm):
    parent = OrganizationField(label="上级党组织", help_text="新组织将挂在它下面。")

    field_order = ("parent", *OrganizationForm.Meta.fields)


class ReviseForm(OrganizationForm):
    class Meta(OrganizationForm.Meta):
        fields = (*OrganizationForm.Meta.fields, "abolished_on")
        help_texts = {"abolished_on": "撤销后不再出现在选项里，历史记录保留。"}

    def __init__(self, *args, keeps_code, **kwargs):
        super().__init__(*args, **kwargs)
        if keeps_code:
            del self.fields["code"]

    def clean_abolished_on(self):
        day = self.cleaned_data["abolished_on"]
        if day and Organization.objects.within(self.instance).active().count() > 1:
            raise ValidationError("还有未撤销的下级党组织，请先撤销或调整隶属。")
        return day


class MoveForm(forms.Form):
    parent = OrganizationField(label="新的上级党组织")

    def __init__(self, *args, moved, **kwargs):
        super().__init__(*args, **kwargs)
        self.moved = moved

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent.path.startswith(self.moved.path):
            raise ValidationError("不能调整到本组织或其下级之下。")
        if parent.path == self.moved.path[: -Organization.steplen]:
            raise ValidationError("它已经是现在的上级。")
        return parent
