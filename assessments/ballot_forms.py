"""Forms of the organization department for ballots, and of those who enter paper."""

import re
from unicodedata import normalize

from django import forms

from assessments.ballots.tally import ANSWER_NAMES, BLANK, LETTERS
from assessments.models import Stratum
from assessments.models.ballot_paper import VOID

COLUMNS = ("eligible", "present", "issued")
#: 1 满意 … 5 不了解, 0 or - unanswered: what is quick to type without looking at the keys.
DIGITS = str.maketrans("123450", LETTERS + BLANK)
IN_DIGITS = str.maketrans(LETTERS + BLANK, "123450")
#: A line as typed: the number of its sheet, if written, and the digits.
SHEET = re.compile(r"(?:(\d{1,4})[:.、)])?(.*)")


class NumbersForm(forms.Form):
    """应到, 实到, 发出 of each group."""

    def __init__(self, *args, strata, **kwargs):
        super().__init__(*args, **kwargs)
        self.strata = list(strata)
        for row in self.strata:
            for name in COLUMNS:
                label = f"{row.group}{Stratum._meta.get_field(name).verbose_name}人数"
                self.fields[f"{name}_{row.pk}"] = forms.IntegerField(
                    label=label.replace("发出人数", "发出张数"), min_value=0, max_value=20000,
                    required=name == "eligible", initial=getattr(row, name),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )  # fmt: skip

    def clean(self):
        said = super().clean()
        for row in self.strata:
            eligible = said.get(f"eligible_{row.pk}")
            for name in COLUMNS[1:]:
                value = said.get(f"{name}_{row.pk}")
                if eligible is not None and value is not None and value > eligible:
                    self.add_error(f"{name}_{row.pk}", f"不能多于应到 {eligible} 人。")
        return said

    def verb_arguments(self) -> dict:
        said = self.cleaned_data
        return {
            "numbers": {
                row.pk: {name: said[f"{name}_{row.pk}"] for name in COLUMNS} for row in self.strata
            }
        }


class PlainForm(forms.Form):
    def verb_arguments(self) -> dict:
        return self.cleaned_data


class CloseForm(PlainForm):
    reason = forms.CharField(
        label="提前结束的原因", max_length=200, required=False,
        help_text="没到截止时间要写明原因。到时间会自动结束，不用手工办。",
    )  # fmt: skip


class RerunForm(PlainForm):
    first = forms.DateField(label="重测第一天", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="重测最后一天", widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self):
        said = super().clean()
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", "最后一天不能早于第一天。")
        return said


#: verb → label of the button, its form, what it does
VERB_FORMS = {
    "open": ("开始测评", PlainForm, "开始后测评码可以投票。到了测评时间也会自动开始。"),
    "ask_codes": ("申请印制测评码", PlainForm, "按应到人数印，另一位同志同意后才能印。"),
    "allow_codes": ("同意印制", PlainForm, "申请人不能同意自己的申请。"),
    "close": ("结束测评", CloseForm, "结束后不能再投票，选票打乱后计票。"),
    "rerun": ("重新测评", RerunForm, "只能重测一次，仍无效的结果待定。"),
}


class BatchForm(forms.Form):
    stratum = forms.ModelChoiceField(
        label="测评对象", queryset=Stratum.objects.none(), empty_label="请选择"
    )
    number = forms.CharField(label="批号", max_length=20, help_text="写在封袋上的号码。")
    issued = forms.IntegerField(label="发出张数", min_value=1, max_value=500)
    unreturned = forms.IntegerField(label="未收回张数", min_value=0, max_value=500, initial=0)

    def __init__(self, *args, strata, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stratum"].queryset = strata
        self.fields["stratum"].label_from_instance = lambda row: str(row.group)

    def clean(self):
        said = super().clean()
        if {"issued", "unreturned"} <= {*said} and said["unreturned"] > said["issued"]:
            self.add_error("unreturned", "未收回张数不能多于发出张数。")
        return said


class PaperForm(forms.Form):
    """One line a sheet, one digit a question; `typed` is what the same person saved before."""

    sheets = forms.CharField(
        label="选票",
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "autofocus": True}),
        help_text="行首的张号（如 3：）可以不写，写了就核对有没有漏录。",
    )

    def __init__(self, *args, size, returned, typed, **kwargs):
        lines = [sheet.translate(IN_DIGITS) for sheet in typed]
        super().__init__(*args, initial={"sheets": numbered(lines)}, **kwargs)
        self.size, self.returned = size, returned

    def clean_sheets(self):
        lines = normalize("NFKC", self.cleaned_data["sheets"]).upper().splitlines()
        lines = [line for line in map("".join, map(str.split, lines)) if line]
        found = [SHEET.fullmatch(line).groups() for line in lines]
        self._check_numbers(found)
        words = [word for _, word in found]
        try:
            self._check_words(words)
        except forms.ValidationError:
            self.data = self.data.copy()
            self.data["sheets"] = numbered(words)  # so that the wrong line is easy to find
            raise
        return [word if word == VOID else word.translate(DIGITS) for word in words]

    def _check_numbers(self, found):
        for place, (number, _) in enumerate(found, 1):
            if number and int(number) != place:
                raise forms.ValidationError(
                    f"第 {place} 行写的是第 {number} 张，请核对有没有漏录或者多录。"
                )

    def _check_words(self, words):
        wrong = [
            str(number)
            for number, word in enumerate(words, 1)
            if word != VOID and (len(word) != self.size or set(word) - {*"123450"})
        ]
        if wrong:
            raise forms.ValidationError(
                f"第 {'、'.join(wrong)} 张应是 {self.size} 个 0 到 5 的数字，或者 X，请核对。"
            )
        if len(words) != self.returned:
            raise forms.ValidationError(
                f"这一批收回 {self.returned} 张，您录了 {len(words)} 张，请核对。"
            )


def numbered(lines) -> str:
    """One line a sheet with its number before it."""
    return "\n".join(f"{number}：{line}" for number, line in enumerate(lines, 1))


def paper_key(size) -> dict:
    """What stands above the box: the digits, and a sheet of `size` questions as an example."""
    example = "".join("1121511"[number % 7] for number in range(size))
    meanings = [*zip("12345", ANSWER_NAMES.values(), strict=True), ("0", "没填")]
    named = dict(meanings)
    return {
        "digits": [*meanings, (VOID, "整张作废")],
        "size": size,
        "last": chr(ord("①") + size - 1),
        "example": example,
        "meaning": "、".join(
            f"{chr(ord('①') + at)}{named[digit]}" for at, digit in enumerate(example[:3])
        ),
    }
