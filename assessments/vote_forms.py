"""What a voter fills in: the code, then one choice a question."""

from django import forms

from assessments.ballots.codes import SCANNED, SELECTOR, TYPED, strangers, tidy
from assessments.ballots.tally import ANSWER_NAMES, BLANK, kind_of

TOO_FEW, ABSTAIN = "回答不到一半不算数，请再选几项。", "真的不想评价，请勾选“我弃权”。"
LENGTHS = (SELECTOR + TYPED, SELECTOR + SCANNED)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="测评码",
        max_length=60,
        help_text="印在测评条二维码下面，15 位，大小写都行，横线可以不填。",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self):
        code = tidy(self.cleaned_data["code"])
        if strange := strangers(self.cleaned_data["code"]):
            raise forms.ValidationError(
                f"测评码里没有“{'”“'.join(strange)}”，请对照测评条核对容易看错的字。"
            )
        if len(code) not in LENGTHS:
            raise forms.ValidationError(
                f"测评码应是 15 位，您填了 {len(code)} 位，请对照测评条核对。"
            )
        return code


class VoteForm(forms.Form):
    """One group of radio buttons a question; empty ones are allowed as far as the rules go."""

    def __init__(self, *args, questions, least_answered, may_abstain=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.least_answered = least_answered
        self.names = [f"q{number}" for number, _ in enumerate(questions, 1)]
        for number, (name, question) in enumerate(zip(self.names, questions, strict=True), 1):
            self.fields[name] = forms.ChoiceField(
                label=f"{number}. {question}", choices=list(ANSWER_NAMES.items()),
                widget=forms.RadioSelect, required=False,
            )  # fmt: skip
        self.fields["text"] = forms.CharField(
            label="最想解决的一件事（可以不填）", max_length=200, required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="不要写自己的姓名和电话。",
        )  # fmt: skip
        if may_abstain:
            self.fields["abstain"] = forms.BooleanField(
                label="我弃权，什么都不评价", required=False
            )

    def clean(self):
        said = super().clean()
        kind = kind_of(self.answers(), self.least_answered)
        if kind != "valid" and not said.get("abstain"):
            raise forms.ValidationError(TOO_FEW + ABSTAIN * ("abstain" in self.fields))
        return said

    def choices(self):
        return [self[name] for name in self.names]

    def answers(self) -> str:
        return "".join(self.cleaned_data.get(name) or BLANK for name in self.names)

    def ballot(self) -> tuple[str, str]:
        """(answers, text); nothing of it where one abstains."""
        if self.cleaned_data.get("abstain"):
            return BLANK * len(self.names), ""
        return self.answers(), self.cleaned_data["text"].strip()
