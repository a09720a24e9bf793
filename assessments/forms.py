"""What a dashboard is asked for in its address."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.periods import CUSTOM, DEFAULT, PRESETS, Span, reaches_too_far, span_of


def day_field(label):
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class PeriodForm(forms.Form):
    """本月, 上月, 本季, 本年, or from one day to another."""

    period = forms.ChoiceField(choices=PRESETS, required=False, widget=forms.HiddenInput)
    since = day_field("自")
    until = day_field("至")

    def clean(self):
        said = super().clean()
        if said.get("period") != CUSTOM or self.errors:
            return said
        since, until = said.get("since"), said.get("until")
        if not since or not until:
            raise ValidationError("请填写开始和结束日期。")
        if until < since:
            raise ValidationError({"until": "结束日期不能早于开始日期。"})
        if reaches_too_far(since, until):
            raise ValidationError({"until": "一次最多看三年。"})
        return said

    def span(self) -> Span:
        """What was asked for; the usual period where it cannot be understood."""
        today = timezone.localdate()
        if not self.is_valid():
            return span_of(DEFAULT, today)
        said = self.cleaned_data
        return span_of(said["period"] or DEFAULT, today, said["since"], said["until"])
