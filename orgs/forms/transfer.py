"""Forms of transfers: where to, received when, sent back or withdrawn why, who came from where."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from orgs.forms.fields import DayInput, KnownDateField, OrganizationField
from orgs.forms.member import EnrolForm


class LetterForm(forms.Form):
    started_on = forms.DateField(label="介绍信日期", widget=DayInput, initial=localdate)
    letter_number = forms.CharField(
        label="介绍信编号", max_length=40, required=False, help_text="如：青组转〔2026〕12号。"
    )
    dues_paid_to = KnownDateField(label="党费交至", required=False, help_text="如 2026.02。")

    def clean_started_on(self):
        day = self.cleaned_data["started_on"]
        if day > localdate():
            raise ValidationError("介绍信日期晚于今天。")
        return day


class ProposeForm(LetterForm):
    to_organization = OrganizationField(
        label="接收党组织（本系统内）", required=False,
        help_text="填写党组织代码、名称或拼音首字母。转到外地的不填这一项。",
    )  # fmt: skip
    to_place = forms.CharField(
        label="接收党组织（外地）", max_length=120, required=False,
        help_text="填写全称，如：中共武汉市洪山区某某街道工委。",
    )  # fmt: skip
    reason = forms.CharField(
        label="转接原因",
        max_length=120,
        required=False,
        help_text="如：外出务工、工作调动、回原籍。",
    )

    field_order = ("to_organization", "to_place", "reason")

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_to_organization(self):
        place = self.cleaned_data["to_organization"]
        if place and place.pk == self.member.organization_id:
            raise ValidationError("就是现在所在的党组织。")
        return place

    def clean(self):
        said = super().clean()
        if "to_organization" in said and bool(said["to_organization"]) == bool(said["to_place"]):
            raise ValidationError("本系统内和外地的接收党组织请填一个，并且只填一个。")
        return said


class ReceiveForm(forms.Form):
    received_on = forms.DateField(label="接收日期", widget=DayInput, initial=localdate)


class CloseForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200)


class AdmitForm(LetterForm, EnrolForm):
    from_place = forms.CharField(
        label="转出党组织（外地）", max_length=120, help_text="照介绍信填写全称。"
    )
    received_on = forms.DateField(label="接收日期", widget=DayInput, initial=localdate)

    LETTER = ("from_place", "letter_number", "started_on", "dues_paid_to", "received_on")
    field_order = ("organization", *LETTER, *EnrolForm.Meta.fields)

    def verb_arguments(self) -> dict:
        """As `Transfer.admit` takes them: the letter, and the person apart."""
        said = dict(self.cleaned_data)
        letter = {name: said.pop(name) for name in (*self.LETTER, "organization")}
        return {**letter, "person": said}


VERB_FORMS = {"receive": ReceiveForm, "send_back": CloseForm, "withdraw": CloseForm}
