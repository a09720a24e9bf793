"""Forms of 组织考评: one field of points and one of reason for every indicator, and the verbs."""

from django import forms

from assessments.models import Cycle, SpotCheckItem
from assessments.models.review_ground import reason_needed, score_words

FIRST_STEP = {"step": "0.1", "inputmode": "decimal"}


def points_field(answer, label):
    """0 to the indicator's points, one decimal; empty is not scored yet."""
    most = answer.indicator.points
    field = forms.DecimalField(
        label=f"{answer.indicator.code} {label}", min_value=0, max_value=most, decimal_places=1,
        required=False, widget=forms.NumberInput(attrs=FIRST_STEP),
        error_messages={
            "max_value": f"最多 {score_words(most)} 分。",
            "min_value": "不能低于 0 分。",
            "max_decimal_places": "最多一位小数。",
            "invalid": "请填数字。",
        },
    )  # fmt: skip
    if answer.is_locked:
        field.widget.attrs["placeholder"] = score_words(answer.figure_points)
    return field


class ScoreForm(forms.Form):
    """考评打分 of all indicators; `answers` come with their indicators."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    is_renewed = False

    def __init__(self, *args, answers, version, take_self=False, **kwargs):
        initial = {"version": version}
        for answer in answers:
            given = answer.review_points
            if given is None and take_self and not answer.is_locked:
                given = answer.self_points
            initial[f"points_{answer.pk}"] = given if given is None else score_words(given)
            initial[f"reason_{answer.pk}"] = answer.review_reason
        super().__init__(*args, initial=initial, **kwargs)
        self.answers = [answer for answer in answers if not answer.is_waived]
        for answer in self.answers:
            code = answer.indicator.code
            self.fields[f"points_{answer.pk}"] = points_field(answer, "考评分")
            self.fields[f"reason_{answer.pk}"] = forms.CharField(
                label=f"{code} 理由", max_length=300, required=False,
                widget=forms.Textarea(attrs={"rows": 2, "placeholder": "理由"}),
            )  # fmt: skip

    def clean(self):
        said = super().clean()
        for answer in self.answers:
            points, name = said.get(f"points_{answer.pk}"), f"reason_{answer.pk}"
            if not said.get(name) and (why := reason_needed(answer, points)):
                self.add_error(name, why)
        return said

    def verb_arguments(self) -> dict:
        said = self.cleaned_data
        scores = {
            a.pk: (said[f"points_{a.pk}"], said[f"reason_{a.pk}"].strip()) for a in self.answers
        }
        return {"version": said["version"], "scores": scores}

    def renew(self, version):
        """What was typed, to be saved over the state of `version` once it is looked at."""
        self.data = self.data.copy()
        self.data["version"] = version
        self.is_renewed = True

    def differs(self, answer) -> bool:
        """Refused, and by now other points stand than what was typed."""
        typed = self.cleaned_data.get(f"points_{answer.pk}") if self.is_renewed else None
        return self.is_renewed and typed != answer.review_points

    def cell(self, answer):
        """The two bound fields of one row of the sheet; None where it is not applicable."""
        if f"points_{answer.pk}" not in self.fields:
            return None
        points, reason = self[f"points_{answer.pk}"], self[f"reason_{answer.pk}"]
        return {"points": points, "reason": reason, "differs": self.differs(answer)}


class SecondForm(forms.Form):
    """第二考评人打分: points alone; `given` {answer id: points} is what was saved before."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, answers, version, given, **kwargs):
        initial = {f"points_{pk}": score_words(points) for pk, points in given.items()}
        super().__init__(*args, initial=initial | {"version": version}, **kwargs)
        self.answers = [answer for answer in answers if not answer.is_waived]
        for answer in self.answers:
            self.fields[f"points_{answer.pk}"] = points_field(answer, "考评分")

    def verb_arguments(self) -> dict:
        said = self.cleaned_data
        points = {answer.pk: said[f"points_{answer.pk}"] for answer in self.answers}
        return {"version": said["version"], "points": points, "is_done": "done" in self.data}

    def cell(self, answer):
        name = f"points_{answer.pk}"
        return {"points": self[name]} if name in self.fields else None


class PlainForm(forms.Form):
    """A verb that needs no more than the button."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=300)


class SettleForm(forms.Form):
    reason = forms.CharField(
        label="差异处理说明", max_length=300,
        help_text="写明复核了什么、按谁的分为准。需要改分的先改分再处理。",
    )  # fmt: skip


class OpinionForm(forms.Form):
    score = forms.DecimalField(
        label="评分（0 至 100）", min_value=0, max_value=100, decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )  # fmt: skip
    text = forms.CharField(
        label="意见", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="对这个单位服务当地群众、参加当地党建工作的意见。",
    )  # fmt: skip


#: verb → label of the button, its form
VERB_FORMS = {
    "look": ("查看考评分", PlainForm),
    "take_second": ("作第二考评人", PlainForm),
    "drop_second": ("撤销第二考评", ReasonForm),
    "settle": ("处理差异", SettleForm),
    "give_opinion": ("填写所在地意见", OpinionForm),
    "miss_opinion": ("登记缺意见", ReasonForm),
    "confirm": ("考评定稿", PlainForm),
    "reopen": ("重新考评", ReasonForm),
}
#: What a button does, told before it is pressed.
NOTES = {
    "look": "查看后可以接着打分或定稿，但不能再作第二考评人；查看记入操作记录。",
    "take_second": "独立打分，两人都完成前互相看不到分数。",
    "confirm": "定稿后分数不能再改，本组织收到消息。",
}


class DrawForm(forms.Form):
    cycle = forms.ModelChoiceField(
        label="年度考核", queryset=Cycle.objects.none(), empty_label="请选择"
    )
    count = forms.IntegerField(
        label="每组抽取个数", min_value=1, max_value=1000, required=False,
        help_text="每个领域、每个层级为一组。个数和比例填一个。",
    )  # fmt: skip
    percent = forms.IntegerField(
        label="每组抽取比例（%）", min_value=1, max_value=100, required=False,
        help_text="不足一个的按一个抽。",
    )  # fmt: skip
    seed = forms.IntegerField(
        label="随机种子", min_value=0, max_value=10**9, required=False,
        help_text="可填当众摇出的数字；不填由系统随机产生。种子公开，任何人可以复算。",
    )  # fmt: skip

    def __init__(self, *args, cycles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles

    def clean(self):
        said = super().clean()
        if not {"count", "percent"} & {*self.errors}:
            if bool(said.get("count")) == bool(said.get("percent")):
                raise forms.ValidationError("个数和比例请填一个，并且只填一个。")
        return said


class ReportForm(forms.Form):
    outcome = forms.ChoiceField(
        label="核查结果", choices=SpotCheckItem.Outcome, widget=forms.RadioSelect,
        help_text="对照佐证材料和实际情况，与上报是否一致。",
    )  # fmt: skip
    note = forms.CharField(
        label="情况说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不一致的必须写明哪里不一致。",
    )  # fmt: skip
