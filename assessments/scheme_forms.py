"""Forms of the scheme editor: the numbers of a version, and one part of it at a time."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from assessments.models import Goal, Indicator, Scheme, StarBand, VetoRule, VoterGroup
from assessments.models.scheme import LEAST_PUBLIC, MOST_SELF
from assessments.models.scheme_course import fingerprint
from assessments.sources.registry import SOURCES
from orgs.models import Sector

WEIGHTS = ("weight_self", "weight_public", "weight_review")


class PercentField(forms.DecimalField):
    """A share between 0 and 1, typed as a percentage."""

    def __init__(self, **kwargs):
        kwargs = {"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2} | kwargs
        kwargs["label"] = f"{kwargs.get('label', '')}（%）"
        super().__init__(**kwargs)

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            return f"{value * 100:.2f}".rstrip("0").rstrip(".")
        return value

    def clean(self, value):
        number = super().clean(value)
        return None if number is None else number / 100


def field_for(field, **kwargs):
    """Shares between 0 and 1 are typed as percentages; everything else as Django would."""
    if getattr(field, "decimal_places", None) == 4:
        return PercentField(
            label=field.verbose_name.capitalize(), required=not field.blank,
            help_text=kwargs.get("help_text", ""),
        )  # fmt: skip
    return field.formfield(**kwargs)


class SchemeForm(forms.ModelForm):
    class Meta:
        model = Scheme
        formfield_callback = field_for
        fields = [
            "name", "note", *WEIGHTS, "most_bonus", "most_not_applicable", "least_cases",
            "gap_flag", "difference_flag", "overall_share", "least_answered", "least_valid",
            "enough_valid", "valid_of_eligible", "valid_of_few", "least_turnout",
            "least_non_party", "most_unknown", "least_shown", "least_texts", "capped_stars",
            "low_public", "publication_days", "appeal_days",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def clean(self):
        said = super().clean()
        own, public, review = (said.get(name) for name in WEIGHTS)
        if None in (own, public, review):
            return said
        if public < LEAST_PUBLIC or public < own or public < review:
            self.add_error(
                "weight_public", "不得低于 40%，也不得低于自评或组织考评的权重，请调高。"
            )
        if own > MOST_SELF:
            self.add_error("weight_self", "不得高于 20%，请调低。")
        if (total := own + public + review) != 1:
            words = f"{total * 100:.2f}".rstrip("0").rstrip(".")
            self.add_error("weight_review", f"三项权重合计 {words}%，应为 100%。")
        return said

    def validate_constraints(self):
        """The guard of the weights has spoken at its field."""
        if not set(WEIGHTS) & set(self.errors):
            super().validate_constraints()


class GoalForm(forms.ModelForm):
    class Meta:
        model = Goal
        fields = ["number", "name", "question", "points"]
        help_texts = {"question": "印在测评票上，用群众看得懂的话。", "points": "各目标合计 100。"}


class IndicatorForm(forms.ModelForm):
    sectors = forms.MultipleChoiceField(
        label="适用领域", choices=Sector, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，就是八个领域都适用。",
    )  # fmt: skip
    source = forms.ChoiceField(label="自动取数", required=False)

    class Meta:
        model = Indicator
        formfield_callback = field_for
        fields = [
            "goal", "code", "name", "points", "sectors", "standard", "evidence",
            "is_self_scored", "is_review_scored", "source", "floor", "target", "may_be_waived",
            "waiver_note",
        ]  # fmt: skip
        widgets = {"standard": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"waiver_note": "写明什么情况下可以申请不适用。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = self.instance.scheme.goals.all()
        self.fields["goal"].empty_label = "请选择"
        known = [(code, source.label) for code, source in SOURCES.items()]
        if (code := self.instance.source) and code not in SOURCES:
            known.append((code, "保留原来的取数（台账尚未建立，暂由本组织自评）"))
        self.fields["source"].choices = [("", "不自动取数"), *known]

    def clean(self):
        said = super().clean()
        if not any(said.get(name) for name in ("is_self_scored", "is_review_scored", "source")):
            self.add_error("is_self_scored", "没有人打分：请选自评、组织考评或自动取数中的一种。")
        if said.get("points") is not None and said["points"] <= 0:
            self.add_error("points", "分值应大于 0。")
        if said.get("floor") is not None and said.get("floor") == said.get("target"):
            self.add_error("target", "满分值不能和起算值相同。")
        if said.get("may_be_waived") and not said.get("waiver_note"):
            self.add_error("waiver_note", "请写明什么情况下可以申请不适用。")
        return said


class VoterGroupForm(forms.ModelForm):
    class Meta:
        model = VoterGroup
        formfield_callback = field_for
        fields = ["code", "is_vertical", "weight", "is_party"]


class StarBandForm(forms.ModelForm):
    class Meta:
        model = StarBand
        formfield_callback = field_for
        fields = ["stars", "least_total", "least_public", "quota"]
        help_texts = {"quota": "同领域同层级最多占多少；不限就留空。"}

    def clean_stars(self):
        stars = self.cleaned_data["stars"]
        if not 1 <= stars <= 5:
            raise ValidationError("星级为 1 至 5。")
        return stars


class VetoRuleForm(forms.ModelForm):
    class Meta:
        model = VetoRule
        fields = ["name", "most_stars"]


#: how a part stands in an address → (related name on the scheme, its form)
PARTS = {
    "goal": ("goals", GoalForm),
    "indicator": ("indicators", IndicatorForm),
    "voters": ("voter_groups", VoterGroupForm),
    "stars": ("star_bands", StarBandForm),
    "veto": ("veto_rules", VetoRuleForm),
}


class Seen(forms.Form):
    """What the row looked like when the form was opened."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


def bound(form_class, data, row, **kwargs):
    """A form of the row that also carries its fingerprint."""
    form = form_class(data, instance=row, **kwargs)
    form.fields["seen"] = Seen().fields["seen"]
    form.initial["seen"] = fingerprint(row) if row.pk else ""
    return form


class CopyForm(forms.Form):
    name = forms.CharField(label="方案名称", max_length=60, required=False,
                           help_text="留空就沿用原来的名称。")  # fmt: skip


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="停用原因", max_length=200)


class RemoveForm(forms.Form):
    """删除: nothing to say, only to be sure."""
