"""Forms of results: what the department gives and what it holds against an organization."""

from django import forms

from assessments.models import Appeal, VetoRule


class BonusForm(forms.Form):
    points = forms.DecimalField(
        label="加分", max_digits=5, decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )  # fmt: skip
    reason = forms.CharField(label="加分事由", max_length=200)
    evidence = forms.CharField(
        label="依据", max_length=200, help_text="文件、通报或表彰的名称和文号。"
    )

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["points"].help_text = f"合计不超过 {scheme.most_bonus.normalize():f} 分。"


class VetoForm(forms.Form):
    rule = forms.ModelChoiceField(
        label="情形", queryset=VetoRule.objects.none(), empty_label="请选择"
    )
    reason = forms.CharField(
        label="事实和依据", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = scheme.veto_rules.all()


#: verb → label of the button, its form
RULING_FORMS = {"grant": ("加分", BonusForm), "impose": ("登记否决情形", VetoForm)}


class AppealForm(forms.Form):
    text = forms.CharField(
        label="申诉理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明对哪一项有异议、事实和依据；附件请先放进自评佐证。",
    )  # fmt: skip


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="处理结果", choices=Appeal.Status.choices[1:], widget=forms.RadioSelect,
        help_text="申诉成立的，更正加分或否决情形后重新计算；要改考评分的，由上级重新开放。",
    )  # fmt: skip
    answer = forms.CharField(
        label="答复", max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class PublishForm(forms.Form):
    pending_reason = forms.CharField(
        label="未定稿的记为待定，原因", max_length=300, required=False,
        help_text="全部定稿的不用填。待定的不评星、不排名，公示时如实写明。",
    )  # fmt: skip
