"""One small form for each verb of an errand; they clean, they never save."""

import uuid
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.models import NotAllowed, User
from services.filters import day_input
from services.forms import FilesField
from services.models import Delegation, Paper, Party, Place, Signature
from services.models.errand_terms import LONGEST_LINE, MOST_LINES, destination_of, scope_of
from services.verb_forms import long_text

#: What citizens entrust most often; ticking is quicker than writing.
USUAL = ("代为递交申请材料", "代为补交材料", "代为查询办理进度", "代为领取办理结果")
LONGEST_NAME, MOST_PIECES, MOST_COUNT = 60, 10, 99


def pieces_field(label, pieces, **more):
    return PiecesField(pieces, label=label, widget=forms.CheckboxSelectMultiple, **more)


class PiecesField(forms.MultipleChoiceField):
    """Ticked papers out of those that somebody has; cleans to pieces."""

    def __init__(self, pieces, **kwargs):
        self.pieces = {piece.key: piece for piece in pieces}
        choices = [(key, str(piece)) for key, piece in self.pieces.items()]
        super().__init__(choices=choices, initial=list(self.pieces), **kwargs)

    def clean(self, value):
        return [self.pieces[key] for key in super().clean(value)]


class SignatureForm(forms.Form):
    """How the citizen signed; for somebody else's signature also whose it is."""

    signature = forms.ChoiceField(label="群众签字", choices=Signature, widget=forms.RadioSelect)
    signature_note = forms.CharField(
        label="签字说明",
        max_length=120,
        required=False,
        help_text="家属代签的，写明姓名、关系和原因。",
    )
    is_visit = forms.BooleanField(label="这次是上门办的", required=False)
    files = FilesField(label="签字件照片", required=False, help_text="可拍照上传，随办件保存。")

    def clean(self):
        data = super().clean()
        if data.get("signature") == Signature.FAMILY and not data.get("signature_note"):
            self.add_error("signature_note", "请写明代签人的姓名、关系和原因。")
        return data


