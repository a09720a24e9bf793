"""One small form for each verb of a request; they clean, they never save."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.models import Department, Role, User
from services import deadlines
from services.models import Channel, Grade, Ground, Mode, Outcome, ServiceRequest
from services.models.proposal import MOST_EXTENSION_DAYS
from services.models.status import OPEN
from services.reply_context import remarks_for
from services.suggestion import suggest

#: On the spot nothing is refused: that needs the countersign of the head of the centre.
SPOT_OUTCOMES = [(o.value, o.label) for o in Outcome if o != Outcome.REFUSED]


def long_text(rows=3):
    return forms.Textarea(attrs={"rows": rows})


class AcceptForm(forms.Form):
    mode = forms.ChoiceField(label="办理方式", choices=Mode)
    promised_days = forms.IntegerField(
        label="承诺时限（工作日）",
        min_value=0,
        max_value=90,
        required=False,
        help_text="直接办理当日办结，可不填。",
    )

    def __init__(self, *args, request_row, **kwargs):
        initial = {"mode": request_row.mode, "promised_days": request_row.promised_days}
        super().__init__(*args, initial=initial, **kwargs)
        self.version = request_row.item_version

    def clean(self):
        data = super().clean()
        mode, days = data.get("mode"), data.get("promised_days")
        most = self.version.statutory_days if self.version else None
        if mode == Mode.EXPLAIN and not days:
            data["promised_days"] = deadlines.EXPLAIN_DAYS
        elif mode == Mode.COMMITTED and not days:
            self.add_error("promised_days", "承诺办理请填写 1 个工作日以上。")
        if days and most is not None and days > most:
            self.add_error("promised_days", f"不能超过法定时限 {most} 个工作日。")
        return data


class FinishForm(forms.Form):
    outcome = forms.ChoiceField(label="办理结果", choices=SPOT_OUTCOMES)
    text = forms.CharField(label="答复内容", widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.CharField(
        label="办结凭证", max_length=120, required=False, help_text="如证照编号、签字单编号。"
    )
    anyway = forms.BooleanField(label="我已看过以上提醒，仍然办结", required=False)

    #: Nobody reviews an answer given on the spot; it may well be short, but not this.
    SERIOUS = ("UNFILLED", "PERSONAL", "EMPTY")

    def __init__(self, *args, request_row, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.user = request_row, user
        if not self.is_bound:
            del self.fields["anyway"]

    def clean(self):
        data = super().clean()
        anyway, remarks = data.pop("anyway", False), self.serious_remarks(data)
        if not remarks:
            del self.fields["anyway"]
        elif not anyway:
            self.add_error("text", [remark.in_words for remark in remarks])
        data["overridden"] = [remark.title for remark in remarks]
        return data

    def serious_remarks(self, data):
        if "text" not in data:
            return []
        found = remarks_for(self.row, data["text"], data.get("outcome", ""), self.user)
        return [remark for remark in found if remark.code in self.SERIOUS]


class DispatchForm(forms.Form):
    department = forms.ModelChoiceField(
        label="主办单位", queryset=Department.objects.none(), empty_label="请选择"
    )
    instructions = forms.CharField(label="派单意见", max_length=200, required=False)

    def __init__(self, *args, request_row, **kwargs):
        super().__init__(*args, **kwargs)
        units = Department.objects.active().serving(request_row.organization)
        self.fields["department"].queryset = units.select_related("organization")
        if request_row.item_version:
            self.initial["department"] = request_row.item_version.item.department_id
        elif found := suggest(
            request_row.content, organization=request_row.organization
        ).departments:
            self.initial["department"] = found[0].target.pk
            self.fields["department"].help_text = f"按内容建议：{found[0].target.name}，可改。"


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因和依据", max_length=500, widget=long_text())


class ReplyForm(forms.Form):
    channel = forms.ChoiceField(label="回复方式", choices=[("", "请选择"), *Channel.choices])
    proof = forms.CharField(
        label="送达情况", max_length=120, help_text="如：14:20 电话告知本人；书面答复本人签收。"
    )


class SupplementForm(forms.Form):
    missing = forms.CharField(
        label="需补正的全部材料",
        max_length=1000,
        widget=long_text(4),
        help_text="一行一种。只能告知一次，请列全。",
    )


class SuppliedForm(forms.Form):
    note = forms.CharField(label="说明", max_length=200, required=False)


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="原因和依据",
        max_length=500,
        widget=long_text(),
        help_text="批准后原样告诉群众，请写清依据，不写内部情况。",
    )
    alternative = forms.CharField(
        label="建议群众找谁办", max_length=200, help_text="告诉群众可以去哪里办、怎么办。"
    )


class PauseForm(forms.Form):
    ground = forms.ChoiceField(label="中止事由", choices=Ground)
    reason = forms.CharField(label="具体情况", max_length=500, widget=long_text())
    proof = forms.CharField(label="证明材料", max_length=200, help_text="如：鉴定委托书编号。")
    until = forms.DateField(
        label="预计恢复日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="到期未恢复的自动恢复计时。",
    )

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise ValidationError("预计恢复日期不能早于今天。")
        return until


class ExtensionForm(ReasonForm):
    days = forms.IntegerField(
        label="延长工作日",
        min_value=1,
        max_value=MOST_EXTENSION_DAYS,
        help_text=f"最多 {MOST_EXTENSION_DAYS} 个，只能延长一次。",
    )
    field_order = ["days", "reason"]


class EndorseForm(forms.Form):
    opinion = forms.CharField(label="批复意见", max_length=200, required=False)


class DeclineForm(forms.Form):
    opinion = forms.CharField(label="批复意见", max_length=200, help_text="写明为什么不同意。")


class ReassignForm(ReasonForm):
    handler = forms.ModelChoiceField(
        label="转给", queryset=User.objects.none(), empty_label="请选择"
    )
    field_order = ["handler", "reason"]

    def __init__(self, *args, request_row, **kwargs):
        super().__init__(*args, **kwargs)
        unit = User.objects.holding(Role.HANDLER, department=request_row.department)
        self.fields["handler"].queryset = unit.exclude(pk=request_row.handler_id)


class OtherUnitForm(forms.Form):
    """Another unit of the same centre than those that have the case already."""

    department = forms.ModelChoiceField(
        label="承办单位", queryset=Department.objects.none(), empty_label="请选择"
    )

    def __init__(self, *args, request_row, **kwargs):
        super().__init__(*args, **kwargs)
        units = Department.objects.active().serving(request_row.organization)
        has_it = request_row.assignments.filter(ended_at__isnull=True).values("department")
        self.fields["department"].queryset = units.exclude(pk__in=has_it).select_related(
            "organization"
        )


class TransferForm(OtherUnitForm, ReasonForm):
    field_order = ["department", "reason"]


class AssistForm(OtherUnitForm):
    instructions = forms.CharField(label="请协办什么", max_length=200)


class ContributeForm(forms.Form):
    opinion = forms.CharField(label="协办意见", max_length=1000, widget=long_text(4))


class PressForm(forms.Form):
    text = forms.CharField(label="要求", max_length=200)


class MergeForm(forms.Form):
    primary = forms.CharField(
        label="并入的办件编号", max_length=30, help_text="答复主件时，并入的群众同时得到答复。"
    )
    reason = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args, request_row, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.user = request_row, user

    def clean_primary(self):
        number = self.cleaned_data["primary"].strip().upper()
        found = ServiceRequest.objects.visible_to(self.user).filter(status__in=OPEN)
        primary = found.filter(number=number).exclude(pk=self.row.pk).first()
        if primary is None:
            raise ValidationError("没有找到这件在办的办件，请核对编号。")
        return primary


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=200)
    signed = forms.BooleanField(label="群众本人已签字确认")


class CallbackForm(forms.Form):
    is_reached = forms.TypedChoiceField(
        label="是否联系上",
        choices=[("yes", "已联系上"), ("no", "未联系上")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    is_solved = forms.TypedChoiceField(
        label="群众认为",
        choices=[("", "未联系上，不填"), ("yes", "已解决"), ("no", "未解决")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    grade = forms.TypedChoiceField(
        label="群众评价",
        choices=[("", "没有评价"), *Grade.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="只按群众原话填写，不代为评价。",
    )
    note = forms.CharField(label="回访记录", max_length=500, required=False, widget=long_text())

    def clean(self):
        data = super().clean()
        if data.get("is_reached") and data.get("is_solved") is None:
            self.add_error("is_solved", "联系上群众的，请选择是否已解决。")
        if data.get("is_reached") is False:
            data["is_solved"] = data["grade"] = None
        return data


class RectifyForm(forms.Form):
    result = forms.CharField(label="整改情况", max_length=1000, widget=long_text(4))


class ComplainForm(forms.Form):
    text = forms.CharField(label="投诉内容", max_length=1000, widget=long_text(4))


class AnswerForm(forms.Form):
    answer = forms.CharField(label="答复", max_length=1000, widget=long_text(4))


#: verb → its form; verbs that need nothing but a button, or have a page of their own, are absent.
VERB_FORMS = {
    "accept": AcceptForm,
    "ask_supplement": SupplementForm,
    "receive_supplement": SuppliedForm,
    "propose_refusal": RefusalForm,
    "finish_on_spot": FinishForm,
    "dispatch": DispatchForm,
    "send_back": ReasonForm,
    "propose_return": ReasonForm,
    "return_draft": ReasonForm,
    "reply": ReplyForm,
    "contribute": ContributeForm,
    "propose_pause": PauseForm,
    "propose_extension": ExtensionForm,
    "reassign": ReassignForm,
    "transfer": TransferForm,
    "assist": AssistForm,
    "endorse": EndorseForm,
    "decline": DeclineForm,
    "propose_exclusion": ReasonForm,
    "urge": PressForm,
    "supervise": PressForm,
    "merge": MergeForm,
    "unmerge": ReasonForm,
    "withdraw": WithdrawForm,
    "call_back": CallbackForm,
    "rectify": RectifyForm,
    "complain": ComplainForm,
    "answer_complaint": AnswerForm,
    "redo": ReasonForm,
}
ROW_AWARE = (AcceptForm, FinishForm, DispatchForm, ReassignForm, OtherUnitForm, MergeForm)
USER_AWARE = (FinishForm, MergeForm)


def verb_form(verb, row, user, data=None):
    """The bound or empty form of a verb, each with its own prefix on the page."""
    kind = VERB_FORMS.get(verb, forms.Form)
    extra = {"request_row": row} if issubclass(kind, ROW_AWARE) else {}
    if kind in USER_AWARE:
        extra["user"] = user
    return kind(data, prefix=verb, **extra)
