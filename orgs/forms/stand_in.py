"""Form for AB岗."""

from django import forms

from orgs.models import User


class StandInForm(forms.Form):
    user = forms.ModelChoiceField(
        label="离岗人", queryset=User.objects.none(), empty_label=None,
        error_messages={"invalid_choice": "只能为自己或本单位、本中心的下属安排代理。"},
    )  # fmt: skip
    deputy = forms.ModelChoiceField(
        label="代理人", queryset=User.objects.none(), empty_label="请选择",
        help_text="同一组织的同事；代理期间以离岗人的职务办理，操作记录写明代谁办理。",
        error_messages={"invalid_choice": "请从列表中选择同一组织的同事，不能选您本人。"},
    )  # fmt: skip
    started_on = forms.DateField(label="离岗日期", widget=forms.DateInput(attrs={"type": "date"}))
    ended_on = forms.DateField(label="返岗前一日", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="事由", max_length=60, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.led_by(user)
        self.fields["user"].initial = user.pk
        self.fields["deputy"].queryset = User.objects.beside(user)

    def clean(self):
        data = super().clean()
        first, last = data.get("started_on"), data.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", "返岗前一日不能早于离岗日期。")
        if data.get("user") and data.get("user") == data.get("deputy"):
            self.add_error("deputy", "代理人不能是本人。")
        return data