class EntrustForm(SignatureForm):
    agent = forms.ModelChoiceField(
        label="代办员", queryset=User.objects.none(), empty_label="请选择"
    )
    usual = forms.MultipleChoiceField(
        label="委托事项",
        choices=[(line, line) for line in USUAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    more = forms.CharField(
        label="其他委托事项",
        required=False,
        widget=long_text(2),
        help_text=f"一行一项，合计不超过 {MOST_LINES} 项，每项不超过 {LONGEST_LINE} 字。",
    )
    place = forms.ChoiceField(label="报送到", choices=Place)
    venue = forms.CharField(
        label="窗口", max_length=80, help_text="如：柳河镇便民服务中心民政窗口。"
    )
    is_voluntary = forms.BooleanField(label="群众自愿委托，可随时终止")
    is_free = forms.BooleanField(label="已告知群众：代办不收任何费用")
    field_order = [
        "agent", "usual", "more", "place", "venue", "is_voluntary", "is_free", "signature",
        "signature_note", "files", "is_visit",
    ]  # fmt: skip

    def __init__(self, *args, request_row, user, **kwargs):
        super().__init__(*args, **kwargs)
        where = request_row.organization
        self.fields["agent"].queryset = Delegation.agents_for(where)
        goal = destination_of(request_row)
        self.initial = {
            "agent": Delegation.agent_beside(where, user),
            "usual": [USUAL[0], USUAL[3]],
            "place": goal.place,
            "venue": goal.venue,
        }

    def clean(self):
        data = super().clean()
        try:
            data["scope"] = scope_of([*data.pop("usual", ()), *data.pop("more", "").splitlines()])
        except NotAllowed as refusal:
            self.add_error("more", str(refusal))
        return data


class ErrandForm(forms.Form):
    """What every form of an errand knows: the errand."""

    def __init__(self, *args, errand, **kwargs):
        super().__init__(*args, **kwargs)
        self.errand = errand
        self.fit(errand)

    def fit(self, errand):
        """Choices and initial values by how the errand stands."""


class SubmitForm(ErrandForm):
    venue = forms.CharField(label="报送到", max_length=80)
    receiver = forms.CharField(label="窗口经收人", max_length=40, required=False)

    def fit(self, errand):
        self.initial["venue"] = errand.venue
        version = errand.request.item_version
        self.initial["receiver"] = version.handler_name if version else ""
        if held := errand.holdings().at(Party.AGENT):
            self.fields["pieces"] = pieces_field("交给窗口的材料", held, required=False)


class ReceiveForm(ErrandForm):
    names = forms.MultipleChoiceField(
        label="事项要求的材料", required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(
        label="其他材料", max_length=200, required=False, help_text="几种材料用顿号分开。"
    )
    kind = forms.ChoiceField(
        label="收到的是",
        choices=[(kind.value, kind.label) for kind in (Paper.ORIGINAL, Paper.COPY)],
        initial=Paper.ORIGINAL,
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(
        label="每种几份", min_value=1, max_value=MOST_COUNT, initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def fit(self, errand):
        if names := expected(errand):
            self.fields["names"].choices = [(name, name) for name in names]
            self.fields["other"].label = "清单以外的材料"
        else:
            del self.fields["names"]
            self.fields["other"].label = "材料名称"

    def clean(self):
        data = super().clean()
        others = listed(data.pop("other", ""))
        names = [*data.get("names", ()), *others]
        if not names and not self.errors:
            self.add_error("other", "请勾选或填写收到的材料。")
        if any(len(name) > LONGEST_NAME for name in names) or len(names) > MOST_PIECES:
            self.add_error("other", f"最多 {MOST_PIECES} 种，每种名称不超过 {LONGEST_NAME} 字。")
        return data | {"names": names}


def expected(errand) -> list[str]:
    """The papers that the item asks for, as its version lists them."""
    version = errand.request.item_version
    lines = version.materials.splitlines() if version else []
    return [line.strip()[:LONGEST_NAME] for line in lines if line.strip()]


def listed(text) -> list[str]:
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


class HeldForm(ErrandForm):
    """Papers that leave the agent's hands."""

    note = forms.CharField(label="说明", max_length=120, required=False)
    field_order = ["pieces", "note"]

    def fit(self, errand):
        self.fields["pieces"] = pieces_field("材料", errand.holdings().at(Party.AGENT))
        self.order_fields(self.field_order)


class FetchForm(ErrandForm):
    results = forms.CharField(
        label="办理结果", max_length=200, required=False, help_text="如：高龄津贴批准书。"
    )
    by_citizen = forms.BooleanField(label="群众本人到窗口领走了", required=False)
    note = forms.CharField(label="说明", max_length=120, required=False)
    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order = ["pieces", "results", "by_citizen", "note", "nonce"]

    def fit(self, errand):
        if held := errand.holdings().at(Party.COUNTER):
            self.fields["pieces"] = pieces_field("领回的材料", held, required=False)
            self.order_fields(self.field_order)
        version = errand.request.item_version
        if version and version.result:
            self.fields["results"].help_text = f"本事项的结果：{version.result}"

    def clean_results(self):
        names = listed(self.cleaned_data["results"])
        if any(len(name) > LONGEST_NAME for name in names) or len(names) > MOST_PIECES:
            raise ValidationError(f"最多 {MOST_PIECES} 种，每种名称不超过 {LONGEST_NAME} 字。")
        return names


class GiveBackForm(SignatureForm):
    def __init__(self, *args, errand, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signature"].label = "群众签收"

    def clean(self):
        data = super().clean()
        return data | {"note": data.pop("signature_note", "")}


class ArchiveForm(ErrandForm):
    archive_place = forms.CharField(
        label="归档位置", max_length=60, help_text="如：2026 年代办卷第 12 号。"
    )


class VisitForm(ErrandForm):
    purpose = forms.CharField(label="上门做什么", max_length=100)
    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class WhyForm(ErrandForm):
    reason = forms.CharField(label="原因", max_length=200)


class ResumeForm(ErrandForm):
    note = forms.CharField(label="说明", max_length=200, required=False)


class ChangeForm(WhyForm):
    agent = forms.ModelChoiceField(
        label="新的代办员", queryset=User.objects.none(), empty_label="请选择"
    )
    field_order = ["agent", "reason"]

    def fit(self, errand):
        people = Delegation.agents_for(errand.request.organization)
        self.fields["agent"].queryset = people.exclude(pk=errand.agent_id)


ERRAND_FORMS = {
    "submit": SubmitForm,
    "give_back": GiveBackForm,
    "archive": ArchiveForm,
    "receive": ReceiveForm,
    "hand_in": HeldForm,
    "fetch": FetchForm,
    "return_papers": HeldForm,
    "visit": VisitForm,
    "suspend": WhyForm,
    "resume": ResumeForm,
    "end": WhyForm,
    "change_agent": ChangeForm,
}


def errand_form(verb, errand, data=None, files=None):
    """The bound or empty form of a verb, each with its own prefix on the page."""
    return ERRAND_FORMS[verb](data, files, prefix=verb, errand=errand)


class PeriodForm(forms.Form):
    """A span of days in the address; without one the year up to today."""

    since = forms.DateField(label="从", required=False, widget=day_input())
    until = forms.DateField(label="到", required=False, widget=day_input())

    def __init__(self, data=None):
        super().__init__(self.with_default(data or {}))

    @staticmethod
    def with_default(data):
        today = timezone.localdate()
        return {
            "since": data.get("since") or date(today.year, 1, 1).isoformat(),
            "until": data.get("until") or today.isoformat(),
        }

    def clean(self):
        data = super().clean()
        if not self.errors and data["until"] < data["since"]:
            self.add_error("until", "结束日期不能早于开始日期。")
        return data

    @property
    def period(self):
        """(since, until) of a valid form; else the year up to today."""
        if not self.is_valid():
            today = timezone.localdate()
            return date(today.year, 1, 1), today
        return self.cleaned_data["since"], self.cleaned_data["until"]
