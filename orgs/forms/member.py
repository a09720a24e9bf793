"""Forms of members."""

from django import forms


class UnmaskForm(forms.Form):
    REASONS = ["核对身份", "办理组织关系", "联系本人", "发展党员和档案工作", "走访慰问"]

    reason = forms.ChoiceField(label="查看原因", choices=[(r, r) for r in REASONS])
    note = forms.CharField(label="补充说明", max_length=100, required=False)

    def words(self) -> str:
        """The reason as the record keeps it."""
        return " ".join(filter(None, [self.cleaned_data["reason"], self.cleaned_data["note"]]))
